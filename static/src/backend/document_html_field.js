// Copyright 2026 campus_sign contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import { HtmlField, htmlField } from "@html_editor/fields/html_field";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { registry } from "@web/core/registry";

import { DocumentBlocksPlugin } from "./document_blocks_plugin";

/** Editor of a template's body: blocks are inserted by « Insérer » or by “/”
 *  (A049, A051, A052). */
export class DocumentHtmlField extends HtmlField {
    static template = "campus_sign.DocumentHtmlField";
    static components = { ...HtmlField.components, Dropdown, DropdownItem };

    getConfig() {
        const config = super.getConfig();
        config.Plugins = [...config.Plugins, DocumentBlocksPlugin];
        return config;
    }

    get blocks() {
        return this.editor.shared.campusDocumentBlocks;
    }
}

registry.category("fields").add("campus_document_html", {
    ...htmlField,
    component: DocumentHtmlField,
    fieldDependencies: [{ name: "res_model", type: "char" }],
    extractProps(fieldInfo, dynamicInfo) {
        const props = htmlField.extractProps(fieldInfo, dynamicInfo);
        // Only what can be printed: no video, file or table of contents.
        props.editorConfig = { ...props.editorConfig, allowVideo: false, allowFile: false };
        return { ...props, embeddedComponents: false };
    },
});
