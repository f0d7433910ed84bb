// Copyright 2026 campus_sign contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
// pdf.js: loading it, and telling why that failed.

import { knock } from "./api.js";
import { config } from "./dom.js";
import "./older_browsers.js";

let library;
let again = "";

async function loadLibrary() {
    const pdfjs = await import(config.pdfjs + again);
    pdfjs.GlobalWorkerOptions.workerSrc = `${config.assets}/pdf_worker.js`;
    return pdfjs;
}

/** Load pdf.js; asked for ahead of the first document, that one opens sooner. */
export function preparePdf() {
    library ??= loadLibrary().catch((error) => {
        forget();
        throw error;
    });
    return library;
}

/** Browsers, and pdf.js itself, remember what could not be loaded: try elsewhere. */
function forget() {
    library = undefined;
    again = `?again=${performance.now()}`;
}

/** Why a document cannot be shown: for want of a script it is the connection. */
export async function causeOf(error) {
    if (error.code) {
        return error;
    }
    forget();
    try {
        await knock();
    } catch (lost) {
        return lost;
    }
    return error;
}
