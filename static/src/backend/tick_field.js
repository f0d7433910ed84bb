// Copyright 2026 campus_sign contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import { Component } from "@odoo/owl";

import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** Green tick of the « Partage » column, nothing when false (A055). */
export class Tick extends Component {
    static template = "campus_sign.Tick";
    static props = { ...standardFieldProps };
}

registry.category("fields").add("campus_tick", {
    component: Tick,
    supportedTypes: ["boolean"],
});

const MARKS = {
    "✓": "fa-check text-success",
    "⌚": "fa-clock-o text-muted",
    "✗": "fa-times text-danger",
    "⚠": "fa-exclamation-triangle text-warning",
    "🌐": "fa-globe text-info",
};

/** A mark of a circuit drawn as an icon, then the name; the role on hover (A115). */
export class Mark extends Component {
    static template = "campus_sign.Mark";
    static props = { ...standardFieldProps };

    get text() {
        return this.props.record.data[this.props.name] || "";
    }

    get parts() {
        const [mark, ...rest] = this.text.split(" ");
        if (!(mark in MARKS)) {
            return { name: this.text };
        }
        // « Name (Role) * »: the role is the last pair of brackets.
        const name = rest.join(" ").replace(/ \([^()]*\)( \*)?$/, "$1");
        return { mark, icon: MARKS[mark], name };
    }
}

registry.category("fields").add("campus_mark", {
    component: Mark,
    supportedTypes: ["char"],
});
