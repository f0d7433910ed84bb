// Copyright 2026 campus_sign contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const CONVENTION = ".o_data_row:contains('Immersion en BUT informatique') [name='offer_id']";

function open(state) {
    return [
        {
            content: "The convention is in the list of this side",
            trigger: `.o_list_view ${CONVENTION}`,
            run: "click",
        },
        {
            content: "Both establishments have their column",
            trigger:
                ".o_campus_visit_progress thead th:first-child:text(Establishment of origin) + th:text(Host establishment)",
        },
        {
            content: "The convention says with whom it is",
            trigger: `.o_statusbar_status .o_arrow_button_current:contains('${state}')`,
        },
    ];
}

// The origin freezes the list and starts the circuit (B003, B005, B011).
tours.add("campus_sign_visit_origin_tour", {
    steps: () => [
        ...open("Being prepared"),
        {
            content: "Sign electronically",
            trigger:
                "button[name='action_start_electronic']:contains('Sign the agreement electronically')",
            run: "click",
        },
        {
            content: "The list is going to be frozen",
            trigger: ".modal-footer .btn-primary",
            run: "click",
        },
        {
            content: "It waits for the head of the origin, who is told",
            trigger: ".o_notification:contains('Hélène PROVISEUR')",
        },
        {
            content: "The list is frozen",
            trigger: ".o_field_widget[name='line_ids'] .o_data_row:contains('MARTIN Emma')",
        },
    ],
});

// The host sees it once the origin signed, with the notification (B007-B009, B012, B013).
tours.add("campus_sign_visit_host_tour", {
    steps: () => [
        ...open("With the host establishment"),
        {
            content: "The origin has signed",
            trigger: ".o_campus_visit_progress td.table-success:contains('Hélène PROVISEUR')",
        },
        {
            content: "It is the host's turn",
            trigger:
                ".o_campus_visit_progress td.table-warning:contains('Sign the agreement electronically')",
        },
        {
            content: "He may sign it from here",
            trigger: "button[name='action_sign']:contains('Sign the agreement electronically')",
        },
    ],
});

// Both download it at the end (B014, B015).
tours.add("campus_sign_visit_done_tour", {
    steps: () => [
        {
            content: "Closed conventions too",
            trigger: ".o_searchview .o_facet_remove",
            run: "click",
        },
        ...open("Signed by both"),
        {
            content: "The origin was told",
            trigger:
                ".o_campus_visit_progress td.table-success:contains('Signature notification sent to the establishment of origin')",
        },
        {
            content: "The signed convention can be downloaded",
            trigger: "button[name='action_download']:contains('Download the signed agreement')",
        },
    ],
});

// A scanned pile is dropped on the list of conventions (B024).
tours.add("campus_sign_visit_scan_tour", {
    steps: () => [
        {
            content: "The list takes scanned copies",
            trigger: ".o_campus_scan_drop",
            async run() {
                const answer = await fetch("/campus_test_pile.pdf");
                const pile = new File([await answer.blob()], "pile.pdf", {
                    type: "application/pdf",
                });
                const dropped = new DataTransfer();
                dropped.items.add(pile);
                const list = document.querySelector(".o_list_view");
                list.dispatchEvent(
                    new DragEvent("drop", {
                        dataTransfer: dropped,
                        bubbles: true,
                        cancelable: true,
                    })
                );
            },
        },
        {
            content: "One page waits for somebody",
            trigger: ".o_form_view [name='document_ids'] .o_data_row:contains('Missing pages: 2.')",
            timeout: 50000, // reading ten pages on a busy machine
        },
        {
            content: "Look at the pages",
            trigger: ".o_notebook .nav-link:contains('Pages')",
            run: "click",
        },
        {
            content: "The stained one is shown, and nothing was guessed",
            trigger: ".o_field_widget[name='page_ids'] .o_data_row.text-danger",
        },
    ],
});
