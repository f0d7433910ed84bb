# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

from .campus_sign_link import PLACEHOLDER


class MailMail(models.Model):
    _inherit = "mail.mail"

    campus_link_id = fields.Many2one(
        "campus.sign.link", ondelete="set null", groups=fields.NO_ACCESS
    )

    def _prepare_outgoing_list(self, *args, **kwargs):
        """Mint the personal link while the mail leaves, never before."""
        outgoing = super()._prepare_outgoing_list(*args, **kwargs)
        link = self.sudo().campus_link_id  # hidden from everybody, needed here
        if link:
            # Stored before the mail leaves: its reader may be faster than the commit
            # of the queue, and a crash in between must not send out a dead link.
            with self.env.registry.cursor() as cr:
                token = link.with_env(link.env(cr=cr))._mint()
            for email in outgoing:
                for part in ("body", "body_alternative"):
                    if email.get(part):
                        email[part] = email[part].replace(PLACEHOLDER, token)
        return outgoing
