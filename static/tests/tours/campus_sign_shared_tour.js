// Copyright 2026 campus_sign contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import { registry } from "@web/core/registry";

const SHARING = ".o_notebook_headers .nav-link:contains('Sharing')";

// A template of all establishments is read, then duplicated to be changed.
registry.category("web_tour.tours").add("campus_sign_shared_tour", {
    steps: () => [
        {
            content: "The banner says why nothing can be typed",
            trigger:
                ".o_form_view:not(:has(.o_form_editable)) .alert-info:contains('common to all establishments')",
        },
        {
            content: "The text is read as on paper",
            trigger: ".o_campus_body .o_campus_page .o_readonly [data-embedded='campusSignature']",
        },
        {
            content: "Nothing offers to change it",
            trigger:
                ".o_form_statusbar:not(:has(button[name='action_delete'], button[name='action_restore_original']))",
        },
        {
            content: "Open the circuit",
            trigger: SHARING,
            run: "click",
        },
        {
            content: "Its options do not open",
            trigger: ".o_campus_circuit:not(:has(.o_campus_open_options)) .o_data_row:nth-child(2)",
        },
        {
            content: "Duplicate it",
            trigger: "button[name='action_duplicate']",
            run: "click",
        },
        {
            content: "The copy may be changed",
            trigger: ".o_form_editable:not(:has(.alert-info)) h1:contains('(copy)')",
        },
        {
            content: "Hundreds of pages of a word processor do not stop the browser",
            trigger: ".o_campus_body .odoo-editor-editable",
            run: ({ anchor }) => {
                const clipboardData = new DataTransfer();
                clipboardData.setData("text/html", "<p><b>Heavy</b></p>".repeat(30000));
                clipboardData.setData("text/plain", "Heavy");
                anchor.dispatchEvent(
                    new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true })
                );
            },
        },
        {
            content: "It is said, and the text is what it was",
            trigger:
                "body:has(.o_notification:contains('too long')) .o_form_view:not(:has(.o_campus_edit_banner))",
        },
        {
            content: "Its circuit too",
            trigger: SHARING,
            run: "click",
        },
        {
            content: "Change who signs for the student",
            trigger: ".o_campus_circuit .o_data_row:first-child .o_campus_open_options",
            run: "click",
        },
        {
            content: "Only himself",
            trigger: ".modal #campus_option_self",
            run: "click",
        },
        {
            content: "Validate",
            trigger: ".modal .modal-footer button:contains('Validate')",
            run: "click",
        },
        {
            content: "Add a role",
            trigger: "body:not(:has(.modal)) .o_campus_circuit .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            content: "Of those that an internship fills only",
            trigger:
                ".modal .o_campus_roles:has([data-code='guardian']):not(:has([data-code='agent'])):not(:has([data-code='host']))",
        },
        {
            content: "Leave the circuit as it is",
            trigger: ".modal .modal-footer button:contains('Cancel')",
            run: "click",
        },
        {
            content: "Save",
            trigger: "body:not(:has(.modal)) .o_campus_save",
            run: "click",
        },
        {
            content: "Saved",
            trigger: ".o_form_view:not(:has(.o_campus_edit_banner)) td:contains('The student')",
        },
    ],
});
