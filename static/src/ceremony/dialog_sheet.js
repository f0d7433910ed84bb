// Copyright 2026 campus_sign contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
// A summary that opens over a list, as a dialog.

import { BaseSheet } from "./base_sheet.js";
import { $, closeOnBackdrop, openDialog } from "./dom.js";

export class DialogSheet extends BaseSheet {
    constructor(hooks) {
        super(hooks);
        this.dialog = this.root;
        $("sheet-close").addEventListener("click", () => this.close());
        closeOnBackdrop(this.dialog, () => this.close());
        this.dialog.addEventListener("cancel", (event) => {
            event.preventDefault();
            this.close();
        });
    }

    show(documents) {
        super.show(documents);
        if (!this.dialog.open) {
            openDialog(this.dialog, $("sheet-title"));
        }
    }

    /** Close as people do: not while the act is under way. */
    close() {
        if (!this.locked) {
            this.dismiss();
        }
    }

    dismiss() {
        this.dialog.close();
    }
}
