// Copyright 2026 campus_sign contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";

/** A cell no spreadsheet takes for a formula, on one line. */
export function plainCell(value) {
    const text = String(value ?? "")
        .replace(/\s+/g, " ")
        .trim();
    return /^[=+\-@]/.test(text) ? `'${text}` : text;
}

/** The rows as a spreadsheet shows them, blocking points and warnings in words. */
export function listCells({ rows, columns, texts }) {
    const heads = [
        ...texts.map((text) => text.label),
        _t("Document state"),
        ...columns.map((column) => column.label),
        _t("Blocking points"),
        _t("Non-blocking warnings"),
    ];
    const lines = rows.map((row) => {
        const say = (blocking) => sentences(row, blocking).join(" ; ");
        return [
            ...texts.map((text) => row[text.key]),
            row.ready ? _t("Ready to send") : _t("Incomplete"),
            ...columns.map((column) =>
                (row.cells[column.key] || []).map((person) => person.name || "?").join(", ")
            ),
            say(true),
            say(false),
        ];
    });
    return [heads, ...lines].map((line) => line.map(plainCell));
}

/** What is wrong with a row; what concerns a person begins with the name. */
function sentences(row, blocking) {
    const say = (issues, name) =>
        issues
            .filter((issue) => issue.blocking === blocking)
            .map(({ message }) =>
                !name || message.includes(name) ? message : `${name} – ${message}`
            );
    const people = Object.values(row.cells).flat();
    return [...say(row.issues), ...people.flatMap((person) => say(person.issues, person.name))];
}

function toHtml(lines) {
    const table = document.createElement("table");
    lines.forEach((line, index) => {
        const tr = table.appendChild(document.createElement("tr"));
        for (const text of line) {
            const cell = document.createElement(index ? "td" : "th");
            cell.textContent = text;
            tr.appendChild(cell);
        }
    });
    return table.outerHTML;
}

/** Copy the list so that a spreadsheet pastes cells (A074). */
export async function copyList(list) {
    const lines = listCells(list);
    const text = lines.map((line) => line.join("\t")).join("\n");
    const html = toHtml(lines);
    if (browser.navigator.clipboard && window.ClipboardItem) {
        const blob = (type, content) => new Blob([content], { type });
        await browser.navigator.clipboard.write([
            new ClipboardItem({
                "text/plain": blob("text/plain", text),
                "text/html": blob("text/html", html),
            }),
        ]);
        return;
    }
    // Without https the clipboard only takes what a copy event gives it.
    const give = (ev) => {
        ev.preventDefault();
        ev.clipboardData.setData("text/plain", text);
        ev.clipboardData.setData("text/html", html);
    };
    document.addEventListener("copy", give, { once: true });
    document.execCommand("copy");
    document.removeEventListener("copy", give);
}
