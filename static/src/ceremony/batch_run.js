// Copyright 2026 campus_sign contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
// The work of a batch, slice by slice: progress, interruptions, results.

import { call, pause } from "./api.js";
import { $, text, toggle } from "./dom.js";

const BUSY_PAUSE_MS = 1500;
const REFUSED_AT_ONCE = 20;

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

    /**
     * Refuse all for one reason, a slice per request; each refusal stands by itself.
     *
     * A slice whose answer was lost is asked for again: the server says yes of what
     * is refused already.
     */
    async refuse(documents, reason) {
        this.begin(text("refusing_title", { total: documents.length }), documents.length, false);
        for (let start = 0; start < documents.length;) {
            const slice = documents.slice(start, start + REFUSED_AT_ONCE);
            const ids = slice.map((doc) => doc.signer_id);
            try {
                const { results } = await call("refuse_all", { signer_ids: ids, reason });
                results.forEach((one) => this.results.set(one.signer_id, one));
                this.notify();
            } catch (error) {
                if (!error.offline) {
                    throw error;
                }
                this.notify(text("network_lost"));
                await reconnected();
                continue;
            }
            start += slice.length;
            this.advance(start, documents.length);
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
