// Copyright 2026 campus_sign contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import { onWillStart } from "@odoo/owl";

import { HtmlField, htmlField } from "@html_editor/fields/html_field";
import { BannerPlugin } from "@html_editor/main/banner_plugin";
import { EmojiPlugin } from "@html_editor/main/emoji_plugin";
import { FontPlugin } from "@html_editor/main/font/font_plugin";
import { InlineCodePlugin } from "@html_editor/main/inline_code";
import { MoveNodePlugin } from "@html_editor/main/movenode_plugin";
import { StarPlugin } from "@html_editor/main/star_plugin";
import { YoutubePlugin } from "@html_editor/main/youtube_plugin";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";

import { DocumentBlocksPlugin } from "./document_blocks_plugin";
import { DocumentFontPlugin } from "./document_font_plugin";
import { DocumentMovePlugin } from "./document_move_plugin";
import { PageRuler, paperWidth } from "./page_ruler";

const OURS = new Map([
    [FontPlugin, DocumentFontPlugin],
    [MoveNodePlugin, DocumentMovePlugin],
]);

// What a screen draws and paper does not.
const UNPRINTABLE = [BannerPlugin, EmojiPlugin, InlineCodePlugin, StarPlugin, YoutubePlugin];

/** Editor of a template's body: blocks are inserted by « Insérer » or by “/”
 *  (A049, A051, A052). */
export class DocumentHtmlField extends HtmlField {
    static template = "campus_sign.DocumentHtmlField";
    static components = { ...HtmlField.components, Dropdown, DropdownItem, PageRuler };

    setup() {
        super.setup();
        this.notification = useService("notification");
        const orm = useService("orm");
        onWillStart(async () => {
            const tags = await orm.searchRead("campus.sign.tag", [], ["code", "name"]);
            this.conditionLabels = tags.map(conditionLabel).join("\n");
        });
    }

    getConfig() {
        const config = super.getConfig();
        const printable = config.Plugins.filter((one) => !UNPRINTABLE.includes(one));
        config.Plugins = [...printable.map((one) => OURS.get(one) || one), DocumentBlocksPlugin];
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

    async changeCondition() {
        if (!(await this.blocks.changeCondition())) {
            this.notification.add(_t("Put the cursor in the conditional section to change."), {
                type: "warning",
            });
        }
    }

    get blocks() {
        return this.editor.shared.campusDocumentBlocks;
    }
}

/** Return the rules that head a section with its condition: the text itself, which is
 *  saved and printed, holds only the tag's code. */
function conditionLabel({ code, name }) {
    const section = `.o_campus_body [data-embedded="campusCondition"][data-embedded-props*='"${code}"']`;
    const rule = (which, text) =>
        `${section}${which}:not(tr)::before, ${section}${which} > :is(td, th):first-child::before { content: ${JSON.stringify(text)} }`;
    const negated = `[data-embedded-props*='"negate":true'], [data-embedded-props*='"negate": true']`;
    return [rule("", _t("If “%s”", name)), rule(`:is(${negated})`, _t("If not “%s”", name))].join(
        "\n"
    );
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
