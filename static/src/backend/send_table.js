// Copyright 2026 campus_sign contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import { Component, useEffect, useRef, useState } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";

const GROUPS = {
    mandatory: _t("Mandatory signers"),
    optional: _t("Optional signers"),
    finaliser: _t("Finalising signer"),
};
// Pixels; the style sheet gives rows this very height.
const ROW_HEIGHT = 48;
// Rows kept ready above and below, and after how many of them the page is drawn again:
// whatever changes in a dialog makes the browser style the whole page once more.
const OVERSCAN = 16;
const STEP = 10;

/** Every issue of a row: the document's own, then its signers'. */
export function issuesOf(row) {
    const people = Object.values(row.cells).flat();
    return [...row.issues, ...people.flatMap((person) => person.issues)];
}

let lastId = 0;

/** « ? » or a number of issues beside a name; hover and focus explain (A066-A072). */
export class IssueMarker extends Component {
    static template = "campus_sign.IssueMarker";
    static props = {
        issues: Array,
        blank: { type: Boolean, optional: true },
        subject: String,
        onCorrect: Function,
    };

    setup() {
        this.id = `o_campus_tip_${++lastId}`;
        this.state = useState({ open: false });
        this.button = useRef("button");
        this.tip = useRef("tip");
        useEffect(
            (tip) => {
                if (!tip) {
                    return;
                }
                this.place(tip);
                const hide = (ev) => !tip.contains(ev.target) && this.hide();
                window.addEventListener("scroll", hide, true);
                return () => window.removeEventListener("scroll", hide, true);
            },
            () => [this.tip.el]
        );
    }

    get blocking() {
        return this.props.issues.filter((issue) => issue.blocking);
    }

    get warnings() {
        return this.props.issues.filter((issue) => !issue.blocking);
    }

    get label() {
        const { subject } = this.props;
        return this.blocking.length
            ? _t("%(subject)s: %(count)s blocking point(s)", {
                  subject,
                  count: this.blocking.length,
              })
            : _t("%(subject)s: %(count)s warning(s)", { subject, count: this.warnings.length });
    }

    /** Beside the marker, inside the window whatever its size. */
    place(tip) {
        const anchor = this.button.el.getBoundingClientRect();
        const { width, height } = tip.getBoundingClientRect();
        const left = Math.min(anchor.left, window.innerWidth - width - 8);
        const below = anchor.bottom + 2;
        const top = below + height > window.innerHeight - 8 ? anchor.top - height - 2 : below;
        tip.style.left = `${Math.max(8, left)}px`;
        tip.style.top = `${Math.max(8, top)}px`;
        tip.style.visibility = "visible";
    }

    show() {
        clearTimeout(this.leaving);
        this.state.open = true;
    }

    hide() {
        this.state.open = false;
    }

    /** The pointer needs a moment to reach the links. */
    onMouseLeave(ev) {
        const root = ev.currentTarget;
        this.leaving = setTimeout(() => {
            if (!root.contains(document.activeElement)) {
                this.hide();
            }
        }, 250);
    }

    onFocusOut(ev) {
        if (!ev.currentTarget.contains(ev.relatedTarget)) {
            this.hide();
        }
    }

    onKeydown(ev) {
        if (ev.key === "Escape" && this.state.open) {
            // Closes the explanation, not the window around it.
            ev.stopPropagation();
            ev.preventDefault();
            this.button.el.focus();
            this.hide();
        }
    }

    correct(target) {
        this.hide();
        this.props.onCorrect(target);
    }
}

/** One document: a component of its own, so that scrolling draws only what comes into sight. */
export class SendRow extends Component {
    static template = "campus_sign.SendRow";
    static components = { IssueMarker };
    static props = {
        row: Object,
        index: Number,
        texts: Array,
        columns: Array,
        ticked: Boolean,
        changed: Boolean,
        finalisers: Array,
        onToggle: Function,
        onCorrect: Function,
        onPreview: Function,
        onFinaliser: Function,
    };

    get row() {
        return this.props.row;
    }

    chooseFinaliser(ev) {
        this.props.onFinaliser(this.row, Number(ev.target.value));
    }

    people(row, column) {
        return row.cells[column.key] || [];
    }

    /** The issues of a cell: one marker for all its persons. */
    issues(row, column) {
        return this.people(row, column).flatMap((person) => person.issues);
    }

    /** What explains the state of a row, where it is read: all that blocks it. */
    stateIssues(row) {
        return issuesOf(row).filter((issue) => issue.blocking || row.issues.includes(issue));
    }

    names(row, column) {
        return this.people(row, column)
            .map((person) => person.name)
            .filter(Boolean)
            .join(", ");
    }

    isBlank(row, column) {
        const people = this.people(row, column);
        return people.length > 0 && !people.some((person) => person.name);
    }

    finaliserOf(row, column) {
        return this.people(row, column)[0]?.user || false;
    }

    /** Who may finalise a row: those of its establishment, and who is named now. */
    choices(row) {
        return this.props.finalisers.filter((user) => user.companies.includes(row.company));
    }

    isListed(row, column) {
        const user = this.finaliserOf(row, column);
        return this.choices(row).some((one) => one.id === user);
    }
}

/** The list of the documents to send; only the rows in sight are in the page. */
export class SendTable extends Component {
    static template = "campus_sign.SendTable";
    static components = { SendRow };
    static props = {
        rows: Array,
        texts: Array,
        columns: Array,
        ticked: Set,
        changed: Set,
        finalisers: Array,
        onToggle: Function,
        onToggleAll: Function,
        onCorrect: Function,
        onPreview: Function,
        onFinaliser: Function,
    };

    setup() {
        this.scroll = useRef("scroll");
        this.state = useState({ first: 0, capacity: 20 });
        useEffect(
            (el) => {
                const measure = () => this.onScroll();
                const observer = new ResizeObserver(measure);
                observer.observe(el);
                return () => observer.disconnect();
            },
            () => [this.scroll.el]
        );
    }

    onScroll() {
        const el = this.scroll.el;
        const first = Math.max(0, Math.floor(el.scrollTop / ROW_HEIGHT) - OVERSCAN);
        const capacity = Math.ceil(el.clientHeight / ROW_HEIGHT) + 2 * OVERSCAN;
        if (Math.abs(first - this.state.first) >= STEP || first === 0) {
            this.state.first = first;
        }
        this.state.capacity = capacity;
    }

    get first() {
        return Math.min(this.state.first, Math.max(0, this.props.rows.length - 1));
    }

    get visibleRows() {
        return this.props.rows.slice(this.first, this.first + this.state.capacity);
    }

    get heightBefore() {
        return this.first * ROW_HEIGHT;
    }

    get heightAfter() {
        const after = this.props.rows.length - this.first - this.visibleRows.length;
        return Math.max(0, after) * ROW_HEIGHT;
    }

    get width() {
        return this.props.texts.length + this.props.columns.length + 3;
    }

    get headerCount() {
        return this.props.columns.length ? 2 : 1;
    }

    /** Headers above the roles: one per modality, as wide as its columns (A063). */
    get groups() {
        const groups = [];
        for (const column of this.props.columns) {
            const last = groups.at(-1);
            if (last?.key === column.group) {
                last.span++;
            } else {
                groups.push({ key: column.group, label: GROUPS[column.group], span: 1 });
            }
        }
        return groups;
    }

    get readyRows() {
        return this.props.rows.filter((row) => row.ready);
    }

    get allTicked() {
        return (
            this.readyRows.length && this.readyRows.every((row) => this.props.ticked.has(row.id))
        );
    }
}
