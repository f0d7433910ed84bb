// Copyright 2026 campus_sign contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import { Component } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const GROUPS = {
    mandatory: _t("Mandatory signers"),
    optional: _t("Optional signers"),
    finaliser: _t("Finalising signer"),
};

/** Table of « Aperçu avant envoi »: see `campus.sign.send._check_table`. */
export class SendTable extends Component {
    static template = "campus_sign.SendTable";
    static props = { ...standardFieldProps };

    get table() {
        return this.props.record.data[this.props.name] || { columns: [], rows: [] };
    }

    setup() {
        // The record takes its changes one after the other: what was clicked last is
        // kept here meanwhile, so that two quick clicks both count.
        this.latest = null;
    }

    get ticked() {
        return new Set(this.latest || this.props.record.data.ticked_ids || []);
    }

    get readyRows() {
        return this.table.rows.filter((row) => row.ready);
    }

    get incompleteCount() {
        return this.table.rows.length - this.readyRows.length;
    }

    /** Headers above the roles: one per modality, as wide as its columns (A063). */
    get groups() {
        const groups = [];
        for (const column of this.table.columns) {
            const last = groups.at(-1);
            if (last?.key === column.group) {
                last.span++;
            } else {
                groups.push({
                    key: column.group,
                    label: GROUPS[column.group],
                    span: 1,
                });
            }
        }
        return groups;
    }

    get allTicked() {
        return this.readyRows.length > 0 && this.readyRows.every((row) => this.ticked.has(row.id));
    }

    people(row, column) {
        return row.cells[column.key] || [];
    }

    /** What is wrong with the document itself, then what blocks among its signers. */
    reasons(row) {
        const people = Object.values(row.cells).flat();
        const blocking = people.flatMap((person) => person.issues).filter((i) => i.blocking);
        return [...row.issues, ...blocking];
    }

    level(issues) {
        if (issues.some((issue) => issue.blocking)) {
            return "blocking";
        }
        return issues.length ? "warning" : "ok";
    }

    toggle(row) {
        const ticked = this.ticked;
        if (!ticked.delete(row.id)) {
            ticked.add(row.id);
        }
        this.save(ticked);
    }

    toggleAll() {
        const ids = this.allTicked ? [] : this.readyRows.map((row) => row.id);
        this.save(ids);
    }

    async save(ids) {
        const mine = (this.latest = [...ids]);
        await this.props.record.update({ ticked_ids: mine });
        if (this.latest === mine) {
            this.latest = null;
        }
    }
}

registry.category("fields").add("campus_send_table", {
    component: SendTable,
    supportedTypes: ["json"],
});

/** « Envoyer les documents cochés (X) », with its confirmation (A078, A079). */
export class SendButton extends Component {
    static template = "campus_sign.SendButton";
    static props = { ...standardWidgetProps };

    get count() {
        return (this.props.record.data.ticked_ids || []).length;
    }

    get label() {
        return _t("Send the ticked documents (%s)", this.count);
    }

    get confirmation() {
        const price = this.props.record.data.table?.price;
        const lines = [
            _t(
                "Electronic signature service: you are about to send %s document(s) to electronic signature.",
                this.count
            ),
        ];
        if (price) {
            lines.push(
                _t(
                    "This service will be charged once the circuit of signatures is finalised: %s per document.",
                    price
                )
            );
        }
        lines.push(_t("Do you confirm the sending?"));
        return lines.join(" ");
    }

    send() {
        const { record } = this.props;
        this.env.onClickViewButton({
            clickParams: {
                name: "action_send",
                type: "object",
                confirm: this.confirmation,
                "confirm-title": _t("Confirmation"),
                "confirm-label": _t("Yes"),
                "cancel-label": _t("No"),
            },
            getResParams: () => ({
                context: record.context,
                evalContext: record.evalContext,
                resModel: record.resModel,
                resId: record.resId,
                resIds: record.resIds,
            }),
        });
    }
}

registry.category("view_widgets").add("campus_send_button", {
    component: SendButton,
    fieldDependencies: [
        { name: "ticked_ids", type: "json" },
        { name: "table", type: "json" },
    ],
});
