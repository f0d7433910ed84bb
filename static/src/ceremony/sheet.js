// Copyright 2026 campus_sign contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
// The summary (A097-A108): who signs, what, with which consents and which visual. It
// follows the last page on the paper: whoever has read to the end has it before him.

import { ApiError, Comeback, call, patiently } from "./api.js";
import { BaseSheet } from "./base_sheet.js";
import { $, calm, copyTemplate, countText, focusOn, text, toggle } from "./dom.js";
import { readText } from "./reading_box.js";

// What the server says of a visual it cannot use.
const VISUAL_CODES = [
    "empty",
    "solid",
    "straight_line",
    "too_large",
    "not_an_image",
    "visual_too_large",
];

const SLICE = 10; // documents per request

export class Sheet extends BaseSheet {
    /**
     * @param {object} hooks
     *     `before()` sends what is still due, `signed(documents, results)`,
     *     `failed(error)`, `stale(error)` when the list may say more
     */
    constructor(hooks) {
        super(hooks);
        this.lock(false);
        // From the middle of the paper up, « Signer » takes the gate's place.
        new IntersectionObserver((entries) => this.onInView(entries.at(-1).isIntersecting), {
            root: $("paper"),
            rootMargin: "0px 0px -50%",
        }).observe(this.root);
        this.comeback = new Comeback(() => this.missing() || this.sign());
    }

    onInView(inView) {
        toggle($("gate-part"), !inView);
        toggle($("sheet-foot"), inView);
    }

    /** Lie at the end of the paper, for `documents`; what was entered stays. */
    offer(documents) {
        const same = documents.map((doc) => doc.signer_id).join() === this.code.ids;
        if (this.root.hidden || !same) {
            toggle(this.root, true);
            this.show(documents);
            this.visual.shown();
        }
        this.documents = documents;
    }

    goTo() {
        this.root.scrollIntoView({ behavior: calm() ? "auto" : "smooth" });
        focusOn($("sheet-title"));
    }

    dismiss() {
        this.comeback.cancel();
        toggle(this.root, false);
        this.onInView(false);
    }

    /** The transaction, its place and how many there are (A100). */
    title({ title }, index) {
        return text("transaction", { title, index, count: this.documents.length });
    }

    /** Forget who signs: the reader is somebody else. */
    forget() {
        for (const id of ["who-initials", "who-name", "who-email", "who-role"]) {
            $(id).textContent = "";
        }
        $("what-documents").replaceChildren();
        this.consents = [];
        $("consents").replaceChildren();
        $("code-input").value = "";
        this.visual.forget();
    }

    showConsents(consents) {
        const known = new Map((this.consents ?? []).map((one) => [one.code, one]));
        this.consents = consents.map((consent) => {
            const former = known.get(consent.code);
            // A consent given to another version of the text is no consent.
            const checked = former?.version === consent.version && former.box.checked;
            return this.makeConsent(consent, checked);
        });
        $("consents").replaceChildren(...this.consents.map((one) => one.element));
    }

    makeConsent(consent, checked) {
        const element = copyTemplate("consent-item");
        const box = element.querySelector("input");
        const label = element.querySelector("label");
        const link = element.querySelector("button");
        box.id = `consent-${consent.code}`;
        box.checked = checked;
        label.htmlFor = box.id;
        label.textContent = consent.label;
        link.id = `${box.id}-text`;
        label.id = `${box.id}-label`;
        link.setAttribute("aria-labelledby", `${link.id} ${label.id}`);
        box.addEventListener("change", () => this.onConsent());
        link.addEventListener("click", () => readText(consent.label, consent.text_html));
        return { ...consent, element, box };
    }

    // -- Why not yet ---------------------------------------------------------------------

    /** The first thing that is missing: its sentence and its field. */
    missing() {
        const unticked = (this.consents ?? []).filter((one) => !one.box.checked);
        if (unticked.length) {
            const all = unticked.length > 1;
            return [text(all ? "why_consents" : "why_consent"), unticked[0].box];
        }
        return this.missingVisual();
    }

    onConsent() {
        this.refresh();
        if (this.consents.every((one) => one.box.checked)) {
            this.showVisual();
        }
    }

    /** On a phone what is about to be given is below: nobody signs unseen. */
    showVisual() {
        const pad = $("visual").querySelector("[role=tabpanel]:not([hidden]) .pad");
        const { bottom } = $("paper").getBoundingClientRect();
        if (pad.getBoundingClientRect().bottom > bottom) {
            $("visual").scrollIntoView({ behavior: calm() ? "auto" : "smooth" });
        }
    }

    refresh() {
        const missing = this.missing();
        $("sign").setAttribute("aria-disabled", Boolean(missing) || this.locked);
        $("sign-label").textContent = text(this.locked ? "signing" : "sign");
        this.explain(missing ? missing[0] : countText("why_ready", this.documents.length));
    }

    // -- The act -------------------------------------------------------------------------

    done(results) {
        return this.hooks.signed(this.documents, results);
    }

    /**
     * Sign slice by slice: requests stay short whatever the number of documents.
     *
     * After an interruption everything is asked again; the server signs once and
     * says of the others that they are signed already.
     */
    async act() {
        const given = await this.given();
        const results = new Map();
        for (let start = 0; start < this.documents.length; start += SLICE) {
            const slice = this.documents.slice(start, start + SLICE);
            await this.sendSlice(
                slice.map((doc) => doc.signer_id),
                given,
                results
            );
        }
        this.tell();
        return [...results.values()];
    }

    async sendSlice(ids, given, results) {
        let pending = ids;
        const attempt = async () => {
            const answer = await call("sign", {
                ...given,
                signer_ids: pending,
            });
            answer.results.forEach((one) => results.set(one.signer_id, one));
            pending = answer.results
                .filter((one) => one.code === "busy")
                .map((one) => one.signer_id);
            if (pending.length) {
                throw new ApiError(409, "busy", text("busy"));
            }
        };
        try {
            await patiently(attempt, () => this.tell(text("busy")));
        } catch (error) {
            // Those that stayed busy have their own result; the others are signed.
            if (!error.busy || !results.size) {
                throw error;
            }
        }
    }

    async onError(error) {
        this.comeback.expect(error);
        if (/^consent/.test(error.code ?? "")) {
            // The texts changed meanwhile: show the new ones, to be accepted anew.
            const overview = await call("overview").catch(() => undefined);
            if (overview) {
                this.update(overview);
            }
        }
        if (VISUAL_CODES.includes(error.code)) {
            this.visual.fail(error.message);
            focusOn($(`tab-${this.visual.tab}`));
            $("visual-error").scrollIntoView({ block: "nearest" });
            return;
        }
        await super.onError(error);
        if ([403, 404, 409].includes(error.status) && !error.busy) {
            await this.hooks.stale(error);
        }
    }
}
