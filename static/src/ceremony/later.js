// Copyright 2026 campus_sign contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
// The summary's scripts: nothing before the last page needs them, so they come while
// the person reads.

import { ApiError } from "./api.js";
import { config, text } from "./dom.js";
import { preparePdf } from "./pdf_library.js";

const NAMES = document.body.dataset.later.split(" ");

let sheet;

/**
 * Load the class `Sheet`, after pdf.js.
 *
 * @throws {ApiError} the server was not reached; the next call tries again
 */
export function loadSheet() {
    sheet ??= load().catch((error) => {
        sheet = undefined;
        throw error;
    });
    return sheet;
}

async function load() {
    // The paper says itself why it cannot be shown.
    await preparePdf().catch(() => undefined);
    // Fetched first: some browsers remember for good that a script could not be
    // imported, and all at once instead of one import after the other.
    const answers = await Promise.all(
        NAMES.map((name) => fetch(`${config.assets}/${name}.js`).catch(() => undefined))
    );
    if (!answers.every((answer) => answer?.ok)) {
        throw new ApiError(0, "network", text("network_lost"));
    }
    const { Sheet } = await import("./sheet.js");
    return Sheet;
}
