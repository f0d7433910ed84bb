// Copyright 2026 campus_sign contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
// What the person who came in has to sign, and what of it was read (A091, A095).

import { Readings } from "./readings.js";

export class Visit {
    constructor() {
        this.readings = new Readings();
    }

    /**
     * Take over what the server says.
     *
     * @return {boolean} whether it is about somebody else than before: what the former
     *     one read is forgotten
     */
    take(overview) {
        const other = Boolean(this.overview) && isOther(overview.person, this.overview.person);
        if (other) {
            this.readings.forget();
        }
        this.overview = overview;
        for (const doc of overview.documents) {
            if (overview.documents.some((one) => one !== doc && one.sha256 === doc.sha256)) {
                doc.title += ` (${doc.role})`;
            }
        }
        this.readings.count(overview.documents);
        return other;
    }

    forget() {
        this.readings.forget();
        this.overview = undefined;
    }

    get documents() {
        return this.overview?.documents ?? [];
    }

    get due() {
        return this.documents.filter((doc) => doc.state === "to_sign");
    }

    /** Read, to be signed. */
    get ready() {
        return this.due.filter((doc) => this.readings.has(doc));
    }

    get unread() {
        return this.due.filter((doc) => !this.readings.has(doc));
    }

    /** Nothing to choose, even where the same paper is signed in two roles. */
    get single() {
        return new Set(this.due.map((doc) => doc.sha256)).size === 1;
    }

    find(signerId) {
        return this.documents.find((doc) => doc.signer_id === signerId);
    }

    actionsLeft(doc) {
        return doc.state === "to_sign" ? (this.readings.has(doc) ? 1 : 2) : 0;
    }
}

function isOther(one, two) {
    return one.name !== two.name || one.masked_email !== two.masked_email;
}
