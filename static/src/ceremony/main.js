// Copyright 2026 campus_sign contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
// The ceremony: from the link in a mail to « Signature prise en compte avec succès ».
//
// Three places: home (what there is to sign), read (one document on the desk, the
// summary over it) and done. The browser's back button walks between the first two.

import { ApiError, call } from "./api.js";
import { $, announce, closeOnBackdrop, countText, focusOn, text, toggle } from "./dom.js";
import { archiveItem, documentItem, resultItem } from "./documents.js";
import { rememberIntro, skipsIntro, takeToken } from "./entrance.js";
import { Reader, preparePdf } from "./reader.js";
import { Refusal } from "./refusal.js";
import { Sheet, readText } from "./sheet.js";

const VIEWS = ["loading", "problem", "home", "read", "done"];

class Ceremony {
    constructor() {
        this.view = "loading";
        this.unsentReadings = new Map();
        this.read = new Set();
        this.reader = new Reader((doc, reading) => this.onEndReached(doc, reading));
        this.sheet = new Sheet({
            before: () => this.sendReadings(),
            signed: (documents, results) => this.onSigned(documents, results),
            failed: (error) => this.onLost(error),
            closed: () => this.onSheetClosed(),
        });
        this.refusal = new Refusal({
            document: () => this.current(),
            refused: (doc) => this.onRefused(doc),
        });
        this.listen();
    }

    listen() {
        $("start").addEventListener("click", () => this.start());
        $("gate").addEventListener("click", () => this.passGate());
        $("gate-some").addEventListener("click", () => this.openSheet());
        $("done-more").addEventListener("click", () => this.start());
        $("problem-retry").addEventListener("click", () => this.load());
        $("notice-close").addEventListener("click", () => this.notify());
        $("notice-retry").addEventListener("click", () => this.refresh());
        $("pane-toggle").addEventListener("click", () => this.togglePane());
        $("pane-close").addEventListener("click", () => {
            this.togglePane(false);
            $("pane-toggle").focus();
        });
        $("intro-skip").addEventListener("change", (event) => rememberIntro(event.target.checked));
        $("intro-show").addEventListener("click", () => {
            this.showIntro(true);
            $("intro").scrollIntoView({ block: "nearest" });
        });
        for (const button of document.querySelectorAll("[data-reading=notice]")) {
            button.addEventListener("click", () =>
                readText(text("reading_notice"), this.overview?.notice?.html ?? "")
            );
        }
        $("reading-close").addEventListener("click", () => $("reading").close());
        closeOnBackdrop($("reading"), () => $("reading").close());
        globalThis.addEventListener("popstate", (event) => this.onBack(event.state));
        // Another link of a mail opened in this very tab only changes the fragment.
        globalThis.addEventListener("hashchange", () => location.hash.length > 1 && this.load());
        globalThis.addEventListener("pageshow", (event) => event.persisted && this.refresh());
        globalThis.addEventListener("online", () => this.onOnline());
        document.addEventListener("visibilitychange", () => {
            if (document.visibilityState === "visible") {
                this.refresh();
            }
        });
    }

    // -- Coming in -----------------------------------------------------------------------

    async load() {
        const token = takeToken();
        this.notify();
        if (!this.overview) {
            this.show("loading");
        }
        try {
            if (token) {
                this.token = token;
            }
            if (this.token) {
                await call("open", { token: this.token });
                this.token = undefined;
            }
            await this.takeOver(await call("overview"));
        } catch (error) {
            this.problem(error);
            return;
        }
        if (this.view === "loading" || this.view === "problem") {
            this.enter();
        }
    }

    enter() {
        const due = this.due();
        if (this.draft && due.length) {
            this.resume();
        } else if (due.length === 1 && skipsIntro()) {
            this.openDocument(due[0]);
        } else {
            this.showHome();
        }
    }

    /** Use a fresh overview; a document that was taken away is said, not hidden. */
    takeOver(overview) {
        this.overview = overview;
        for (const doc of overview.documents) {
            if (doc.read) {
                this.read.add(doc.signer_id);
            }
        }
        const { establishment } = overview;
        $("brand-name").textContent = establishment?.name ?? establishment ?? "";
        if (establishment?.logo) {
            $("brand-logo").src = establishment.logo;
            toggle($("brand-logo"), true);
        }
        this.sheet.update(overview);
        this.fillLists();
        this.refreshGate();
    }

    /** Ask again when the person comes back: another tab may have signed. */
    async refresh() {
        if (!this.overview || this.sheet.locked || this.view === "done" || this.refreshing) {
            return;
        }
        const before = this.due().map((doc) => doc.signer_id);
        this.refreshing = true;
        try {
            this.takeOver(await call("overview"));
        } catch (error) {
            if (error.session || error.status === 410) {
                this.onLost(error);
            } else {
                this.notify(error.message, error.offline);
            }
            return;
        } finally {
            this.refreshing = false;
        }
        this.notify();
        const left = new Set(this.due().map((doc) => doc.signer_id));
        if (before.some((id) => !left.has(id))) {
            this.sheet.dismiss();
            this.showHome();
            this.notify(text("changed"));
        }
    }

    // -- Documents -----------------------------------------------------------------------

    due() {
        return this.overview.documents.filter((doc) => doc.state === "to_sign");
    }

    readable() {
        return this.due().filter((doc) => this.read.has(doc.signer_id));
    }

    unread() {
        return this.due().filter((doc) => !this.read.has(doc.signer_id));
    }

    actionsLeft(doc) {
        return doc.state === "to_sign" ? (this.read.has(doc.signer_id) ? 1 : 2) : 0;
    }

    fillLists() {
        const { documents } = this.overview;
        for (const id of ["home-documents", "pane-documents"]) {
            const items = documents.map((doc) =>
                documentItem(doc, {
                    left: this.actionsLeft(doc),
                    brief: id === "pane-documents",
                    current: this.reader.document?.signer_id === doc.signer_id,
                    onOpen: () => this.openDocument(doc),
                })
            );
            $(id).replaceChildren(...items);
        }
        const { archives } = this.overview;
        $("home-archives").replaceChildren(...archives.map(archiveItem));
        toggle($("archives"), archives.length > 0);
        const due = this.due().length;
        $("home-lead").textContent = countText("lead", due);
        $("pane-pill").textContent = due;
        toggle($("home-bar"), due > 0);
        toggle($("to-batch"), due > 1);
        toggle($("home-list-title"), documents.length > 0);
        toggle($("pane-toggle"), documents.length > 1);
        document.body.classList.toggle("several", documents.length > 1);
    }

    // -- Views ---------------------------------------------------------------------------

    show(view) {
        this.view = view;
        document.body.dataset.view = view;
        for (const name of VIEWS) {
            toggle($(`view-${name}`), name === view);
        }
        globalThis.scrollTo(0, 0);
        if (view !== "loading") {
            focusOn($(`${view}-title`));
        }
    }

    showHome() {
        this.reader.close();
        this.showIntro(!skipsIntro());
        this.fillLists();
        this.show("home");
        const { documents } = this.overview;
        if (!documents.length) {
            $("home-lead").textContent = text("nothing_lead");
        }
        if (this.due().length) {
            preparePdf().catch(() => undefined);
        }
    }

    showIntro(visible) {
        const useful = this.due().length > 0;
        toggle($("intro"), visible && useful);
        toggle($("intro-show"), !visible && useful);
        $("intro-skip").checked = skipsIntro();
    }

    start() {
        this.openDocument(this.unread()[0] ?? this.due()[0]);
    }

    openDocument(doc) {
        if (!doc) {
            this.showHome();
            return;
        }
        if (this.view !== "read") {
            history.pushState({ view: "read" }, "");
            this.show("read");
        } else {
            focusOn($("read-title"));
        }
        $("read-title").textContent = doc.title;
        this.togglePane(false);
        this.reader.open(doc);
        this.fillLists();
        this.refreshGate();
        if (this.overview.documents.length > 1) {
            const index = this.overview.documents.indexOf(doc) + 1;
            const count = this.overview.documents.length;
            announce(`${text("reading_document", { index, count })}. ${doc.title}`);
        }
    }

    togglePane(open = !document.body.classList.contains("pane-open")) {
        document.body.classList.toggle("pane-open", open);
        $("pane-toggle").setAttribute("aria-expanded", open);
        if (open) {
            $("pane-documents").querySelector("button:not(:disabled)")?.focus();
        }
    }

    onBack(state) {
        if (this.sheet.dialog.open) {
            // The step back closes the summary only.
            history.pushState({ view: "read" }, "");
            this.sheet.close();
        } else if (this.view === "read" && state?.view !== "read") {
            this.showHome();
        } else if (this.view === "home" && state?.view === "read") {
            this.start();
        }
    }

    // -- The gate ------------------------------------------------------------------------

    onEndReached(doc, reading) {
        if (doc.state !== "to_sign" || this.read.has(doc.signer_id)) {
            return;
        }
        this.read.add(doc.signer_id);
        this.unsentReadings.set(doc.signer_id, reading);
        this.fillLists();
        this.refreshGate();
        announce(text("end_reached"));
        // Sent again before signing, should the network be away now.
        this.sendReadings().catch(() => undefined);
    }

    /** Tell the server what was read; concurrent calls share one passage. */
    async sendReadings() {
        for (const [signerId, reading] of [...this.unsentReadings]) {
            await call("read", { signer_id: signerId, ...reading });
            this.unsentReadings.delete(signerId);
        }
    }

    refreshGate() {
        const doc = this.current();
        const open = Boolean(doc) && doc.state === "to_sign" && this.read.has(doc.signer_id);
        const due = Boolean(doc) && doc.state === "to_sign";
        const others = this.unread().filter((one) => one.signer_id !== doc?.signer_id);
        const ready = this.readable().length;
        const goesOn = (open && others.length > 0) || (!due && others.length > 0);
        $("gate").setAttribute("aria-disabled", !(open || goesOn || (!due && ready)));
        $("gate").textContent = text(goesOn ? "continue" : "start_signing");
        $("gate").classList.toggle("ready", open || goesOn);
        toggle($("gate-some"), goesOn && ready > 0);
        $("gate-some").textContent = countText("sign_now", ready);
        toggle($("refuse-open"), due);
        $("gate-hint").textContent = gateHint({ due, open, left: others.length });
    }

    current() {
        const id = this.reader.document?.signer_id;
        return this.overview?.documents.find((doc) => doc.signer_id === id);
    }

    passGate() {
        if ($("gate").getAttribute("aria-disabled") === "true") {
            announce($("gate-hint").textContent);
            $("paper").focus();
            return;
        }
        const [next] = this.unread();
        if (next) {
            this.openDocument(next);
        } else {
            this.openSheet();
        }
    }

    openSheet() {
        this.draft = true;
        this.sheet.open(this.readable());
    }

    onSheetClosed() {
        focusOn($("gate"));
    }

    /** Come back where the person was before the page lost him. */
    resume() {
        const ready = this.readable();
        this.openDocument(ready[0] ?? this.due()[0]);
        if (ready.length) {
            this.sheet.open(ready);
        }
    }

    // -- Endings -------------------------------------------------------------------------

    async onSigned(documents, results) {
        const byId = new Map(results.map((one) => [one.signer_id, one]));
        const outcome = documents.map((doc) => ({ doc, result: byId.get(doc.signer_id) }));
        for (const { result } of outcome) {
            // Another tab, or an answer that got lost: signed all the same.
            result.ok ||= result.code === "already_signed";
        }
        const failed = outcome.filter(({ result }) => !result.ok);
        if (failed.length && failed.length === outcome.length) {
            // Nothing was signed: the summary stays open and says why.
            const { status, code, message } = failed[0].result;
            throw new ApiError(status ?? 409, code, message);
        }
        for (const { doc, result } of outcome) {
            doc.state = result.ok ? "signed" : doc.state;
        }
        this.draft = false;
        const title = failed.length ? "done_partly" : "done_title";
        await this.finish(text(title), outcome, failed.length > 0);
    }

    async finish(title, outcome, partly) {
        this.sheet.dismiss();
        this.reader.close();
        try {
            this.takeOver(await call("overview"));
        } catch {
            // The act is done whether or not the list could be brought up to date.
            this.fillLists();
        }
        const left = this.due().length;
        $("done-title").textContent = title;
        $("done-badge").className = `badge ${partly ? "warn" : "ok"}`;
        $("done-lead").textContent = left ? countText("done_left", left) : text("done_close");
        $("done-next").textContent = outcome.some(({ result }) => result.ok)
            ? text("done_next")
            : "";
        $("done-documents").replaceChildren(...outcome.map(resultItem));
        toggle($("done-more"), left > 0);
        history.replaceState({ view: "done" }, "");
        this.show("done");
    }

    async onRefused(doc) {
        doc.state = "closed";
        const refused = { doc, result: { ok: false, message: text("result_refused") } };
        await this.finish(text("refused_title"), [refused], true);
        if (!this.due().length) {
            $("done-lead").textContent = `${text("refused_lead")} ${text("done_close")}`;
        }
    }

    // -- Trouble -------------------------------------------------------------------------

    notify(message, retry = false) {
        $("notice-text").textContent = message ?? "";
        toggle($("notice-retry"), retry);
        toggle($("notice"), Boolean(message));
    }

    onOnline() {
        if (!$("notice").hidden) {
            this.refresh().then(() => announce(text("network_back")));
        } else if (this.view === "problem") {
            this.load();
        }
    }

    /** The cookie or the link is over: what was entered waits for the next link. */
    onLost(error) {
        this.draft = this.draft || this.read.size > 0;
        this.sheet.dismiss();
        this.refusal.close();
        this.reader.close();
        this.problem(error);
    }

    problem(error) {
        const kind = error.offline
            ? "network"
            : error.session
              ? this.overview
                  ? "session"
                  : "who"
              : [403, 404, 410].includes(error.status)
                ? "link"
                : "other";
        $("problem-title").textContent = text(`problem_${kind}`);
        $("problem-text").textContent = kind === "network" ? "" : error.message;
        $("problem-next").textContent = text(`problem_${kind}_next`);
        toggle($("problem-retry"), kind !== "link");
        this.show("problem");
    }
}

function gateHint({ due, open, left }) {
    if (!due) {
        return text("gate_other");
    }
    if (!open) {
        return text("gate_closed");
    }
    return left ? text("gate_next", { count: left }) : text("gate_open");
}

document.documentElement.classList.remove("no-js");
new Ceremony().load();
