// Copyright 2026 campus_sign contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
// The bar under the paper: what can be done with the document on the desk (A095).

import { $, countText, text, toggle } from "./dom.js";

/**
 * Paint the bar.
 *
 * @param {object} doc on the desk, if any
 * @param {boolean} read whether its end was reached
 * @param {number} others documents still to read besides it
 * @param {number} ready documents read and not yet signed
 */
export function paintGate({ doc, read, others, ready }) {
    const due = doc?.state === "to_sign";
    const open = due && read;
    const goesOn = (open || !due) && others > 0;
    $("gate").setAttribute("aria-disabled", !(open || goesOn || (!due && ready > 0)));
    $("gate").textContent = text(goesOn ? "continue" : "start_signing");
    $("gate").classList.toggle("ready", open || goesOn);
    toggle($("gate-some"), goesOn && ready > 0);
    $("gate-some").textContent = countText("sign_now", ready);
    toggle($("refuse-open"), due);
    toggle($("delegate-open"), due && doc.delegable);
    $("gate-hint").textContent = hint(due, open, others);
}

function hint(due, open, left) {
    if (!due) {
        return text("gate_other");
    }
    if (!open) {
        return text("gate_closed");
    }
    return left ? text("gate_next", { count: left }) : text("gate_open");
}
