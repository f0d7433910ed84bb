// Copyright 2026 campus_sign contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
// Keep the part of an imported picture that is the signature: by dragging over it,
// or edge by edge with the keyboard.

import { $ } from "./dom.js";

const EDGES = ["left", "right", "top", "bottom"];
const LEAST = 8; // per cent between two opposite edges

export class Crop {
    /** @param {Function} onChange called when another part is kept */
    constructor(onChange) {
        this.onChange = onChange;
        this.canvas = $("import-canvas");
        for (const edge of EDGES) {
            $(`crop-${edge}`).addEventListener("input", () => this.moved(edge));
        }
        $("crop-all").addEventListener("click", () => {
            this.reset();
            this.onChange();
        });
        this.listenDrag();
    }

    /** Take a canvas over, all of it kept; `undefined` to forget the former. */
    load(image) {
        this.image = image;
        if (image) {
            this.canvas.width = image.width;
            this.canvas.height = image.height;
            this.reset();
        }
    }

    reset() {
        this.put({ left: 0, right: 100, top: 0, bottom: 100 });
    }

    put(frame) {
        this.frame = frame;
        for (const edge of EDGES) {
            $(`crop-${edge}`).value = frame[edge];
        }
        this.draw();
    }

    moved(edge) {
        const frame = { ...this.frame, [edge]: Number($(`crop-${edge}`).value) };
        const [start, end] = edge === "left" || edge === "right" ? EDGES : EDGES.slice(2);
        if (edge === start) {
            frame[start] = Math.min(frame[start], frame[end] - LEAST);
        } else {
            frame[end] = Math.max(frame[end], frame[start] + LEAST);
        }
        this.put(frame);
        this.onChange();
    }

    listenDrag() {
        let from;
        this.canvas.addEventListener("pointerdown", (event) => {
            from = this.place(event);
            this.canvas.setPointerCapture(event.pointerId);
        });
        this.canvas.addEventListener("pointermove", (event) => {
            const to = from && this.place(event);
            if (to && Math.abs(to.x - from.x) >= LEAST && Math.abs(to.y - from.y) >= LEAST) {
                this.put({
                    left: Math.min(from.x, to.x),
                    right: Math.max(from.x, to.x),
                    top: Math.min(from.y, to.y),
                    bottom: Math.max(from.y, to.y),
                });
            }
        });
        for (const end of ["pointerup", "pointercancel"]) {
            this.canvas.addEventListener(end, () => {
                if (from) {
                    from = undefined;
                    this.onChange();
                }
            });
        }
    }

    /** Where the pointer is, in per cent of the picture. */
    place(event) {
        const box = this.canvas.getBoundingClientRect();
        const margin = parseFloat(getComputedStyle(this.canvas).paddingLeft);
        const [width, height] = [box.width - 2 * margin, box.height - 2 * margin];
        // The picture is centred in its place, as large as fits.
        const scale = Math.min(width / this.canvas.width, height / this.canvas.height);
        const percent = (position, room, size) => {
            const start = (room - size * scale) / 2;
            const found = ((position - margin - start) / (size * scale)) * 100;
            return Math.round(Math.min(100, Math.max(0, found)));
        };
        return {
            x: percent(event.clientX - box.left, width, this.canvas.width),
            y: percent(event.clientY - box.top, height, this.canvas.height),
        };
    }

    /** What is kept, in pixels of the picture. */
    area() {
        const { width, height } = this.image;
        const { left, right, top, bottom } = this.frame;
        return {
            x: Math.round((left * width) / 100),
            y: Math.round((top * height) / 100),
            width: Math.max(1, Math.round(((right - left) * width) / 100)),
            height: Math.max(1, Math.round(((bottom - top) * height) / 100)),
        };
    }

    draw() {
        const context = this.canvas.getContext("2d");
        const { width, height } = this.canvas;
        const { x, y, width: w, height: h } = this.area();
        context.clearRect(0, 0, width, height);
        context.globalAlpha = 0.25;
        context.drawImage(this.image, 0, 0);
        context.globalAlpha = 1;
        context.drawImage(this.image, x, y, w, h, x, y, w, h);
        context.strokeStyle = "#1f4aa8";
        context.lineWidth = Math.max(2, width / 300);
        context.strokeRect(x, y, w, h);
    }

    /** The part that is kept, on a canvas of its own. */
    result() {
        const { x, y, width, height } = this.area();
        const canvas = document.createElement("canvas");
        canvas.width = width;
        canvas.height = height;
        canvas.getContext("2d").drawImage(this.image, x, y, width, height, 0, 0, width, height);
        return canvas;
    }
}
