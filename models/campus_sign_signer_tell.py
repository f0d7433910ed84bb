# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

from .campus_sign_event import Chain
from .gate import unlocked


class CampusSignSigner(models.Model):
    """Telling the people of some lines that it is their turn; behind the gate."""

    _inherit = "campus.sign.signer"

    def _note_notified(self):
        """Write in the log that these signers are told."""
        now = fields.Datetime.now()
        Chain.note_lines(
            self,
            "notified",
            lambda line: {
                "private": {"name": line.name, "email": line.email or ""},
                "channel": line._channel(),
            },
        )
        for line in self:
            line._note_in_office()
        for mine in self.grouped(lambda s: s.request_id.template_id).values():
            plan = mine[:1]._reminder_start(now)
            unlocked(mine).write({"notify_due": False, "notified_at": now, **plan})

    def _note_in_office(self):
        """Tell the internal accounts of the line, and another establishment's head."""
        request = self.request_id
        kind = "finalise" if self.user_id else "sign"
        for user in self._told_users():
            if not request._has_activity(kind, user):
                request._schedule(f"campus_sign.activity_{kind}", user)
            user._bus_send("campus_sign/to_sign", {})
        if self.establishment_id == request.other_establishment_id:
            request._tell_establishment(self)

    def _mail_turns(self):
        """Write one mail per person, with a link of its own."""
        links = self.env["campus.sign.link"].sudo()  # nobody has a right on links
        people = self.grouped(lambda line: line._person()).values()
        links.create([lines._link_vals() for lines in people])._create_mails()

    def _link_vals(self):
        """Return the values of a personal link to one person's lines."""
        person = self[:1]
        return {
            "partner_id": person.partner_id.id,
            "email": person._reminder_address(),
            "company_id": person.company_id.id,
            "lang": person.lang or person.request_id.lang,
        }
