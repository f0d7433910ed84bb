// Copyright 2026 campus_sign contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import { registry } from "@web/core/registry";

const STUDENT = "MARTIN Emma";
const OTHER_STUDENT = "DUVAL Hugo";

function row(student) {
    return `.o_list_view .o_data_row:has(.o_data_cell[name='student_id']:text(${student}))`;
}

// From the list of internships to the history of sendings (A056-A081).
registry.category("web_tour.tours").add("campus_sign_office_tour", {
    steps: () => [
        {
            content: "Tick the internship that is ready",
            trigger: `${row(STUDENT)} .o_list_record_selector input[type='checkbox']`,
            run: "click",
        },
        {
            content: "Tick the incomplete one too",
            trigger: `${row(OTHER_STUDENT)} .o_list_record_selector input[type='checkbox']`,
            run: "click",
        },
        {
            content: "Both are selected",
            trigger: ".o_selection_box:contains('2')",
        },
        {
            content: "Open the check before sending",
            trigger:
                ".o_control_panel button[name='action_send_for_signature']:contains('Send for signature')",
            run: "click",
        },
        {
            content: "The complete one is ready to send, and ticked",
            trigger: `.modal .o_campus_send_table tr:has(td:text(${STUDENT})):has(input:checked) .badge:text(Ready to send)`,
        },
        {
            content: "The other one says that it is incomplete, and cannot be ticked",
            trigger: `.modal .o_campus_send_table tr:has(td:text(${OTHER_STUDENT})):has(input:disabled) .badge:text(Incomplete)`,
        },
        {
            content: "Send the one document that is ticked",
            trigger: ".modal-footer button:text(Send the ticked documents (1))",
            run: "click",
        },
        {
            content: "The confirmation says how many documents are about to leave",
            trigger: ".modal-body:contains('you are about to send 1 document(s)')",
        },
        {
            content: "Confirm the sending",
            trigger: ".modal:has(.modal-title:text(Confirmation)) .modal-footer button:text(Yes)",
            run: "click",
        },
        {
            content: "The server took one sending over",
            trigger:
                ".modal [role='status']:contains('sending(s) taken over by the server') [name='sent_count']:text(1)",
        },
        {
            content: "Open the history from the result",
            trigger: ".modal-footer button[name='action_view_history']",
            run: "click",
        },
        {
            content: "The document waits there for the server",
            trigger: `body:not(:has(.modal)) ${row(STUDENT)} .o_data_cell[name='state'] .badge:text(Sending)`,
        },
    ],
});
