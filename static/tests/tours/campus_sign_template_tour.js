// Copyright 2026 campus_sign contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import { registry } from "@web/core/registry";
import { rpc } from "@web/core/network/rpc";

const EDITABLE = ".o_campus_body .odoo-editor-editable";
const CHIP = `${EDITABLE} [data-embedded='campusTag']`;

function key(name) {
    const editable = document.querySelector(EDITABLE);
    editable.dispatchEvent(
        new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true })
    );
    const inputType = name === "Backspace" ? "deleteContentBackward" : "insertText";
    const ev = new InputEvent("beforeinput", { inputType, bubbles: true, cancelable: true });
    editable.dispatchEvent(ev);
}

function caretAfterChip() {
    const chip = document.querySelector(CHIP);
    const range = document.createRange();
    range.setStartAfter(chip);
    range.collapse(true);
    document.querySelector(EDITABLE).focus();
    document.getSelection().removeAllRanges();
    document.getSelection().addRange(range);
}

function insertTag() {
    return [
        {
            content: "Open « Insérer »",
            trigger: ".o_campus_insert",
            run: "click",
        },
        {
            content: "Insert a tag",
            trigger: ".o_campus_insert_tag",
            run: "click",
        },
        {
            content: "Search it by a part of its name, in any case",
            trigger: ".modal .o_campus_block_search",
            run: "edit FULL student",
        },
        {
            content: "Choose it in its group",
            trigger: ".modal [role='group'][aria-label='Student'] [data-code='student.name']",
            run: "click",
        },
        {
            content: "The chip is in the text, as one thing that typing cannot enter",
            trigger: `body:not(:has(.modal)) ${CHIP}[contenteditable='false']:contains('Student: full name')`,
        },
    ];
}

// A template from nothing: text, tag, roles and their options, saving, preview.
registry.category("web_tour.tours").add("campus_sign_template_tour", {
    steps: () => [
        {
            content: "Templates stand under their recipient's title",
            trigger: ".o_group_header:contains('Templates meant for company contacts')",
        },
        {
            content: "Create a template",
            trigger: ".o_list_button_add:contains('Create a template')",
            run: "click",
        },
        {
            content: "A new template is being edited",
            trigger: ".o_campus_edit_banner:contains('Modification in progress')",
            run: ({ anchor }) => {
                const label = document.querySelector(".o_field_widget[name='name']");
                if (anchor.getBoundingClientRect().bottom > label.getBoundingClientRect().top) {
                    throw new Error("the banner covers the first fields");
                }
            },
        },
        {
            content: "Name it",
            trigger: ".o_field_widget[name='name'] input",
            run: "edit Avenant de stage",
        },
        {
            content: "Choose its category",
            trigger: ".o_field_widget[name='category_id'] input",
            run: "edit Agreement",
        },
        {
            content: "The category says from which list it is sent",
            trigger: ".o-autocomplete--dropdown-item a:contains('Internship > Agreement')",
            run: "click",
        },
        {
            content: "Save with the banner",
            trigger: ".o_campus_save",
            run: "click",
        },
        {
            content: "The banner goes, the title is the recipient and the name",
            trigger:
                ".o_form_view:not(:has(.o_campus_edit_banner)) h1:contains('Company contact - Avenant de stage')",
        },
        {
            content: "The tabs are those of the guide",
            trigger:
                ".o_notebook_headers .nav-item:nth-child(4):contains('Sharing (electronic signature and publication)')",
        },
        {
            content: "Put the cursor in the text",
            trigger: EDITABLE,
            run: "click",
        },
        ...insertTag(),
        {
            content: "Backspace after a chip deletes the whole of it",
            trigger: CHIP,
            run: () => {
                caretAfterChip();
                key("Backspace");
            },
        },
        {
            content: "Nothing of it is left",
            trigger: `${EDITABLE}:not(:has([data-embedded]))`,
        },
        ...insertTag(),
        {
            content: "What is done to the text around it leaves a chip as it is",
            trigger: CHIP,
            run: () => {
                const { innerHTML, dataset } = document.querySelector(CHIP);
                const before = innerHTML + dataset.embeddedProps;
                document.querySelector(EDITABLE).focus();
                document.getSelection().selectAllChildren(document.querySelector(EDITABLE));
                document.dispatchEvent(new Event("selectionchange"));
                for (const command of ["bold", "insertText"]) {
                    // Typing aims at the inside of the chip.
                    if (command === "insertText") {
                        document
                            .getSelection()
                            .collapse(document.querySelector(CHIP).firstChild, 3);
                    }
                    document.execCommand(command, false, "X");
                    const chip = document.querySelector(CHIP);
                    if (!chip || chip.innerHTML + chip.dataset.embeddedProps !== before) {
                        throw new Error(`${command} broke the chip: ${chip && chip.outerHTML}`);
                    }
                }
                caretAfterChip();
            },
        },
        {
            content: "Open « Insérer » again",
            trigger: ".o_campus_insert",
            run: "click",
        },
        {
            content: "Insert a conditional section",
            trigger: ".o_campus_insert_condition",
            run: "click",
        },
        {
            content: "Search what it depends on",
            trigger: ".modal .o_campus_block_search",
            run: "edit minor",
        },
        {
            content: "Choose it",
            trigger: ".modal [data-code='student.minor']",
            run: "click",
        },
        {
            content: "The section says what it depends on, and what it holds is the author's",
            trigger: `body:not(:has(.modal)) ${EDITABLE} [data-embedded='campusCondition']`,
            run: ({ anchor }) => {
                const { content } = getComputedStyle(anchor, "::before");
                if (!content.includes("If “Student: minor”") || anchor.textContent.trim()) {
                    throw new Error(`the section shows ${content} and ${anchor.textContent}`);
                }
            },
        },
        {
            content: "It is written in",
            trigger: `body:not(:has(.modal)) ${EDITABLE} [data-embedded='campusCondition'] p`,
            run: ({ anchor }) => {
                document.getSelection().selectAllChildren(anchor);
                document.execCommand("insertText", false, "Pour un mineur");
            },
        },
        {
            content: "Its text is the author's",
            trigger: `${EDITABLE} [data-embedded='campusCondition']:contains('Pour un mineur')`,
        },
        {
            content: "Open the sharing",
            trigger: ".o_notebook_headers .nav-link:contains('Sharing')",
            run: "click",
        },
        {
            content: "The category forbids publication without signature: closed, and why",
            trigger:
                ".o_field_widget[name='sharing'] .o_radio_item:has(input[data-value='publish']:disabled) label:contains('the category of the document does not allow its publication')",
        },
        {
            content: "Make it eligible for signature",
            trigger: ".o_field_widget[name='sharing'] input[data-value='sign']",
            run: "click",
        },
        {
            content: "Add signer roles",
            trigger:
                ".o_campus_circuit .o_field_x2many_list_row_add :contains('Add a signer role')",
            run: "click",
        },
        {
            content: "Roles with options are starred",
            trigger: ".modal .o_campus_roles label:contains('Student\\'s guardian *')",
        },
        {
            content: "The representative",
            trigger: ".modal input[data-code='establishment']",
            run: "click",
        },
        {
            content: "The tutor",
            trigger: ".modal input[data-code='tutor']",
            run: "click",
        },
        {
            content: "A guardian",
            trigger: ".modal input[data-code='guardian']",
            run: "click",
        },
        {
            content: "What is chosen is ticked; validate the three roles",
            trigger:
                ".modal:has(.o_campus_roles:has([data-code='establishment']:checked):has([data-code='tutor']:checked):has([data-code='guardian']:checked)) .modal-footer button:contains('Validate')",
            run: "click",
        },
        {
            content: "The starred one asks who signs",
            trigger: ".modal:contains('Options of the role') #campus_option_any",
            run: "click",
        },
        {
            content: "Validate the options",
            trigger:
                ".modal:contains('Options of the role') .modal-footer button:contains('Validate')",
            run: "click",
        },
        {
            content: "The option is said in the table, and the representative is last",
            trigger:
                "body:not(:has(.modal)) .o_campus_circuit:has(td:contains('Any one of the legal guardians')) .o_data_row:nth-child(3):contains('Establishment representative'):contains('Always signs last')",
        },
        {
            content: "Dragged to the top, the representative",
            trigger: ".o_campus_circuit .o_data_row:nth-child(3) .o_row_handle",
            run: "drag_and_drop .o_campus_circuit .o_data_row:first-child",
        },
        {
            content: "Comes back to the last place",
            trigger:
                ".o_campus_circuit:not(:has(.o_dragged)) .o_data_row:nth-child(3):contains('Establishment representative')",
        },
        {
            content: "Make the tutor optional",
            trigger: ".o_campus_circuit .o_data_row:contains('Internship tutor') [name='modality']",
            run: "click",
        },
        {
            content: "Optional",
            trigger: ".o_campus_circuit .o_selected_row [name='modality'] input",
            run: "click",
        },
        {
            content: "Choose it",
            trigger: ".o_select_menu_item:contains('Optional')",
            run: "click",
        },
        {
            content: "The law wants more signers: a warning that does not block",
            trigger: ".alert-warning:contains('D124-4')",
        },
        {
            content: "Back to the text",
            trigger: ".o_notebook_headers .nav-link:contains('Content')",
            run: "click",
        },
        {
            content: "Each role brought its block",
            trigger: `${EDITABLE} [data-embedded='campusSignature']:contains('Sign_Signatory Internship tutor')`,
        },
        {
            content: "The last block is under the mouse",
            trigger: `${EDITABLE} [data-embedded='campusSignature']:contains('Establishment')`,
            run: ({ anchor }) => {
                const { x, y } = anchor.getBoundingClientRect();
                const at = { clientX: x + 20, clientY: y + 20, bubbles: true };
                anchor.dispatchEvent(new MouseEvent("mousemove", at));
            },
        },
        {
            content: "A handle to drag it shows",
            trigger: ".oe-sidewidget-move",
        },
        {
            content: "Save",
            trigger: ".o_campus_save",
            run: "click",
        },
        {
            content: "Show the preview with a real record",
            trigger: ".o_form_view:not(:has(.o_campus_edit_banner)) .o_campus_show_preview",
            run: "click",
        },
        {
            content: "Choose the record",
            trigger: ".o_campus_template_preview input",
            run: "edit MARTIN",
        },
        {
            content: "Among those one may read",
            trigger: ".o-autocomplete--dropdown-item a:contains('MARTIN')",
            run: "click",
        },
        {
            content: "The preview is of that record",
            trigger: "iframe.o_campus_preview:iframe .textLayer span:contains('MARTIN')",
        },
        {
            content: "It follows what is typed, before any saving",
            trigger: `${EDITABLE} [data-embedded='campusCondition'] p`,
            run: ({ anchor }) => {
                anchor.closest("[contenteditable='true']").focus();
                document.getSelection().selectAllChildren(anchor);
                document.execCommand("insertText", false, "ZZTAPE");
            },
        },
        {
            content: "What was typed is on paper",
            trigger: "iframe.o_campus_preview:iframe .textLayer span:contains('ZZTAPE')",
        },
        {
            content: "A margin is moved on the ruler",
            trigger: ".o_campus_ruler_handle[data-name='margin_left']",
            run: ({ anchor }) =>
                anchor.dispatchEvent(
                    new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true })
                ),
        },
        {
            content: "It is a setting of the page",
            trigger: ".o_campus_ruler_handle[data-name='margin_left'][aria-valuenow='19']",
        },
        {
            content: "Nothing of it was saved: discard",
            trigger: ".o_campus_discard",
            run: "click",
        },
        {
            content: "The text is what was saved, the preview too",
            trigger: `.o_form_view:not(:has(.o_campus_edit_banner)) ${EDITABLE} [data-embedded='campusCondition']:contains('Pour un mineur')`,
        },
        {
            content: "The margin too",
            trigger: ".o_campus_ruler_handle[data-name='margin_left'][aria-valuenow='18']",
        },
        {
            content: "Revisions are listed under the template",
            trigger:
                ".o_field_widget[name='revision_ids'] .o_data_row:nth-child(2) button:contains('Restore this version')",
        },
    ],
});

// Two authors at once: the second one is told, his text stays.
registry.category("web_tour.tours").add("campus_sign_template_conflict_tour", {
    steps: () => [
        {
            content: "Open the layout",
            trigger: ".o_notebook_headers .nav-link:contains('Page layout')",
            run: "click",
        },
        {
            content: "Write a footer",
            trigger: ".o_field_widget[name='footer_text'] input",
            run: "edit My own footer",
        },
        {
            content: "A colleague saves meanwhile, then this author saves",
            trigger: ".o_campus_save",
            run: async ({ click }) => {
                const id = Number(window.location.pathname.split("/").pop());
                await rpc("/web/dataset/call_kw", {
                    model: "campus.sign.template",
                    method: "write",
                    args: [[id], { footer_text: "Saved by a colleague" }],
                    kwargs: {},
                });
                await click();
            },
        },
        {
            content: "He is told",
            trigger: ".modal:contains('after you opened it')",
        },
        {
            content: "Close the message",
            trigger: ".modal .modal-footer button",
            run: "click",
        },
        {
            content: "His text is still there",
            trigger: ".o_campus_edit_banner",
            run: () => {
                const input = document.querySelector(".o_field_widget[name='footer_text'] input");
                if (input.value !== "My own footer") {
                    throw new Error("the text of the second author is lost");
                }
            },
        },
        {
            content: "Discard, and see the colleague's version",
            trigger: ".o_campus_discard",
            run: "click",
        },
        {
            content: "Nothing is being edited any more",
            trigger: ".o_form_view:not(:has(.o_campus_edit_banner))",
        },
    ],
});
