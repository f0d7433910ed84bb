// Copyright 2026 campus_sign contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import { HtmlField, htmlField } from "@html_editor/fields/html_field";
import { registry } from "@web/core/registry";

import { DocumentBlocksPlugin } from "./document_blocks_plugin";

/** Editor of a template's body: blocks are inserted by “/” (A049, A051, A052). */
export class DocumentHtmlField extends HtmlField {
    getConfig() {
        const config = super.getConfig();
        config.Plugins = [...config.Plugins, DocumentBlocksPlugin];
        return config;
    }
}

registry.category("fields").add("campus_document_html", {
    ...htmlField,
    component: DocumentHtmlField,
    extractProps(fieldInfo, dynamicInfo) {
        const props = htmlField.extractProps(fieldInfo, dynamicInfo);
        // Only what can be printed: no video, file or table of contents.
        props.editorConfig = { ...props.editorConfig, allowVideo: false, allowFile: false };
        return { ...props, embeddedComponents: false };
    },
});
