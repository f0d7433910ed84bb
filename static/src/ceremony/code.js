// Copyright 2026 campus_sign contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
// The code some documents ask for: sent on demand, typed in before « Signer ».

import { call } from "./api.js";
import { $, announce, text, toggle } from "./dom.js";

// What the server says of a code it does not take.
export const CODE_ERRORS = ["code_missing", "code_over", "code_wrong", "code_other"];

const STRENGTH = { email: 1, sms: 2, totp: 3 };

export class Code {
    /** @param {Function} onChange called when a code appears or disappears */
    constructor(onChange) {
        this.onChange = onChange;
        this.documents = [];
        $("code-send").addEventListener("click", () => this.ask());
        $("code-input").addEventListener("input", () => {
            this.fail();
            onChange();
        });
    }

    /** Show the block when one of `documents` asks for a code. */
    open(documents) {
        const methods = documents.map((doc) => doc.code).filter(Boolean);
        const [method] = methods.sort((one, two) => STRENGTH[two] - STRENGTH[one]);
        const ids = documents.map((doc) => doc.signer_id).join();
        if (ids !== this.ids) {
            // A code is worth something for what it was asked for only.
            $("code-input").value = "";
            $("code-sent").textContent = "";
        }
        this.ids = ids;
        this.method = method;
        this.documents = documents.filter((doc) => doc.code);
        toggle($("code"), Boolean(method));
        if (method) {
            $("code-how").textContent = text(`code_how_${method}`);
            toggle($("code-send"), method !== "totp");
            $("code-send").textContent = text("code_send");
        }
    }

    get value() {
        return $("code-input").value.replace(/\s/g, "");
    }

    get ready() {
        return !this.method || /^\d{6}$/.test(this.value);
    }

    /** What is missing, as `[sentence, field]`. */
    get missing() {
        if (this.ready) {
            return null;
        }
        const asked = this.method === "totp" || $("code-sent").textContent;
        return asked ? [text("why_code"), $("code-input")] : [text("why_ask_code"), $("code-send")];
    }

    async ask() {
        if (this.asking) {
            return;
        }
        this.asking = true;
        this.fail();
        try {
            const answer = await call("code", {
                signer_ids: this.documents.map((doc) => doc.signer_id),
            });
            const sent = text("code_sent", answer);
            $("code-sent").textContent = sent;
            $("code-send").textContent = text("code_again");
            announce(sent);
            $("code-input").value = "";
            $("code-input").focus();
            $("code-sent").scrollIntoView({ block: "nearest" });
            this.onChange();
        } catch (error) {
            this.fail(error.offline ? text("network_again") : error.message);
            $("code-error").scrollIntoView({ block: "nearest" });
        } finally {
            this.asking = false;
        }
    }

    fail(message = "") {
        $("code-error").textContent = message;
        $("code-input").setAttribute("aria-invalid", Boolean(message));
    }
}
