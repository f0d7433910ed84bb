// Copyright 2026 campus_sign contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
// What was read to its end, and what the server has still to be told of it (A095).

import { call } from "./api.js";

export class Readings {
    constructor() {
        this.forget();
    }

    forget() {
        this.read = new Set();
        this.done = new Map();
        this.unsent = new Map();
    }

    has(doc) {
        return this.read.has(doc?.signer_id);
    }

    /** The end of `doc` was reached. */
    add(doc, reading, documents) {
        this.done.set(doc.sha256, reading);
        this.count(documents);
        // Sent again before signing, should the network be away now.
        this.send().catch(() => undefined);
    }

    /** What was read is read, here or before, also by who signs it in two roles. */
    count(documents) {
        for (const doc of documents) {
            const reading = this.done.get(doc.sha256);
            if (doc.read) {
                this.read.add(doc.signer_id);
            } else if (doc.state === "to_sign" && reading && !this.has(doc)) {
                this.read.add(doc.signer_id);
                this.unsent.set(doc.signer_id, reading);
            }
        }
    }

    /** Tell the server; concurrent calls share one passage. */
    async send() {
        for (const [signerId, reading] of [...this.unsent]) {
            await call("read", { signer_id: signerId, ...reading });
            this.unsent.delete(signerId);
        }
    }
}
