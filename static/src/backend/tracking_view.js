// Copyright 2026 campus_sign contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import { onMounted, onPatched, onWillPatch, onWillUnmount } from "@odoo/owl";

import { browser } from "@web/core/browser/browser";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { useDropdownState } from "@web/core/dropdown/dropdown_hooks";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { SearchPanel } from "@web/search/search_panel/search_panel";
import { KanbanController } from "@web/views/kanban/kanban_controller";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { ListController } from "@web/views/list/list_controller";
import { ListRenderer } from "@web/views/list/list_renderer";
import { listView } from "@web/views/list/list_view";

// Many acts in a second are one reading of the list.
const SETTLE_MS = 1000;
const POLL_MS = 30000;

/**
 * Read the view again when the server says that documents changed, and every thirty
 * seconds while its messages do not arrive.
 */
function useLiveReload(controller) {
    const bus = useService("bus_service");
    let settling = null;
    let polling = null;
    let stale = false;

    const mayReload = () =>
        document.visibilityState !== "hidden" && !document.querySelector(".modal");

    const later = () => {
        stale = true;
        settling ??= browser.setTimeout(() => {
            settling = null;
            if (mayReload()) {
                reload();
            }
        }, SETTLE_MS);
    };

    async function reload() {
        stale = false;
        // The counters of the search panel and the rows, by the way a filter takes.
        await controller.env.searchModel._notify();
    }

    const onChanged = () => later();
    onMounted(() => {
        bus.subscribe("campus_sign/changed", onChanged);
        polling = browser.setInterval(() => {
            if (stale || bus.workerState !== "CONNECTED") {
                later();
            }
        }, POLL_MS);
    });
    onWillUnmount(() => {
        bus.unsubscribe("campus_sign/changed", onChanged);
        browser.clearTimeout(settling);
        browser.clearInterval(polling);
    });
    return reload;
}

/** A row that moves on the page loses the focus it had: it gets it back. */
function useKeptFocus() {
    let focused = null;
    onWillPatch(() => {
        focused = document.activeElement;
    });
    onPatched(() => {
        if (document.activeElement === document.body && focused.isConnected) {
            focused.focus({ preventScroll: true });
        }
    });
}

/** Rows and groups that were there before keep their key: they stay the same elements. */
function keepKeys(list, before) {
    const [points, name] = list.isGrouped ? ["groups", "value"] : ["records", "resId"];
    const known = new Map(before[points].map((point) => [point[name], point]));
    for (const point of list[points]) {
        const same = known.get(point[name]);
        if (same) {
            point.id = same.id;
        }
        if (same && list.isGrouped) {
            keepKeys(point.list, same.list);
        }
    }
}

/**
 * To read with the filters that are set is to read again: the page, what is ticked and
 * the focus stay. After an action nothing is ticked any more, as everywhere in Odoo.
 */
const RereadModel = (Model) =>
    class extends Model {
        _getNextConfig(config, params) {
            this.rereads = ["domain", "groupBy"].every(
                (name) => JSON.stringify(params[name]) === JSON.stringify(config[name])
            );
            const next = { ...params };
            if (this.rereads) {
                delete next.domain; // it would ask for the first page
            }
            return super._getNextConfig(config, next);
        }

        _createRoot(config, data) {
            const root = super._createRoot(config, data);
            if (!this.rereads || !this.root) {
                return root;
            }
            keepKeys(root, this.root);
            const ticked = new Set(this.root.selection.map((record) => record.resId));
            if (ticked.size) {
                for (const record of root.records) {
                    record.selected = ticked.has(record.resId);
                }
                root.isDomainSelected = this.root.isDomainSelected;
            }
            return root;
        }
    };

/** Counters are bounded by the server (`COUNT_BOUND`): beyond, « 999+ ». */
export function boundedCount(count) {
    return count > 999 ? "999+" : count;
}

export class RequestSearchPanel extends SearchPanel {
    static subTemplates = {
        ...SearchPanel.subTemplates,
        filtersGroup: "campus_sign.RequestSearchPanel.FiltersGroup",
    };

    bounded(count) {
        return boundedCount(count);
    }
}

/** What list and cards share: live reading, and the actions on what is ticked. */
const RequestController = (Controller) =>
    class extends Controller {
        static components = { ...Controller.components, Dropdown };

        setup() {
            super.setup();
            this.otherActions = useDropdownState();
            this.refresh = useLiveReload(this);
            useKeptFocus();
        }

        /**
         * The buttons of the header for what is ticked: in sight, or in the menu, which
         * holds all of them on a phone.
         */
        selectionButtons(inMenu) {
            return this.props.archInfo.headerButtons.filter(
                (button) =>
                    !this.evalViewModifier(button.invisible) &&
                    (this.env.isSmall || (button.className || "").includes("o_campus_more")) ===
                        inMenu
            );
        }
    };

export class RequestListController extends RequestController(ListController) {
    static template = "campus_sign.RequestListView";
}

export class RequestListRenderer extends ListRenderer {
    static groupRowTemplate = "campus_sign.RequestListRenderer.GroupRow";

    groupCount(group) {
        return group.groupByField.name === "state" ? boundedCount(group.count) : group.count;
    }
}

registry.category("views").add("campus_request_list", {
    ...listView,
    Model: RereadModel(listView.Model),
    Controller: RequestListController,
    Renderer: RequestListRenderer,
    SearchPanel: RequestSearchPanel,
    buttonTemplate: "campus_sign.RequestButtons",
});

export class RequestKanbanController extends RequestController(KanbanController) {
    static template = "campus_sign.RequestKanbanView";
}

registry.category("views").add("campus_request_kanban", {
    ...kanbanView,
    Model: RereadModel(kanbanView.Model),
    Controller: RequestKanbanController,
    SearchPanel: RequestSearchPanel,
    buttonTemplate: "campus_sign.RequestButtons",
});

/** « Consulter les documents »: the form of each, one after the other (A111, A134). */
registry.category("actions").add("campus_sign_consult", (env, action) => {
    const resIds = action.params.ids;
    return env.services.action.doAction(
        {
            type: "ir.actions.act_window",
            name: action.name,
            res_model: "campus.sign.request",
            res_id: resIds[0],
            views: [[false, "form"]],
        },
        { props: { resIds } }
    );
});
