// Copyright 2026 campus_sign contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
// The reading desk: pages of one document, zoom, progress, and the event of having
// reached its end (A095).

import { Comeback, download } from "./api.js";
import { $, text, toggle } from "./dom.js";
import { readablePage } from "./outline.js";
import { causeOf, preparePdf } from "./pdf_library.js";

const ZOOM_STEPS = [0.5, 0.75, 1, 1.25, 1.5, 2, 2.5, 3, 4];
const MAX_PAGE_WIDTH = 920; // CSS pixels at 100 %
const MAX_CANVAS_PIXELS = 8_000_000; // phones refuse to draw larger ones
const KEEP_DRAWN = 2; // screens above and below what is visible

const SCROLLING = /^( |Page.+|Home|End|Arrow(Up|Down))$/;

/** Seconds during which the page was in front of somebody. */
class Stopwatch {
    constructor() {
        this.restart();
        document.addEventListener("visibilitychange", () => this.turn());
    }

    restart() {
        this.total = 0;
        this.since = performance.now();
    }

    turn() {
        if (document.visibilityState === "hidden") {
            this.total += performance.now() - this.since;
        } else {
            this.since = performance.now();
        }
    }

    get seconds() {
        const hidden = document.visibilityState === "hidden";
        return Math.round((this.total + (hidden ? 0 : performance.now() - this.since)) / 1000);
    }
}

/** The bytes are not those the person is asked to sign. */
class AlteredError extends Error {}

async function checkFingerprint(bytes, expected) {
    // Browsers offer hashing on secure pages only.
    if (!expected || !globalThis.crypto?.subtle) {
        return;
    }
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    const hex = [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    if (hex !== expected.toLowerCase()) {
        throw new AlteredError();
    }
}

export class Reader {
    /**
     * @param {Function} onEnd called with (document, {pages, seconds}) once the end
     *     of a document is reached
     * @param {Function} onShown called once a document lies on the desk
     */
    constructor(onEnd, onShown = () => undefined) {
        this.onEnd = onEnd;
        this.onShown = onShown;
        this.paper = $("paper");
        this.sheets = $("sheets");
        this.files = new Map();
        this.places = new Map();
        this.zoom = 1;
        this.pages = [];
        this.turn = 0;
        this.watch = new Stopwatch();
        this.comeback = new Comeback(() => this.open(this.document));
        this.listen();
    }

    listen() {
        this.paper.addEventListener("scroll", () => this.onScroll(), { passive: true });
        $("zoom-in").addEventListener("click", () => this.zoomBy(1));
        $("zoom-out").addEventListener("click", () => this.zoomBy(-1));
        $("zoom-reset").addEventListener("click", () => this.zoomTo(1));
        $("as-text").addEventListener("click", () => this.toggleText());
        $("paper-retry").addEventListener("click", () => this.open(this.document));
        $("paper-open").addEventListener("click", () => toggle($("paper-confirm"), true));
        $("paper-confirm-box").addEventListener("change", () => this.reachEnd());
        $("paper-end").addEventListener("focus", () => this.reachEnd());
        // Where the focus is when a document opens: keys that scroll are for the paper.
        $("read-title").addEventListener("keydown", ({ key }) => {
            if (SCROLLING.test(key)) {
                this.paper.focus({ preventScroll: true });
            }
        });
        this.endWatch = new IntersectionObserver(
            (entries) => entries.at(-1).isIntersecting && this.reachEnd(),
            { root: null, threshold: 0 }
        );
        this.pageWatch = new IntersectionObserver((entries) => this.onVisible(entries), {
            root: this.paper,
            rootMargin: `${KEEP_DRAWN * 100}% 0px`,
        });
        let width = 0;
        new ResizeObserver(() => {
            if (this.paper.clientWidth && this.paper.clientWidth !== width) {
                width = this.paper.clientWidth;
                this.layout();
            }
        }).observe(this.paper);
    }

    /** Show `doc`; the place where it was left is found again. */
    async open(doc) {
        this.close();
        this.document = doc;
        const turn = this.turn;
        toggle($("paper-loading"), true);
        $("page-count").textContent = "";
        this.paper.scrollTop = 0;
        $("paper-open").href = `/sign/file/${doc.signer_id}`;
        this.setProgress(0);
        try {
            if (!document.createElement("canvas").getContext("2d")) {
                throw new Error("the browser forbids drawing, which pdf.js never says");
            }
            const [pdfjs, bytes] = await Promise.all([preparePdf(), this.fetch(doc)]);
            if (turn === this.turn) {
                await this.show(pdfjs, bytes, turn);
            }
        } catch (error) {
            const cause = error instanceof AlteredError ? error : await causeOf(error);
            if (turn === this.turn) {
                this.fail(cause);
            }
        } finally {
            if (turn === this.turn) {
                toggle($("paper-loading"), false);
            }
        }
    }

    async fetch(doc) {
        if (!this.files.has(doc.signer_id)) {
            const bytes = await download(doc.signer_id);
            await checkFingerprint(bytes, doc.sha256);
            this.files.set(doc.signer_id, bytes);
        }
        // pdf.js takes possession of what it is given.
        return this.files.get(doc.signer_id).slice(0);
    }

    async show(pdfjs, data, turn) {
        const pdf = await pdfjs.getDocument({
            data,
            isEvalSupported: false,
            enableXfa: false,
            cMapUrl: "/web/static/lib/pdfjs/web/cmaps/",
            cMapPacked: true,
            verbosity: 0,
        }).promise;
        const loaded = await Promise.all(
            Array.from({ length: pdf.numPages }, (_, index) => pdf.getPage(index + 1))
        );
        if (turn !== this.turn) {
            pdf.destroy();
            return;
        }
        this.pdf = pdf;
        this.pdfjs = pdfjs;
        this.pages = loaded.map((page, index) => this.makePage(page, index));
        this.sheets.replaceChildren(...this.pages.map((one) => one.element));
        toggle($("paper-end"), true);
        toggle($("paper-loading"), false);
        this.layout();
        this.onShown();
        this.goTo(this.places.get(this.document.signer_id) ?? 0);
        this.pages.forEach((one) => this.pageWatch.observe(one.element));
        this.watch.restart();
        this.onScroll();
        this.endWatch.observe($("paper-end"));
        this.writeTexts(turn);
    }

    makePage(page, index) {
        const element = document.createElement("div");
        element.className = "page";
        element.setAttribute("role", "group");
        element.setAttribute(
            "aria-label",
            text("page_label", { page: index + 1, pages: this.pdf.numPages })
        );
        const words = document.createElement("div");
        words.className = "textLayer";
        words.setAttribute("aria-hidden", "true");
        const readable = document.createElement("div");
        readable.className = "readable sr-only";
        element.append(words, readable);
        return { page, element, words, readable, seen: false };
    }

    /** Give each page its words, for selection and for screen readers. */
    async writeTexts(turn) {
        for (const one of this.pages) {
            const [source, readable] = await Promise.all([
                one.page.getTextContent(),
                readablePage(one.page),
            ]);
            if (turn !== this.turn) {
                return;
            }
            one.readable.replaceChildren(readable);
            one.layer = new this.pdfjs.TextLayer({
                textContentSource: source,
                container: one.words,
                viewport: this.viewport(one),
            });
            await one.layer.render();
        }
    }

    viewport(one) {
        const natural = one.page.getViewport({ scale: 1 });
        const room = Math.min(this.paper.clientWidth - this.padding(), MAX_PAGE_WIDTH);
        return one.page.getViewport({ scale: (Math.max(room, 120) / natural.width) * this.zoom });
    }

    padding() {
        const style = getComputedStyle(this.sheets);
        return parseFloat(style.paddingLeft) + parseFloat(style.paddingRight);
    }

    layout() {
        const place = this.place;
        for (const one of this.pages) {
            const viewport = this.viewport(one);
            one.element.style.width = `${viewport.width}px`;
            one.element.style.height = `${viewport.height}px`;
            one.element.style.setProperty("--scale-factor", viewport.scale);
            one.layer?.update({ viewport });
            if (one.canvas) {
                this.draw(one);
            }
        }
        this.goTo(place);
    }

    /** Where the paper is, counted from its first page, in heights of all pages. */
    get place() {
        const height = this.sheets.offsetHeight;
        return height ? (this.paper.scrollTop - this.sheets.offsetTop) / height : 0;
    }

    goTo(place) {
        if (place) {
            this.paper.scrollTop = this.sheets.offsetTop + place * this.sheets.offsetHeight;
        }
    }

    onVisible(entries) {
        for (const entry of entries) {
            const one = this.pages.find((page) => page.element === entry.target);
            if (one && entry.isIntersecting) {
                this.draw(one);
            } else if (one) {
                this.erase(one);
            }
        }
    }

    async draw(one) {
        one.task?.cancel();
        const viewport = this.viewport(one);
        const density = Math.min(
            globalThis.devicePixelRatio || 1,
            Math.sqrt(MAX_CANVAS_PIXELS / (viewport.width * viewport.height))
        );
        const canvas = document.createElement("canvas");
        canvas.width = Math.floor(viewport.width * density);
        canvas.height = Math.floor(viewport.height * density);
        canvas.setAttribute("aria-hidden", "true");
        const task = one.page.render({
            canvasContext: canvas.getContext("2d", { alpha: false }),
            viewport,
            transform: [density, 0, 0, density, 0, 0],
        });
        one.task = task;
        try {
            await task.promise;
        } catch (error) {
            if (error.name === "RenderingCancelledException") {
                return;
            }
            this.fail(error);
            return;
        }
        // The former drawing stays, stretched, until the new one is there.
        one.canvas?.remove();
        one.canvas = canvas;
        one.element.prepend(canvas);
    }

    erase(one) {
        one.task?.cancel();
        one.canvas?.remove();
        one.canvas = undefined;
    }

    onScroll() {
        if (!this.pages.length) {
            return;
        }
        const { scrollTop, clientHeight } = this.paper;
        const middle = scrollTop + clientHeight / 2;
        let current = 0;
        this.pages.forEach((one, index) => {
            const top = one.element.offsetTop;
            const bottom = top + one.element.offsetHeight;
            if (top <= middle) {
                current = index;
            }
            const shown = Math.min(bottom, scrollTop + clientHeight) - Math.max(top, scrollTop);
            one.seen ||= shown > Math.min(clientHeight, bottom - top) / 4;
        });
        this.places.set(this.document.signer_id, this.place);
        $("page-count").textContent = text("page_of", {
            page: current + 1,
            pages: this.pages.length,
        });
        const end = $("paper-end").offsetTop;
        this.setProgress(Math.min(1, (scrollTop + clientHeight) / end));
    }

    setProgress(fraction) {
        const percent = Math.min(100, Math.round(fraction * 100));
        $("progress").setAttribute("aria-valuenow", percent);
        $("progress-fill").style.transform = `scaleX(${percent / 100})`;
    }

    zoomBy(direction) {
        const steps = direction > 0 ? ZOOM_STEPS : [...ZOOM_STEPS].reverse();
        this.zoomTo(steps.find((step) => (step - this.zoom) * direction > 0.01) ?? this.zoom);
    }

    zoomTo(zoom) {
        this.zoom = zoom;
        this.sheets.style.setProperty("--zoom", zoom);
        $("zoom-reset").textContent = `${Math.round(zoom * 100)} %`;
        $("zoom-in").disabled = zoom >= ZOOM_STEPS.at(-1);
        $("zoom-out").disabled = zoom <= ZOOM_STEPS[0];
        this.layout();
    }

    /** The words that screen readers read, for eyes: a page is small on a phone. */
    toggleText() {
        const place = this.place;
        const pressed = this.sheets.classList.toggle("as-text");
        $("as-text").setAttribute("aria-pressed", pressed);
        this.goTo(place);
    }

    reachEnd() {
        const doc = this.document;
        const withoutViewer = !$("paper-failed").hidden;
        if (!doc || (withoutViewer ? !$("paper-confirm-box").checked : !this.pages.length)) {
            return;
        }
        this.onEnd(doc, {
            pages: this.pages.filter((one) => one.seen).length,
            seconds: this.watch.seconds,
        });
    }

    fail(error) {
        const altered = error instanceof AlteredError;
        const fromServer = Boolean(error.code);
        toggle($("paper-failed"), true);
        toggle($("paper-end"), false);
        toggle($("paper-open"), !altered && !fromServer);
        $("paper-failed-text").textContent = altered
            ? text("altered")
            : fromServer
              ? error.message
              : text("viewer_failed");
        this.watch.restart();
        this.comeback.expect(error);
        this.onShown();
    }

    /** Whether the document lies on the desk, or the sentence that says why not. */
    get shown() {
        return this.pages.length > 0 || !$("paper-failed").hidden;
    }

    /** Forget the document on the desk, not where it was left. */
    close() {
        this.turn += 1;
        this.comeback.cancel();
        this.endWatch.disconnect();
        this.pageWatch.disconnect();
        this.pages.forEach((one) => one.task?.cancel());
        this.pages = [];
        this.sheets.replaceChildren();
        this.pdf?.destroy();
        this.pdf = undefined;
        this.document = undefined;
        toggle($("paper-end"), false);
        toggle($("paper-failed"), false);
        toggle($("paper-confirm"), false);
        $("paper-confirm-box").checked = false;
    }
}
