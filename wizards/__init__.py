# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import (
    campus_sign_cancel,
    campus_sign_delete,
    campus_sign_extend,
    campus_sign_replace,
    campus_sign_send,
)
