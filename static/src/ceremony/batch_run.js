// Copyright 2026 campus_sign contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
// The work of a batch, slice by slice: progress, interruptions, results.

import { call, pause } from "./api.js";
import { $, text, toggle } from "./dom.js";

const BUSY_PAUSE_MS = 1500;

export class BatchRun {
    /** @param {Function} notify called with a message (nothing to clear it) */
    constructor(notify) {
        this.notify = notify;
    }

    begin(title, total, resumable) {
        this.results = new Map();
        $("run-title").textContent = title;
        toggle($("run-help"), resumable);
        this.advance(0, total);
    }

    advance(done, total) {
        $("run-progress").max = Math.max(total, 1);
        $("run-progress").value = done;
        $("run-count").textContent = text("running_progress", { done, total });
    }

    keep(summary) {
        summary.results.forEach((one) => this.results.set(one.signer_id, one));
        this.advance(summary.total - summary.left, summary.total);
    }

    /** Ask for slices until nothing is left; a lost connection only makes it wait. */
    async sign(summary) {
        this.begin(text("running_title", { total: summary.total }), summary.total, true);
        let last = summary;
        this.keep(last);
        while (last.state === "running") {
            const left = last.left;
            try {
                last = await call("batch_run", { batch: summary.batch });
                this.notify();
            } catch (error) {
                if (!error.offline) {
                    throw error;
                }
                this.notify(text("running_offline"));
                await reconnected();
                continue;
            }
            this.keep(last);
            if (last.state === "running" && last.left === left) {
                await pause(BUSY_PAUSE_MS);
            }
        }
        return this.results;
    }

    /** Refuse one after another: each refusal is an act and stands by itself. */
    async refuse(documents, reason) {
        this.begin(text("refusing_title", { total: documents.length }), documents.length, false);
        for (const [index, doc] of documents.entries()) {
            try {
                await call("refuse", { signer_id: doc.signer_id, reason });
                this.results.set(doc.signer_id, { ok: true });
            } catch (error) {
                if (error.session) {
                    throw error;
                }
                this.results.set(doc.signer_id, { ok: false, message: error.message });
            }
            this.advance(index + 1, documents.length);
        }
        return this.results;
    }
}

function reconnected() {
    return new Promise((resolve) => {
        const timer = setTimeout(resolve, 3000);
        globalThis.addEventListener(
            "online",
            () => {
                clearTimeout(timer);
                resolve();
            },
            { once: true }
        );
    });
}
