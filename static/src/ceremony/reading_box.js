// Copyright 2026 campus_sign contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
// A text over the page: a consent's, or the data-protection notice (A092, A098, A099).

import { $, closeOnBackdrop, openDialog, text } from "./dom.js";

const RICH_TAGS = new Set(
    "A B BLOCKQUOTE BR DIV EM H1 H2 H3 H4 I LI OL P SPAN STRONG TABLE TBODY TD TH THEAD TR U UL".split(
        " "
    )
);

/**
 * Connect the box, and the buttons that show the notice in it.
 *
 * @param {Function} notice gives its HTML
 */
export function listenReading(notice) {
    for (const button of document.querySelectorAll("[data-reading=notice]")) {
        button.addEventListener("click", () => readText(text("reading_notice"), notice() ?? ""));
    }
    const close = () => $("reading").close();
    $("reading-close").addEventListener("click", close);
    closeOnBackdrop($("reading"), close);
}

/** Show a text, its title above it. */
export function readText(title, html) {
    $("reading-title").textContent = title;
    putRichText($("reading-body"), html);
    openDialog($("reading"), $("reading-title"));
    $("reading-body").scrollTop = 0;
}

/**
 * Copy an HTML text of the establishment into `target`, as plain structure.
 *
 * The server has cleaned it; attributes go all the same, because inline styles
 * are against the page's policy and nothing else is needed to read a text.
 */
function putRichText(target, html) {
    // Parsing alone makes the browser complain about inline styles.
    const plain = html.replace(/\sstyle\s*=\s*("[^"]*"|'[^']*')/gi, "");
    const source = new DOMParser().parseFromString(plain, "text/html");
    target.replaceChildren(...[...source.body.childNodes].flatMap(cleanNode));
}

function cleanNode(node) {
    if (node.nodeType === Node.TEXT_NODE) {
        return [document.createTextNode(node.data)];
    }
    if (node.nodeType !== Node.ELEMENT_NODE || /^(SCRIPT|STYLE|TEMPLATE)$/.test(node.tagName)) {
        return [];
    }
    const children = [...node.childNodes].flatMap(cleanNode);
    if (!RICH_TAGS.has(node.tagName)) {
        return children;
    }
    // The dialog has the page's second level: texts start below it.
    const tag = /^H[12]$/.test(node.tagName) ? "H3" : node.tagName;
    const element = document.createElement(tag);
    const href = node.getAttribute("href") ?? "";
    if (tag === "A" && /^(https?:|mailto:)/i.test(href)) {
        element.href = href;
        element.target = "_blank";
        element.rel = "noopener noreferrer";
    }
    element.append(...children);
    return [element];
}
