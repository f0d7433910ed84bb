// Copyright 2026 campus_sign contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
// The verification form: shows what was chosen and stops what is too large before
// it travels. The page works without this script.

const MAX_BYTES = 20 * 1024 * 1024;

const input = document.getElementById("document");
const drop = document.getElementById("drop");
const error = document.getElementById("check-error");
const button = document.getElementById("check");
const label = document.getElementById("drop-label");
const invitation = label.textContent;

function refresh() {
    const [file] = input.files;
    label.textContent = file ? file.name : invitation;
    drop.classList.toggle("chosen", Boolean(file));
    error.hidden = !(file?.size > MAX_BYTES);
    button.disabled = !error.hidden;
}

input.addEventListener("change", refresh);
drop.addEventListener("dragover", (event) => event.preventDefault());
drop.addEventListener("drop", (event) => {
    event.preventDefault();
    input.files = event.dataTransfer.files;
    refresh();
});
document.getElementById("check-form").addEventListener("submit", () => {
    button.setAttribute("aria-busy", "true");
    button.classList.add("busy");
});
