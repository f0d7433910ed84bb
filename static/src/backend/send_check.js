// Copyright 2026 campus_sign contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import { Component, markRaw, onWillStart, useState } from "@odoo/owl";

import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { FormViewDialog } from "@web/views/view_dialogs/form_view_dialog";

import { copyList } from "./send_clipboard";
import { RowPreview } from "./send_preview";
import { SendTable, issuesOf } from "./send_table";

const OUTPUTS = [
    { value: "signature", label: _t("Electronic signature") },
    { value: "pdf", label: _t("PDF") },
    { value: "mail", label: _t("E-mail") },
    { value: "publish", label: _t("Publication") },
];
const BUNDLES = [
    { value: "merged", label: _t("One file to print") },
    { value: "zip", label: _t("One file per document (ZIP)") },
];

/** A record to correct: what its own screen does besides has no place above a sending. */
class CorrectionDialog extends FormViewDialog {
    setup() {
        super.setup();
        this.viewProps.className = "o_campus_correction";
    }
}

/**
 * « Aperçu avant envoi » (A058-A080): asks `campus.sign.send.check` for the rows and
 * gives the sender's choice to `campus.sign.send.submit`, which checks all of it again.
 */
export class SendDialog extends Component {
    static template = "campus_sign.SendDialog";
    static components = { Dialog, SendTable };
    static props = {
        close: Function,
        resModel: String,
        resIds: { type: Array, element: Number },
        // What closed circuits that start again choose beforehand (A141).
        templateId: { type: Number, optional: true },
        finalisers: { type: Object, optional: true },
        restartIds: { type: Array, element: Number, optional: true },
        onSent: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        this.keepLast = new KeepLast();
        this.outputs = OUTPUTS;
        this.bundles = BUNDLES;
        this.state = useState({
            loading: true,
            busy: false,
            output: "signature",
            bundle: "merged",
            templateId: this.props.templateId || false,
            templates: [],
            columns: [],
            labels: {},
            rows: [],
            price: "",
            finalisers: [],
            mayConfigure: false,
            filter: "all",
            message: "",
        });
        this.ticked = useState(new Set());
        this.changed = useState(new Set());
        // User chosen to finalise each document (A065).
        this.chosen = { ...this.props.finalisers };
        onWillStart(() => this.load());
    }

    // What the server is told and asked

    get values() {
        return {
            res_model: this.props.resModel,
            res_ids: this.props.resIds,
            output: this.state.output,
            bundle: this.state.bundle,
            template_id: this.state.templateId,
            finalisers: this.chosen,
            restart_ids: this.props.restartIds || [],
        };
    }

    /** Ask for every row; `sameTemplate` tells whether another one is a surprise. */
    async load(sameTemplate = true) {
        this.state.loading = true;
        const asked = this.state.templateId;
        const question = this.orm.call("campus.sign.send", "check", [this.values]);
        const answer = await this.keepLast.add(question);
        const known = new Map(this.state.rows.map((row) => [row.id, row]));
        const another = sameTemplate && asked && answer.template_id !== asked;
        Object.assign(this.state, {
            loading: false,
            templates: answer.templates,
            templateId: answer.template_id,
            columns: markRaw(answer.columns),
            labels: answer.labels,
            rows: markRaw(answer.rows),
            price: answer.price,
            finalisers: markRaw(answer.finalisers),
            mayConfigure: answer.may_configure,
        });
        for (const row of answer.rows) {
            this.settleTick(row, known.get(row.id));
        }
        if (another) {
            // Nothing leaves with a template nobody chose.
            this.ticked.clear();
            this.state.message ||= _t(
                "The template chosen was deleted, archived or is not eligible any more. Choose another one, then tick the documents."
            );
        }
    }

    /** Check some rows again, at once. */
    async refresh(ids) {
        const table = await this.orm.call("campus.sign.send", "check", [this.values, ids]);
        const fresh = new Map(table.rows.map((row) => [row.id, row]));
        const keys = this.state.columns.map((column) => column.key);
        if (table.columns.some((column) => !keys.includes(column.key))) {
            await this.load();
            return;
        }
        const rows = [];
        for (const row of this.state.rows) {
            const other = fresh.get(row.id);
            if (other) {
                this.settleTick(other, row);
            } else if (ids.includes(row.id)) {
                // Deleted meanwhile.
                this.ticked.delete(row.id);
                continue;
            }
            rows.push(other || row);
        }
        this.state.rows = markRaw(rows);
    }

    /** A row that becomes ready is ticked, one that is not is never (A073). */
    settleTick(row, before) {
        if (!row.ready) {
            this.ticked.delete(row.id);
        } else if (!before || !before.ready) {
            this.ticked.add(row.id);
        }
    }

    // What is shown

    get title() {
        return _t("Check before sending");
    }

    get shownRows() {
        const { filter, rows } = this.state;
        if (filter === "all") {
            return rows;
        }
        return rows.filter((row) => row.ready === (filter === "ready"));
    }

    /** What a row says before its signers; what no row says has no column (A062). */
    get texts() {
        const { labels, rows } = this.state;
        const texts = [
            { key: "contact", label: labels.contact, width: "text" },
            { key: "student", label: _t("Student concerned"), width: "text" },
            { key: "promotion", label: _t("Promotion"), width: "short" },
            { key: "record", label: labels.record, width: "long" },
        ].filter((text) => rows.some((row) => row[text.key]));
        const name = texts.find((text) => text.key === "student") || texts[0];
        return texts.map((text) => ({ ...text, name: text === name }));
    }

    get readyCount() {
        return this.state.rows.filter((row) => row.ready).length;
    }

    get filters() {
        const all = this.state.rows.length;
        return [
            { value: "all", label: _t("All documents (%s)", all) },
            { value: "ready", label: _t("Ready to send (%s)", this.readyCount) },
            { value: "incomplete", label: _t("Incomplete (%s)", all - this.readyCount) },
        ];
    }

    get count() {
        return this.ticked.size;
    }

    get sendLabel() {
        const labels = {
            signature: _t("Send the ticked documents (%s)", this.count),
            pdf: _t("Print the ticked documents (%s)", this.count),
            mail: _t("Send the ticked documents by e-mail (%s)", this.count),
            publish: _t("Publish the ticked documents (%s)", this.count),
        };
        return labels[this.state.output];
    }

    get emptySentence() {
        if (this.state.output === "publish") {
            return _t(
                "No template can be published from this screen. In “Document templates”, open a template of this category and choose “Publish on the portals” in its “Sharing” tab."
            );
        }
        return this.state.output === "signature"
            ? _t(
                  "No template can be sent to signature from this screen. In “Document templates”, open a template of this category and choose “Make eligible for signature” in its “Sharing” tab."
              )
            : _t("No document template belongs to the category of this screen.");
    }

    // What the sender does

    async onOutput(ev) {
        this.state.output = ev.target.value;
        await this.reset(false);
    }

    async onTemplate(ev) {
        this.state.templateId = Number(ev.target.value);
        await this.reset();
    }

    async reset(sameTemplate = true) {
        this.state.message = "";
        this.changed.clear();
        this.ticked.clear();
        this.state.rows = markRaw([]);
        await this.load(sameTemplate);
    }

    onBundle(ev) {
        this.state.bundle = ev.target.value;
    }

    onFilter(ev) {
        this.state.filter = ev.target.value;
    }

    toggle(row) {
        if (!this.ticked.delete(row.id) && row.ready) {
            this.ticked.add(row.id);
        }
    }

    toggleAll(rows) {
        const ready = rows.filter((row) => row.ready);
        const all = ready.every((row) => this.ticked.has(row.id));
        for (const row of ready) {
            this.ticked[all ? "delete" : "add"](row.id);
        }
    }

    async chooseFinaliser(row, userId) {
        this.chosen[row.id] = userId;
        await this.refresh([row.id]);
    }

    async chooseFinaliserForAll(ev) {
        const userId = Number(ev.target.value);
        if (!userId) {
            return;
        }
        const user = this.state.finalisers.find((one) => one.id === userId);
        for (const row of this.state.rows) {
            if (user.companies.includes(row.company)) {
                this.chosen[row.id] = userId;
            }
        }
        ev.target.value = "";
        await this.load();
    }

    /** Open the record to correct; every row it stops is checked again once saved. */
    correct(row, target) {
        const concerned = (one) =>
            one.id === row.id ||
            issuesOf(one).some(
                (issue) => issue.target.model === target.model && issue.target.id === target.id
            );
        const ids = this.state.rows.filter(concerned).map((one) => one.id);
        this.dialog.add(CorrectionDialog, {
            resModel: target.model,
            resId: target.id,
            title: target.name,
            canExpand: false,
            onRecordSaved: () => this.refresh(ids),
        });
    }

    /** « Modifier le modèle de document » without leaving the window (A075, A076). */
    editTemplate() {
        this.dialog.add(FormViewDialog, {
            resModel: "campus.sign.template",
            resId: this.state.templateId,
            title: _t("Modify the document template"),
            size: "xl",
            canExpand: false,
            onRecordSaved: () => this.load(),
        });
    }

    preview(row) {
        const { output, templateId } = this.state;
        const finaliser = this.chosen[row.id] || "";
        this.dialog.add(RowPreview, {
            title: row.title,
            url: `/campus_sign/send/${templateId}/${this.props.resModel}/${row.id}.pdf?output=${output}&finaliser=${finaliser}`,
        });
    }

    async copy() {
        await copyList({
            rows: this.shownRows,
            columns: this.state.columns,
            texts: this.texts,
        });
        this.notification.add(_t("List copied: paste it in a spreadsheet."), { type: "success" });
    }

    // Sending

    get confirmation() {
        if (this.state.output === "mail") {
            return this.count === 1
                ? _t("You are about to send 1 document by e-mail. Do you confirm the sending?")
                : _t(
                      "You are about to send %s documents by e-mail. Do you confirm the sending?",
                      this.count
                  );
        }
        if (this.state.output === "publish") {
            return _t(
                "You are about to publish %s document(s) in the lockers, without signature. Do you confirm the publication?",
                this.count
            );
        }
        const lines = [
            _t(
                "Electronic signature service: you are about to send %s document(s) to electronic signature.",
                this.count
            ),
        ];
        if (this.state.price) {
            lines.push(
                _t(
                    "This service will be charged once the circuit of signatures is finalised: %s per document.",
                    this.state.price
                )
            );
        }
        lines.push(_t("Do you confirm the sending?"));
        return lines.join(" ");
    }

    send() {
        if (this.state.output === "pdf") {
            return this.submit();
        }
        this.dialog.add(ConfirmationDialog, {
            title: _t("Confirmation"),
            body: this.confirmation,
            confirmLabel: _t("Yes"),
            cancelLabel: _t("No"),
            confirm: () => this.submit(),
            cancel: () => {},
        });
    }

    async submit() {
        if (this.state.busy) {
            return;
        }
        this.state.busy = true;
        const ticked = this.state.rows.filter((row) => this.ticked.has(row.id));
        const marks = Object.fromEntries(ticked.map((row) => [row.id, row.mark]));
        try {
            const values = { ...this.values, ticked_ids: ticked.map((row) => row.id) };
            const answer = await this.orm.call("campus.sign.send", "submit", [values, marks]);
            if (answer.action) {
                this.props.close();
                this.props.onSent(answer.action);
                return;
            }
            this.state.message = answer.changed;
            this.changed.clear();
            answer.ids.forEach((id) => this.changed.add(id));
            await this.load();
        } finally {
            this.state.busy = false;
        }
    }
}

function openSendDialog(env, action) {
    const { context = {} } = action;
    const resIds = context.default_res_ids || context.active_ids || [];
    env.services.dialog.add(SendDialog, {
        resModel: context.default_res_model || context.active_model,
        resIds,
        templateId: context.default_template_id || undefined,
        finalisers: context.default_finalisers || {},
        restartIds: context.default_restart_ids || [],
        onSent: async (result) => {
            // The list below says at once that its records are in signature.
            await env.services.action.doAction("soft_reload");
            await env.services.action.doAction(result);
        },
    });
}

registry.category("actions").add("campus_sign.send", openSendDialog);
