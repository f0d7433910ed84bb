# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

from .campus_sign_link import PLACEHOLDER
from .plain_text import FRAME, plain_text


class MailMail(models.Model):
    _inherit = "mail.mail"

    campus_link_id = fields.Many2one(
        "campus.sign.link", ondelete="set null", groups=fields.NO_ACCESS
    )

    def _prepare_outgoing_list(self, *args, **kwargs):
        """Mint the personal link while the mail leaves, never before."""
        outgoing = super()._prepare_outgoing_list(*args, **kwargs)
        for email in outgoing:
            if FRAME in (email.get("body") or ""):
                email["body_alternative"] = plain_text(email["body"])
        link = self.sudo().campus_link_id  # hidden from everybody, needed here
        if link:
            # Stored before the mail leaves: its reader may be faster than the commit
            # of the queue, and a crash in between must not send out a dead link.
            with self.env.registry.cursor() as cr:
                sent = link.with_env(link.env(cr=cr))
                token = sent._mint()
                sent.write({"message_id": self.message_id, "failed_at": False})
            for email in outgoing:
                for part in ("body", "body_alternative"):
                    if email.get(part):
                        email[part] = email[part].replace(PLACEHOLDER, token)
        return outgoing

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        """Mark the personal links whose mail the server refused."""
        if failure_type:
            links = self.sudo().campus_link_id  # hidden from everybody, needed here
            if links:
                # Nobody answered: nothing is known of the address.
                kind = "unsent" if failure_type == "mail_smtp" else "refused"
                links._note_undelivered(kind, failure_reason or self[:1].failure_reason)
        return super()._postprocess_sent_message(
            success_pids, success_emails, failure_reason, failure_type
        )
