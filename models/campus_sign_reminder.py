# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from contextlib import contextmanager
from datetime import timedelta

from odoo import fields, models
from odoo.sql_db import db_connect

from ..engine import circuit
from .campus_sign_event import Chain
from .ceremony_errors import CeremonyError
from .gate import busy, gate, gate_each, unlocked
from .masks import mask_number

# First key of the advisory locks; the second is the person's id.
_TEXTS = 0x5168


class CampusSignSigner(models.Model):
    """Reminders of a line, and what is done to all the lines of one person (A116)."""

    _inherit = "campus.sign.signer"

    reminder_at = fields.Datetime(
        string="Next reminder", readonly=True, help="When the plan speaks next."
    )
    reminded_at = fields.Datetime(string="Reminded on", readonly=True)
    reminder_count = fields.Integer(string="Reminders", readonly=True)

    _reminder_idx = models.Index(
        "(reminder_at, id) WHERE status = 'pending' AND reminder_at IS NOT NULL"
    )

    def _reminder_start(self, now):
        """Return the values that start the plan of a person told ``now``."""
        self.ensure_one()
        template = self.request_id.template_id
        return {
            "reminder_at": template._reminder_after(now, 0, now),
            "reminded_at": False,
            "reminder_count": 0,
        }

    def _person(self):
        """Return what makes two lines those of one person, told in one message."""
        self.ensure_one()
        return self.partner_id, self.email, self.company_id, self.user_id

    def _waiting(self):
        """Return ``{person: lines}`` of these people.

        All their lines whose turn it is and who were told so, not these alone.
        """
        lines = self.search(
            [
                ("partner_id", "in", self.partner_id.ids),
                ("company_id", "in", self.company_id.ids),
                ("status", "=", "pending"),
                ("notified_at", "!=", False),
                ("request_id.state", "in", list(circuit.OPEN_STATES)),
            ]
        )
        nobody = self.browse()
        turns = nobody.union(*(r._may_remind_now() for r in lines.request_id))
        found = (lines & turns).grouped(lambda line: line._person())
        people = self.grouped(lambda line: line._person())
        return {person: found.get(person, nobody) for person in people}

    def _told_today(self):
        """Tell whether one of the lines had a message on this day already.

        The day is the establishment's, as people count it.
        """
        moments = filter(None, self.mapped("notified_at") + self.mapped("reminded_at"))
        last = max(moments, default=None)
        if not last:
            return False
        zone = self[:1].company_id.partner_id._campus_zone()
        local = self.with_context(tz=zone)
        return (
            fields.Datetime.context_timestamp(local, last).date()
            >= fields.Datetime.context_timestamp(local, fields.Datetime.now()).date()
        )

    # === THE PLANS ===#

    def _follow_plans(self):
        """Do what the plans of these lines ask for, in one transaction.

        A document somebody acts on keeps its moment: the next run takes it again, and
        the message is about it too.
        """
        concerned = self.union(*self._waiting().values())  # with these themselves
        with gate_each(concerned.request_id) as held:
            now = fields.Datetime.now()
            due = self.search(
                [
                    ("id", "in", self.ids),
                    ("status", "=", "pending"),
                    ("reminder_at", "<=", now),
                    ("request_id", "in", held.ids),
                ]
            )
            waiting = due._waiting()
            told = self.browse()
            for person, lines in due.grouped(lambda line: line._person()).items():
                if lines._settle_plans(waiting[person], now):
                    told |= waiting[person]
            told._send_reminders(held, None)

    def _settle_plans(self, waiting, now):
        """Move or end the plans of one person; tell whether he is reminded now."""
        tomorrow = now + timedelta(days=1)
        today = waiting._told_today()
        reminded = False
        for line in self:
            template = line.request_id.template_id
            if line._is_held():
                # The plan goes on once the office has decided.
                unlocked(line).reminder_at = tomorrow
            elif line not in waiting or not template.reminder_auto:
                unlocked(line).reminder_at = False
            elif line.reminder_count >= template.reminder_max:
                line._note_unanswered()
            elif today:
                unlocked(line).reminder_at = tomorrow
            elif not line._reminder_address():
                # Nobody can be written to: the office has to know.
                line._note_unanswered()
            else:
                reminded = True
        return reminded

    def _note_unanswered(self):
        """Tell the office that the reminders are used up; the plan ends."""
        unlocked(self).reminder_at = False
        request = self.request_id
        user = request._told_user()
        if user and self in request._may_sign_now():
            request._schedule(
                "campus_sign.activity_unanswered",
                user,
                request._in_language_of(user).env._(
                    "%(name)s (%(role)s) had %(count)s reminder(s) and has not signed.",
                    name=self.name,
                    role=self.role_name,
                    count=self.reminder_count,
                ),
            )

    # === THE MESSAGES ===#

    def _remind(self, channel, actor, force):
        """Send one person one message about all that waits for him.

        :raise CeremonyError: nothing was sent, and why
        """
        if channel == "sms":
            # A text leaves before it can be noted: two at once would both leave.
            with self[:1]._alone():
                self._remind_now(channel, actor, force)
        else:
            self._remind_now(channel, actor, force)

    @contextmanager
    def _alone(self):
        """Hold the texts to the person of a line, on a snapshot taken afterwards.

        :raise CeremonyError: 409 ``busy`` when somebody else is writing to him
        """
        with db_connect(self.env.cr.dbname).cursor() as lock:
            lock.execute(
                "SELECT pg_try_advisory_xact_lock(%s, %s)",
                [_TEXTS, self.partner_id.id],
            )
            if not lock.fetchone()[0]:
                raise CeremonyError(
                    409, "busy", self.env._("Somebody is reminding him right now.")
                )
            self.env.cr.rollback()
            yield

    def _remind_now(self, channel, actor, force):
        lines = self[:1]._waiting()[self[:1]._person()]
        if not lines & self:
            raise CeremonyError(
                409, "untold", self.env._("The first message has not left yet.")
            )
        if not force:
            lines._refuse_today()
        if channel == "sms":
            lines._remind_by_sms(actor, force)
        else:
            lines._remind_by_mail(actor)

    def _refuse_today(self):
        if self._told_today():
            raise CeremonyError(
                409, "today", self.env._("Already had a message today.")
            )

    def _reminder_address(self):
        self.ensure_one()
        return self.email or self.user_id.sudo().email  # the account's own

    def _remind_by_mail(self, actor):
        if not self[:1]._reminder_address():
            raise CeremonyError(
                422, "no_email", self.env._("There is no e-mail address to write to.")
            )
        before = {line: line.reminded_at for line in self}
        with gate_each(self.request_id) as held:
            lines = self[:1]._waiting()[self[:1]._person()]
            if not lines & held.signer_ids:
                raise busy(self.env)
            if any(line.reminded_at != before.get(line, False) for line in lines):
                # Another run reminded them a moment ago: nothing to say.
                lines._refuse_today()
            lines._send_reminders(held, actor)

    def _send_reminders(self, held, actor):
        """Write the events and one mail per person; behind the gates ``held``."""
        (self & held.signer_ids)._note_reminded(
            "email", actor, lambda line: {"email": line._reminder_address()}
        )
        people = list(self.grouped(lambda line: line._person()).values())
        links = self.env["campus.sign.link"].sudo()  # nobody has a right on links
        links = links.create([lines._link_vals() for lines in people])
        # The circuit writes, not a person.
        self.env["mail.mail"].sudo().create(
            [
                link._reminder_mail(lines)
                for link, lines in zip(links, people, strict=True)
            ]
        )
        if people:
            held._wake_mails()

    def _remind_by_sms(self, actor, force):
        """Send a text without any personal link: it says where the link is.

        That it leaves is written down before it does: when the server stops before
        the answer is noted, nobody writes to the person again without knowing.

        :raise CeremonyError: nothing was sent, and why
        """
        person = self[:1].with_context(lang=self[:1].lang or self[:1].request_id.lang)
        partner, company = person.partner_id.sudo(), person.company_id.sudo()
        sms = self.env["campus.sign.sms"].sudo()  # the circuit writes, not a person
        number = sms._number(partner.phone, partner, company)
        body = person.env._(
            "%(company)s: %(count)s document(s) are waiting for your signature. Open "
            "the link of the last e-mail you received, or your account.",
            company=company.name,
            count=len(self),
        )
        with sms._leaving(partner, company, force):
            sms._send(number, body, partner, company)
            self._note_text(actor, number)

    def _note_text(self, actor, number):
        for request, lines in self.grouped("request_id").items():
            try:
                with gate(request, wait=1):
                    (lines & request._may_remind_now())._note_reminded(
                        "sms", actor, lambda _line: {"number": mask_number(number)}
                    )
            except CeremonyError as error:
                # Somebody acts on it: its own plan goes on.
                if error.code != "busy":
                    raise

    def _note_reminded(self, channel, actor, private):
        """Write in the logs that these signers are reminded; behind the gate.

        :param private: line → what its event keeps of the message, erasable
        """
        now = fields.Datetime.now()
        Chain.note_lines(
            self,
            "reminded",
            lambda line: {
                "actor": actor,
                "private": {"name": line.name, **private(line)},
                "channel": channel,
                "rank": line.reminder_count + 1,
            },
        )
        for line in self:
            given = line.reminder_count + 1
            template = line.request_id.template_id
            unlocked(line).write(
                {
                    "reminded_at": now,
                    "reminder_count": given,
                    "reminder_at": template._reminder_after(
                        line.notified_at or now, given, now
                    ),
                }
            )
