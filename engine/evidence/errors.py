# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Errors raised by the evidence room."""


class EvidenceError(ValueError):
    """Data that cannot be an event or a proof file."""


class NotCanonical(EvidenceError):
    """A value has no single written form (float, unknown type, non-text key)."""
