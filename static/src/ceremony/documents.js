// Copyright 2026 campus_sign contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
// Documents in a list: title, state, and the coloured pill of actions left (A091).

import { $, copyTemplate, countText, formatDay, formatMoment, text, toggle } from "./dom.js";

const ICONS = { signed: "check", closed: "cross", waiting_turn: "clock", proposed: "clock" };

/** Whose page this is. */
export function paintBrand({ establishment, logo }) {
    $("brand-name").textContent = establishment;
    toggle($("brand-logo"), Boolean(logo));
    if (logo) {
        $("brand-logo").src = logo;
    }
}

/**
 * Fill the two lists of documents: at home and beside the paper.
 *
 * @param {object} overview what the server says
 * @param {object} now `current` line on the desk, `due` how many are to be signed,
 *     `left(document)` actions left, `onOpen(document)`
 */
export function paintLists({ documents, archives }, { current, due, left, onOpen }) {
    for (const id of ["home-documents", "pane-documents"]) {
        const items = documents.map((doc) =>
            documentItem(doc, {
                left: left(doc),
                brief: id === "pane-documents",
                current: current === doc.signer_id,
                onOpen: () => onOpen(doc),
            })
        );
        $(id).replaceChildren(...items);
    }
    $("home-archives").replaceChildren(...archives.map(archiveItem));
    toggle($("archives"), archives.length > 0);
    $("home-lead").textContent = countText("lead", due);
    $("pane-pill").textContent = due;
    toggle($("home-bar"), due > 0);
    for (const link of document.querySelectorAll("[data-several]")) {
        toggle(link, due > 1);
    }
    toggle($("home-list-title"), documents.length > 0);
    toggle($("pane-toggle"), documents.length > 1);
    document.body.classList.toggle("several", documents.length > 1);
}

/**
 * A document as a button.
 *
 * @param {number} left actions left: 2 read and sign, 1 sign, 0 nothing
 * @param {boolean} brief the state only, for the narrow list beside the paper
 */
function documentItem(doc, { left, brief, current, onOpen }) {
    const item = copyTemplate("document-item");
    const button = item.querySelector("button");
    fillPill(item.querySelector(".pill"), doc, left);
    item.querySelector(".document-title").textContent = doc.title;
    item.querySelector(".document-detail").textContent = detail(doc, left, brief);
    button.disabled = ["closed", "waiting_turn", "proposed"].includes(doc.state);
    if (current) {
        button.setAttribute("aria-current", "true");
    }
    button.addEventListener("click", onOpen);
    return item;
}

function detail(doc, left, brief) {
    const states = {
        to_sign: text(left === 2 ? "state_unread" : "state_read"),
        waiting_turn: text("state_waiting_turn"),
        proposed: text("state_proposed"),
        signed: text("state_signed"),
        closed: text("state_closed"),
    };
    const parts = [doc.state_label ?? states[doc.state]];
    if (doc.state === "to_sign") {
        parts.push(countText("actions", left));
        if (doc.pages && !brief) {
            parts.push(countText("pages", doc.pages));
        }
        if (doc.optional) {
            parts.push(text("optional"));
        }
        if (doc.deadline && !brief) {
            parts.push(text("deadline", { date: formatDay(doc.deadline) }));
        }
    }
    return parts.join(" · ");
}

function fillPill(pill, doc, left) {
    pill.classList.add(left === 2 ? "due" : left === 1 ? "half" : doc.state);
    if (left) {
        pill.textContent = left;
        pill.setAttribute("aria-hidden", "true");
    } else {
        pill.append(icon(ICONS[doc.state] ?? "check"));
    }
}

/** What became of a document. */
export function resultItem({ doc, result }) {
    const item = copyTemplate("result-item");
    const pill = item.querySelector(".pill");
    const state = result.ok ? "signed" : (result.state ?? "closed");
    pill.classList.add(state);
    pill.append(icon(ICONS[state]));
    item.querySelector(".document-title").textContent = doc.title;
    item.querySelector(".document-detail").textContent = result.ok
        ? result.signed_at
            ? text("result_signed", { date: formatMoment(result.signed_at) })
            : text("state_signed")
        : result.message || text("not_done");
    return item;
}

function icon(name) {
    const space = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(space, "svg");
    const use = document.createElementNS(space, "use");
    svg.setAttribute("class", "icon");
    svg.setAttribute("aria-hidden", "true");
    use.setAttribute("href", `#i-${name}`);
    svg.append(use);
    return svg;
}

/**
 * Link to a final file, in a tab of its own (A133).
 *
 * @param {object} archive `{locker_id, title, signed}` of the overview
 */
function archiveItem({ locker_id, title, signed }) {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = `/sign/final/${locker_id}`;
    link.target = "_blank";
    link.rel = "noopener";
    link.textContent = title;
    item.append(link);
    if (signed) {
        const proof = link.cloneNode();
        proof.href = `${link.href}/attestation`;
        proof.className = "attestation";
        proof.textContent = text("attestation");
        proof.setAttribute("aria-label", `${text("attestation")} : ${title}`);
        item.append(proof);
    }
    return item;
}
