// Copyright 2026 campus_sign contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
// « Refuser »: a dialog, a mandatory reason, no way back from here.

import { call } from "./api.js";
import { $, openDialog, text } from "./dom.js";

export class Refusal {
    /** @param {object} hooks `document()` on the desk, `refused(document)` */
    constructor(hooks) {
        this.hooks = hooks;
        $("refuse-open").addEventListener("click", () => this.open());
        $("refuse-cancel").addEventListener("click", () => this.close());
        $("refuse-form").addEventListener("submit", (event) => {
            event.preventDefault();
            this.send($("refuse-reason").value.trim());
        });
    }

    open() {
        this.document = this.hooks.document();
        $("refuse-document").textContent = this.document.title;
        this.fail();
        openDialog($("refuse"), $("refuse-reason"));
    }

    close() {
        $("refuse").close();
    }

    fail(message = "") {
        $("refuse-error").textContent = message;
        $("refuse-reason").setAttribute("aria-invalid", message === text("reason_missing"));
    }

    async send(reason) {
        if (this.sending) {
            return;
        }
        if (!reason) {
            this.fail(text("reason_missing"));
            $("refuse-reason").focus();
            return;
        }
        this.sending = true;
        this.fail();
        try {
            await call("refuse", { signer_id: this.document.signer_id, reason });
        } catch (error) {
            this.fail(error.message);
            return;
        } finally {
            this.sending = false;
        }
        $("refuse-reason").value = "";
        this.close();
        await this.hooks.refused(this.document);
    }
}
