# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.fields import Domain

from .ceremony_errors import CeremonyError


class CampusSignRequest(models.Model):
    """Reminders: one message per person for all his documents (A116)."""

    _inherit = "campus.sign.request"

    def _may_remind_now(self):
        """Return the lines whose turn it is and whose signer is not in doubt."""
        return self._may_sign_now().filtered(lambda line: not line._is_held())

    # === BY HAND ===#

    def _remindable(self):
        """Return ``(lists of lines, one per person; pairs (name, why not))``."""
        lines = held = self.signer_ids.browse()
        for request in self:
            told = request._may_remind_now()
            lines |= told
            held |= request._may_sign_now() - told
        decide = self.env._(
            "Proposed somebody else, or is not this person: decide first."
        )
        people = list(lines.grouped(lambda line: line._person()).values())
        return people, [(line.name, decide) for line in held]

    def _act_remind(self, channel, force=False, only=None):
        """Remind whose turn it is on these documents.

        :param channel: ``email`` or ``sms``
        :param force: even who already had a message today
        :param only: a line, to remind no other person
        :return: (names of the persons reminded, pairs (name, why not))
        """
        self._check_may_manage()
        actor = self._office_actor()
        requests = self.sudo()  # the right was checked just above
        people, refused = requests._remindable()
        if only is not None:
            people, refused = [person for person in people if only in person], []
        done = []
        for person in people:
            name = person[:1].name
            try:
                person._remind(channel, actor, force)
                done.append(name)
            except CeremonyError as error:
                refused.append((name, error.message))
        return done, refused

    # === BY ITSELF ===#

    @api.model
    def _cron_reminders(self):
        """Remind who is due, some people at a time; the rest waits for the next run."""
        self.env["ir.cron"]._in_slices(
            "reminders",
            self.env["campus.sign.signer"],
            Domain("status", "=", "pending")
            & Domain("reminder_at", "<=", fields.Datetime.now()),
            lambda due: due._follow_plans(),
            order="reminder_at, id",
        )

    def _told_user(self):
        """Return who of the office is told: the sender, else the representative.

        Somebody who left, or who lost his right on the document, is passed over.
        """
        self.ensure_one()
        for user in self.sender_id | self.company_id.sign_finaliser_id:
            if (
                user.active
                and self.company_id in user.company_ids
                and user.has_group("campus_sign.group_follow")
            ):
                return user
        return self.env["res.users"]

    def _mail_subject(self, template, values):
        if template != "campus_sign.mail_reminder":
            return super()._mail_subject(template, values)
        if values["count"] == 1:
            return self.env._("Reminder: 1 document to sign")
        return self.env._(
            "Reminder: %(count)s documents to sign", count=values["count"]
        )
