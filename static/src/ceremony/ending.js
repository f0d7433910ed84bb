// Copyright 2026 campus_sign contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
// The last page: what was done, what is left (A107).

import { ApiError } from "./api.js";
import { resultItem } from "./documents.js";
import { $, countText, text, toggle } from "./dom.js";

/**
 * Put documents and the server's results together.
 *
 * @throws {ApiError} when nothing was signed at all: the summary says why
 */
export function outcomeOf(documents, results) {
    const byId = new Map(results.map((one) => [one.signer_id, one]));
    const outcome = documents.map((doc) => ({ doc, result: byId.get(doc.signer_id) }));
    for (const { result } of outcome) {
        // Another tab, or an answer that got lost: signed all the same.
        result.ok ||= result.code === "already_signed";
    }
    if (outcome.every(({ result }) => !result.ok)) {
        const { status, code, message } = outcome[0].result;
        throw new ApiError(status ?? 409, code, message);
    }
    return outcome;
}

/**
 * Fill the last page.
 *
 * @param {object} ending `title`, `lead` (what comes before « Vous pouvez… »),
 *     `outcome`, `partly`, `left` (documents still waiting)
 */
export function fillEnding({ title, lead = "", outcome, partly, left }) {
    const rest = left ? countText("done_left", left) : text("done_close");
    $("done-title").textContent = title;
    $("done-badge").className = `badge ${partly ? "warn" : "ok"}`;
    $("done-lead").textContent = [lead, rest].filter(Boolean).join(" ");
    $("done-next").textContent = outcome.some(({ result }) => result.ok) ? text("done_next") : "";
    $("done-documents").replaceChildren(...outcome.map(resultItem));
    toggle($("done-documents"), outcome.length > 0);
    toggle($("done-more"), left > 0);
}
