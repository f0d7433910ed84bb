// Copyright 2026 campus_sign contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
// The ceremony: from the link in a mail to « Signature prise en compte avec succès ».
//
// Three places: home (what there is to sign), read (one document on the desk, the
// summary over it) and done. The browser's back button walks between the first two.

import { ActDialog } from "./act_dialog.js";
import { call } from "./api.js";
import { $, announce, focusOn, text, toggle } from "./dom.js";
import { paintLists } from "./documents.js";
import { fillEnding, outcomeOf } from "./ending.js";
import { skipsIntro, takeToken } from "./entrance.js";
import { paintGate } from "./gate.js";
import { Reader, preparePdf } from "./reader.js";
import { Sheet } from "./sheet.js";
import { describeProblem, notify } from "./trouble.js";
import { wire } from "./wiring.js";

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
        this.acts = [
            new ActDialog("refuse", {
                fields: { reason: "reason_missing" },
                document: () => this.current(),
                done: (doc) => this.onRefused(doc),
            }),
            new ActDialog("delegate", {
                fields: {
                    name: "proposal_missing",
                    email: "proposal_email",
                    reason: "reason_missing",
                },
                document: () => this.current(),
                done: (doc) => this.onProposed(doc),
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
        return this.due().filter((doc) => this.read.has(doc.signer_id));
    }

    unread() {
        return this.due().filter((doc) => !this.read.has(doc.signer_id));
    }

    actionsLeft(doc) {
        return doc.state === "to_sign" ? (this.read.has(doc.signer_id) ? 1 : 2) : 0;
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
        paintGate({
            doc,
            read: this.read.has(doc?.signer_id),
            others: this.unread().filter((one) => one.signer_id !== doc?.signer_id).length,
            ready: this.readable().length,
        });
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

    async onRefused(doc) {
        doc.state = "closed";
        await this.finish({
            title: text("refused_title"),
            lead: text("refused_lead"),
            outcome: [{ doc, result: { ok: false, message: text("result_refused") } }],
            partly: true,
        });
    }

    async onProposed(doc) {
        doc.state = "proposed";
        await this.finish({
            title: text("proposed_title"),
            lead: text("proposed_lead"),
            outcome: [
                { doc, result: { ok: false, state: doc.state, message: text("state_proposed") } },
            ],
            partly: true,
        });
    }

    /** Nothing of the person the link named stays on the page. */
    onDisowned() {
        this.sheet.dismiss();
        this.reader.close();
        this.overview = undefined;
        this.draft = false;
        this.read.clear();
        this.unsentReadings.clear();
        for (const id of ["home-documents", "pane-documents", "home-archives", "consents"]) {
            $(id).replaceChildren();
        }
        this.sheet.forget();
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

    // -- Trouble -------------------------------------------------------------------------

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
        this.acts.forEach((act) => act.close());
        this.reader.close();
        this.problem(error);
    }

    problem(error) {
        describeProblem(error, Boolean(this.overview));
        this.show("problem");
    }
}

document.documentElement.classList.remove("no-js");
new Ceremony().load();
