/** @odoo-module */
// Copyright 2026 campus_sign contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import { onMounted, onWillUnmount, useRef } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { getDataURLFromFile } from "@web/core/utils/urls";
import { listView } from "@web/views/list/list_view";
import { ListController } from "@web/views/list/list_controller";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";

const MAX_MEGABYTES = 60;

/** A list on which a scanned pile is dropped, or chosen with a button. */
export class ScanListController extends ListController {
    static template = "campus_sign.ScanListController";

    setup() {
        super.setup();
        this.orm = useService("orm");
        this.notification = useService("notification");
        this.ui = useService("ui");
        this.scanInput = useRef("scanInput");
        const over = (event) => {
            if (event.dataTransfer?.types.includes("Files")) {
                event.preventDefault();
            }
        };
        const drop = (event) => {
            if (event.dataTransfer?.files.length) {
                event.preventDefault();
                this.filePile(event.dataTransfer.files[0]);
            }
        };
        onMounted(() => {
            this.dropZone = this.rootRef.el;
            this.dropZone.addEventListener("dragover", over);
            this.dropZone.addEventListener("drop", drop);
        });
        onWillUnmount(() => {
            this.dropZone.removeEventListener("dragover", over);
            this.dropZone.removeEventListener("drop", drop);
        });
    }

    onClickScan() {
        this.scanInput.el.click();
    }

    async onScanChosen(event) {
        const [file] = event.target.files;
        event.target.value = "";
        if (file) {
            await this.filePile(file);
        }
    }

    async filePile(file) {
        if (file.size > MAX_MEGABYTES * 1024 * 1024) {
            this.notification.add(_t("This file is too large: drop the pile in several parts."), {
                type: "danger",
            });
            return;
        }
        const content = (await getDataURLFromFile(file)).split(",")[1];
        this.ui.block();
        try {
            const action = await this.orm.call("campus.scan.pile", "file_pile", [
                file.name,
                content,
            ]);
            await this.actionService.doAction(action);
        } finally {
            this.ui.unblock();
        }
    }
}

registry.category("views").add("campus_scan_list", {
    ...listView,
    Controller: ScanListController,
    buttonTemplate: "campus_sign.ScanListButtons",
});
