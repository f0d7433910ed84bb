// Copyright 2026 campus_sign contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import { Component, onWillUnmount, useEffect } from "@odoo/owl";

import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const PAUSE = 2000;

/** How far the server is with a sending; asks again until nothing is left (A081). */
export class SendingProgress extends Component {
    static template = "campus_sign.SendingProgress";
    static props = { ...standardWidgetProps };

    setup() {
        useEffect(
            () => this.follow(),
            () => [this.props.record.data.left_count, this.props.record.resId]
        );
        onWillUnmount(() => this.stop());
    }

    get data() {
        return this.props.record.data;
    }

    share(count) {
        return this.data.count ? Math.round((100 * count) / this.data.count) : 0;
    }

    get handled() {
        return this.data.done_count + this.data.failed_count + this.data.cancelled_count;
    }

    follow() {
        this.stop();
        if (this.data.left_count) {
            this.timer = setTimeout(() => this.ask(), PAUSE);
        }
    }

    async ask() {
        await this.props.record.load();
        this.follow();
    }

    stop() {
        clearTimeout(this.timer);
    }
}

registry.category("view_widgets").add("campus_sending_progress", {
    component: SendingProgress,
    fieldDependencies: ["count", "left_count", "done_count", "failed_count", "cancelled_count"].map(
        (name) => ({ name, type: "integer" })
    ),
});
