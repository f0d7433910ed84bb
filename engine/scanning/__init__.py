# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Scanned pages: which document and which page each one is.

The only room that knows zxing-cpp and pypdfium2. Nothing is guessed: a page is
identified by the code printed on it, or it is not.
"""

from .errors import ScanError
from .pile import Limits, ScannedPage, extract_pages, page_picture, read_pile
from .reference import paper_reference, read_reference

__all__ = [
    "Limits",
    "ScanError",
    "ScannedPage",
    "extract_pages",
    "page_picture",
    "paper_reference",
    "read_pile",
    "read_reference",
]
