// Copyright 2026 campus_sign contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import { Component, useEffect, useExternalListener, useRef } from "@odoo/owl";

import { registry } from "@web/core/registry";
import { hidePDFJSButtons } from "@web/core/utils/pdfjs";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** « Aperçu du document envoyé », beside the timeline (A134). */
export class DocumentPreview extends Component {
    static template = "campus_sign.DocumentPreview";
    static props = { ...standardWidgetProps };

    setup() {
        this.frame = useRef("frame");
        // Said by the viewer before it reads its options.
        useExternalListener(document, "webviewerloaded", (ev) => this.configure(ev.detail.source));
        useEffect(
            (el) => {
                if (el) {
                    hidePDFJSButtons(el, { hideDownload: true, hidePrint: true });
                }
            },
            () => [this.frame.el]
        );
    }

    /** A document runs no script: the viewer does not look for its sandbox either. */
    configure(viewer) {
        if (viewer === this.frame.el?.contentWindow) {
            viewer.PDFViewerApplicationOptions.set("disablePreferences", true);
            viewer.PDFViewerApplicationOptions.set("enableScripting", false);
        }
    }

    get url() {
        const { data, resId } = this.props.record;
        if (!resId || !data.attachment_id) {
            return null;
        }
        // The counter changes with each signature: the frame then loads the new file.
        const version = encodeURIComponent(data.signature_count || "");
        const file = `/campus_sign/request/${resId}/document.pdf?v=${version}`;
        return `/web/static/lib/pdfjs/web/viewer.html?file=${encodeURIComponent(file)}`;
    }
}

registry.category("view_widgets").add("campus_document_preview", {
    component: DocumentPreview,
    fieldDependencies: [
        { name: "attachment_id", type: "many2one" },
        { name: "deleted_at", type: "datetime" },
        { name: "signature_count", type: "char" },
    ],
});
