# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import controllers, models, wizards
from .hooks import uninstall_hook

__all__ = ["controllers", "models", "uninstall_hook", "wizards"]
