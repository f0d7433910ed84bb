// Copyright 2026 campus_sign contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import { Component } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { usePopover } from "@web/core/popover/popover_hook";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const ICONS = {
    "✓": "fa-check-circle text-success",
    "⌚": "fa-clock-o text-warning",
    "✗": "fa-times-circle text-danger",
};

/** Who a mark is: name, role, what he did and when. */
class MarkCard extends Component {
    static template = "campus_sign.MarkCard";
    static props = { signer: Object, close: { type: Function, optional: true } };
}

/** One small mark per signer; the person on hover and on focus (A115). */
export class SignerMarks extends Component {
    static template = "campus_sign.SignerMarks";
    static props = { ...standardFieldProps };

    setup() {
        this.card = usePopover(MarkCard, { position: "top", animation: false });
    }

    get signers() {
        return this.props.record.data[this.props.name] || [];
    }

    get heldUpBy() {
        return this.props.record.data.held_up_by;
    }

    icon(signer) {
        if (signer.trouble) {
            return "fa-exclamation-triangle text-danger";
        }
        if (signer.mark === "⌚" && !signer.turn) {
            return "fa-clock-o text-muted";
        }
        return ICONS[signer.mark];
    }

    label(signer) {
        const words = [signer.name, signer.role, signer.status, signer.when];
        words.push(signer.trouble, signer.told);
        if (signer.optional) {
            words.push(_t("optional"));
        }
        return words.filter(Boolean).join(", ");
    }

    show(ev, signer) {
        this.card.open(ev.currentTarget, { signer });
    }
}

registry.category("fields").add("campus_signer_marks", {
    component: SignerMarks,
    supportedTypes: ["json"],
    fieldDependencies: [{ name: "held_up_by", type: "char" }],
});

/** Who a reminder would reach, before anything leaves (A116). */
export class RemindedPeople extends Component {
    static template = "campus_sign.RemindedPeople";
    static props = { ...standardFieldProps };

    get people() {
        return this.props.record.data[this.props.name] || [];
    }

    get withSms() {
        return this.props.record.data.sms;
    }
}

registry.category("fields").add("campus_people", {
    component: RemindedPeople,
    supportedTypes: ["json"],
});

/** What an act left as it was, and why. */
export class Refusals extends Component {
    static template = "campus_sign.Refusals";
    static props = { ...standardFieldProps };

    get refusals() {
        return this.props.record.data[this.props.name] || [];
    }
}

registry.category("fields").add("campus_refusals", {
    component: Refusals,
    supportedTypes: ["json"],
});
