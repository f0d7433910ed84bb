# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from contextlib import contextmanager
from datetime import timedelta

from odoo import fields, models
from odoo.sql_db import db_connect

from ..engine import circuit
from .ceremony_errors import CeremonyError
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
        return self.partner_id, self.email, self.company_id, self.lang, self.user_id

    def _siblings(self):
        """Return the person's lines whose turn it is and who was told so."""
        self.ensure_one()
        lines = self.search(
            [
                ("partner_id", "=", self.partner_id.id),
                ("email", "=", self.email),
                ("user_id", "=", self.user_id.id),
                ("company_id", "=", self.company_id.id),
                ("status", "=", "pending"),
                ("notified_at", "!=", False),
                ("request_id.state", "in", list(circuit.OPEN_STATES)),
            ]
        )
        turns = {request: request._may_remind_now() for request in lines.request_id}
        return lines.filtered(lambda line: line in turns[line.request_id])

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

    # === TO ONE PERSON ===#

    def _remind_due(self):
        """Do what the plans of one person's lines ask for; a lane's step."""
        try:
            self._follow_plans()
        except CeremonyError as error:
            if error.code == "no_email":
                # Nobody can be written to: the office has to know.
                for line in self:
                    line.request_id._note_unanswered(line)
            elif error.code not in ("busy", "today", "untold"):
                raise
            # Otherwise somebody acts on the document, or on the person: the next run
            # takes these lines again.

    def _follow_plans(self):
        now = fields.Datetime.now()
        siblings = self[:1]._siblings()
        ready = self.browse()
        for line in self:
            template = line.request_id.template_id
            if line._is_held():
                # The plan goes on once the office has decided.
                line.request_id._note_reminder_moved(line, now + timedelta(days=1))
            elif line not in siblings or not template.reminder_auto:
                line.request_id._note_reminder_moved(line, False)
            elif line.reminder_count >= template.reminder_max:
                line.request_id._note_unanswered(line)
            elif siblings._told_today():
                moment = now + timedelta(days=1)
                line.request_id._note_reminder_moved(line, moment)
            else:
                ready |= line
        if ready:
            ready._remind("email", None, force=False)

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
        lines = self[:1]._siblings()
        if not lines & self:
            raise CeremonyError(
                409, "untold", self.env._("The first message has not left yet.")
            )
        if lines._told_today() and not force:
            raise CeremonyError(
                409, "today", self.env._("Already had a message today.")
            )
        if channel == "sms":
            lines._remind_by_sms(actor)
        else:
            lines._remind_by_mail(actor)

    def _remind_by_mail(self, actor):
        person = self[:1]
        address = person.email or person.user_id.sudo().email  # the account's own
        if not address:
            raise CeremonyError(
                422, "no_email", self.env._("There is no e-mail address to write to.")
            )
        links = self.env["campus.sign.link"].sudo()  # nobody has a right on links
        link = links.create(
            {
                "partner_id": person.partner_id.id,
                "email": address,
                "company_id": person.company_id.id,
                "lang": person.lang or person.request_id.lang,
                "reminder": True,
            }
        )
        self.env.cr.commit()  # pylint: disable=invalid-commit
        if not self._note_each("email", actor, email=address):
            # Another run reminded them a moment ago: nothing to say.
            link.unlink()
            raise CeremonyError(
                409, "today", self.env._("Already had a message today.")
            )
        link._create_mail()

    def _remind_by_sms(self, actor):
        """Send a text without any personal link: it says where the link is."""
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
        sms._send(number, body, partner, company)
        self._note_each("sms", actor, number=mask_number(number))

    def _note_each(self, channel, actor, **private):
        """Write each document's event; return whether one at least was to do.

        A document somebody acts on at this moment is passed over: its own plan goes
        on, and the message is about the others too.
        """
        noted = False
        for line in self:
            try:
                noted |= line.request_id._note_reminded(line, channel, actor, **private)
            except CeremonyError as error:
                if error.code != "busy":
                    raise
        return noted
