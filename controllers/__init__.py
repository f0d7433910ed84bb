# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import batch, ceremony, files, http_tools, office, portal, sending, verify, visit

__all__ = [
    "batch",
    "ceremony",
    "files",
    "http_tools",
    "office",
    "portal",
    "sending",
    "verify",
    "visit",
]
