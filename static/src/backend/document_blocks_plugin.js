// Copyright 2026 campus_sign contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import { Plugin } from "@html_editor/plugin";
import { closestBlock } from "@html_editor/utils/blocks";
import { formatsSpecs } from "@html_editor/utils/formatting";
import { withSequence } from "@html_editor/utils/resource";
import { _t } from "@web/core/l10n/translation";

import { BlockPicker } from "./block_picker";

const TAG = "[data-embedded='campusTag']";
const SECTION = "[data-embedded='campusCondition']";
const CHIPS = `${TAG}, [data-embedded='campusSignature']`;
// A section holds these whole, never one of their lines.
const UNBROKEN = "table, ul, ol, .o_text_columns";
// Twenty pages: the editor takes eight seconds for them, and four times as long for twice.
const MAX_PASTED = { elements: 4000, lines: 1200 };

/** Tags, signature blocks and conditional sections of a document's body. */
export class DocumentBlocksPlugin extends Plugin {
    static id = "campusDocumentBlocks";
    static dependencies = ["dom", "history", "dialog", "selection", "format"];
    static shared = ["chooseTag", "chooseSignature", "chooseCondition", "changeCondition"];
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
        // Before Odoo's own: what a document needs most.
        powerbox_categories: withSequence(1, {
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
        // The whole of a tag takes a format, though nothing inside it can be edited.
        format_selection_handlers: (name, options) => this.formatTags(name, options),
        remove_all_formats_handlers: () =>
            this.selectedTags().forEach((tag) => tag.removeAttribute("style")),
    };

    setup() {
        this.addDomListener(this.editable, "paste", this.refuseHeavyPaste, true);
    }

    /** A long document would stop the browser, and what was written here with it. */
    refuseHeavyPaste(ev) {
        const html = ev.clipboardData.getData("text/html");
        const text = ev.clipboardData.getData("text/plain");
        const elements = html
            ? new DOMParser().parseFromString(html, "text/html").body.getElementsByTagName("*")
            : [];
        if (elements.length > MAX_PASTED.elements || text.split("\n").length > MAX_PASTED.lines) {
            ev.preventDefault();
            ev.stopImmediatePropagation();
            this.services.notification.add(
                _t(
                    "This text is too long to be pasted at once: nothing was. Paste it in several parts, a few pages each."
                ),
                { type: "warning", sticky: true }
            );
        }
    }

    chooseTag() {
        return this.choose({
            ...this.tagDialog,
            title: _t("Insert a tag"),
            insert: (record) => this.insertTag(record),
        });
    }

    chooseSignature() {
        return this.choose({
            resModel: "campus.sign.role",
            domain: this.signerDomain,
            title: _t("Insert a signature block"),
            placeholder: _t("<Search a role by its name>"),
            insert: (record) => this.insertSignature(record),
        });
    }

    chooseCondition() {
        return this.choose({
            ...this.conditionDialog,
            title: _t("Print the section when this tag has a value"),
            insert: (record) => this.insertCondition(record),
        });
    }

    /** Change the condition of the section the cursor stands in, or take it away.
     *
     *  Return false when the cursor stands in none. */
    async changeCondition() {
        const { anchorNode } = this.dependencies.selection.getEditableSelection();
        const start =
            anchorNode.nodeType === Node.ELEMENT_NODE ? anchorNode : anchorNode.parentElement;
        const section = start && start.closest(SECTION);
        if (!section || !this.editable.contains(section)) {
            this.dependencies.selection.focusEditable();
            return false;
        }
        await this.choose({
            ...this.conditionDialog,
            title: _t("Condition of the section"),
            negate: this.props(section).negate,
            remove: () => section.replaceWith(...section.childNodes),
            insert: ({ code, negate }) => {
                section.dataset.embeddedProps = JSON.stringify(this.condition(code, negate));
            },
        });
        return true;
    }

    get template() {
        return this.config.getRecordInfo().data;
    }

    get tagDialog() {
        return {
            resModel: "campus.sign.tag",
            domain: [["model", "in", [false, this.template.res_model]]],
            placeholder: _t("<Search a tag by its name>"),
        };
    }

    get conditionDialog() {
        return { ...this.tagDialog, negatable: true };
    }

    /** Who may have a block: the roles of the circuit, before there is one those that the
     *  category names somebody for. */
    get signerDomain() {
        const { offered_role_ids, sharing, signer_ids } = this.template;
        if (sharing !== "sign" || !signer_ids.records.length) {
            return [["id", "in", offered_role_ids.currentIds]];
        }
        const codes = signer_ids.records.map(({ data }) => data.role_code);
        // A guardian may sign for a minor without a line of his own.
        if (
            signer_ids.records.some(
                ({ data }) => data.role_code === "student" && data.student_option !== "self"
            )
        ) {
            codes.push("guardian");
        }
        return [["code", "in", codes]];
    }

    async choose({ insert, remove, ...dialog }) {
        const cursors = this.dependencies.selection.preserveSelection();
        let act;
        await this.dependencies.dialog.addDialog(BlockPicker, {
            ...dialog,
            choose: (record) => {
                act = () => insert(record);
            },
            remove:
                remove &&
                (() => {
                    act = remove;
                }),
        });
        cursors.restore();
        if (act) {
            act();
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

    condition(code, negate) {
        return negate ? { tag: code, negate } : { tag: code };
    }

    props(block) {
        try {
            return JSON.parse(block.dataset.embeddedProps);
        } catch {
            return {};
        }
    }

    /** Put what is selected under a condition; with nothing selected, a new section. */
    insertCondition({ code, negate }) {
        const section = this.block("div", "campusCondition", this.condition(code, negate));
        const blocks = this.selectedBlocks();
        if (blocks.length) {
            blocks[0].before(section);
            section.append(...blocks);
            return;
        }
        const paragraph = this.document.createElement("p");
        paragraph.append(this.document.createElement("br"));
        section.append(paragraph);
        this.dependencies.dom.insert(section);
        this.dependencies.selection.setCursorStart(paragraph);
    }

    /** Return the blocks that stand side by side and hold the selection. */
    selectedBlocks() {
        const { isCollapsed, startContainer, endContainer, commonAncestorContainer } =
            this.dependencies.selection.getEditableSelection();
        if (isCollapsed) {
            return [];
        }
        let parent = closestBlock(commonAncestorContainer);
        const whole = parent.closest(UNBROKEN);
        if (whole && this.editable.contains(whole)) {
            return [whole];
        }
        if (parent !== this.editable && closestBlock(startContainer) === parent) {
            return [parent];
        }
        parent =
            parent === this.editable || parent.matches(SECTION) ? parent : parent.parentElement;
        const holder = (node) => [...parent.children].find((child) => child.contains(node));
        const [first, last] = [holder(startContainer), holder(endContainer)];
        const children = [...parent.children];
        return first && last
            ? children.slice(children.indexOf(first), children.indexOf(last) + 1)
            : [];
    }

    selectedTags() {
        const found = this.dependencies.selection
            .getTargetedNodes()
            .map((node) => (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement))
            .map((element) => element && element.closest(TAG));
        return [...new Set(found.filter(Boolean))];
    }

    formatTags(name, { applyStyle, formatProps } = {}) {
        const spec = formatsSpecs[name];
        const tags = this.selectedTags();
        if (!tags.length || !spec || !spec.addStyle) {
            return;
        }
        const nodes = this.dependencies.selection.getTargetedNodes();
        const apply = applyStyle ?? !this.dependencies.format.isSelectionFormat(name, nodes);
        for (const tag of tags) {
            spec.removeStyle(tag);
            if (apply) {
                spec.addStyle(tag, formatProps);
            }
        }
        if (
            nodes.every(
                (node) => node.nodeType !== Node.TEXT_NODE || node.parentElement.closest(TAG)
            )
        ) {
            this.dependencies.history.addStep();
        }
    }
}
