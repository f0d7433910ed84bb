// Copyright 2026 campus_sign contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
// Pictures of signatures: sizes, margins, encoding.

export const EXPORT_WIDTH = 960; // pixels; the stamp keeps half of it

/** Whether drawings can be read: hardened browsers give back noise, or nothing. */
export function canvasWorks() {
    const context = document.createElement("canvas").getContext("2d");
    if (!context) {
        return false;
    }
    context.fillStyle = "#12285f";
    context.fillRect(0, 0, 2, 2);
    return context.getImageData(0, 0, 1, 1).data.join() === "18,40,95,255";
}

/** A file as base64. */
export async function encodeFile(file) {
    const bytes = new Uint8Array(await file.arrayBuffer());
    return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

/** Strokes of the pad, larger or smaller. */
export function scaled(strokes, factor) {
    return strokes.map((stroke) => ({
        ...stroke,
        points: stroke.points.map((point) => ({
            ...point,
            x: point.x * factor,
            y: point.y * factor,
        })),
    }));
}

/** A picture at the size the stamp can use, upright as its camera says. */
export function reduced(picture) {
    const factor = Math.min(
        1,
        EXPORT_WIDTH / picture.naturalWidth,
        (EXPORT_WIDTH * 0.75) / picture.naturalHeight
    );
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(picture.naturalWidth * factor));
    canvas.height = Math.max(1, Math.round(picture.naturalHeight * factor));
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    return canvas;
}

/** The part of a transparent canvas that carries ink, with a small margin. */
export function trimmed(canvas) {
    const { width, height } = canvas;
    const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
    let [left, top, right, bottom] = [width, height, -1, -1];
    for (let index = 3; index < data.length; index += 4) {
        if (data[index]) {
            const x = ((index - 3) / 4) % width;
            const y = Math.floor((index - 3) / 4 / width);
            left = Math.min(left, x);
            right = Math.max(right, x);
            top = Math.min(top, y);
            bottom = Math.max(bottom, y);
        }
    }
    if (right < 0) {
        return canvas;
    }
    const margin = 12;
    const result = document.createElement("canvas");
    result.width = right - left + 1 + 2 * margin;
    result.height = bottom - top + 1 + 2 * margin;
    result.getContext("2d").drawImage(canvas, margin - left, margin - top);
    return result;
}

/** A canvas as base64: PNG, or JPEG when that alone fits `limit` bytes. */
export function encode(canvas, limit) {
    const png = canvas.toDataURL("image/png");
    const address = png.length * 0.75 > limit ? canvas.toDataURL("image/jpeg", 0.9) : png;
    return address.split(",")[1];
}
