// Copyright 2026 campus_sign contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
// How acts end: the last page says what was done and what is left (A107).

import { ApiError, call } from "./api.js";
import { resultItem } from "./documents.js";
import { $, countText, text, toggle } from "./dom.js";

/** Signed, all of them or some. */
export async function endSigned(ceremony, documents, results) {
    const outcome = outcomeOf(documents, results);
    const partly = outcome.some(({ result }) => !result.ok);
    for (const { doc, result } of outcome) {
        doc.state = result.ok ? "signed" : doc.state;
    }
    await finish(ceremony, {
        title: text(partly ? "done_partly" : "done_title"),
        outcome,
        partly,
    });
}

/** A document that was refused, or proposed to somebody else. */
export async function endLeft(ceremony, doc, { state, act, message }) {
    doc.state = state;
    await finish(ceremony, {
        title: text(`${act}_title`),
        lead: text(`${act}_lead`),
        outcome: [{ doc, result: { ok: false, state, message: text(message) } }],
        partly: true,
    });
}

/** Nothing of the person the link named stays on the page. */
export function endDisowned(ceremony) {
    ceremony.forget();
    for (const id of ["home-documents", "pane-documents", "home-archives"]) {
        $(id).replaceChildren();
    }
    $("read-title").textContent = "";
    $("home-person").textContent = "";
    show(ceremony, {
        title: text("disowned_title"),
        lead: text("disowned_lead"),
        outcome: [],
        partly: true,
    });
}

async function finish(ceremony, ending) {
    ceremony.clearDesk();
    try {
        ceremony.takeOver(await call("overview"));
    } catch {
        // The act is done whether or not the list could be brought up to date.
        ceremony.fillLists();
    }
    show(ceremony, ending);
}

function show(ceremony, ending) {
    fillEnding({ ...ending, left: ceremony.visit.due.length });
    history.replaceState({ view: "done" }, "");
    ceremony.show("done");
}

/**
 * Put documents and the server's results together.
 *
 * @throws {ApiError} when nothing was signed at all: the summary says why
 */
function outcomeOf(documents, results) {
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
function fillEnding({ title, lead = "", outcome, partly, left }) {
    const rest = left ? countText("done_left", left) : text("done_close");
    $("done-title").textContent = title;
    $("done-badge").className = `badge ${partly ? "warn" : "ok"}`;
    $("done-lead").textContent = [lead, rest].filter(Boolean).join(" ");
    $("done-next").textContent = outcome.some(({ result }) => result.ok) ? text("done_next") : "";
    $("done-documents").replaceChildren(...outcome.map(resultItem));
    toggle($("done-documents"), outcome.length > 0);
    toggle($("done-more"), left > 0);
}
