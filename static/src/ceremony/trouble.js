// Copyright 2026 campus_sign contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
// What the page says when something is in the way.

import { $, text, toggle } from "./dom.js";

/** Say something above the page; nothing takes it away. */
export function notify(message, retry = false) {
    $("notice-text").textContent = message ?? "";
    toggle($("notice-retry"), retry);
    toggle($("notice"), Boolean(message));
}

/**
 * Fill the page that says why nothing can be shown.
 *
 * @param {ApiError} error
 * @param {boolean} known whether the person was recognised before
 */
export function describeProblem(error, known) {
    const kind = problemKind(error, known);
    $("problem-title").textContent = text(`problem_${kind}`);
    // Where the title says what is the matter, what comes next is all there is to say.
    $("problem-text").textContent = ["network", "who"].includes(kind) ? "" : error.message;
    $("problem-next").textContent = text(`problem_${kind}_next`);
    // Who has no link yet, or a dead one, tries in vain.
    toggle($("problem-retry"), !["link", "who"].includes(kind));
}

function problemKind(error, known) {
    if (error.offline) {
        return "network";
    }
    if (error.session) {
        return known ? "session" : "who";
    }
    return [403, 404, 410].includes(error.status) ? "link" : "other";
}
