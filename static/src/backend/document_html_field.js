// Copyright 2026 campus_sign contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import { HtmlField, htmlField } from "@html_editor/fields/html_field";
import { FontPlugin } from "@html_editor/main/font/font_plugin";
import { MoveNodePlugin } from "@html_editor/main/movenode_plugin";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { registry } from "@web/core/registry";

import { DocumentBlocksPlugin } from "./document_blocks_plugin";
import { DocumentFontPlugin } from "./document_font_plugin";
import { DocumentMovePlugin } from "./document_move_plugin";
import { PageRuler, paperWidth } from "./page_ruler";

const OURS = new Map([
    [FontPlugin, DocumentFontPlugin],
    [MoveNodePlugin, DocumentMovePlugin],
]);

/** Editor of a template's body: blocks are inserted by « Insérer » or by “/”
 *  (A049, A051, A052). */
export class DocumentHtmlField extends HtmlField {
    static template = "campus_sign.DocumentHtmlField";
    static components = { ...HtmlField.components, Dropdown, DropdownItem, PageRuler };

    getConfig() {
        const config = super.getConfig();
        config.Plugins = [
            ...config.Plugins.map((one) => OURS.get(one) || one),
            DocumentBlocksPlugin,
        ];
        return config;
    }

    /** The text stands between its margins, in its size, as on paper. */
    get page() {
        const { data } = this.props.record;
        const width = paperWidth(data);
        return [
            `--campus-page: ${width}mm`,
            `--campus-left: ${(data.margin_left * 100) / width}%`,
            `--campus-right: ${(data.margin_right * 100) / width}%`,
            `--campus-size: ${data.font_size}pt`,
        ].join(";");
    }

    /** The preview follows what is typed, which the record knows only once saved. */
    onChange() {
        super.onChange();
        this.props.record.model.bus.trigger("CAMPUS_BODY_TYPED", {
            read: () => (this.isDirty ? this.editor.getContent() : null),
        });
    }

    get blocks() {
        return this.editor.shared.campusDocumentBlocks;
    }
}

registry.category("fields").add("campus_document_html", {
    ...htmlField,
    component: DocumentHtmlField,
    fieldDependencies: [
        { name: "res_model", type: "char" },
        { name: "page_format", type: "selection" },
        { name: "margin_left", type: "integer" },
        { name: "margin_right", type: "integer" },
        { name: "font_size", type: "float" },
    ],
    extractProps(fieldInfo, dynamicInfo) {
        const props = htmlField.extractProps(fieldInfo, dynamicInfo);
        // Only what can be printed, in the one font of the documents.
        props.editorConfig = {
            ...props.editorConfig,
            allowVideo: false,
            allowFile: false,
            allowFontFamily: false,
        };
        return { ...props, embeddedComponents: false };
    },
});
