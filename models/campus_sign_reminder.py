# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models

from .campus_sign_event import Chain
from .campus_sign_link import PLACEHOLDER
from .campus_sign_sms import mask_number
from .ceremony_errors import CeremonyError
from .gate import gate, unlocked

OPEN = ("waiting", "finalizable", "to_finalize")
SLICE = 200


class CampusSignSigner(models.Model):
    """Reminders of one line (A116)."""

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
                ("request_id.state", "in", OPEN),
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


class CampusSignRequest(models.Model):
    """Reminders: one message per person for all his documents (A116)."""

    _inherit = "campus.sign.request"

    def _may_remind_now(self):
        """Return the lines whose turn it is and whose signer is not in doubt."""
        return self._may_sign_now().filtered(lambda line: not line._is_held())

    # === BY HAND ===#

    def _act_remind(self, channel, force=False):
        """Remind whose turn it is on these documents.

        :param channel: ``email`` or ``sms``
        :param force: even who already had a message today
        :return: (names of the persons reminded, pairs (name, why not))
        """
        self._check_may_manage()
        actor = self._office_actor()
        requests = self.sudo()  # the right was checked just above
        lines = held = requests.signer_ids.browse()
        for request in requests:
            turn, told = request._may_sign_now(), request._may_remind_now()
            lines |= told
            held |= turn - told
        decide = self.env._(
            "Proposed somebody else, or is not this person: decide first."
        )
        done, refused = [], [(line.name, decide) for line in held]
        for person in lines.grouped(lambda line: line._person()).values():
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


class CampusSignReminder(models.Model):
    """What is done to all the lines of one person."""

    _inherit = "campus.sign.signer"

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


class CampusSignLink(models.Model):
    _inherit = "campus.sign.link"

    reminder = fields.Boolean(help="Made for a reminder, whose words are others.")

    def _create_mail(self):
        """Write the mail of a reminder, or of a first message (A084, A116)."""
        self.ensure_one()
        if not self.reminder:
            return super()._create_mail()
        requests = self.env["campus.sign.request"]
        lines = self._reminded_lines()
        self.to_mail = False
        if not lines:
            return None
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
        return None

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
