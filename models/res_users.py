# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class ResUsers(models.Model):
    _inherit = "res.users"

    def _may_sign_for(self, company):
        """Tell whether this user holds right 2 in an establishment (A011)."""
        self.ensure_one()
        return (
            self.active
            and self.has_group("campus_sign.group_sign")
            and company in self.company_ids
        )
