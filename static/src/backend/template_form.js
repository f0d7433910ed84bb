// Copyright 2026 campus_sign contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import { Component, useState } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useBus } from "@web/core/utils/hooks";
import { FormController } from "@web/views/form/form_controller";
import { formView } from "@web/views/form/form_view";
import { KanbanController } from "@web/views/kanban/kanban_controller";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { ListController } from "@web/views/list/list_controller";
import { ListRenderer } from "@web/views/list/list_renderer";
import { listView } from "@web/views/list/list_view";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** The form tells which revision it was opened on: a saving made meanwhile by
 *  somebody else is refused by the server instead of being overwritten. */
export class TemplateFormController extends FormController {
    /** A template of all establishments is read by who may not change it. */
    get modelParams() {
        const params = super.modelParams;
        params.hooks.onRootLoaded = (root) => {
            const locked = this.props.readonly || (!root.isNew && root.data.reserved);
            root.switchMode(locked ? "readonly" : "edit");
        };
        return params;
    }

    async onWillSaveRecord(record, changes) {
        if (!record.isNew) {
            changes.revision = record.data.revision;
        }
        return super.onWillSaveRecord(...arguments);
    }
}

registry.category("views").add("campus_template_form", {
    ...formView,
    Controller: TemplateFormController,
});

/** « Créer un modèle » instead of Odoo's « Nouveau » (A017). */
export class TemplateListController extends ListController {
    static template = "campus_sign.TemplateListView";
}

const GROUPS = {
    company_contact: _t("Templates meant for company contacts"),
    student: _t("Templates meant for students"),
    guardian: _t("Templates meant for guardians"),
    teacher: _t("Templates meant for teachers"),
    establishment: _t("Templates meant for the establishment"),
};

/** Groups by recipient have a title, the recipient alone has not (A018, A020). */
export class TemplateListRenderer extends ListRenderer {
    static groupRowTemplate = "campus_sign.TemplateGroupRow";

    groupTitle(group) {
        const isRecipient = group.groupByField.name === "recipient";
        return (isRecipient && GROUPS[group.value]) || group.displayName;
    }
}

registry.category("views").add("campus_template_list", {
    ...listView,
    Controller: TemplateListController,
    Renderer: TemplateListRenderer,
});

export class TemplateKanbanController extends KanbanController {
    static template = "campus_sign.TemplateKanbanView";
}

registry.category("views").add("campus_template_kanban", {
    ...kanbanView,
    Controller: TemplateKanbanController,
});

/** « Modification en cours », « Annuler », « Enregistrer » while edited (A022). */
export class EditBanner extends Component {
    static template = "campus_sign.EditBanner";
    static props = { ...standardWidgetProps };

    setup() {
        this.state = useState({ fieldIsDirty: false });
        useBus(this.props.record.model.bus, "FIELD_IS_DIRTY", (ev) => {
            this.state.fieldIsDirty = ev.detail;
        });
    }

    get shown() {
        const { record } = this.props;
        return record.isInEdition && (record.isNew || record.dirty || this.state.fieldIsDirty);
    }

    async discard() {
        const { record } = this.props;
        const isNew = record.isNew;
        await record.discard();
        this.state.fieldIsDirty = false;
        if (isNew) {
            this.env.config.historyBack();
        }
    }

    async save() {
        if (await this.props.record.save()) {
            this.state.fieldIsDirty = false;
        }
    }
}

registry.category("view_widgets").add("campus_edit_banner", { component: EditBanner });
