# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Side-by-side measurements: ``./dev bench [case…] [--json FILE]``."""
