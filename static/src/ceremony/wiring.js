// Copyright 2026 campus_sign contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
// Which button does what, and what the browser itself tells the page.

import { readText } from "./base_sheet.js";
import { $, closeOnBackdrop, text } from "./dom.js";
import { rememberIntro } from "./entrance.js";
import { notify } from "./trouble.js";

/** Connect the page to the `Ceremony` it plays. */
export function wire(ceremony) {
    $("start").addEventListener("click", () => ceremony.start());
    $("gate").addEventListener("click", () => ceremony.passGate());
    $("gate-some").addEventListener("click", () => ceremony.signSome());
    $("done-more").addEventListener("click", () => ceremony.start());
    $("problem-retry").addEventListener("click", () => ceremony.load());
    $("notice-close").addEventListener("click", () => notify());
    $("notice-retry").addEventListener("click", () => ceremony.refresh());
    $("pane-toggle").addEventListener("click", () => ceremony.togglePane());
    $("pane-close").addEventListener("click", () => {
        ceremony.togglePane(false);
        $("pane-toggle").focus();
    });
    $("intro-skip").addEventListener("change", (event) => rememberIntro(event.target.checked));
    $("intro-show").addEventListener("click", () => {
        ceremony.showIntro(true);
        $("intro").scrollIntoView({ block: "nearest" });
    });
    for (const button of document.querySelectorAll("[data-reading=notice]")) {
        button.addEventListener("click", () =>
            readText(text("reading_notice"), ceremony.overview?.notice?.html ?? "")
        );
    }
    $("reading-close").addEventListener("click", () => $("reading").close());
    closeOnBackdrop($("reading"), () => $("reading").close());
    globalThis.addEventListener("popstate", (event) => ceremony.onBack(event.state));
    // Another link of a mail opened in this very tab only changes the fragment.
    globalThis.addEventListener("hashchange", () => location.hash.length > 1 && ceremony.load());
    globalThis.addEventListener("pageshow", (event) => event.persisted && ceremony.refresh());
    document.addEventListener("visibilitychange", () => {
        if (document.visibilityState === "visible") {
            ceremony.refresh();
        }
    });
}
