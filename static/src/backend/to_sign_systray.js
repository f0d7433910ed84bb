// Copyright 2026 campus_sign contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import { Component, onWillStart, useState } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { useBus, useService } from "@web/core/utils/hooks";

/** How many documents wait for the user's own signature, and the way to them (A083). */
export class ToSignSystray extends Component {
    static template = "campus_sign.ToSignSystray";
    static props = {};

    setup() {
        this.state = useState({ count: 0 });
        const bus = useService("bus_service");
        bus.subscribe("campus_sign/to_sign", () => this.refresh());
        // Back from the signing page, which is another tab.
        this.onVisible = () => !document.hidden && this.refresh();
        useBus(document, "visibilitychange", this.onVisible);
        onWillStart(() => {
            // Not waited for: the web client must not be late for a counter.
            this.refresh();
        });
    }

    async refresh() {
        this.state.count = await rpc("/campus_sign/to_sign", {}, { silent: true });
    }

    get label() {
        const { count } = this.state;
        return count === 1 ? _t("1 document to sign") : _t("%s documents to sign", count);
    }
}

registry
    .category("systray")
    .add("campus_sign.ToSign", { Component: ToSignSystray }, { sequence: 26 });
