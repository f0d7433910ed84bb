# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import ceremony, http_tools, office, portal, verify, visit

__all__ = ["ceremony", "http_tools", "office", "portal", "verify", "visit"]
