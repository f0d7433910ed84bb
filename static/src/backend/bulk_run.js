// Copyright 2026 campus_sign contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import { Component, onWillUnmount, useState } from "@odoo/owl";

import { Dialog } from "@web/core/dialog/dialog";
import { ConnectionLostError } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";

// A slice is about a second of work: the bar moves, and stopping does not wait.
const SLICE_MS = 1000;
const FIRST_SLICE = 4;
const LARGEST_SLICE = 50;

/**
 * How far an act on many documents is, and what became of each. The server makes one
 * transaction per act: stopping leaves the others as they were.
 */
export class BulkRun extends Component {
    static template = "campus_sign.BulkRun";
    static components = { Dialog };
    static props = { title: String, params: Object, close: Function };

    setup() {
        this.orm = useService("orm");
        this.state = useState({
            handled: 0,
            done: [],
            refused: [...this.props.params.refused],
            running: false,
            stopping: false,
            lost: false,
        });
        onWillUnmount(() => (this.state.stopping = true));
        this.run();
    }

    get total() {
        return this.props.params.units.length;
    }

    get left() {
        return this.total - this.state.handled;
    }

    get percent() {
        return Math.round((100 * this.state.handled) / this.total);
    }

    async run() {
        const { state } = this;
        const { model, id, units } = this.props.params;
        Object.assign(state, { running: true, stopping: false, lost: false });
        let size = FIRST_SLICE;
        while (state.handled < units.length && !state.stopping) {
            const slice = units.slice(state.handled, state.handled + size);
            const start = Date.now();
            let refusals = [];
            try {
                const keys = slice.map((unit) => unit.id);
                refusals = await this.orm.silent.call(model, "run_slice", [[id], keys]);
            } catch (error) {
                state.running = false;
                if (!(error instanceof ConnectionLostError)) {
                    throw error;
                }
                state.lost = true;
                return;
            }
            const reasons = new Map(refusals.map((one) => [one.id, one.reason]));
            for (const unit of slice) {
                if (reasons.has(unit.id)) {
                    state.refused.push({ name: unit.name, reason: reasons.get(unit.id) });
                } else {
                    state.done.push(unit.name);
                }
            }
            state.handled += slice.length;
            const pace = SLICE_MS / Math.max(Date.now() - start, 1);
            size = Math.max(1, Math.min(LARGEST_SLICE, Math.round(slice.length * pace)));
        }
        state.running = false;
    }

    stop() {
        this.state.stopping = true;
    }
}

/** Show the run; the window that asked for it closes after it, and its list is read again. */
registry.category("actions").add("campus_sign_bulk", async (env, action) => {
    await new Promise((resolve) =>
        env.services.dialog.add(
            BulkRun,
            { title: action.name, params: action.params },
            { onClose: resolve }
        )
    );
    return { type: "ir.actions.act_window_close" };
});
