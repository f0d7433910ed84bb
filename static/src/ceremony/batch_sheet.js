// Copyright 2026 campus_sign contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
// The summary of a batch: one consent over a list, « Continuer », one visual (A124-A126).

import { call } from "./api.js";
import { CODE_ERRORS, Code } from "./code.js";
import {
    $,
    closeOnBackdrop,
    copyTemplate,
    focusOn,
    openDialog,
    putRichText,
    text,
    toggle,
} from "./dom.js";
import { Visual } from "./visual.js";

export class BatchSheet {
    /** @param {object} hooks `before()`, `started(summary)`, `failed(error)` */
    constructor(hooks) {
        this.hooks = hooks;
        this.dialog = $("sheet");
        this.documents = [];
        this.step = "consent";
        this.visual = new Visual(() => this.refresh());
        this.code = new Code(() => this.refresh());
        $("sheet-continue").addEventListener("click", () => this.goOn());
        $("declaration").addEventListener("change", () => this.refresh());
        $("sheet-close").addEventListener("click", () => this.close());
        $("sheet-quit").addEventListener("click", () => this.close());
        $("sheet-notice-retry").addEventListener("click", () => this.sign());
        $("sheet-form").addEventListener("submit", (event) => {
            event.preventDefault();
            this.sign();
        });
        closeOnBackdrop(this.dialog, () => this.close());
        this.dialog.addEventListener("cancel", (event) => {
            event.preventDefault();
            this.close();
        });
    }

    update(overview) {
        const { person } = overview;
        $("who-initials").textContent = person.initials;
        $("who-name").textContent = person.name;
        $("who-email").textContent = person.masked_email ?? "";
        $("declaration-label").textContent = overview.declaration;
        this.showTexts(overview.consents);
        if (!this.visual.prefilled) {
            this.visual.prefill(person.name, overview.saved_visual);
        }
    }

    /** The conditions accepted by the one box: each can be read. */
    showTexts(consents) {
        const before = JSON.stringify((this.consents ?? []).map((one) => one.version));
        if (before !== JSON.stringify(consents.map((one) => one.version))) {
            // A consent given to another version of a text is no consent.
            $("declaration").checked = false;
        }
        this.consents = consents;
        $("consents").replaceChildren(
            ...consents.map((consent) => {
                const link = document.createElement("button");
                link.type = "button";
                link.className = "link";
                link.textContent = consent.title;
                link.addEventListener("click", () => readText(consent.title, consent.text_html));
                return link;
            })
        );
    }

    open(documents) {
        this.documents = documents;
        const roles = [...new Set(documents.map((doc) => doc.role).filter(Boolean))];
        $("who-role").textContent = roles.join(", ");
        $("what-documents").replaceChildren(...documents.map(fingerprintItem));
        $("declaration").checked = false;
        this.code.open(documents);
        this.tell();
        this.goTo("consent");
        openDialog(this.dialog, $("sheet-title"));
    }

    close() {
        if (!this.locked) {
            this.dialog.close();
        }
    }

    goTo(step) {
        this.step = step;
        const consent = step === "consent";
        toggle(this.dialog.querySelector(".sheet-column"), consent);
        toggle($("visual"), !consent);
        toggle($("sheet-continue"), consent);
        toggle($("sign"), !consent);
        $("sheet-body").scrollTop = 0;
        this.refresh();
    }

    async goOn() {
        if (!$("declaration").checked) {
            $("declaration").focus();
            return;
        }
        this.goTo("visual");
        await this.visual.shown();
        focusOn($(`tab-${this.visual.tab}`));
    }

    refresh() {
        const consent = this.step === "consent";
        const accepted = $("declaration").checked;
        $("sheet-continue").setAttribute("aria-disabled", !accepted);
        const given = this.visual?.ready && this.code?.ready;
        const ready = accepted && given && !this.locked;
        $("sign").setAttribute("aria-disabled", !ready);
        const count = this.documents.length;
        $("sign-label").textContent = this.locked ? text("signing") : text("sign_count", { count });
        const why = consent
            ? text(accepted ? "why_continue" : "why_declaration")
            : given
              ? ""
              : text(this.visual?.ready ? "why_code" : "why_visual");
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
        this.refresh();
    }

    async sign() {
        if (this.locked || $("sign").getAttribute("aria-disabled") === "true") {
            return;
        }
        this.tell();
        this.lock(true);
        try {
            await this.hooks.before();
            const summary = await call("batch_start", {
                documents: this.documents.map(({ signer_id, sha256 }) => ({ signer_id, sha256 })),
                consents: Object.fromEntries(this.consents.map((one) => [one.code, one.version])),
                visual: await this.visual.export(),
                save_visual: $("save-visual").checked,
                ...(this.code.method ? { code: this.code.value } : {}),
            });
            this.lock(false);
            this.dialog.close();
            this.hooks.started(summary);
        } catch (error) {
            this.lock(false);
            if (error.session || error.status === 410) {
                this.dialog.close();
                this.hooks.failed(error);
            } else if (CODE_ERRORS.includes(error.code)) {
                this.code.fail(error.message);
                $("code-input").focus();
            } else {
                this.tell(error.message, Boolean(error.offline));
            }
        }
    }
}

function fingerprintItem(doc) {
    const item = copyTemplate("fingerprint-item");
    item.querySelector(".document-title").textContent = doc.title;
    item.querySelector(".fingerprint-label").textContent = text("fingerprint");
    const button = item.querySelector("button");
    const code = item.querySelector("code");
    const short = `${doc.sha256.slice(0, 8)}…${doc.sha256.slice(-4)}`;
    code.textContent = short;
    button.addEventListener("click", () => {
        const open = button.getAttribute("aria-expanded") !== "true";
        button.setAttribute("aria-expanded", open);
        code.textContent = open ? doc.sha256 : short;
    });
    return item;
}

/** Show a text over the page: a condition's, or the data-protection notice. */
export function readText(title, html) {
    $("reading-title").textContent = title;
    putRichText($("reading-body"), html);
    openDialog($("reading"), $("reading-title"));
    $("reading-body").scrollTop = 0;
}
