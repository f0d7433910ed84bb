// Copyright 2026 campus_sign contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";

const WINDOW = ".modal.o_technical_modal .o_campus_send";
const CANCELLED = ".o_search_panel_filter_value:has(:text(Signatures cancelled))";

/** What another author does meanwhile. */
async function archiveTemplate(name) {
    const model = "campus.sign.template";
    const call = (method, args) => rpc("/web/dataset/call_kw", { model, method, args, kwargs: {} });
    const ids = await call("search", [[["name", "=", name]]]);
    await call("write", [ids, { active: false }]);
}

// « Relancer un nouveau parcours » on two closed documents; their template is taken
// away between the check and the sending (A141).
registry.category("web_tour.tours").add("campus_sign_restart_tour", {
    steps: () => [
        {
            content: "Show the cancelled documents",
            trigger: `${CANCELLED} input`,
            run: "click",
        },
        {
            content: "Tick both",
            trigger:
                ".o_list_view:has(.o_data_row:nth-child(2)) thead .o_list_record_selector input",
            run: "click",
        },
        {
            content: "Open the menu of the less frequent actions",
            trigger: ".o_control_panel .o_campus_more_toggle",
            run: "click",
        },
        {
            content: "Restart them",
            trigger: ".o_campus_more_actions button:contains('Restart a new circuit')",
            run: "click",
        },
        {
            content: "The check window opens on their records and their template, ticked",
            trigger: `${WINDOW}:has(select[name='template'] option:checked:contains('Attestation courte')) .o_campus_send_button:contains('(2)')`,
        },
        {
            content: "Whoever was chosen to finalise the first one is chosen again",
            trigger: `${WINDOW} tbody tr:has(th:contains(MARTIN Emma)) .o_campus_group_finaliser select:has(option:checked:contains('Marc ADJOINT'))`,
        },
        {
            content: "Choose him for the second one too",
            trigger: `${WINDOW} tbody tr:has(th:contains(DUVAL Hugo)) .o_campus_group_finaliser select:not(:has(option:checked:contains('Marc ADJOINT')))`,
            run: "selectByLabel Marc ADJOINT",
        },
        {
            content: "Its row was checked again at once",
            trigger: `${WINDOW} tbody tr:has(th:contains(DUVAL Hugo)):has(.badge:text(Ready to send)) .o_campus_group_finaliser select:has(option:checked:contains('Marc ADJOINT'))`,
        },
        {
            content: "Meanwhile the template is taken away; send",
            trigger: `${WINDOW} .o_campus_send_button`,
            async run({ click }) {
                await archiveTemplate("Attestation courte");
                await click();
            },
        },
        {
            content: "Confirm",
            trigger: ".modal:has(.modal-title:text(Confirmation)) .modal-footer button:text(Yes)",
            run: "click",
        },
        {
            content: "Nothing was sent and nothing is ticked for a template nobody chose",
            trigger: `.modal:has(.o_campus_send_button:disabled) .o_campus_send:has(.alert:contains('nothing was sent')) .o_campus_send_count:text(2)`,
        },
        {
            content: "Tick what the other template would send",
            trigger: `${WINDOW} thead input`,
            run: "click",
        },
        {
            content: "Send",
            trigger: `${WINDOW} .o_campus_send_button:contains('(2)')`,
            run: "click",
        },
        {
            content: "What costs nothing has no price",
            trigger: ".modal-body:contains('2 document(s)'):not(:contains('charged'))",
        },
        {
            content: "Confirm",
            trigger: ".modal:has(.modal-title:text(Confirmation)) .modal-footer button:text(Yes)",
            run: "click",
        },
        {
            content: "The server took two sendings over",
            trigger:
                ".modal:has(.modal-title:text(Result of the sending)) [name='result_text']:text(2 sendings taken over by the server)",
        },
    ],
});

// Publication without signature: no signer is asked for, the confirmation says what
// happens, the result is in the history (A025).
registry.category("web_tour.tours").add("campus_sign_publish_tour", {
    steps: () => [
        {
            content: "Tick every internship",
            trigger: ".o_list_view thead .o_list_record_selector input[type='checkbox']",
            run: "click",
        },
        {
            content: "Open the check before sending",
            trigger: ".o_control_panel button[name='action_send_for_signature']",
            run: "click",
        },
        {
            content: "Choose the publication",
            trigger: `${WINDOW}:has(.o_campus_group_finaliser) select[name='output']`,
            run: "select publish",
        },
        {
            content: "Only what may be published is offered, and nobody signs",
            trigger: `${WINDOW}:not(:has(.o_campus_group_finaliser)) select[name='template']:not(:has(option:nth-child(2))):has(option:contains('Note aux familles'))`,
        },
        {
            content: "Publish the two documents",
            trigger: `${WINDOW} .o_campus_send_button:text(Publish the ticked documents (2))`,
            run: "click",
        },
        {
            content: "The confirmation says that nobody signs",
            trigger: ".modal-body:contains('2 document(s) in the lockers, without signature')",
        },
        {
            content: "Confirm",
            trigger: ".modal:has(.modal-title:text(Confirmation)) .modal-footer button:text(Yes)",
            run: "click",
        },
        {
            content: "The server took them over",
            trigger: ".modal [name='result_text']:text(2 sendings taken over by the server)",
        },
        {
            content: "Open the history from the result",
            trigger: ".modal-footer button[name='action_view_requests']",
            run: "click",
        },
        {
            content: "Both wait there for the server",
            trigger:
                "body:not(:has(.modal)) .o_list_view .o_data_row:nth-child(2):has(.o_data_cell[name='output']:contains(Publication)) .badge:text(Sending)",
        },
    ],
});
