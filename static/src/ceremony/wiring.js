// Copyright 2026 campus_sign contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
// Which button does what, and what the browser itself tells the page.

import { ActDialog } from "./act_dialog.js";
import { $ } from "./dom.js";
import { endDisowned, endLeft } from "./ending.js";
import { rememberIntro } from "./entrance.js";
import { listenReading } from "./reading_box.js";
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
    listenReading(() => ceremony.visit.overview?.notice?.html);
    ceremony.acts = actDialogs(ceremony);
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

function actDialogs(ceremony) {
    const document = () => ceremony.current();
    const refused = { state: "closed", act: "refused", message: "result_refused" };
    const proposed = { state: "proposed", act: "proposed", message: "state_proposed" };
    return [
        new ActDialog("refuse", {
            fields: { reason: "reason_missing" },
            document,
            done: (doc) => endLeft(ceremony, doc, refused),
        }),
        new ActDialog("delegate", {
            fields: {
                name: "proposal_missing",
                email: "proposal_email",
                reason: "reason_missing",
            },
            document,
            done: (doc) => endLeft(ceremony, doc, proposed),
        }),
        new ActDialog("disown", {
            fields: { reason: "" },
            done: () => endDisowned(ceremony),
        }),
    ];
}
