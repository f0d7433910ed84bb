// Copyright 2026 campus_sign contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import { Component, useRef } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";

const WIDTHS = { A4: 210, Letter: 216 };
const SMALLEST = 5;
const LARGEST = 80;

/** Width of the paper in millimetres. */
export function paperWidth(data) {
    return WIDTHS[data.page_format] || WIDTHS.A4;
}

/** The width of the page in centimetres above its text, and its two margins, moved
 *  with the mouse or the arrows (A049). */
export class PageRuler extends Component {
    static template = "campus_sign.PageRuler";
    static props = { record: Object, readonly: { type: Boolean, optional: true } };

    setup() {
        this.ruler = useRef("ruler");
    }

    get width() {
        return paperWidth(this.props.record.data);
    }

    get ticks() {
        const count = Math.floor(this.width / 10);
        return Array.from({ length: count }, (_, index) => ({
            label: index + 1,
            place: ((index + 1) * 1000) / this.width,
        }));
    }

    get left() {
        const value = this.props.record.data.margin_left;
        const place = (value * 100) / this.width;
        return { ...this.describe("margin_left", _t("Left margin"), value), place };
    }

    get right() {
        const value = this.props.record.data.margin_right;
        const width = (value * 100) / this.width;
        return {
            ...this.describe("margin_right", _t("Right margin"), value),
            width,
            place: 100 - width,
        };
    }

    describe(name, label, value) {
        return { name, label, value, text: _t("%s mm", value) };
    }

    set(name, value) {
        const margin = Math.min(LARGEST, Math.max(SMALLEST, Math.round(value)));
        if (margin !== this.props.record.data[name]) {
            return this.props.record.update({ [name]: margin });
        }
    }

    onKeydown(ev, { name, value }) {
        const outwards = name === "margin_left" ? "ArrowLeft" : "ArrowRight";
        const inwards = name === "margin_left" ? "ArrowRight" : "ArrowLeft";
        const step = { [outwards]: -1, [inwards]: 1 }[ev.key];
        if (step) {
            ev.preventDefault();
            this.set(name, value + step);
        }
    }

    onPointerDown(ev, { name }) {
        const handle = ev.currentTarget;
        const { left, width } = this.ruler.el.getBoundingClientRect();
        const move = ({ clientX }) => {
            const place = ((clientX - left) * this.width) / width;
            this.set(name, name === "margin_left" ? place : this.width - place);
        };
        handle.setPointerCapture(ev.pointerId);
        handle.addEventListener("pointermove", move);
        handle.addEventListener(
            "lostpointercapture",
            () => handle.removeEventListener("pointermove", move),
            { once: true }
        );
    }
}
