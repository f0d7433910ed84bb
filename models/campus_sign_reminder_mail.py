# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

from .campus_sign_link import PLACEHOLDER


class CampusSignLink(models.Model):
    _inherit = "campus.sign.link"

    reminder = fields.Boolean(help="Made for a reminder, whose words are others.")

    def _create_mail(self):
        """Write the mail of a reminder (A116)."""
        self.ensure_one()
        requests = self.env["campus.sign.request"]
        lines = self._reminded_lines()
        self.to_mail = False
        if not lines:
            return
        vals = requests._mail_vals(
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
        mails = self.env["mail.mail"].sudo()  # the circuit writes, not a person
        mails.create({**vals, "campus_link_id": self.id})
        requests._wake_mails()

    def _reminded_lines(self):
        """Return the lines the reminder names: the person's, in this establishment."""
        signers = self.env["campus.sign.signer"].sudo()  # lines belong to the circuit
        lines = signers.search(
            [
                ("partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
                ("status", "=", "pending"),
                ("reminded_at", "!=", False),
            ],
            order="reminded_at desc, id",
        )
        mine = lines.filtered(lambda one: (one.email or self.email) == self.email)
        return mine[:1]._siblings() if mine else mine
