// Copyright 2026 campus_sign contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
// The summary of a batch: one consent over a list, « Continuer », one visual (A124-A126).

import { call } from "./api.js";
import { DialogSheet } from "./dialog_sheet.js";
import { $, focusOn, text, toggle } from "./dom.js";
import { readText } from "./reading_box.js";

export class BatchSheet extends DialogSheet {
    /** @param {object} hooks `before()`, `started(summary)`, `failed(error)` */
    constructor(hooks) {
        super(hooks);
        this.step = "consent";
        $("sheet-continue").addEventListener("click", () => this.goOn());
        $("declaration").addEventListener("change", () => this.refresh());
        $("sheet-quit").addEventListener("click", () => this.close());
    }

    update(overview) {
        $("declaration-label").textContent = overview.declaration;
        super.update(overview);
    }

    /** The conditions accepted by the one box: each can be read. */
    showConsents(consents) {
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
        $("declaration").checked = false;
        this.goTo("consent");
        this.show(documents);
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

    missing() {
        if (!$("declaration").checked) {
            return [text("why_declaration"), $("declaration")];
        }
        return this.step === "visual" ? this.missingVisual() : null;
    }

    refresh() {
        const missing = this.missing();
        const count = this.documents.length;
        $("sheet-continue").setAttribute("aria-disabled", Boolean(missing));
        $("sign").setAttribute("aria-disabled", Boolean(missing) || this.locked);
        $("sign-label").textContent = this.locked ? text("signing") : text("sign_count", { count });
        const next = this.step === "consent" ? text("why_continue") : "";
        this.explain(missing ? missing[0] : next);
    }

    async act() {
        return call("batch_start", {
            ...(await this.given()),
            documents: this.documents.map(({ signer_id, sha256 }) => ({ signer_id, sha256 })),
        });
    }

    done(summary) {
        this.dialog.close();
        this.hooks.started(summary);
    }
}
