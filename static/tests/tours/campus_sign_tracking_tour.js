// Copyright 2026 campus_sign contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import { registry } from "@web/core/registry";

const WAITING = ".o_list_view .o_data_row:has(.badge:text(Waiting for signature))";
const ARCHIVED = ".o_list_view .o_data_row:has(.badge:text(Archived))";

function state(label) {
    return `.o_search_panel_filter_value:has(.o_search_panel_label_title:text(${label}))`;
}

// From the list of what is open to a reminder, then to a locker (A109-A116, A129).
registry.category("web_tour.tours").add("campus_sign_tracking_tour", {
    steps: () => [
        {
            content: "What is open is ticked, with its count; the rest is not shown",
            trigger: `${state("Waiting for signature")}:has(input:checked):has(.o_search_panel_counter:text(1))`,
        },
        {
            content: "The closed ones are counted too",
            trigger: `${state("Archived")}:has(input:not(:checked)):has(.o_search_panel_counter:text(1))`,
        },
        {
            content: "Each signer has a mark that says who he is when it has the focus",
            trigger: `${WAITING} .o_campus_mark[aria-label*='MARTIN Emma']`,
            run() {
                this.anchor.focus();
            },
        },
        {
            content: "Name, role and state are shown",
            trigger: ".o_campus_mark_card:contains('MARTIN Emma'):contains('Student')",
        },
        {
            content: "Tick the document that waits",
            trigger: `${WAITING} .o_list_record_selector input`,
            run: "click",
        },
        {
            content: "Remind its signers",
            trigger: ".o_control_panel button:contains('Remind the signers')",
            run: "click",
        },
        {
            content: "The window names who would be told",
            trigger: ".modal table tr:contains('Kevin ROUX'):contains('k.roux@')",
        },
        {
            content: "By e-mail",
            trigger: ".modal-footer button[name='action_by_email']",
            run: "click",
        },
        {
            content: "The result is said",
            trigger: ".o_notification:contains('person(s) reminded')",
        },
        {
            content: "Show the archived documents",
            trigger: `body:not(:has(.modal)) ${state("Archived")} input`,
            run: "click",
        },
        {
            content: "Both are listed, nothing is ticked any more",
            trigger: ".o_list_view:not(:has(.o_data_row_selected)) .o_data_row:nth-child(2)",
        },
        {
            content: "Tick the archived one",
            trigger: `${ARCHIVED} .o_list_record_selector input`,
            run: "click",
        },
        {
            content: "The less frequent actions are in a menu",
            trigger: ".o_control_panel .o_campus_more_toggle",
            run: "click",
        },
        {
            content: "Share it",
            trigger: ".o_campus_more_actions button:contains('Share the documents')",
            run: "click",
        },
        {
            content: "Take it out",
            trigger: ".modal [name='operation'] input[data-value='withdraw']",
            run: "click",
        },
        {
            content: "Of the lockers of those who signed",
            trigger: ".modal [name='to_signers'] input",
            run: "click",
        },
        {
            content: "Withdraw",
            trigger: ".modal-footer button:contains('Withdraw from these lockers')",
            run: "click",
        },
        {
            content: "The result is said",
            trigger: ".o_notification:contains('1 document(s) withdrawn')",
        },
        {
            content: "Read the list again",
            trigger: "body:not(:has(.modal)) .o_campus_refresh",
            run: "click",
        },
        {
            content: "Open the document: preview beside the timeline",
            trigger: `${ARCHIVED} .o_data_cell[name='student_id']`,
            run: "click",
        },
        {
            content: "The timeline names the withdrawal",
            trigger: ".o_form_view .o_campus_timeline:contains('Taken out of lockers')",
        },
        {
            content: "The document is beside it, its words drawn page by page",
            trigger:
                ".o_form_view :iframe .page[data-page-number='1'][data-loaded] .textLayer span:contains('Tilleuls')",
        },
        {
            content: "From a signer to his record",
            trigger:
                ".o_field_widget[name='signer_ids'] .o_data_row:contains('ROUX') button[name='action_open_person']",
            run: "click",
        },
        {
            content: "It is his",
            trigger: ".o_last_breadcrumb_item:contains('Kevin ROUX')",
        },
    ],
});
