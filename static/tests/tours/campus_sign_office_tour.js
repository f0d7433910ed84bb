// Copyright 2026 campus_sign contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";

const WINDOW = ".modal.o_technical_modal .o_campus_send";
const NO_MAIL = "ÉLÈVE Sans adresse";
const NO_TUTOR = "ÉLÈVE Sans tuteur";
const NO_GUARDIAN = "ÉLÈVE Sans responsable";

function row(student) {
    return `${WINDOW} tbody tr:has(th:contains(${student}))`;
}

// What the page gave to the clipboard of the system, which a browser without screen
// does not have.
const copied = [];

async function checkCopied() {
    const [item] = copied;
    const read = async (type) => (await item.getType(type)).text();
    const lines = (await read("text/plain")).split("\n").map((line) => line.split("\t"));
    const [heads, ...rows] = lines;
    const column = (name) => rows.map((line) => line[heads.indexOf(name)]);
    if (rows.length !== 2 || rows.some((line) => line.length !== heads.length)) {
        throw new Error(`Not a table of two rows: ${JSON.stringify(lines)}`);
    }
    const blocking = column("Blocking points");
    if (
        !blocking.every(Boolean) ||
        !blocking.some((text) => text.includes("has no e-mail address"))
    ) {
        throw new Error(`The blocking points are not told: ${JSON.stringify(lines)}`);
    }
    const warnings = column("Non-blocking warnings").flatMap((text) => text.split(" ; "));
    if (!warnings.every((text) => !text || /^.+ – /.test(text)) || !warnings.some(Boolean)) {
        throw new Error(`Nobody knows whose warnings: ${JSON.stringify(warnings)}`);
    }
    if (column("Document state").some((state) => state !== "Incomplete")) {
        throw new Error(`Not the rows shown: ${JSON.stringify(lines)}`);
    }
    const page = new DOMParser().parseFromString(await read("text/html"), "text/html");
    const cells = [...page.querySelectorAll("tr")].map((tr) =>
        [...tr.cells].map((cell) => cell.textContent)
    );
    if (JSON.stringify(cells) !== JSON.stringify(lines)) {
        throw new Error(`HTML and text differ: ${JSON.stringify([cells, lines])}`);
    }
}

// From the list of internships to the history of sendings, ten documents of the template
// just made from nothing, one to correct and a role made optional on the way (A056-A081).
registry.category("web_tour.tours").add("campus_sign_office_tour", {
    steps: () => [
        {
            content: "Tick every internship",
            trigger: ".o_list_view thead .o_list_record_selector input[type='checkbox']",
            run: "click",
        },
        {
            content: "Ten are selected",
            trigger: ".o_selection_box:contains('10')",
        },
        {
            content: "Open the check before sending",
            trigger:
                ".o_control_panel button[name='action_send_for_signature']:contains('Send for signature')",
            run: "click",
        },
        {
            content: "Choose the template",
            trigger: `${WINDOW} select[name='template']:has(option:contains('Avenant de stage'))`,
            run: "selectByLabel Avenant de stage",
        },
        {
            content: "Each role has its column, grouped by modality, the finaliser last",
            trigger: `${WINDOW}:has(thead th:text(Internship tutor)):has(thead th:text(Establishment representative)) thead td + th[scope='colgroup']:text(Mandatory signers) + th:text(Optional signers) + th:text(Finalising signer)`,
        },
        {
            content: "Each cell names its person",
            trigger: `${WINDOW} tbody tr:has(th:contains(MARTIN Emma)) td.o_campus_group_optional:contains(Kevin ROUX)`,
        },
        {
            content: "Eight are ready, and ticked",
            trigger: `${WINDOW} .o_campus_send_button:contains('(8)')`,
        },
        {
            content: "Only the two others are shown",
            trigger: `${WINDOW} select[name='filter']`,
            run: "select incomplete",
        },
        {
            content: "The counter below follows",
            trigger: `${WINDOW} .o_campus_send_count:text(2)`,
        },
        {
            content: "Copy the list shown",
            trigger: `${WINDOW} button[name='copy']`,
            async run({ click }) {
                browser.navigator.clipboard.write = async (items) => copied.push(...items);
                await click();
            },
        },
        {
            content: "A spreadsheet gets its cells, the blocking points in words",
            trigger: ".o_notification:contains('List copied')",
            run: checkCopied,
        },
        {
            content: "An incomplete row cannot be ticked",
            trigger: `${row(NO_MAIL)}:has(.badge:text(Incomplete)) input:disabled:not(:visible), ${row(NO_MAIL)}:has(input:disabled) .badge:text(Incomplete)`,
        },
        {
            content: "The keyboard reaches the explanation",
            trigger: `${row(NO_MAIL)} .o_campus_marker button.o_campus_blocking`,
            run() {
                this.anchor.focus();
            },
        },
        {
            content: "It says what blocks, and is tied to its marker",
            trigger: `${row(NO_MAIL)} .o_campus_marker:has(button[aria-describedby]) [role='tooltip']:contains('has no e-mail address')`,
        },
        {
            content: "Escape closes the explanation, not the window",
            trigger: `${row(NO_MAIL)} .o_campus_marker button.o_campus_blocking`,
            run() {
                const init = { key: "Escape", bubbles: true, cancelable: true };
                this.anchor.dispatchEvent(new KeyboardEvent("keydown", init));
            },
        },
        {
            content: "The window is still there",
            trigger: `${WINDOW}:not(:has([role='tooltip']))`,
        },
        {
            content: "The pointer is enough to open the explanation again",
            trigger: `${row(NO_MAIL)} .o_campus_marker button.o_campus_blocking`,
            run: "hover",
        },
        {
            content: "Open the person to correct",
            trigger: `${row(NO_MAIL)} [role='tooltip'] .o_campus_correct`,
            run: "click",
        },
        {
            content: "Type the address",
            trigger:
                ".modal:not(.o_inactive_modal) .o_form_view .o_field_widget[name='email'] input",
            run: "edit corrected@example.org",
        },
        {
            content: "Save",
            trigger: ".modal:not(.o_inactive_modal) .o_form_button_save",
            run: "click",
        },
        {
            content: "The row became ready at once: it left the list of the incomplete",
            trigger: `${WINDOW}:not(:has(tbody th:contains(${NO_MAIL}))) .o_campus_send_button:contains('(9)')`,
        },
        {
            content: "Modify the template without leaving",
            trigger: `${WINDOW} button[name='edit_template']`,
            run: "click",
        },
        {
            content: "Open its sharing",
            trigger:
                ".modal:not(.o_inactive_modal) .o_notebook .nav-link:contains('Sharing (electronic signature')",
            run: "click",
        },
        {
            content: "Edit the line of the guardian",
            trigger:
                ".modal:not(.o_inactive_modal) .o_field_widget[name='signer_ids'] .o_data_row:contains('guardian') .o_data_cell[name='modality']",
            run: "click",
        },
        {
            content: "Open the choices",
            trigger:
                ".modal:not(.o_inactive_modal) .o_selected_row .o_field_widget[name='modality'] input",
            run: "click",
        },
        {
            content: "Make it optional",
            trigger: ".o_select_menu_item:contains('Optional')",
            run: "click",
        },
        {
            content: "Save the template",
            trigger: ".modal:not(.o_inactive_modal) .o_form_button_save",
            run: "click",
        },
        {
            content: "All ten are ready",
            trigger: `${WINDOW} .o_campus_send_button:contains('(10)')`,
        },
        {
            content: "See them all",
            trigger: `${WINDOW} select[name='filter']`,
            run: "select all",
        },
        {
            content: "Somebody is named on the internship itself",
            trigger: `${row(NO_TUTOR)} .o_campus_group_optional button.o_campus_warning:has(.o_campus_blank)`,
            run: "hover",
        },
        {
            content: "Open the internship",
            trigger: `${row(NO_TUTOR)} [role='tooltip'] .o_campus_correct`,
            run: "click",
        },
        {
            content: "It is corrected there, not sent once more",
            trigger:
                ".modal:not(.o_inactive_modal):has(.o_field_widget[name='tutor_id']) .o_form_button_cancel",
            async run({ click }) {
                const acts = document.querySelectorAll(
                    ".o_campus_correction button[name^='action_']"
                );
                if (!acts.length || [...acts].some((button) => button.checkVisibility())) {
                    throw new Error("The acts of the record are in the way");
                }
                await click();
            },
        },
        {
            content: "Nobody is named under the optional signers, and that is orange",
            trigger: `${row(NO_GUARDIAN)}:has(.badge:text(Ready to send)) .o_campus_group_optional button.o_campus_warning .o_campus_blank:text(?)`,
        },
        {
            content: "Send the ten documents",
            trigger: `${WINDOW} .o_campus_send_button:text(Send the ticked documents (10))`,
            run: "click",
        },
        {
            content: "The confirmation says how many documents are about to leave, at what price",
            trigger:
                ".modal-body:contains('you are about to send 10 document(s)'):contains('0.80')",
        },
        {
            content: "Say no: nothing happens",
            trigger: ".modal:has(.modal-title:text(Confirmation)) .modal-footer button:text(No)",
            run: "click",
        },
        {
            content: "Send again",
            trigger: `body:not(:has(.modal-title:text(Confirmation))) ${WINDOW} .o_campus_send_button`,
            run: "click",
        },
        {
            content: "Confirm the sending",
            trigger: ".modal:has(.modal-title:text(Confirmation)) .modal-footer button:text(Yes)",
            run: "click",
        },
        {
            content: "The server took ten sendings over",
            trigger:
                ".modal:has(.modal-title:text(Result of the sending)) [name='result_text']:text(10 sendings taken over by the server)",
        },
        {
            content: "The progress says what is left",
            trigger: ".modal [role='progressbar'][aria-valuemax='10'][aria-valuenow='0']",
        },
        {
            content: "Open the history from the result",
            trigger: ".modal-footer button[name='action_view_requests']",
            run: "click",
        },
        {
            content: "The documents wait there for the server",
            trigger: `body:not(:has(.modal)) .o_list_view .o_data_row:has(.o_data_cell[name='student_id']:contains(${NO_MAIL})) .o_data_cell[name='state'] .badge:text(Sending)`,
        },
    ],
});
