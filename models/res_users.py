# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class ResUsers(models.Model):
    _inherit = "res.users"

    def _is_everywhere(self):
        """Tell whether every establishment that uses the service is this user's.

        A company that never activated it, or was archived, is none of them: with a
        single establishment everybody is everywhere.
        """
        self.ensure_one()
        # Which establishments use the service, whoever may read their certificates.
        authorities = self.env["campus.sign.authority"].sudo()
        used = authorities.search([("company_id.active", "=", True)]).company_id
        return used <= self.sudo().company_ids

    def _may_sign_for(self, company, role=None):
        """Tell whether this user holds right 2 in an establishment (A011).

        :param role: ``campus.sign.role`` that may ask for another right besides
            (decision 8)
        """
        self.ensure_one()
        user = self.sudo()  # rights of the user himself, nothing else is read
        group = role.sudo().group_id if role else user.env["res.groups"]
        return (
            user.active
            and user.has_group("campus_sign.group_sign")
            and company in user.company_ids
            and (not group or group in user.all_group_ids)
        )
