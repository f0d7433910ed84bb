// Copyright 2026 campus_sign contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
// What every summary is: who signs, which documents, a visual, a code where one is
// asked for, one act that can be interrupted (A097, A100). The signing page and the
// batch screen add their consents.

import { CODE_ERRORS, Code } from "./code.js";
import { $, copyTemplate, text, toggle } from "./dom.js";
import { Visual } from "./visual.js";

export class BaseSheet {
    /**
     * Subclasses have `missing()`, the first thing that is missing as
     * `[sentence, field]`, `refresh()`, `act()`, `done(answer)` of the act and
     * `dismiss()`, which puts the summary away.
     *
     * @param {object} hooks `before()` sends what is still due, `failed(error)`
     */
    constructor(hooks) {
        this.hooks = hooks;
        this.root = $("sheet");
        this.documents = [];
        this.locked = false;
        this.visual = new Visual(() => this.refresh());
        this.code = new Code(() => this.refresh());
        $("sheet-form").addEventListener("submit", (event) => {
            event.preventDefault();
            this.sign();
        });
        $("sheet-notice-retry").addEventListener("click", () => this.sign());
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

    show(documents) {
        this.documents = documents;
        this.code.open(documents);
        const roles = [...new Set(documents.map((doc) => doc.role).filter(Boolean))];
        $("who-role").textContent = roles.join(", ");
        $("what-documents").replaceChildren(
            ...documents.map((doc, index) => fingerprintItem(doc, this.title(doc, index)))
        );
        this.tell();
        this.refresh();
    }

    title(doc) {
        return doc.title;
    }

    explain(why) {
        // A live region says again what is written again.
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
        this.root.classList.toggle("locked", locked);
        $("sheet-form").setAttribute("aria-busy", locked);
        this.refresh();
    }

    missingVisual() {
        return this.visual.ready
            ? this.code.missing
            : [text("why_visual"), $(`tab-${this.visual.tab}`)];
    }

    async sign() {
        if (this.locked) {
            return;
        }
        const missing = this.missing();
        if (missing) {
            missing[1].focus();
            return;
        }
        this.tell();
        this.lock(true);
        try {
            await this.hooks.before();
            const answer = await this.act();
            this.lock(false);
            await this.done(answer);
        } catch (error) {
            this.lock(false);
            await this.onError(error);
        }
    }

    async onError(error) {
        if (CODE_ERRORS.includes(error.code)) {
            this.code.fail(error.message);
            $("code-input").focus();
            $("code-error").scrollIntoView({ block: "nearest" });
        } else if (error.session || error.status === 410) {
            this.dismiss();
            this.hooks.failed(error);
        } else {
            this.tell(error.message, Boolean(error.offline || error.busy));
        }
    }

    /** Which version of each text was accepted, what the stamp shows, which code. */
    async given() {
        return {
            consents: Object.fromEntries(this.consents.map((one) => [one.code, one.version])),
            visual: await this.visual.export(),
            save_visual: $("save-visual").checked,
            ...(this.code.method ? { code: this.code.value } : {}),
        };
    }
}

function fingerprintItem(doc, title) {
    const item = copyTemplate("fingerprint-item");
    const button = item.querySelector("button");
    const code = item.querySelector("code");
    item.querySelector(".document-title").textContent = title;
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
