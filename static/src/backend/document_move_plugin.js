// Copyright 2026 campus_sign contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import { MoveNodePlugin } from "@html_editor/main/movenode_plugin";

/** The handle that drags a block shows over signature blocks too: the editor looks away
 *  from what is protected against typing (A052). */
export class DocumentMovePlugin extends MoveNodePlugin {
    setup() {
        super.setup();
        const over = (ev) => this.onMousemove(ev);
        this.editable.addEventListener("mousemove", over, true);
        this._cleanups.push(() => this.editable.removeEventListener("mousemove", over, true));
    }
}
