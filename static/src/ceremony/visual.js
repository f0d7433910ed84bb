// Copyright 2026 campus_sign contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
// The signature visual: drawn, typed or imported (A102-A106, A108).

import { Comeback } from "./api.js";
import { Crop } from "./crop.js";
import { $, announce, config, loadScript, text, toggle } from "./dom.js";
import { EXPORT_WIDTH, canvasWorks, encode, encodeFile, reduced, scaled, trimmed } from "./ink.js";

const INK = "#12285f";
const EXPORT_HEIGHT = 320;
const MAX_FILE_BYTES = 15_000_000;
const FONTS = [
    ["Marck Script", "MarckScript-Regular"],
    ["La Belle Aurore", "LaBelleAurore-Regular"],
    ["Oooh Baby", "OoohBaby-Regular"],
    ["Shadows Into Light", "ShadowsIntoLight-Regular"],
];
const TABS = ["draw", "type", "import"];

export class Visual {
    /** @param {Function} onChange called whenever a visual appears or disappears */
    constructor(onChange) {
        this.onChange = onChange;
        this.tab = "draw";
        // Then only pictures that exist already can be given: saved or imported as is.
        this.blocked = !canvasWorks();
        this.font = 0;
        this.strokes = [];
        this.comeback = new Comeback(() => this.selectTab(this.tab));
        this.listenTabs();
        this.listenPad();
        this.listenText();
        this.listenImport();
    }

    /**
     * Prefill with what the person saved, else with the name in handwriting: either
     * lies on the pad until a stroke takes its place.
     */
    prefill(name, saved) {
        $("visual-title").textContent = text("visual_title", { name });
        $("type-name").value = name;
        this.saved = saved || undefined;
        this.written = !saved && !this.blocked && Boolean(name);
        if (saved) {
            $("pad-saved").src = saved;
        }
        $("pad-saved").alt = text(saved ? "visual_saved" : "visual_written");
        this.padChanged(true);
        this.prefilled = true;
    }

    /** Nothing of the person stays. */
    forget() {
        this.clearPad();
        this.image = undefined;
        this.importChanged(true);
        this.prefilled = false;
        $("save-visual").checked = false;
        $("visual-title").textContent = "";
        $("type-name").value = "";
        $("pad-saved").removeAttribute("src");
    }

    /** Draw what could not be while the sheet was hidden. */
    async shown() {
        this.selectTab(this.blocked && !this.saved ? "import" : this.tab);
        await this.loadFonts();
        this.drawText();
    }

    get ready() {
        if (this.tab === "draw") {
            return Boolean(this.saved || this.strokes.length || (this.written && this.name));
        }
        const typed = !this.blocked && Boolean(this.name);
        return this.tab === "type" ? typed : Boolean(this.image);
    }

    get name() {
        return $("type-name").value.trim();
    }

    /** What is sent to the server: the kind and a base64 PNG or JPEG. */
    async export() {
        if (this.tab === "draw" && this.saved) {
            return { kind: "image", data: this.saved.split(",")[1] };
        }
        if (this.tab === "draw" && !this.written) {
            return { kind: "drawn", data: this.encode(trimmed(this.strokesCanvas())) };
        }
        if (this.tab !== "import") {
            await this.loadFonts();
            return { kind: "typed", data: this.encode(trimmed(this.textCanvas(1))) };
        }
        const data = this.blocked ? this.image : this.encode(this.crop.result());
        return { kind: "image", data };
    }

    encode(canvas) {
        return encode(canvas, config.maxVisualBytes);
    }

    fail(message) {
        $("visual-error").textContent = message ?? "";
        toggle($("visual-error"), Boolean(message));
    }

    changed() {
        this.fail();
        this.onChange();
    }

    // -- Tabs ----------------------------------------------------------------------------

    listenTabs() {
        for (const name of TABS) {
            const tab = $(`tab-${name}`);
            tab.addEventListener("click", () => this.selectTab(name));
            tab.addEventListener("keydown", (event) => {
                const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
                const edge = { Home: 0, End: TABS.length - 1 }[event.key];
                if (step || edge !== undefined) {
                    const position = edge ?? TABS.indexOf(name) + step + TABS.length;
                    const next = TABS[position % TABS.length];
                    this.selectTab(next);
                    $(`tab-${next}`).focus();
                    event.preventDefault();
                }
            });
        }
    }

    selectTab(selected) {
        this.tab = selected;
        // All panels first: a tab that has the focus makes the browser lay out the page,
        // which would be shorter for a moment and jump.
        for (const name of TABS) {
            toggle($(`panel-${name}`), name === selected);
        }
        for (const name of TABS) {
            const current = name === selected;
            $(`tab-${name}`).setAttribute("aria-selected", current);
            $(`tab-${name}`).tabIndex = current ? 0 : -1;
        }
        if (selected === "draw") {
            this.preparePad();
        }
        this.changed();
        if (this.blocked && !this.ready) {
            this.fail(text("canvas_blocked"));
        }
    }

    // -- Drawing -------------------------------------------------------------------------

    listenPad() {
        $("pad-undo").addEventListener("click", () => {
            this.strokes.pop();
            this.pad?.fromData(this.strokes);
            this.padChanged();
        });
        $("pad-erase").addEventListener("click", () => {
            this.clearPad();
            this.padChanged();
            announce(text("erased"));
        });
        new ResizeObserver(() => this.fitPad()).observe($("pad"));
        this.padChanged(true);
    }

    async preparePad() {
        if (this.blocked) {
            return;
        }
        try {
            this.padScript ??= loadScript(config.signaturePad);
            await this.padScript;
        } catch {
            this.padScript = undefined;
            this.fail(text("network_lost"));
            this.comeback.expect({ offline: true });
            return;
        }
        if (!this.pad) {
            this.pad = new globalThis.SignaturePad($("pad-canvas"), {
                penColor: INK,
                minWidth: 0.9,
                maxWidth: 2.8,
                throttle: 8,
            });
            this.pad.addEventListener("beginStroke", () => {
                if (this.saved || this.written) {
                    this.saved = undefined;
                    this.written = false;
                    this.padChanged();
                }
                toggle($("pad-hint"), false);
            });
            this.pad.addEventListener("endStroke", () => {
                this.strokes = this.pad.toData();
                this.padChanged();
            });
        }
        this.fitPad();
    }

    /** Give the canvas the pixels of its place; a turned phone keeps the strokes. */
    fitPad() {
        const box = $("pad");
        if (!this.pad || !box.clientWidth) {
            return;
        }
        const density = Math.max(globalThis.devicePixelRatio || 1, 1);
        const { clientWidth: width, clientHeight: height } = box;
        const canvas = $("pad-canvas");
        if (this.padSize?.width === width && this.padSize.density === density) {
            return;
        }
        if (this.padSize) {
            this.strokes = scaled(this.strokes, width / this.padSize.width);
        }
        this.padSize = { width, height, density };
        canvas.width = width * density;
        canvas.height = height * density;
        canvas.getContext("2d").scale(density, density);
        this.pad.fromData(this.strokes);
    }

    clearPad() {
        this.saved = undefined;
        this.written = false;
        this.strokes = [];
        this.pad?.clear();
    }

    padChanged(quiet = false) {
        const drawn = this.strokes.length > 0;
        const given = Boolean(this.saved || this.written);
        toggle($("pad-saved"), given);
        toggle($("pad-over"), given);
        $("pad-over").textContent = text(this.saved ? "over_saved" : "over_written");
        toggle($("pad-hint"), !drawn && !given);
        $("pad-undo").disabled = !drawn;
        $("pad-erase").disabled = !drawn && !given;
        if (!quiet) {
            this.changed();
        }
    }

    /** The strokes on a canvas of their own, at export size. */
    strokesCanvas() {
        const canvas = document.createElement("canvas");
        const factor = EXPORT_WIDTH / this.padSize.width;
        canvas.width = EXPORT_WIDTH;
        canvas.height = Math.ceil(this.padSize.height * factor);
        canvas.getContext("2d").scale(factor, factor);
        new globalThis.SignaturePad(canvas, { penColor: INK }).fromData(this.strokes, {
            clear: false,
        });
        return canvas;
    }

    // -- Text ----------------------------------------------------------------------------

    listenText() {
        $("type-name").addEventListener("input", () => {
            this.drawText();
            this.changed();
        });
        new ResizeObserver(() => this.drawText()).observe($("type-canvas").parentElement);
        FONTS.forEach(([family], index) => {
            const label = document.createElement("label");
            const input = document.createElement("input");
            const sample = document.createElement("span");
            input.type = "radio";
            input.name = "handwriting";
            input.checked = index === this.font;
            input.setAttribute("aria-label", text("font", { index: index + 1 }));
            sample.style.fontFamily = `"${family}", cursive`;
            sample.textContent = "Abc";
            sample.setAttribute("aria-hidden", "true");
            label.append(input, sample);
            input.addEventListener("change", () => {
                this.font = index;
                this.drawText();
                this.changed();
            });
            $("type-fonts").append(label);
        });
    }

    loadFonts() {
        this.fonts ??= Promise.allSettled(
            FONTS.map(async ([family, file]) => {
                const face = new FontFace(family, `url(/web/static/fonts/sign/${file}.ttf)`);
                document.fonts.add(await face.load());
            })
        );
        return this.fonts;
    }

    drawText() {
        if (this.written) {
            $("pad-saved").src = this.textCanvas(1).toDataURL();
        }
        const target = $("type-canvas");
        const box = target.parentElement;
        if (!box.clientWidth || this.blocked) {
            return;
        }
        const density = (globalThis.devicePixelRatio || 1) * (box.clientWidth / EXPORT_WIDTH);
        const source = this.textCanvas(density);
        target.width = source.width;
        target.height = source.height;
        target.getContext("2d").drawImage(source, 0, 0);
    }

    textCanvas(scale) {
        const canvas = document.createElement("canvas");
        canvas.width = Math.round(EXPORT_WIDTH * scale);
        canvas.height = Math.round(EXPORT_HEIGHT * scale);
        const context = canvas.getContext("2d");
        const family = `"${FONTS[this.font][0]}", cursive`;
        let size = 150;
        context.scale(scale, scale);
        context.font = `${size}px ${family}`;
        const room = EXPORT_WIDTH - 90;
        size = Math.max(24, Math.min(size, (size * room) / context.measureText(this.name).width));
        context.font = `${size}px ${family}`;
        context.fillStyle = INK;
        context.textAlign = "center";
        context.textBaseline = "middle";
        context.fillText(this.name, EXPORT_WIDTH / 2, EXPORT_HEIGHT / 2, room);
        return canvas;
    }

    // -- Import --------------------------------------------------------------------------

    listenImport() {
        const drop = $("drop");
        this.crop = new Crop(() => this.changed());
        $("import-file").addEventListener("change", (event) => {
            const [file] = event.target.files;
            event.target.value = "";
            if (file) {
                this.import(file);
            }
        });
        drop.addEventListener("dragover", (event) => event.preventDefault());
        drop.addEventListener("drop", (event) => {
            event.preventDefault();
            if (event.dataTransfer.files.length) {
                this.import(event.dataTransfer.files[0]);
            }
        });
        $("import-erase").addEventListener("click", () => {
            this.image = undefined;
            this.importChanged();
            announce(text("erased"));
            $("import-file").focus();
        });
        this.importChanged(true);
    }

    async import(file) {
        if (!/^image\/(png|jpeg)$/.test(file.type)) {
            this.fail(text("visual_not_image"));
            return;
        }
        if (file.size > (this.blocked ? config.maxVisualBytes : MAX_FILE_BYTES)) {
            this.fail(text("visual_too_large"));
            return;
        }
        const address = URL.createObjectURL(file);
        try {
            const picture = new Image();
            picture.src = address;
            await picture.decode();
            this.image = this.blocked ? await encodeFile(file) : reduced(picture);
        } catch {
            this.fail(text("visual_unreadable"));
            return;
        } finally {
            URL.revokeObjectURL(address);
        }
        this.importChanged();
        announce(text("imported"));
        if (this.blocked) {
            $("import-help").textContent = `${text("imported")} ${file.name}`;
        }
    }

    importChanged(quiet = false) {
        const drawn = this.blocked ? undefined : this.image;
        toggle($("import-canvas"), Boolean(drawn));
        toggle($("drop-choice"), !drawn);
        $("import-erase").disabled = !this.image;
        const focused = document.activeElement === $("import-file");
        toggle($("crop"), Boolean(drawn));
        // Its label gives way to the picture, and the focus must not fall away.
        toggle($("import-file"), !drawn);
        $("crop-all").disabled = !drawn;
        if (focused && drawn) {
            $("crop-left").focus();
        }
        this.crop.load(drawn);
        if (!quiet) {
            this.changed();
        }
    }
}
