// Copyright 2026 campus_sign contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import { Component, onWillStart, useState } from "@odoo/owl";

import { Dialog } from "@web/core/dialog/dialog";
import { useAutofocus, useService } from "@web/core/utils/hooks";

/** Lower case, no accents: « etudiant » finds « Étudiant ». */
export function plain(text) {
    return text
        .normalize("NFD")
        .replace(/\p{Diacritic}/gu, "")
        .toLowerCase();
}

/** Choose a tag or a role by its name, in its group (A051). */
export class BlockPicker extends Component {
    static template = "campus_sign.BlockPicker";
    static components = { Dialog };
    static props = {
        resModel: String,
        recordModel: [String, { value: false }],
        title: String,
        placeholder: String,
        choose: Function,
        close: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.records = [];
        this.state = useState({ query: "", active: 0 });
        useAutofocus({ refName: "search" });
        onWillStart(async () => {
            this.records = await this.load();
        });
    }

    async load() {
        const { resModel, recordModel } = this.props;
        const isTag = resModel === "campus.sign.tag";
        const records = await this.orm.searchRead(
            resModel,
            isTag ? [["model", "in", [false, recordModel]]] : [],
            isTag ? ["code", "name", "group", "sample"] : ["code", "name"]
        );
        return records.map((record) => ({
            group: "",
            sample: "",
            ...record,
            words: plain(`${record.group || ""} ${record.name}`),
        }));
    }

    /** Every word typed is somewhere in the name or the group. */
    get found() {
        const words = plain(this.state.query).split(/\s+/).filter(Boolean);
        return this.records.filter((record) => words.every((word) => record.words.includes(word)));
    }

    get groups() {
        const groups = new Map();
        this.found.forEach((record, index) => {
            const name = record.group || "";
            groups.set(name, [...(groups.get(name) || []), { ...record, index }]);
        });
        return [...groups].map(([name, records]) => ({ name, records }));
    }

    onInput(ev) {
        Object.assign(this.state, { query: ev.target.value, active: 0 });
    }

    onKeydown(ev) {
        const last = this.found.length - 1;
        if (ev.key === "ArrowDown") {
            this.state.active = Math.min(last, this.state.active + 1);
        } else if (ev.key === "ArrowUp") {
            this.state.active = Math.max(0, this.state.active - 1);
        } else if (ev.key === "Enter" && last >= 0) {
            this.choose(this.found[this.state.active]);
        } else {
            return;
        }
        ev.preventDefault();
        ev.stopPropagation();
    }

    choose(record) {
        this.props.choose(record);
        this.props.close();
    }
}
