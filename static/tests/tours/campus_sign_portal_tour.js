// Copyright 2026 campus_sign contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import { registry } from "@web/core/registry";

const LINK = ".list-group-item a[href^='/my/documents/']";

// From the portal's home to the locker (A088, A130-A133). The page to sign has no
// framework, so no tour: this one stops at its door.
registry.category("web_tour.tours").add("campus_sign_portal_tour", {
    steps: () => [
        {
            content: "The home says how many documents wait for a signature",
            trigger:
                ".o_portal_my_home a[href='/my/documents/to-sign']:contains('Document(s) to sign') [data-placeholder_count='to_sign_count']:text(1)",
        },
        {
            content: "Go to the documents to sign (A085)",
            trigger: ".o_portal_my_home a[href='/my/documents/to-sign']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The path names where we are",
            trigger: ".breadcrumb:contains('Documents to be signed')",
        },
        {
            content: "« À signer »",
            trigger: ".list-group-item a:text(To sign)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "« Suivant » is the door of the signing page",
            trigger: "a[href='/my/sign']:text(Next)",
        },
        {
            content: "Back to the home",
            trigger: ".breadcrumb a[href='/my/home']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Open the locker",
            trigger: ".o_portal_my_home a[href='/my/documents']:contains('My documents')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "What is still to be signed is recalled above the list",
            trigger:
                "[role='region']:contains('1 document is waiting') a[href='/my/documents/to-sign']",
        },
        {
            content: "The document signed by everybody is listed",
            trigger: `${LINK}:contains('MARTIN Emma - Kevin ROUX')`,
        },
        {
            content: "Its link gives the signed file",
            trigger: `${LINK}:text(Open)`,
            // Not clicked: the browser's own reader would take the new tab over.
            async run() {
                const response = await fetch(this.anchor.href);
                const start = (await response.text()).slice(0, 5);
                if (!response.ok || start !== "%PDF-") {
                    throw new Error(`no signed file: ${response.status} ${start}`);
                }
            },
        },
    ],
});
