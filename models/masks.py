# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Addresses and numbers one recognises and nobody learns (A097)."""


def mask_email(email):
    """Return ``mauXXXX@ecole.fr``, empty without an address."""
    local, _, domain = (email or "").partition("@")
    return f"{local[:3]}XXXX@{domain}" if domain else ""


def mask_number(number):
    """Return ``+336XXXX78``."""
    return f"{number[:4]}XXXX{number[-2:]}" if len(number or "") > 7 else "XXXX"
