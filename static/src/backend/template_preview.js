// Copyright 2026 campus_sign contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import { Component, useEffect, useRef, useState } from "@odoo/owl";

import { RecordSelector } from "@web/core/record_selectors/record_selector";
import { registry } from "@web/core/registry";
import { hidePDFJSButtons } from "@web/core/utils/pdfjs";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** The document the template gives for a record its author chooses (A049).
 *  It is drawn again at each saving, whose number is in the address. */
export class TemplatePreview extends Component {
    static template = "campus_sign.TemplatePreview";
    static components = { RecordSelector };
    static props = { ...standardWidgetProps };

    setup() {
        this.state = useState({ shown: false, resId: false, model: false });
        this.frame = useRef("frame");
        useEffect(
            (el) => {
                if (el) {
                    hidePDFJSButtons(el, { hideDownload: true, hidePrint: true });
                }
            },
            () => [this.frame.el]
        );
    }

    get model() {
        return this.props.record.data.res_model;
    }

    /** The choice is forgotten when the category names another kind of record. */
    get resId() {
        return this.state.model === this.model ? this.state.resId : false;
    }

    choose(resId) {
        Object.assign(this.state, { resId, model: this.model });
    }

    get url() {
        const { resId, data } = this.props.record;
        const query = new URLSearchParams({ record: this.resId || "", v: data.revision });
        return `/campus_sign/template/${resId}/preview.pdf?${query}`;
    }

    get viewer() {
        return `/web/static/lib/pdfjs/web/viewer.html?file=${encodeURIComponent(this.url)}`;
    }
}

registry.category("view_widgets").add("campus_template_preview", {
    component: TemplatePreview,
    fieldDependencies: [
        { name: "res_model", type: "char" },
        { name: "revision", type: "integer" },
    ],
});
