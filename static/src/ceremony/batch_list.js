// Copyright 2026 campus_sign contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
// « À Signer (n) », « À Refuser (n) »: two lists of ticked documents (A121, A122).

import { $, copyTemplate, countText, formatDay, text, toggle } from "./dom.js";

const TABS = ["sign", "refuse"];

export class BatchList {
    /** @param {object} hooks `open(document)`, `changed()` */
    constructor(hooks) {
        this.hooks = hooks;
        this.documents = [];
        this.toRefuse = new Set();
        this.unticked = new Set();
        this.tab = "sign";
        for (const name of TABS) {
            const tab = $(`batch-tab-${name}`);
            tab.addEventListener("click", () => this.select(name));
            tab.addEventListener("keydown", (event) => {
                if (["ArrowLeft", "ArrowRight"].includes(event.key)) {
                    this.select(name === "sign" ? "refuse" : "sign");
                    $(`batch-tab-${this.tab}`).focus();
                    event.preventDefault();
                }
            });
            $(`all-${name}`).addEventListener("change", (event) => {
                for (const doc of this.of(name)) {
                    this.tick(doc, event.target.checked);
                }
                this.refresh();
            });
        }
    }

    /** Show `documents`; what was ticked or put aside stays so. */
    show(documents) {
        this.documents = documents;
        this.refresh();
    }

    of(name) {
        return this.documents.filter(
            (doc) => this.toRefuse.has(doc.signer_id) === (name === "refuse")
        );
    }

    ticked(name) {
        return this.of(name).filter((doc) => !this.unticked.has(doc.signer_id));
    }

    tick(doc, ticked) {
        this.unticked[ticked ? "delete" : "add"](doc.signer_id);
    }

    select(name) {
        this.tab = name;
        for (const one of TABS) {
            const current = one === name;
            $(`batch-tab-${one}`).setAttribute("aria-selected", current);
            $(`batch-tab-${one}`).tabIndex = current ? 0 : -1;
            toggle($(`batch-panel-${one}`), current);
        }
    }

    refresh() {
        for (const name of TABS) {
            const documents = this.of(name);
            $(`list-${name}`).replaceChildren(...documents.map((doc) => this.item(doc, name)));
            $(`batch-tab-${name}`).textContent = text(`tab_${name}`, { count: documents.length });
            this.count(name);
        }
        toggle($("all-sign-line"), this.of("sign").length > 0);
        const refusing = this.of("refuse").length > 0;
        toggle($("refuse-some"), refusing);
        toggle($("refuse-none"), !refusing);
        $("refuse-none").textContent = text("nothing_to_refuse");
    }

    count(name) {
        const documents = this.of(name);
        const ticked = this.ticked(name).length;
        const all = $(`all-${name}`);
        all.checked = ticked > 0 && ticked === documents.length;
        all.indeterminate = ticked > 0 && ticked < documents.length;
        const button = $(`batch-${name}`);
        button.textContent = text(`${name}_count`, { count: ticked });
        button.setAttribute("aria-disabled", ticked === 0);
        this.hooks.changed();
    }

    item(doc, name) {
        const item = copyTemplate("batch-item");
        const box = item.querySelector("input");
        const label = item.querySelector("label");
        const [open, move] = item.querySelectorAll("button");
        box.id = `tick-${doc.signer_id}`;
        box.checked = !this.unticked.has(doc.signer_id);
        box.addEventListener("change", () => {
            this.tick(doc, box.checked);
            this.count(name);
        });
        label.htmlFor = box.id;
        label.textContent = doc.title;
        item.querySelector(".document-detail").textContent = detail(doc);
        open.textContent = text("read_it");
        open.setAttribute("aria-label", text("read_label", { title: doc.title }));
        open.addEventListener("click", () => this.hooks.open(doc));
        const away = name === "sign" ? "refuse" : "sign";
        move.textContent = text(`move_${away}`);
        move.setAttribute("aria-label", text(`move_${away}_label`, { title: doc.title }));
        move.addEventListener("click", () => {
            this.toRefuse[away === "refuse" ? "add" : "delete"](doc.signer_id);
            this.tick(doc, true);
            this.refresh();
            $(`batch-tab-${this.tab}`).focus();
        });
        return item;
    }
}

function detail(doc) {
    const parts = [
        text("one_document"),
        countText("pages", doc.pages),
        doc.role,
        text(doc.read ? "was_read" : "not_read_yet"),
    ];
    if (doc.deadline) {
        parts.push(text("deadline", { date: formatDay(doc.deadline) }));
    }
    return parts.join(" · ");
}
