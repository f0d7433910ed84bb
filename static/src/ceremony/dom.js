// Copyright 2026 campus_sign contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
// Small helpers on the page: elements, texts, dialogs, dates.

export const config = JSON.parse(document.body.dataset.config);

const locale = document.documentElement.lang || "en";

export function $(id) {
    return document.getElementById(id);
}

/** Show or hide an element. */
export function toggle(element, visible) {
    element.hidden = !visible;
}

/** The sentence `name`, its `{placeholders}` filled. */
export function text(name, values = {}) {
    return config.texts[name].replace(/\{(\w+)\}/g, (all, key) => values[key] ?? all);
}

/** The sentence for a number: `name_none`, `name_one` or `name_many`. */
export function countText(name, count) {
    const suffix = count === 0 ? "none" : count === 1 ? "one" : "many";
    const key = `${name}_${suffix}` in config.texts ? `${name}_${suffix}` : `${name}_many`;
    return text(key, { count });
}

/** A copy of the first element of the template `id`. */
export function copyTemplate(id) {
    return $(id).content.firstElementChild.cloneNode(true);
}

/** Say something to screen readers without moving the focus. */
export function announce(message) {
    const region = $("polite");
    region.textContent = "";
    // A region that is filled in the same task as it is emptied stays silent.
    setTimeout(() => {
        region.textContent = message;
    }, 60);
}

/**
 * Show one of the page's views: the focus goes to its title, for keyboards and screen
 * readers.
 */
export function showView(name) {
    document.body.dataset.view = name;
    for (const view of document.querySelectorAll(".view")) {
        toggle(view, view.id === `view-${name}`);
    }
    globalThis.scrollTo(0, 0);
    if (name !== "loading") {
        focusOn($(`${name}-title`));
    }
}

/** Move the focus for screen readers and keyboards without a jump on screen. */
export function focusOn(element) {
    element.focus({ preventScroll: true });
}

/** Whether the person asked for no motion. */
export function calm() {
    return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

export function formatDay(iso) {
    const date = new Date(/^\d{4}-\d\d-\d\d$/.test(iso) ? `${iso}T12:00:00` : iso);
    return Number.isNaN(date.getTime())
        ? ""
        : date.toLocaleDateString(locale, { day: "numeric", month: "long", year: "numeric" });
}

/** A moment with its offset: the reader may be far from the establishment. */
export function formatMoment(iso) {
    const date = new Date(iso);
    const options = {
        day: "numeric",
        month: "long",
        year: "numeric",
        hour: "2-digit",
        minute: "2-digit",
        timeZoneName: "short",
    };
    return Number.isNaN(date.getTime()) ? iso : date.toLocaleString(locale, options);
}

/** Open a modal dialog; what had the focus gets it back when it closes. */
export function openDialog(dialog, focused) {
    const opener = document.activeElement;
    dialog.showModal();
    if (focused) {
        focused.focus({ preventScroll: true });
    }
    dialog.addEventListener(
        "close",
        () => {
            if (opener?.isConnected && opener.offsetParent !== null) {
                focusOn(opener);
            }
        },
        { once: true }
    );
}

/** Close a dialog by a click on the backdrop, as people expect of a sheet. */
export function closeOnBackdrop(dialog, close) {
    let pressedOutside = false;
    dialog.addEventListener("pointerdown", (event) => {
        pressedOutside = event.target === dialog;
    });
    dialog.addEventListener("click", (event) => {
        if (pressedOutside && event.target === dialog) {
            close();
        }
        pressedOutside = false;
    });
}

/** Load a script that is no module (it leaves a global behind). */
export function loadScript(src) {
    return new Promise((resolve, reject) => {
        const script = document.createElement("script");
        script.src = src;
        script.addEventListener("load", resolve, { once: true });
        script.addEventListener("error", () => reject(new Error(src)), { once: true });
        document.head.append(script);
    });
}
