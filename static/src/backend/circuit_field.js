// Copyright 2026 campus_sign contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import { Component, onWillStart, useState, useSubEnv } from "@odoo/owl";

import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { RecordSelector } from "@web/core/record_selectors/record_selector";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { CharField } from "@web/views/fields/char/char_field";
import { RadioField, radioField } from "@web/views/fields/radio/radio_field";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { X2ManyField, x2ManyField } from "@web/views/fields/x2many/x2many_field";
import { ListRenderer } from "@web/views/list/list_renderer";

const WITH_OPTIONS = ["student", "guardian", "teacher"];
const STEP = 10;

/** The window of the roles, several at once (A031, A032). */
export class RolePicker extends Component {
    static template = "campus_sign.RolePicker";
    static components = { Dialog };
    static props = { offered: Array, taken: Array, confirm: Function, close: Function };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ roles: [], chosen: {} });
        onWillStart(async () => {
            const fields = ["code", "name", "has_options", "is_establishment"];
            const domain = [["id", "in", [...this.props.offered, ...this.props.taken]]];
            const roles = await this.orm.searchRead("campus.sign.role", domain, fields);
            this.state.roles = roles.map((role) => ({
                ...role,
                taken: this.props.taken.includes(role.id),
                label: role.has_options ? _t("%s *", role.name) : role.name,
            }));
        });
    }

    get hasStarred() {
        return this.state.roles.some((role) => role.has_options);
    }

    get chosen() {
        return this.state.roles.filter((role) => this.state.chosen[role.id]);
    }

    async confirm() {
        const { chosen } = this;
        this.props.close();
        await this.props.confirm(chosen);
    }
}

/** Who precisely signs for a role (A034, A037; decision 6). */
export class RoleOptions extends Component {
    static template = "campus_sign.RoleOptions";
    static components = { Dialog, RecordSelector };
    static props = { line: Object, close: Function };

    setup() {
        const { data } = this.props.line;
        this.teacherDomain = [["is_campus_teacher", "=", true]];
        this.state = useState({
            value: data[this.name],
            modality: data.modality,
            teacherId: data.teacher_id ? data.teacher_id.id : false,
        });
        this.nameService = useService("name");
    }

    get name() {
        return `${this.props.line.data.role_code}_option`;
    }

    get items() {
        return this.props.line.fields[this.name].selection;
    }

    get modalities() {
        return this.props.line.fields.modality.selection;
    }

    get title() {
        return _t("Options of the role “%s”", this.props.line.data.role_id.display_name);
    }

    get incomplete() {
        return this.state.value === "named" && !this.state.teacherId;
    }

    async confirm() {
        const { line } = this.props;
        const changes = { [this.name]: this.state.value, modality: this.state.modality };
        if (this.name === "teacher_option") {
            const { teacherId } = this.state;
            changes.teacher_id = false;
            if (this.state.value === "named") {
                const names = await this.nameService.loadDisplayNames("res.partner", [teacherId]);
                changes.teacher_id = { id: teacherId, display_name: names[teacherId] };
            }
        }
        await line.update(changes);
        this.props.close();
    }
}

const highest = (list) => Math.max(0, ...list.records.map((line) => line.data.sequence));

/** The establishment's representative signs last, and is shown so (A040). */
async function headLast(list) {
    const head = list.records.find((line) => line.data.finaliser);
    if (head && head !== list.records.at(-1)) {
        await head.update({ sequence: highest(list) + STEP });
        await list.applyCommands([], { sort: true });
    }
}

/** Whatever is dragged where, the representative stays last. */
export class CircuitRenderer extends ListRenderer {
    async sortDrop() {
        await super.sortDrop(...arguments);
        await headLast(this.props.list);
    }
}

/** The circuit's table: « Ajouter un rôle signataire » opens the two windows. */
export class CircuitField extends X2ManyField {
    static components = { ...X2ManyField.components, ListRenderer: CircuitRenderer };

    setup() {
        super.setup();
        this.dialog = useService("dialog");
        // Cells are read-only until their row is opened: they ask the whole circuit.
        useSubEnv({ circuitIsClosed: () => this.props.readonly });
    }

    async onAdd() {
        await this.list.leaveEditMode();
        this.dialog.add(RolePicker, {
            offered: this.props.record.data.offered_role_ids.currentIds,
            taken: this.list.records.map((line) => line.data.role_id.id),
            confirm: (roles) => this.addRoles(roles),
        });
    }

    async addRoles(roles) {
        const added = [];
        for (const role of roles) {
            const line = await this.list.addNewRecord({
                context: {
                    ...this.props.context,
                    default_role_id: role.id,
                    default_sequence: highest(this.list) + STEP,
                },
                mode: "readonly",
                position: "bottom",
            });
            // What was chosen here is no blank line to abandon.
            await line.update({ modality: "mandatory" });
            added.push([role, line]);
        }
        await headLast(this.list);
        for (const [role, line] of added) {
            if (role.has_options) {
                await new Promise((resolve) => {
                    this.dialog.add(RoleOptions, { line }, { onClose: resolve });
                });
            }
        }
    }
}

registry.category("fields").add("campus_circuit", {
    ...x2ManyField,
    component: CircuitField,
    fieldDependencies: [{ name: "offered_role_ids", type: "many2many" }],
});

/** What the role's options say, and the button that opens them again (A037). */
export class SignerOptions extends Component {
    static template = "campus_sign.SignerOptions";
    static components = { CharField };
    static props = { ...standardFieldProps };

    setup() {
        this.dialog = useService("dialog");
    }

    get hasOptions() {
        const { role_code } = this.props.record.data;
        return WITH_OPTIONS.includes(role_code) && !this.env.circuitIsClosed();
    }

    open() {
        this.dialog.add(RoleOptions, { line: this.props.record });
    }
}

registry.category("fields").add("campus_signer_options", {
    component: SignerOptions,
    supportedTypes: ["char"],
    fieldDependencies: [{ name: "role_code", type: "char" }],
});

/** The three sharing options; the second one says why it is closed (A024-A026). */
export class SharingField extends RadioField {
    static template = "campus_sign.SharingField";

    isClosed([value]) {
        return value === "publish" && !this.props.record.data.can_publish;
    }

    label(item) {
        return this.isClosed(item)
            ? _t("%s (the category of the document does not allow its publication)", item[1])
            : item[1];
    }
}

registry.category("fields").add("campus_sharing", {
    ...radioField,
    component: SharingField,
    fieldDependencies: [{ name: "can_publish", type: "boolean" }],
});
