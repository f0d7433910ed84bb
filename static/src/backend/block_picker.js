// Copyright 2026 campus_sign contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import { Component, onWillStart, useEffect, useRef, useState } from "@odoo/owl";

import { Dialog } from "@web/core/dialog/dialog";
import { formatDate, deserializeDate } from "@web/core/l10n/dates";
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
        domain: Array,
        title: String,
        placeholder: String,
        choose: Function,
        close: Function,
        // A condition may also hold while its tag has no value.
        negatable: { type: Boolean, optional: true },
        negate: { type: Boolean, optional: true },
        remove: { type: Function, optional: true },
    };

    setup() {
        this.orm = useService("orm");
        this.records = [];
        this.state = useState({ query: "", active: 0, negate: Boolean(this.props.negate) });
        this.list = useRef("list");
        useAutofocus({ refName: "search" });
        // The arrows go further than what is in sight.
        useEffect(
            () => {
                const active = this.list.el.querySelector(".active");
                if (active) {
                    active.scrollIntoView({ block: "nearest" });
                }
            },
            () => [this.state.active, this.state.query]
        );
        onWillStart(async () => {
            this.records = await this.load();
        });
    }

    async load() {
        const { resModel, domain } = this.props;
        const isTag = resModel === "campus.sign.tag";
        const records = await this.orm.searchRead(
            resModel,
            domain,
            isTag ? ["code", "name", "group", "sample", "value_type"] : ["code", "name"]
        );
        return records.map((record) => ({
            group: "",
            ...record,
            sample: this.sample(record),
            words: plain(`${record.group || ""} ${record.name}`),
        }));
    }

    sample({ sample, value_type }) {
        if (!sample || value_type === "bool") {
            return "";
        }
        const isDate = /^\d{4}-\d{2}-\d{2}$/.test(sample);
        return isDate ? formatDate(deserializeDate(sample)) : sample;
    }

    /** Every word typed is somewhere in the name or the group; the groups called by the
     *  first one come before those that only speak of it. */
    get found() {
        const words = plain(this.state.query).split(/\s+/).filter(Boolean);
        const found = this.records.filter((record) =>
            words.every((word) => record.words.includes(word))
        );
        const called = (record) => Boolean(words.length) && record.words.startsWith(words[0]);
        return [...found.filter(called), ...found.filter((record) => !called(record))];
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
        this.props.choose({ ...record, negate: this.state.negate });
        this.props.close();
    }

    remove() {
        this.props.remove();
        this.props.close();
    }
}
