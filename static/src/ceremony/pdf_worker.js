// Copyright 2026 campus_sign contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
// pdf.js runs here, apart from the page. It expects Promise.withResolvers, which
// phones sold before 2024 do not have.

import "./older_browsers.js";
import "./pdfjs_worker.js";
