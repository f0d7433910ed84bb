// Copyright 2026 campus_sign contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
// The batch screen: many documents, one consent, one visual (A120-A126).

import { call } from "./api.js";
import { BatchList } from "./batch_list.js";
import { BatchRun } from "./batch_run.js";
import { BatchSheet } from "./batch_sheet.js";
import { $, countText, focusOn, showView, text, toggle } from "./dom.js";
import { paintBrand, resultItem } from "./documents.js";
import { takeToken } from "./entrance.js";
import { preparePdf } from "./pdf_library.js";
import { Reader } from "./reader.js";
import { listenReading } from "./reading_box.js";
import { describeProblem, notify } from "./trouble.js";

class Batch {
    constructor() {
        this.view = "loading";
        this.chosen = chosenDocuments();
        this.unsent = new Map();
        this.reader = new Reader((doc, reading) => this.onEndReached(doc, reading));
        this.list = new BatchList({
            open: (doc) => this.read(doc),
            changed: () => this.refreshHint(),
        });
        this.sheet = new BatchSheet({
            before: () => this.sendReadings(),
            started: (summary) => this.run(summary),
            failed: (error) => this.problem(error),
        });
        this.runner = new BatchRun(notify);
        this.listen();
    }

    listen() {
        $("batch-sign").addEventListener("click", () => this.openSheet());
        $("batch-refuse-form").addEventListener("submit", (event) => {
            event.preventDefault();
            this.refuse($("batch-reason").value.trim());
        });
        $("read-back").addEventListener("click", () => history.back());
        $("done-more").addEventListener("click", () => this.showHome());
        $("show-all").addEventListener("click", () => {
            this.chosen = undefined;
            this.fill();
            focusOn($("home-title"));
        });
        $("problem-retry").addEventListener("click", () => this.load());
        $("notice-close").addEventListener("click", () => notify());
        $("notice-retry").addEventListener("click", () => this.load());
        listenReading(() => this.overview?.notice?.html);
        globalThis.addEventListener("popstate", () => this.view === "read" && this.showHome());
    }

    async load() {
        const token = takeToken();
        notify();
        try {
            if (token) {
                await call("open", { token });
            }
            this.takeOver(await call("overview"));
        } catch (error) {
            this.problem(error);
            return;
        }
        if (this.overview.batch) {
            notify(text("resumed"));
            await this.run(this.overview.batch);
        } else {
            this.showHome();
        }
    }

    takeOver(overview) {
        this.overview = overview;
        paintBrand(overview);
        for (const doc of overview.documents) {
            doc.read ||= this.unsent.has(doc.signer_id);
        }
        this.sheet.update(overview);
        this.fill();
    }

    // -- The list ------------------------------------------------------------------------

    due() {
        return this.overview.documents.filter((doc) => doc.state === "to_sign");
    }

    fill() {
        const due = this.due();
        const shown = this.chosen ? due.filter((doc) => this.chosen.has(doc.request_id)) : due;
        this.list.show(shown);
        $("home-lead").textContent = countText("batch_lead", shown.length);
        const missing = this.chosen ? this.chosen.size - shown.length : 0;
        $("left-out").textContent = text("batch_left_out", { count: missing });
        toggle($("left-out"), missing > 0);
        $("show-all").textContent = text("show_all", { count: due.length });
        toggle($("show-all"), due.length > shown.length);
    }

    refreshHint() {
        const ticked = this.list.ticked("sign");
        const [only] = ticked;
        // One document of anybody but the representative is read to its end (A095).
        const unread = ticked.length === 1 && !only.read && !only.finaliser;
        const hint = !ticked.length ? "nothing_ticked" : unread ? "single_unread" : "";
        $("sign-hint").textContent = hint ? text(hint) : "";
        $("batch-sign").setAttribute("aria-disabled", Boolean(hint));
    }

    openSheet() {
        if ($("batch-sign").getAttribute("aria-disabled") !== "true") {
            this.sheet.open(this.list.ticked("sign"));
        }
    }

    // -- Reading -------------------------------------------------------------------------

    read(doc) {
        history.pushState({ view: "read" }, "");
        this.show("read");
        $("read-title").textContent = doc.title;
        $("gate-hint").textContent = doc.read ? text("was_read") : "";
        this.reader.open(doc);
    }

    onEndReached(doc, reading) {
        $("gate-hint").textContent = text("was_read");
        if (!doc.read) {
            doc.read = true;
            this.unsent.set(doc.signer_id, reading);
            // Sent again before signing, should the network be away now.
            this.sendReadings().catch(() => undefined);
        }
    }

    async sendReadings() {
        for (const [signerId, reading] of [...this.unsent]) {
            await call("read", { signer_id: signerId, ...reading });
            this.unsent.delete(signerId);
        }
    }

    // -- Acts ----------------------------------------------------------------------------

    async run(summary) {
        this.show("run");
        try {
            const results = await this.runner.sign(summary);
            await this.finish(results, "batch_done");
        } catch (error) {
            this.problem(error);
        }
    }

    async refuse(reason) {
        const documents = this.list.ticked("refuse");
        const missing = reason.length < 3 ? text("reason_missing") : "";
        $("batch-reason-error").textContent = missing;
        if (missing) {
            $("batch-reason").focus();
        }
        if (missing || !documents.length || this.view === "run") {
            return;
        }
        this.show("run");
        try {
            const results = await this.runner.refuse(documents, reason);
            $("batch-reason").value = "";
            await this.finish(results, "batch_refused");
        } catch (error) {
            this.problem(error);
        }
    }

    async finish(results, sentence) {
        const titles = new Map(this.overview.documents.map((doc) => [doc.signer_id, doc]));
        const outcome = [...results].map(([id, result]) => {
            // Another tab or the server itself: signed all the same.
            const ok = result.ok || result.code === "already_signed";
            return { doc: titles.get(id) ?? { title: "" }, result: { ...result, ok } };
        });
        const refused = sentence === "batch_refused";
        const ok = outcome.filter(({ result }) => result.ok).length;
        const bad = outcome.length - ok;
        this.takeOver(await call("overview").catch(() => this.overview));
        const done = refused ? text("refused_title") : text("done_title");
        $("done-title").textContent = bad && !refused ? text("done_partly") : done;
        $("done-badge").className = `badge ${bad ? "warn" : "ok"}`;
        $("done-lead").textContent = bad
            ? text(`${sentence}_some`, { ok, bad })
            : text(`${sentence}_all`, { count: ok });
        $("done-next").textContent = refused ? text("refused_lead") : text("done_close");
        $("done-documents").replaceChildren(
            ...outcome.map(({ doc, result }) => {
                const message = refused && result.ok ? text("result_refused") : result.message;
                const item = resultItem({ doc, result: { ...result, message } });
                if (refused && result.ok) {
                    item.querySelector(".document-detail").textContent = message;
                }
                return item;
            })
        );
        toggle($("done-more"), this.due().length > 0);
        this.show("done");
    }

    // -- Views ---------------------------------------------------------------------------

    show(view) {
        this.view = view;
        showView(view);
    }

    showHome() {
        this.reader.close();
        this.list.refresh();
        this.show("home");
        preparePdf().catch(() => undefined);
    }

    problem(error) {
        // Nothing that was entered here waits for the link to be opened again.
        describeProblem(error, false);
        this.show("problem");
    }
}

/** The documents the tracking list had ticked, `undefined` when all are meant. */
function chosenDocuments() {
    const ids = new URLSearchParams(location.search).get("documents");
    return ids ? new Set(ids.split(",").map(Number)) : undefined;
}

document.documentElement.classList.remove("no-js");
new Batch().load();
