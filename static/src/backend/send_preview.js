// Copyright 2026 campus_sign contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import { Component, useEffect, useRef } from "@odoo/owl";

import { Dialog } from "@web/core/dialog/dialog";
import { hidePDFJSButtons } from "@web/core/utils/pdfjs";

/** The document one row would give, as it would be (A060). */
export class RowPreview extends Component {
    static template = "campus_sign.RowPreview";
    static components = { Dialog };
    static props = { close: Function, title: String, url: String };

    setup() {
        this.frame = useRef("frame");
        useEffect(
            (el) => hidePDFJSButtons(el, { hideDownload: true, hidePrint: true }),
            () => [this.frame.el]
        );
    }

    get viewer() {
        const file = encodeURIComponent(this.props.url);
        return `/web/static/lib/pdfjs/web/viewer.html?file=${file}`;
    }
}
