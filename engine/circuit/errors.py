# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Errors of the circuit room."""


class CircuitError(ValueError):
    """A circuit was described in a way that can never be signed."""
