// Copyright 2026 campus_sign contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
// How one comes in: the token of the link, and whether the introduction is known.

import { $ } from "./dom.js";

const SKIP_INTRO = "campus_sign.skip_intro";

/** Take the token out of the address at once: no history, no screenshot keeps it. */
export function takeToken() {
    const token = location.hash.slice(1);
    if (token) {
        history.replaceState(history.state, "", location.pathname);
    }
    return token;
}

export function skipsIntro() {
    try {
        return localStorage.getItem(SKIP_INTRO) === "1";
    } catch {
        // Private windows of some browsers have no storage: show it again.
        return false;
    }
}

/** Keep « Ne plus afficher ce message. » (A093) on this device. */
export function rememberIntro(skip) {
    try {
        if (skip) {
            localStorage.setItem(SKIP_INTRO, "1");
        } else {
            localStorage.removeItem(SKIP_INTRO);
        }
    } catch {
        // See above.
    }
}

/** Put the introduction above the paper, or back at home (A090, A094). */
export function placeIntro(onPaper) {
    if (onPaper) {
        $("intro-foot").append($("start"));
        $("paper-intro").append($("intro"));
    } else {
        $("home-bar").prepend($("start"));
        $("home-list-title").before($("intro"));
    }
}
