// Copyright 2026 campus_sign contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
// The ceremony: from the link in a mail to « Signature prise en compte avec succès ».
//
// Three places: home (what there is to sign), read (one document on the desk, the
// summary after its last page) and done. The browser's back button walks between the
// first two. A single document is on the desk at once, the introduction above it.

import { ActDialog } from "./act_dialog.js";
import { Comeback, call } from "./api.js";
import { $, announce, focusOn, text, toggle } from "./dom.js";
import { paintBrand, paintLists } from "./documents.js";
import { fillEnding, outcomeOf } from "./ending.js";
import { placeIntro, skipsIntro, takeToken } from "./entrance.js";
import { paintGate } from "./gate.js";
import { Reader, preparePdf } from "./reader.js";
import { Readings } from "./readings.js";
import { Sheet } from "./sheet.js";
import { describeProblem, notify } from "./trouble.js";
import { wire } from "./wiring.js";

const VIEWS = ["loading", "problem", "home", "read", "done"];

class Ceremony {
    constructor() {
        this.view = "loading";
        this.readings = new Readings();
        this.reader = new Reader(
            (doc, reading) => this.onEndReached(doc, reading),
            () => this.onShown()
        );
        this.sheet = new Sheet({
            before: () => this.readings.send(),
            signed: (documents, results) => this.onSigned(documents, results),
            failed: (error) => this.onLost(error),
            stale: (error) => this.onStale(error),
        });
        this.comeback = new Comeback(() => this.comeBack());
        this.acts = [
            new ActDialog("refuse", {
                fields: { reason: "reason_missing" },
                document: () => this.current(),
                done: (doc) => this.onLeft(doc, "closed", "refused", "result_refused"),
            }),
            new ActDialog("delegate", {
                fields: {
                    name: "proposal_missing",
                    email: "proposal_email",
                    reason: "reason_missing",
                },
                document: () => this.current(),
                done: (doc) => this.onLeft(doc, "proposed", "proposed", "state_proposed"),
            }),
            new ActDialog("disown", {
                fields: { reason: "" },
                done: () => this.onDisowned(),
            }),
        ];
        wire(this);
    }

    // -- Coming in -----------------------------------------------------------------------

    async load() {
        const token = takeToken();
        notify();
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
        // Another link opened in this very tab is another visit, whatever was shown.
        if (token || ["loading", "problem"].includes(this.view)) {
            this.enter();
        }
    }

    enter() {
        const due = this.due();
        // Nothing to choose, even where the same paper is signed in two roles.
        const one = new Set(due.map((doc) => doc.sha256)).size === 1;
        if (due.length && (one || this.draft || skipsIntro())) {
            this.openNext(!skipsIntro());
        } else {
            this.showHome();
        }
    }

    /** Use a fresh overview; a document that was taken away is said, not hidden. */
    takeOver(overview) {
        if (this.overview && isOther(overview.person, this.overview.person)) {
            this.forget();
        }
        this.overview = overview;
        for (const doc of overview.documents) {
            if (overview.documents.some((one) => one !== doc && one.sha256 === doc.sha256)) {
                doc.title += ` (${doc.role})`;
            }
        }
        this.readings.count(overview.documents);
        paintBrand(overview);
        $("home-person").textContent = text("home_person", { name: overview.person.name });
        for (const button of document.querySelectorAll("[data-opens=disown]")) {
            // An account is its person; a link may have reached somebody else.
            toggle(button, overview.channel === "link");
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
                notify(error.message, error.offline);
                this.comeback.expect(error);
            }
            return;
        } finally {
            this.refreshing = false;
        }
        notify();
        const left = new Set(this.due().map((doc) => doc.signer_id));
        if (before.some((id) => !left.has(id))) {
            this.sheet.dismiss();
            this.showHome();
            notify(text("changed"));
        }
    }

    // -- Documents -----------------------------------------------------------------------

    due() {
        return this.overview.documents.filter((doc) => doc.state === "to_sign");
    }

    readable() {
        return this.due().filter((doc) => this.readings.has(doc));
    }

    unread() {
        return this.due().filter((doc) => !this.readings.has(doc));
    }

    actionsLeft(doc) {
        return doc.state === "to_sign" ? (this.readings.has(doc) ? 1 : 2) : 0;
    }

    fillLists() {
        paintLists(this.overview, {
            current: this.reader.document?.signer_id,
            due: this.due().length,
            left: (doc) => this.actionsLeft(doc),
            onOpen: (doc) => this.openDocument(doc),
        });
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
        placeIntro(false);
        toggle($("intro"), visible && useful);
        toggle($("intro-show"), !visible && useful);
        $("intro-skip").checked = skipsIntro();
    }

    start() {
        if (this.view === "read") {
            // From the introduction above the paper to the paper.
            toggle($("intro"), false);
            $("paper").scrollTop = 0;
            focusOn($("paper"));
        } else {
            this.openNext();
        }
    }

    /** What is to be done next: read a document, or sign what was read before. */
    openNext(introduced = false) {
        const [next] = this.unread();
        this.resuming = !next || Boolean(this.draft);
        const [ready] = this.readable();
        if (this.resuming && ready) {
            this.openDocument(ready);
        } else {
            this.openDocument(next, introduced);
        }
    }

    /** Lay `doc` on the desk, or say what there is; under the introduction at first. */
    openDocument(doc, introduced = false) {
        if (this.sheet.locked) {
            return;
        }
        if (!doc) {
            this.showHome();
            return;
        }
        placeIntro(true);
        toggle($("intro"), introduced);
        this.chosen = false;
        if (this.view !== "read") {
            if (history.state?.view !== "read") {
                history.pushState({ view: "read" }, "");
            }
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
        if (this.sheet.locked) {
            history.pushState({ view: "read" }, "");
        } else if (this.view === "read" && state?.view !== "read") {
            this.showHome();
        } else if (this.view === "home" && state?.view === "read") {
            this.start();
        }
    }

    // -- The gate ------------------------------------------------------------------------

    onEndReached(doc, reading) {
        if (doc.state !== "to_sign" || this.readings.has(doc)) {
            return;
        }
        this.readings.add(doc, reading, this.overview.documents);
        this.fillLists();
        this.refreshGate();
        announce(`${text("end_reached")} ${$("gate-hint").textContent}`);
    }

    refreshGate() {
        const doc = this.current();
        const read = this.readings.has(doc);
        const others = this.unread().filter((one) => one !== doc).length;
        const ready = this.readable();
        paintGate({ doc, read, others, ready: ready.length });
        const due = doc?.state === "to_sign";
        const over = ready.length > 0 && (read || !due) && (!others || this.chosen);
        if (over && this.reader.shown) {
            this.sheet.offer(ready);
        } else {
            this.sheet.dismiss();
        }
    }

    onShown() {
        this.refreshGate();
        if (this.resuming && !this.sheet.root.hidden) {
            this.sheet.goTo();
        }
        this.resuming = false;
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
            this.sheet.goTo();
        }
    }

    /** Sign what was read, the rest another time. */
    signSome() {
        this.chosen = true;
        this.refreshGate();
        this.sheet.goTo();
    }

    // -- Endings -------------------------------------------------------------------------

    async onSigned(documents, results) {
        const outcome = outcomeOf(documents, results);
        const partly = outcome.some(({ result }) => !result.ok);
        for (const { doc, result } of outcome) {
            doc.state = result.ok ? "signed" : doc.state;
        }
        this.draft = false;
        await this.finish({ title: text(partly ? "done_partly" : "done_title"), outcome, partly });
    }

    async finish(ending) {
        this.sheet.dismiss();
        this.reader.close();
        try {
            this.takeOver(await call("overview"));
        } catch {
            // The act is done whether or not the list could be brought up to date.
            this.fillLists();
        }
        fillEnding({ ...ending, left: this.due().length });
        history.replaceState({ view: "done" }, "");
        this.show("done");
    }

    /** A document that was refused, or proposed to somebody else. */
    async onLeft(doc, state, act, message) {
        doc.state = state;
        await this.finish({
            title: text(`${act}_title`),
            lead: text(`${act}_lead`),
            outcome: [{ doc, result: { ok: false, state, message: text(message) } }],
            partly: true,
        });
    }

    /** Nothing of the person the link named stays on the page. */
    onDisowned() {
        this.forget();
        this.overview = undefined;
        for (const id of ["home-documents", "pane-documents", "home-archives"]) {
            $(id).replaceChildren();
        }
        $("read-title").textContent = "";
        $("home-person").textContent = "";
        fillEnding({
            title: text("disowned_title"),
            lead: text("disowned_lead"),
            outcome: [],
            partly: true,
            left: 0,
        });
        history.replaceState({ view: "done" }, "");
        this.show("done");
    }

    /** What one person read and entered is not the next one's. */
    forget() {
        this.sheet.dismiss();
        this.sheet.forget();
        this.reader.close();
        this.draft = false;
        this.readings.forget();
    }

    // -- Trouble -------------------------------------------------------------------------

    async comeBack() {
        if (this.view === "problem") {
            await this.load();
        } else {
            await this.refresh();
        }
        if (this.view !== "problem" && $("notice").hidden) {
            announce(text("network_back"));
        }
    }

    /** The cookie or the link is over: what was entered waits for the next link. */
    onLost(error) {
        this.draft = this.readings.read.size > 0;
        this.sheet.dismiss();
        this.acts.forEach((act) => act.close());
        this.reader.close();
        this.problem(error);
    }

    /** Cancelled, refused, expired, somebody else's by now: the list says which. */
    async onStale(error) {
        await this.refresh();
        if (this.view === "home") {
            notify(error.message);
        }
    }

    problem(error) {
        describeProblem(error, Boolean(this.overview));
        this.comeback.expect(error);
        this.show("problem");
    }
}

function isOther(one, two) {
    return one.name !== two.name || one.masked_email !== two.masked_email;
}

document.documentElement.classList.remove("no-js");
new Ceremony().load();
