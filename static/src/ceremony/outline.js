// Copyright 2026 campus_sign contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
// The document as headings, paragraphs, lists and tables for screen readers.
//
// What is drawn is a picture with loose words over it. The documents are tagged
// PDFs: their structure tree gives back a text that can be walked heading by
// heading, and that is read in the right order.

const TAGS = {
    P: "p",
    L: "ul",
    LI: "li",
    Table: "table",
    Caption: "caption",
    THead: "thead",
    TBody: "tbody",
    TR: "tr",
    TH: "th",
    TD: "td",
    BlockQuote: "blockquote",
};

// Inside these only the listed children are allowed by HTML.
const CHILDREN = {
    UL: "LI",
    TABLE: "CAPTION THEAD TBODY TR",
    THEAD: "TR",
    TBODY: "TR",
    TR: "TH TD",
};

const BULLET = /^\s*[•◦▪‣–-]\s*$/;

/** The readable text of a page of pdf.js, as a fragment. */
export async function readablePage(page) {
    const [tree, content] = await Promise.all([
        page.getStructTree(),
        page.getTextContent({ includeMarkedContent: true }),
    ]);
    const fragment = document.createDocumentFragment();
    if (tree) {
        const texts = markedTexts(content.items);
        fragment.append(...(tree.children ?? []).flatMap((node) => build(node, texts)));
    }
    if (!fragment.textContent.trim()) {
        fragment.append(...plainLines(content.items));
    }
    return fragment;
}

function markedTexts(items) {
    const texts = new Map();
    const open = [];
    for (const item of items) {
        if (item.type === "beginMarkedContentProps") {
            open.push(item.id);
        } else if (item.type === "beginMarkedContent") {
            open.push(null);
        } else if (item.type === "endMarkedContent") {
            open.pop();
        } else {
            const id = open.findLast?.((one) => one) ?? [...open].reverse().find((one) => one);
            if (id) {
                texts.set(id, (texts.get(id) ?? "") + item.str + (item.hasEOL ? " " : ""));
            }
        }
    }
    return texts;
}

function build(node, texts) {
    if (node.type === "content") {
        const words = texts.get(node.id);
        return words ? [document.createTextNode(words)] : [];
    }
    if (!node.role) {
        return (node.children ?? []).flatMap((child) => build(child, texts));
    }
    if (node.role === "Figure") {
        return node.alt ? [figure(node.alt)] : [];
    }
    const children = (node.children ?? []).flatMap((child) => build(child, texts));
    if (node.role === "Lbl" && children.every((child) => BULLET.test(child.textContent))) {
        return []; // the list of the page has its own
    }
    const heading = /^H(\d)$/.exec(node.role);
    if (heading) {
        // The page's title is the first level.
        return [element(`h${Math.min(Number(heading[1]) + 1, 6)}`, children)];
    }
    const tag = TAGS[node.role];
    if (tag === "th" && !children.some((child) => child.textContent.trim())) {
        return [element("td", children)];
    }
    return tag ? [element(tag, children)] : children;
}

function element(tag, children) {
    const made = document.createElement(tag);
    const allowed = CHILDREN[made.tagName]?.split(" ");
    for (const child of children) {
        if (!allowed || allowed.includes(child.tagName)) {
            made.append(child);
        } else if (child.textContent.trim()) {
            const cell = document.createElement(allowed.at(-1));
            cell.append(child);
            made.append(cell);
        }
    }
    return made;
}

function figure(alt) {
    const image = document.createElement("span");
    image.setAttribute("role", "img");
    image.setAttribute("aria-label", alt);
    return image;
}

function plainLines(items) {
    const lines = [""];
    for (const item of items) {
        lines[lines.length - 1] += item.str ?? "";
        if (item.hasEOL) {
            lines.push("");
        }
    }
    return lines
        .filter((line) => line.trim())
        .map((line) => element("p", [document.createTextNode(line)]));
}
