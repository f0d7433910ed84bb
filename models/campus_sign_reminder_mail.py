# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

from .campus_sign_link import PLACEHOLDER


class CampusSignLink(models.Model):
    _inherit = "campus.sign.link"

    def _reminder_mail(self, lines):
        """Return the values of the mail that reminds of ``lines`` (A116)."""
        self.ensure_one()
        vals = self.env["campus.sign.request"]._mail_vals(
            "campus_sign.mail_reminder",
            self.email,
            self.lang,
            self.company_id,
            {
                "name": lines[:1].name,
                "lines": lines,
                "count": len(lines),
                "account": bool(lines.user_id),
                "token": PLACEHOLDER,
                "expires_at": self.expires_at,
                "deadline": min(
                    filter(None, lines.mapped("request_id.deadline")), default=False
                ),
            },
        )
        return {**vals, "campus_link_id": self.id}
