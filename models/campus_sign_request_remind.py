# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models

from .campus_sign_event import Chain
from .ceremony_errors import CeremonyError
from .gate import gate, unlocked

SLICE = 200


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
        """Remind who is due, a person at a time; what is left waits for the next run.

        Each line moves its next moment behind the gate, in the transaction that
        writes the event: a run after a crash never reminds twice.
        """
        self._send_forgotten()
        seen = set()
        signers = self.env["campus.sign.signer"]
        while True:
            due = signers.search(
                [
                    ("status", "=", "pending"),
                    ("reminder_at", "<=", fields.Datetime.now()),
                    ("id", "not in", list(seen)),
                ],
                order="reminder_at, id",
                limit=SLICE,
            )
            if not due:
                return
            for lines in due.grouped(lambda line: line._person()).values():
                seen.update(lines.ids)
                lines._remind_due()
                if not self.env["ir.cron"]._commit_progress(len(lines)):
                    self._trigger_lanes("reminders")
                    return

    @api.model
    def _send_forgotten(self):
        """Write the mails whose lines were noted just before a crash."""
        links = self.env["campus.sign.link"].sudo()  # nobody has a right on links
        before = fields.Datetime.now() - timedelta(minutes=15)
        forgotten = links.search(
            [("to_mail", "=", True), ("write_date", "<", before)], limit=SLICE
        )
        for link in forgotten:
            link._create_mail()
            self.env["ir.cron"]._commit_progress()

    def _note_reminded(self, line, channel, actor, **private):
        """Write in the log that a signer is reminded; one transaction.

        :return: whether it was still to do
        """
        seen = line.reminded_at
        with gate(self, wait=1) as request:
            if line not in request._may_remind_now() or line.reminded_at != seen:
                return False
            now = fields.Datetime.now()
            sha = request.revisions[-1]["sha256"]
            chain = Chain(request)
            chain.append(
                "reminded",
                before=sha,
                after=sha,
                actor=actor,
                private={"name": line.name, **private},
                field=line.field_name,
                channel=channel,
                rank=line.reminder_count + 1,
            )
            chain.store()
            given = line.reminder_count + 1
            unlocked(line).write(
                {
                    "reminded_at": now,
                    "reminder_count": given,
                    "reminder_at": request.template_id._reminder_after(
                        line.notified_at or now, given, now
                    ),
                }
            )
        return True

    def _note_unanswered(self, line):
        """Tell the office that the reminders are used up; the plan ends."""
        with gate(self, wait=1) as request:
            if line.status != "pending" or not line.reminder_at:
                return
            unlocked(line).write({"reminder_at": False})
            user = request._told_user()
            if line in request._may_sign_now() and user:
                request._schedule(
                    "campus_sign.activity_unanswered",
                    user,
                    request._in_language_of(user).env._(
                        "%(name)s (%(role)s) had %(count)s reminder(s) and has not "
                        "signed.",
                        name=line.name,
                        role=line.role_name,
                        count=line.reminder_count,
                    ),
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

    def _note_reminder_moved(self, line, moment):
        """Move the next reminder of a line, or end its plan."""
        with gate(self, wait=1):
            if line.status == "pending":
                unlocked(line).write({"reminder_at": moment})

    def _mail_subject(self, template, values):
        if template != "campus_sign.mail_reminder":
            return super()._mail_subject(template, values)
        return self.env._(
            "Reminder: %(count)s document(s) to sign", count=values["count"]
        )
