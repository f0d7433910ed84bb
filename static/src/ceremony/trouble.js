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
    $("problem-text").textContent = kind === "network" ? "" : error.message;
    $("problem-next").textContent = text(`problem_${kind}_next`);
    toggle($("problem-retry"), kind !== "link");
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
