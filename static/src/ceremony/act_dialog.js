// Copyright 2026 campus_sign contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
// A small form over the page that ends in one act: refuse, propose somebody else,
// « Ce n'est pas moi ».

import { call } from "./api.js";
import { $, openDialog, text } from "./dom.js";

export class ActDialog {
    /**
     * The elements of the form are named after it: `refuse-form`, `refuse-reason`…
     *
     * @param {string} name of the dialog and of the act
     * @param {object} hooks
     *     `fields` names of what is typed in, the required ones as `{name: sentence}`,
     *     `document()` it is about, if any, `done(document)` once the server took it
     */
    constructor(name, hooks) {
        this.name = name;
        this.hooks = hooks;
        this.fields = Object.keys(hooks.fields);
        $(`${name}-cancel`).addEventListener("click", () => this.close());
        $(`${name}-form`).addEventListener("submit", (event) => {
            event.preventDefault();
            this.send();
        });
        for (const opener of document.querySelectorAll(`[data-opens=${name}]`)) {
            opener.addEventListener("click", () => this.open());
        }
    }

    field(name) {
        return $(`${this.name}-${name}`);
    }

    open() {
        this.document = this.hooks.document?.();
        if (this.document) {
            this.field("document").textContent = this.document.title;
        }
        this.fail();
        openDialog($(this.name), this.field(this.fields[0]));
    }

    close() {
        $(this.name).close();
    }

    fail(message = "", culprit = undefined) {
        this.field("error").textContent = message;
        for (const name of this.fields) {
            this.field(name).setAttribute("aria-invalid", name === culprit);
        }
        if (culprit) {
            this.field(culprit).focus();
        }
    }

    /** The first field that cannot be sent as it is. */
    wrong() {
        return this.fields.find((name) => {
            const required = this.hooks.fields[name];
            const input = this.field(name);
            return required && (!input.value.trim() || !input.validity.valid);
        });
    }

    async send() {
        const wrong = this.wrong();
        if (this.sending) {
            return;
        }
        if (wrong) {
            this.fail(text(this.hooks.fields[wrong]), wrong);
            return;
        }
        this.sending = true;
        this.fail();
        const body = Object.fromEntries(
            this.fields.map((name) => [name, this.field(name).value.trim()])
        );
        if (this.document) {
            body.signer_id = this.document.signer_id;
        }
        try {
            await call(this.name, body);
        } catch (error) {
            // Nobody refuses or gives a place away twice, or without looking.
            this.fail(error.offline ? text("network_again") : error.message);
            return;
        } finally {
            this.sending = false;
        }
        $(`${this.name}-form`).reset();
        this.close();
        await this.hooks.done(this.document);
    }
}
