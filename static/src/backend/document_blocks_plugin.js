// Copyright 2026 campus_sign contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import { Plugin } from "@html_editor/plugin";
import { withSequence } from "@html_editor/utils/resource";
import { _t } from "@web/core/l10n/translation";
import { SelectCreateDialog } from "@web/views/view_dialogs/select_create_dialog";

/** Tags, signature blocks and conditional sections of a document's body. */
export class DocumentBlocksPlugin extends Plugin {
    static id = "campusDocumentBlocks";
    static dependencies = ["dom", "history", "dialog", "selection"];
    resources = {
        user_commands: [
            {
                id: "campusInsertTag",
                title: _t("Tag"),
                description: _t("Insert a value of the record, found by its name"),
                icon: "fa-tag",
                run: () => this.choose("campus.sign.tag", _t("Insert a tag"), this.insertTag),
            },
            {
                id: "campusInsertSignature",
                title: _t("Signature block"),
                description: _t("Place where a signer's signature is drawn"),
                icon: "fa-pencil-square-o",
                run: () =>
                    this.choose(
                        "campus.sign.role",
                        _t("Insert a signature block"),
                        this.insertSignature
                    ),
            },
            {
                id: "campusInsertCondition",
                title: _t("Conditional section"),
                description: _t("Text printed only when a tag has a value"),
                icon: "fa-question-circle-o",
                run: () =>
                    this.choose(
                        "campus.sign.tag",
                        _t("Print the section when this tag has a value"),
                        this.insertCondition
                    ),
            },
        ],
        powerbox_categories: withSequence(5, {
            id: "campus_document",
            name: _t("Document"),
        }),
        powerbox_items: [
            { categoryId: "campus_document", commandId: "campusInsertTag" },
            { categoryId: "campus_document", commandId: "campusInsertSignature" },
            { categoryId: "campus_document", commandId: "campusInsertCondition" },
        ],
    };

    async choose(resModel, title, insert) {
        let chosen;
        await this.dependencies.dialog.addDialog(SelectCreateDialog, {
            resModel,
            title,
            noCreate: true,
            multiSelect: false,
            onSelected: ([id]) => {
                chosen = id;
            },
        });
        if (!chosen) {
            return;
        }
        const [record] = await this.services.orm.read(resModel, [chosen], ["code", "name"]);
        insert.call(this, record);
        this.dependencies.history.addStep();
    }

    block(tagName, kind, props) {
        const element = this.document.createElement(tagName);
        element.dataset.embedded = kind;
        element.dataset.embeddedProps = JSON.stringify(props);
        return element;
    }

    insertTag({ code, name }) {
        const tag = this.block("span", "campusTag", { tag: code });
        tag.dataset.oeProtected = "true";
        tag.textContent = name;
        this.dependencies.dom.insert(tag);
    }

    insertSignature({ code, name }) {
        const signature = this.block("div", "campusSignature", { role: code });
        signature.dataset.oeProtected = "true";
        signature.textContent = _t("Signature: %s", name);
        this.dependencies.dom.insert(signature);
    }

    insertCondition({ code, name }) {
        const section = this.block("div", "campusCondition", { tag: code });
        const paragraph = this.document.createElement("p");
        paragraph.textContent = _t("Text printed when “%s” has a value", name);
        section.append(paragraph);
        this.dependencies.dom.insert(section);
    }
}
