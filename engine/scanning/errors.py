# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Errors of the scanning room."""


class ScanError(ValueError):
    """A pile of scanned pages was refused as a whole.

    ``code`` is one of ``not_a_pdf``, ``encrypted``, ``empty``, ``too_many_pages`` and
    ``too_large``.
    """

    def __init__(self, code, limit=0):
        super().__init__(code)
        self.code = code
        self.limit = limit
