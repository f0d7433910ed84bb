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
        lines = self.grouped("request_id")
        chains = Chain.of_each(self.request_id)
        for chain in chains:
            sha = chain.request.revisions[-1]["sha256"]
            for line in lines[chain.request]:
                chain.append(
                    "notified",
                    before=sha,
                    after=sha,
                    private={"name": line.name, "email": line.email or ""},
                    field=line.field_name,
                    channel=line._channel(),
                )
                line._note_in_office()
        Chain.store_all(chains)
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
        links.create(
            [
                {
                    "partner_id": partner.id,
                    "email": email,
                    "company_id": company.id,
                    "lang": lines[:1].lang,
                }
                for (partner, email, company, _user), lines in self.grouped(
                    lambda line: line._person()
                ).items()
            ]
        )._create_mails()
