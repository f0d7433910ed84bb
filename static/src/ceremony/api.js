// Copyright 2026 campus_sign contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
// Calls to the server: JSON only, every failure is an ApiError with a sentence.

import { config, text } from "./dom.js";

const TIMEOUT_MS = 60000;

export class ApiError extends Error {
    constructor(status, code, message) {
        super(message);
        this.status = status;
        this.code = code;
    }

    /** The server was not reached: the act may or may not have happened. */
    get offline() {
        return this.code === "network";
    }

    /** The page has lost who the person is. */
    get session() {
        return this.status === 401;
    }

    get busy() {
        return this.code === "busy";
    }
}

/** POST `body` to `/sign/api/<act>` and return the answer. */
export async function call(act, body = {}) {
    const response = await reach(`/sign/api/${act}`, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-Campus-Sign": "1" },
        body: JSON.stringify(body),
    });
    const answer = await response.json().catch(() => ({}));
    if (!response.ok) {
        throw failure(response.status, answer);
    }
    return answer;
}

/** GET the bytes of a document. */
export async function download(signerId) {
    const response = await reach(`/sign/file/${signerId}`, {});
    if (!response.ok) {
        throw failure(response.status, await response.json().catch(() => ({})));
    }
    try {
        return await response.arrayBuffer();
    } catch {
        throw new ApiError(0, "network", text("network_lost"));
    }
}

/** @throws {ApiError} the server does not answer, which says why something else failed */
export async function knock() {
    const response = await reach(`${config.assets}/dom.js`, { method: "HEAD" });
    if (!response.ok) {
        throw failure(response.status, {});
    }
}

async function reach(url, options) {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), TIMEOUT_MS);
    try {
        return await fetch(url, {
            ...options,
            credentials: "same-origin",
            cache: "no-store",
            redirect: "error",
            signal: abort.signal,
        });
    } catch {
        throw new ApiError(0, "network", text("network_lost"));
    } finally {
        clearTimeout(timer);
    }
}

function failure(status, answer) {
    const { code = String(status), message } = answer.error ?? {};
    if (status >= 502 && status <= 504) {
        // A proxy answers for a server that is restarting.
        return new ApiError(0, "network", text("network_lost"));
    }
    const fallback = status === 429 ? text("too_many") : text("unexpected");
    return new ApiError(status, code, message || fallback);
}

const AGAIN_MS = 8000;

/** What is done again once the server can be reached: the browser says so, or time does. */
export class Comeback {
    constructor(act) {
        this.act = act;
        globalThis.addEventListener("online", () => this.go());
    }

    /** Wait for it, if that is what the error says. */
    expect({ offline }) {
        this.cancel();
        if (offline) {
            this.timer = setTimeout(() => this.go(), AGAIN_MS);
        }
    }

    cancel() {
        clearTimeout(this.timer);
        this.timer = undefined;
    }

    go() {
        if (this.timer) {
            this.cancel();
            this.act();
        }
    }
}

export function pause(milliseconds) {
    return new Promise((resolve) => {
        setTimeout(resolve, milliseconds);
    });
}

/** Call `act` again while the server says that somebody else is at it. */
export async function patiently(act, onBusy, delays = [1500, 3000, 5000, 8000]) {
    for (const delay of delays) {
        try {
            return await act();
        } catch (error) {
            if (!error.busy) {
                throw error;
            }
            onBusy(error);
            await pause(delay);
        }
    }
    return act();
}
