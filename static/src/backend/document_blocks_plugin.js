// Copyright 2026 campus_sign contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import { Plugin } from "@html_editor/plugin";
import { withSequence } from "@html_editor/utils/resource";
import { _t } from "@web/core/l10n/translation";

import { BlockPicker } from "./block_picker";

const CHIPS = "[data-embedded='campusTag'], [data-embedded='campusSignature']";

/** Tags, signature blocks and conditional sections of a document's body. */
export class DocumentBlocksPlugin extends Plugin {
    static id = "campusDocumentBlocks";
    static dependencies = ["dom", "history", "dialog", "selection"];
    static shared = ["chooseTag", "chooseSignature", "chooseCondition"];
    resources = {
        user_commands: [
            {
                id: "campusInsertTag",
                title: _t("Tag"),
                description: _t("Insert a value of the record, found by its name"),
                icon: "fa-tag",
                run: () => this.chooseTag(),
            },
            {
                id: "campusInsertSignature",
                title: _t("Signature block"),
                description: _t("Place where a signer's signature is drawn"),
                icon: "fa-pencil-square-o",
                run: () => this.chooseSignature(),
            },
            {
                id: "campusInsertCondition",
                title: _t("Conditional section"),
                description: _t("Text printed only when a tag has a value"),
                icon: "fa-question-circle-o",
                run: () => this.chooseCondition(),
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
        toolbar_groups: withSequence(5, { id: "campus_document" }),
        toolbar_items: [
            { id: "campusTag", groupId: "campus_document", commandId: "campusInsertTag" },
        ],
        // A block is dragged by its handle to another place of the text (A052).
        move_node_whitelist_selectors:
            "[data-embedded='campusSignature'], [data-embedded='campusCondition']",
        // A chip is one thing: nothing is formatted, split or merged inside it.
        unsplittable_node_predicates: (node) => Boolean(node.matches?.(CHIPS)),
    };

    chooseTag() {
        return this.choose({
            resModel: "campus.sign.tag",
            title: _t("Insert a tag"),
            placeholder: _t("<Search a tag by its name>"),
            insert: (record) => this.insertTag(record),
        });
    }

    chooseSignature() {
        return this.choose({
            resModel: "campus.sign.role",
            title: _t("Insert a signature block"),
            placeholder: _t("<Search a role by its name>"),
            insert: (record) => this.insertSignature(record),
        });
    }

    chooseCondition() {
        return this.choose({
            resModel: "campus.sign.tag",
            title: _t("Print the section when this tag has a value"),
            placeholder: _t("<Search a tag by its name>"),
            insert: (record) => this.insertCondition(record),
        });
    }

    async choose({ resModel, title, placeholder, insert }) {
        const { data } = this.config.getRecordInfo();
        const cursors = this.dependencies.selection.preserveSelection();
        let chosen;
        await this.dependencies.dialog.addDialog(BlockPicker, {
            resModel,
            title,
            placeholder,
            recordModel: data.res_model || false,
            choose: (record) => {
                chosen = record;
            },
        });
        cursors.restore();
        if (chosen) {
            insert(chosen);
            this.dependencies.history.addStep();
        }
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
        tag.setAttribute("contenteditable", "false");
        tag.textContent = name;
        this.dependencies.dom.insert(tag);
    }

    insertSignature({ code, name }) {
        const signature = this.block("div", "campusSignature", { role: code });
        signature.dataset.oeProtected = "true";
        signature.setAttribute("contenteditable", "false");
        signature.textContent = _t("Sign_Signatory %s", name);
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
