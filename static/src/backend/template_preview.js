// Copyright 2026 campus_sign contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import { Component, onWillUnmount, useEffect, useRef, useState } from "@odoo/owl";

import { rpc } from "@web/core/network/rpc";
import { RecordSelector } from "@web/core/record_selectors/record_selector";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useBus } from "@web/core/utils/hooks";
import { hidePDFJSButtons } from "@web/core/utils/pdfjs";
import { useDebounced } from "@web/core/utils/timing";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

// Long enough not to draw each letter, short enough to follow the author.
const PAUSE = 700;
const TEXTS = ["name", "header_text", "footer_text"];
const PLAIN = [
    "recipient",
    "page_format",
    "margin_top",
    "margin_right",
    "margin_bottom",
    "margin_left",
    "font_size",
    "show_logo",
    "print_title",
    "address_frame",
    "sharing",
];
const OPTIONS = ["student_option", "guardian_option", "teacher_option"];

/** What the template on the screen gives for a record its author chooses, drawn again
 *  while he types: nothing is saved for it (A049). */
export class TemplatePreview extends Component {
    static template = "campus_sign.TemplatePreview";
    static components = { RecordSelector };
    static props = { ...standardWidgetProps };

    setup() {
        this.state = useState({
            shown: false,
            resId: false,
            model: false,
            drawing: false,
            problem: "",
        });
        this.frame = useRef("frame");
        this.keepLast = new KeepLast();
        this.draw = useDebounced(() => this.drawNow(), PAUSE);
        this.typed = () => null;
        useBus(this.props.record.model.bus, "CAMPUS_BODY_TYPED", ({ detail }) => {
            this.typed = detail.read;
            this.follow();
        });
        useEffect(
            (el) => {
                this.viewer = el && this.openViewer(el);
            },
            () => [this.frame.el]
        );
        useEffect(
            () => this.follow(),
            () => [JSON.stringify(this.draft), this.state.shown, this.resId]
        );
        onWillUnmount(() => {
            this.gone = true;
        });
    }

    get model() {
        return this.props.record.data.res_model;
    }

    /** The choice is forgotten when the category names another kind of record. */
    get resId() {
        return this.state.model === this.model ? this.state.resId : false;
    }

    /** The template as it stands on the screen, without what is being typed. */
    get draft() {
        const { data } = this.props.record;
        const draft = {
            body: String(data.body || ""),
            category_id: data.category_id ? data.category_id.id : false,
            circuit: data.signer_ids.records.map((line) => ({
                role_id: line.data.role_id ? line.data.role_id.id : false,
                teacher_id: line.data.teacher_id ? line.data.teacher_id.id : false,
                mandatory: line.data.modality !== "optional",
                sequence: line.data.sequence,
                ...Object.fromEntries(OPTIONS.map((name) => [name, line.data[name]])),
            })),
        };
        TEXTS.forEach((name) => (draft[name] = data[name] || ""));
        PLAIN.forEach((name) => (draft[name] = data[name]));
        return draft;
    }

    toggle() {
        this.state.shown = !this.state.shown;
    }

    choose(resId) {
        Object.assign(this.state, { resId, model: this.model });
    }

    follow() {
        if (this.state.shown) {
            this.state.drawing = true;
            this.draw();
        }
    }

    async drawNow() {
        const { draft } = this;
        const body = this.typed();
        try {
            const { pdf, problem } = await this.keepLast.add(
                rpc(
                    "/campus_sign/template/draft",
                    {
                        template_id: this.props.record.resId || false,
                        values: body === null ? draft : { ...draft, body },
                        record_id: this.resId,
                    },
                    { silent: true }
                )
            );
            this.state.problem = problem || "";
            if (pdf && this.viewer && !this.gone) {
                await this.show(Uint8Array.from(atob(pdf), (char) => char.charCodeAt(0)));
            }
        } finally {
            this.state.drawing = false;
        }
    }

    /** Return the page that shows a PDF, once it is ready. */
    async openViewer(el) {
        hidePDFJSButtons(el, { hideDownload: true, hidePrint: true });
        if (!el.contentWindow.PDFViewerApplication) {
            await new Promise((resolve) => {
                el.addEventListener("load", resolve, { once: true });
            });
        }
        const { PDFViewerApplication, PDFViewerApplicationOptions } = el.contentWindow;
        await PDFViewerApplication.initializedPromise;
        // At the top, and as wide as there is room for.
        PDFViewerApplicationOptions.set("viewOnLoad", 1);
        PDFViewerApplicationOptions.set("defaultZoomValue", "page-width");
        return PDFViewerApplication;
    }

    /** Replace what is shown, at the place the author was looking at. */
    async show(data) {
        const viewer = await this.viewer;
        // pdf.js complains of a document that is taken away while it loads.
        await this.loaded;
        const place = viewer.appConfig.mainContainer;
        const { scrollTop } = place;
        this.loaded = new Promise((resolve) => {
            viewer.eventBus.on("pagesloaded", resolve, { once: true });
        });
        await viewer.open({ data });
        await this.loaded;
        place.scrollTo({ top: scrollTop });
    }
}

registry.category("view_widgets").add("campus_template_preview", {
    component: TemplatePreview,
    fieldDependencies: [{ name: "res_model", type: "char" }],
});
