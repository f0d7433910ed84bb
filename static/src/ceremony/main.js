// Copyright 2026 campus_sign contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
// The ceremony: from the link in a mail to « Signature prise en compte avec succès ».
//
// Three places: home (what there is to sign), read (one document on the desk, the
// summary after its last page) and done. The browser's back button walks between the
// first two. A single document is on the desk at once, the introduction above it.

import { Comeback, call } from "./api.js";
import { $, announce, focusOn, showView, text, toggle } from "./dom.js";
import { paintBrand, paintLists } from "./documents.js";
import { endSigned } from "./ending.js";
import { placeIntro, skipsIntro, takeToken } from "./entrance.js";
import { paintGate } from "./gate.js";
import { loadSheet } from "./later.js";
import { preparePdf } from "./pdf_library.js";
import { Reader } from "./reader.js";
import { describeProblem, notify } from "./trouble.js";
import { Visit } from "./visit.js";
import { wire } from "./wiring.js";

class Ceremony {
    constructor() {
        this.view = "loading";
        this.visit = new Visit();
        this.reader = new Reader(
            (doc, reading) => this.onEndReached(doc, reading),
            () => this.onShown()
        );
        this.comeback = new Comeback(() => this.comeBack());
        wire(this);
    }

    // -- Coming in -----------------------------------------------------------------------

    async load() {
        const token = takeToken();
        notify();
        if (!this.visit.overview) {
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
            this.takeOver(await call("overview"));
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
        const { due, single } = this.visit;
        if (due.length && (single || this.draft || skipsIntro())) {
            this.openNext(!skipsIntro());
        } else {
            this.showHome();
        }
    }

    /** Use a fresh overview; a document that was taken away is said, not hidden. */
    takeOver(overview) {
        if (this.visit.take(overview)) {
            this.forgetEntered();
        }
        paintBrand(overview);
        $("home-person").textContent = text("home_person", { name: overview.person.name });
        for (const button of document.querySelectorAll("[data-opens=disown]")) {
            // An account is its person; a link may have reached somebody else.
            toggle(button, overview.channel === "link");
        }
        this.sheet?.update(overview);
        this.fillLists();
        this.refreshGate();
    }

    /** Ask again when the person comes back: another tab may have signed. */
    async refresh() {
        if (!this.visit.overview || this.sheet?.locked || this.view === "done" || this.refreshing) {
            return;
        }
        const before = this.visit.due.map((doc) => doc.signer_id);
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
        const left = new Set(this.visit.due.map((doc) => doc.signer_id));
        if (before.some((id) => !left.has(id))) {
            this.showHome();
            notify(text("changed"));
        } else if (this.view === "read") {
            await this.prepareSheet();
        }
    }

    /** The summary comes while the person reads; it is there for good. */
    async prepareSheet() {
        let Sheet;
        try {
            Sheet = await loadSheet();
        } catch (error) {
            notify(error.message, true);
            this.comeback.expect(error);
            return;
        }
        if (!this.sheet && this.visit.overview) {
            this.sheet = new Sheet({
                before: () => this.visit.readings.send(),
                signed: (documents, results) => endSigned(this, documents, results),
                failed: (error) => this.onLost(error),
                stale: (error) => this.onStale(error),
            });
            this.sheet.update(this.visit.overview);
            this.onShown();
        }
    }

    // -- Views ---------------------------------------------------------------------------

    fillLists() {
        paintLists(this.visit.overview, {
            current: this.reader.document?.signer_id,
            due: this.visit.due.length,
            left: (doc) => this.visit.actionsLeft(doc),
            onOpen: (doc) => this.openDocument(doc),
        });
    }

    show(view) {
        this.view = view;
        showView(view);
    }

    showHome() {
        this.clearDesk();
        this.showIntro(!skipsIntro());
        this.fillLists();
        this.show("home");
        if (!this.visit.documents.length) {
            $("home-lead").textContent = text("nothing_lead");
        }
        if (this.visit.due.length) {
            preparePdf().catch(() => undefined);
        }
    }

    showIntro(visible) {
        const useful = this.visit.due.length > 0;
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
        const [next] = this.visit.unread;
        this.resuming = !next || Boolean(this.draft);
        const [ready] = this.visit.ready;
        if (this.resuming && ready) {
            this.openDocument(ready);
        } else {
            this.openDocument(next, introduced);
        }
    }

    /** Lay `doc` on the desk, or say what there is; under the introduction at first. */
    openDocument(doc, introduced = false) {
        if (this.sheet?.locked) {
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
        this.prepareSheet();
        const { documents } = this.visit;
        const count = documents.length;
        if (count > 1) {
            const index = documents.indexOf(doc) + 1;
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
        if (this.sheet?.locked) {
            history.pushState({ view: "read" }, "");
        } else if (this.view === "read" && state?.view !== "read") {
            this.showHome();
        } else if (this.view === "home" && state?.view === "read") {
            this.start();
        }
    }

    // -- The gate ------------------------------------------------------------------------

    onEndReached(doc, reading) {
        const { readings, documents } = this.visit;
        if (doc.state !== "to_sign" || readings.has(doc)) {
            return;
        }
        readings.add(doc, reading, documents);
        this.fillLists();
        this.refreshGate();
        announce(`${text("end_reached")} ${$("gate-hint").textContent}`);
    }

    refreshGate() {
        const doc = this.current();
        const { ready, unread, readings } = this.visit;
        const read = readings.has(doc);
        const others = unread.filter((one) => one !== doc).length;
        paintGate({ doc, read, others, ready: ready.length });
        const due = doc?.state === "to_sign";
        const over = ready.length > 0 && (read || !due) && (!others || this.chosen);
        if (over && this.reader.shown) {
            this.sheet?.offer(ready);
        } else {
            this.sheet?.dismiss();
        }
    }

    /** The document lies on the desk, or the summary is there for one that does. */
    onShown() {
        this.refreshGate();
        if (!this.sheet || !this.reader.shown) {
            return;
        }
        if (this.resuming && !this.sheet.root.hidden) {
            this.sheet.goTo();
        }
        this.resuming = false;
    }

    current() {
        return this.visit.find(this.reader.document?.signer_id);
    }

    passGate() {
        if ($("gate").getAttribute("aria-disabled") === "true") {
            announce($("gate-hint").textContent);
            $("paper").focus();
            return;
        }
        const [next] = this.visit.unread;
        if (next) {
            this.openDocument(next);
        } else {
            this.goToSheet();
        }
    }

    /** Sign what was read, the rest another time. */
    signSome() {
        this.chosen = true;
        this.refreshGate();
        this.goToSheet();
    }

    async goToSheet() {
        await this.prepareSheet();
        this.sheet?.goTo();
    }

    // -- Putting away --------------------------------------------------------------------

    clearDesk() {
        this.sheet?.dismiss();
        this.reader.close();
    }

    /** What one person entered is not the next one's. */
    forgetEntered() {
        this.clearDesk();
        this.sheet?.forget();
        this.draft = false;
    }

    forget() {
        this.forgetEntered();
        this.visit.forget();
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
        this.draft = this.visit.readings.read.size > 0;
        this.clearDesk();
        this.acts.forEach((act) => act.close());
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
        describeProblem(error, Boolean(this.visit.overview));
        this.comeback.expect(error);
        this.show("problem");
    }
}

document.documentElement.classList.remove("no-js");
new Ceremony().load();
