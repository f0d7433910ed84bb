// Copyright 2026 campus_sign contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
// The summary (A097-A108): who signs, what, with which consents and which visual.

import { ApiError, call, patiently } from "./api.js";
import { CODE_ERRORS, Code } from "./code.js";
import {
    $,
    closeOnBackdrop,
    copyTemplate,
    countText,
    focusOn,
    openDialog,
    putRichText,
    text,
    toggle,
} from "./dom.js";
import { Visual } from "./visual.js";

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

export class Sheet {
    /**
     * @param {object} hooks
     *     `before()` sends what is still due, `signed(results)`, `failed(error)`,
     *     `closed()`
     */
    constructor(hooks) {
        this.hooks = hooks;
        this.dialog = $("sheet");
        this.visual = new Visual(() => this.refresh());
        this.code = new Code(() => this.refresh());
        this.documents = [];
        this.lock(false);
        $("sheet-form").addEventListener("submit", (event) => {
            event.preventDefault();
            this.sign();
        });
        $("sheet-close").addEventListener("click", () => this.close());
        $("sheet-notice-retry").addEventListener("click", () => this.sign());
        closeOnBackdrop(this.dialog, () => this.close());
        this.dialog.addEventListener("cancel", (event) => {
            event.preventDefault();
            this.close();
        });
        globalThis.addEventListener("online", () => {
            if (this.dialog.open && this.interrupted) {
                this.sign();
            }
        });
    }

    /** Take over what the server says; what the person entered stays. */
    update(overview) {
        const { person } = overview;
        $("who-initials").textContent = person.initials;
        $("who-name").textContent = person.name;
        $("who-email").textContent = person.masked_email ?? "";
        this.showConsents(overview.consents);
        if (!this.visual.prefilled) {
            this.visual.prefill(person.name, overview.saved_visual);
        }
    }

    open(documents) {
        this.documents = documents;
        const roles = [...new Set(documents.map((doc) => doc.role).filter(Boolean))];
        $("who-role").textContent = roles.join(", ");
        $("what-documents").replaceChildren(...documents.map(fingerprintItem));
        this.code.open(documents);
        this.tell();
        this.refresh();
        if (!this.dialog.open) {
            openDialog(this.dialog, $("sheet-title"));
        }
        this.visual.shown();
    }

    close() {
        if (!this.locked) {
            this.dialog.close();
            this.hooks.closed();
        }
    }

    /** Close without asking, once it has served. */
    dismiss() {
        this.dialog.close();
    }

    /** Forget who signs: the reader is somebody else. */
    forget() {
        for (const id of ["who-initials", "who-name", "who-email", "who-role"]) {
            $(id).textContent = "";
        }
        $("what-documents").replaceChildren();
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
        if (!this.visual.ready) {
            return [text("why_visual"), $(`tab-${this.visual.tab}`)];
        }
        if (!this.code.ready) {
            return [text("why_code"), $("code-input")];
        }
        return null;
    }

    onConsent() {
        this.refresh();
        if (this.consents.every((one) => one.box.checked)) {
            // On a phone what is about to be given is below: nobody signs unseen.
            $("visual").scrollIntoView({ block: "nearest", behavior: "smooth" });
        }
    }

    refresh() {
        const missing = this.missing();
        const why = missing ? missing[0] : countText("why_ready", this.documents.length);
        $("sign").setAttribute("aria-disabled", Boolean(missing) || this.locked);
        if ($("sign-why").textContent !== why) {
            $("sign-why").textContent = why;
        }
    }

    tell(message, retry = false) {
        $("sheet-notice-text").textContent = message ?? "";
        toggle($("sheet-notice-retry"), retry);
        toggle($("sheet-notice"), Boolean(message));
    }

    lock(locked) {
        this.locked = locked;
        this.dialog.classList.toggle("locked", locked);
        $("sheet-form").setAttribute("aria-busy", locked);
        $("sign-label").textContent = text(locked ? "signing" : "sign");
        this.refresh();
    }

    // -- The act -------------------------------------------------------------------------

    async sign() {
        const missing = this.missing();
        if (this.locked) {
            return;
        }
        if (missing) {
            missing[1].focus();
            return;
        }
        this.tell();
        this.lock(true);
        try {
            await this.hooks.before();
            const results = await this.send(this.documents);
            this.lock(false);
            await this.hooks.signed(this.documents, results);
        } catch (error) {
            this.lock(false);
            await this.onError(error);
        }
    }

    /**
     * Sign slice by slice: requests stay short whatever the number of documents.
     *
     * After an interruption everything is asked again; the server signs once and
     * says of the others that they are signed already.
     */
    async send(documents) {
        const visual = await this.visual.export();
        const results = new Map();
        for (let start = 0; start < documents.length; start += SLICE) {
            const ids = documents.slice(start, start + SLICE).map((doc) => doc.signer_id);
            await this.sendSlice(ids, visual, results);
        }
        this.tell();
        return [...results.values()];
    }

    async sendSlice(ids, visual, results) {
        let pending = ids;
        const attempt = async () => {
            const answer = await call("sign", {
                signer_ids: pending,
                consents: Object.fromEntries(this.consents.map((one) => [one.code, one.version])),
                visual,
                save_visual: $("save-visual").checked,
                ...(this.code.method ? { code: this.code.value } : {}),
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
        this.interrupted = Boolean(error.offline);
        if (/^consent/.test(error.code ?? "")) {
            // The texts changed meanwhile: show the new ones, to be accepted anew.
            const overview = await call("overview").catch(() => undefined);
            if (overview) {
                this.update(overview);
            }
        }
        if (CODE_ERRORS.includes(error.code)) {
            this.code.fail(error.message);
            $("code-input").focus();
            $("code-error").scrollIntoView({ block: "nearest" });
            return;
        }
        if (VISUAL_CODES.includes(error.code)) {
            this.visual.fail(error.message);
            focusOn($(`tab-${this.visual.tab}`));
            $("visual-error").scrollIntoView({ block: "nearest" });
            return;
        }
        if (error.session || error.status === 410) {
            this.hooks.failed(error);
            return;
        }
        this.tell(error.message, Boolean(error.offline || error.busy));
    }
}

/** A document of the act: its transaction, its place and how many there are (A100). */
function fingerprintItem(doc, index, documents) {
    const item = copyTemplate("fingerprint-item");
    const button = item.querySelector("button");
    const code = item.querySelector("code");
    item.querySelector(".document-title").textContent = text("transaction", {
        title: doc.title,
        index,
        count: documents.length,
    });
    item.querySelector(".fingerprint-label").textContent = text("fingerprint");
    const short = `${doc.sha256.slice(0, 8)}…${doc.sha256.slice(-4)}`;
    code.textContent = short;
    button.addEventListener("click", () => {
        const open = button.getAttribute("aria-expanded") !== "true";
        button.setAttribute("aria-expanded", open);
        code.textContent = open ? doc.sha256 : short;
    });
    return item;
}

/** Show a text over the page: a consent's, or the data-protection notice. */
export function readText(title, html) {
    $("reading-title").textContent = title;
    putRichText($("reading-body"), html);
    openDialog($("reading"), $("reading-title"));
    $("reading-body").scrollTop = 0;
}
