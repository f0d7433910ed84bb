# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import (
    campus_portal_access,
    campus_scan_settle,
    campus_sign_bulk,
    campus_portal_access_judge,
    campus_portal_access_line,
    portal_wizard_user,
    campus_sign_cancel,
    campus_sign_delegation_decide,
    campus_sign_delete,
    campus_sign_extend,
    campus_sign_outcome,
    campus_sign_remind,
    campus_sign_replace,
    campus_sign_send,
    campus_sign_template_fetch,
    campus_sign_service_test,
    campus_sign_share,
)
