# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The one error signers and offices see when an act is refused."""

from odoo.exceptions import UserError


class CeremonyError(UserError):
    """An act on a circuit was refused and nothing was written.

    ``status`` is the HTTP status (4xx), ``code`` a stable English word for the
    page, and the message a sentence in the reader's language.
    """

    def __init__(self, status, code, message):
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.http_status = status
