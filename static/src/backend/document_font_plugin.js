// Copyright 2026 campus_sign contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import { FontPlugin } from "@html_editor/main/font/font_plugin";

const POINTS_PER_PIXEL = 0.75;
const SIZES = [7, 8, 9, 10, 11, 12, 14, 16, 18, 20, 24, 28, 36];

/** Sizes of letters in points, as on paper: Odoo's own are classes of the screen, which
 *  no printed document knows (A049). */
export class DocumentFontPlugin extends FontPlugin {
    resources = {
        ...this.resources,
        toolbar_items: this.resources.toolbar_items.map((item) =>
            item.object?.id === "font-size"
                ? { ...item, object: { ...item.object, props: this.inPoints(item.object.props) } }
                : item
        ),
    };

    inPoints(props) {
        return {
            ...props,
            onFontSizeInput: (size) => this.setPoints(parseFloat(size)),
            onSelected: (item) => this.setPoints(item.name),
        };
    }

    setPoints(size) {
        this.dependencies.format.formatSelection("fontSize", {
            formatProps: { size: `${size}pt` },
            applyStyle: true,
        });
        this.updateFontSizeSelectorParams();
    }

    get fontSizeItems() {
        return SIZES.map((name) => ({ name, tagName: "span" }));
    }

    get fontSizeName() {
        const { deepEditableSelection } = this.dependencies.selection.getSelectionData();
        const node = deepEditableSelection?.startContainer;
        const element = node?.nodeType === Node.ELEMENT_NODE ? node : node?.parentElement;
        if (!element) {
            return SIZES[0];
        }
        const pixels = parseFloat(getComputedStyle(element).fontSize);
        return Math.round(pixels * POINTS_PER_PIXEL * 2) / 2;
    }
}
