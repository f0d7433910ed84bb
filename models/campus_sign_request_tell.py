# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from markupsafe import escape

from odoo import api, fields, models

from .campus_sign_event import Chain
from .campus_sign_link import PLACEHOLDER
from .ceremony_errors import CeremonyError
from .gate import gate, unlocked


class CampusSignRequest(models.Model):
    """Telling people: one mail per person, however many documents (A084).

    Lines are only marked when their turn comes. A lane groups the marks by
    person, writes the event of each document, then the single mail: a crash at
    any point neither forgets a person nor writes to him twice for one turn.
    """

    _inherit = "campus.sign.request"

    @api.model
    def _cron_notify(self):
        """Turn marks into mails."""
        busy = self._busy_senders()
        due = self.env["campus.sign.signer"].search(
            [("notify_due", "=", True)], limit=500
        )
        ready = due.filtered(lambda s: s.request_id.sender_id.id not in busy)
        for (partner, email, company, lang, user), lines in ready.grouped(
            lambda s: (s.partner_id, s.email, s.company_id, s.lang, s.user_id)
        ).items():
            # A representative signs with his account: a link would open nothing.
            link = self.env["campus.sign.link"]
            if not user:
                link = self._link_to_mail(partner, email, company, lang)
            for line in lines:
                line.request_id._note_notified(line)
            if link:
                link._create_mail()
            left = self.env["ir.cron"]._commit_progress(len(lines))
            if not left:
                self._trigger_lanes("notify")
                return
        if not self.env["campus.sign.news"]._tell_due():
            self._trigger_lanes("notify")

    @api.model
    def _busy_senders(self):
        """Return who is still being served: his documents leave in one mail."""
        groups = self._read_group([("state", "=", "queued")], ["sender_id"])
        return {sender.id for (sender,) in groups}

    def _link_to_mail(self, partner, email, company, lang):
        """Return the link of the mail to write, made and committed beforehand."""
        if not email:
            return self.env["campus.sign.link"]
        links = self.env["campus.sign.link"].sudo()  # nobody has a right on links
        link = links.search(
            [
                ("partner_id", "=", partner.id),
                ("email", "=", email),
                ("company_id", "=", company.id),
                ("to_mail", "=", True),
                ("reminder", "=", False),
            ],
            limit=1,
        ) or links.create(
            {
                "partner_id": partner.id,
                "email": email,
                "company_id": company.id,
                "lang": lang,
            }
        )
        self.env["ir.cron"]._commit_progress()
        return link

    def _note_notified(self, line):
        """Write in the log that a signer is told; behind the gate."""
        try:
            with gate(self) as request:
                if not line.notify_due:
                    return
                sha = request.revisions[-1]["sha256"]
                chain = Chain(request)
                chain.append(
                    "notified",
                    before=sha,
                    after=sha,
                    private={"name": line.name, "email": line.email or ""},
                    field=line.field_name,
                    channel=line._channel(),
                )
                chain.store()
                kind = "finalise" if line.user_id else "sign"
                for user in line._told_users():
                    if not request._has_activity(kind, user):
                        request._schedule(f"campus_sign.activity_{kind}", user)
                    user._bus_send("campus_sign/to_sign", {})
                if line.establishment_id == request.other_establishment_id:
                    request._tell_establishment(line)
                now = fields.Datetime.now()
                plan = line._reminder_start(now)
                unlocked(line).write({"notify_due": False, "notified_at": now, **plan})
        except CeremonyError as error:
            # The mark stays: the next run of the lane takes this line again.
            if error.code != "busy":
                raise

    def _schedule(self, xmlid, user, note=""):
        """Give a user an activity; its count is his notification, no mail leaves."""
        reader = self._in_language_of(user).with_context(
            mail_activity_quick_update=True
        )
        reader.activity_schedule(
            # The note is HTML, and what people wrote is not.
            xmlid,
            user_id=user.id,
            note=escape(note),
        )

    def _in_language_of(self, user):
        """Return the document as written about to a user, whoever acts."""
        return self.with_context(lang=user.lang)

    # === OTHER NEWS ===#

    def _tell(self, template, lines, **values):
        """Queue one mail about this document per line; it leaves after the commit."""
        self.ensure_one()
        mails = self.env["mail.mail"].sudo()  # written by the circuit, not by people
        for line in lines.filtered("email"):
            vals = self._mail_vals(
                template,
                line.email,
                line.lang or self.lang,
                self.company_id,
                {"document": self, "name": line.name, "token": PLACEHOLDER, **values},
            )
            mails.create({**vals, "campus_link_id": self._link_of(line).id})
        self._wake_mails()

    def _tell_establishment(self, line):
        """Write to the head of the other establishment (B012).

        He signs with his account: the mail holds no personal link.
        """
        mails = self.env["mail.mail"].sudo()  # written by the circuit, not by people
        if line.email and line.establishment_id:
            mails.create(
                self._mail_vals(
                    "campus_sign.mail_establishment_turn",
                    line.email,
                    line.lang or self.lang,
                    self.company_id,
                    {"document": self, "name": line.name},
                )
            )
            self._wake_mails()

    def _link_of(self, line):
        """Return a new personal link for a mail that is being written."""
        links = self.env["campus.sign.link"].sudo()  # nobody has a right on links
        return links.create(
            {
                "partner_id": line.partner_id.id,
                "email": line.email,
                "company_id": self.company_id.id,
                "lang": line.lang or self.lang,
                "to_mail": False,
            }
        )

    @api.model
    def _mail_vals(self, template, email, lang, company, values):
        """Return the values of a mail in the reader's language."""
        reader = self.with_context(lang=lang)
        values = {key: _in_lang(value, lang) for key, value in values.items()}
        body = reader.env["ir.qweb"]._render(
            template, {**values, "company": company, "base_url": company.get_base_url()}
        )
        subject = reader._mail_subject(template, values)
        sender = company.email_formatted or self.env.user.email_formatted
        return {
            "subject": subject,
            "body_html": body,
            "email_to": email,
            "email_from": sender,
            "auto_delete": True,
        }

    def _mail_subject(self, template, values):
        document = values.get("document")
        title = document.name if document else ""
        count = values.get("count", 0)
        env = self.env
        return {
            "campus_sign.mail_to_sign": env._("1 document to sign")
            if count == 1
            else env._("%(count)s documents to sign", count=count),
            "campus_sign.mail_document": ", ".join(values.get("titles", ())[:3]),
            "campus_sign.mail_establishment_turn": env._(
                "To sign for your establishment: %(title)s", title=title
            ),
        }[template]

    @api.model
    def _wake_mails(self):
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()

    def _tell_refusal(self, signer, reason):
        """Tell whoever signed, and the office, that somebody refused (decision 3)."""
        concerned = self.signer_ids.filtered(
            lambda s: s.status in ("signed", "paper") and signer.mandatory
        )
        self._note_news("refused", concerned, signer_id=signer.id, reason=reason)
        if self.sender_id:
            self._schedule(
                "campus_sign.activity_refused",
                self.sender_id,
                self._in_language_of(self.sender_id).env._(
                    "%(name)s (%(role)s) refused: %(reason)s",
                    name=signer.name,
                    role=signer.role_name,
                    reason=reason,
                ),
            )


class CampusSignLinkMail(models.Model):
    _inherit = "campus.sign.link"

    def _create_mail(self):
        """Write the mail of a link: number of documents, one button (A084-A086)."""
        self.ensure_one()
        lines = self._lines()
        requests = self.env["campus.sign.request"]
        self.to_mail = False
        if not lines:
            return
        templates = lines.request_id.template_id
        vals = requests._mail_vals(
            "campus_sign.mail_to_sign",
            self.email,
            self.lang,
            self.company_id,
            {
                "name": lines[:1].name,
                "lines": lines,
                "count": len(lines),
                "introduction": templates.with_context(
                    lang=self.lang
                )._mail_introduction()
                if len(templates) == 1
                else False,
                "token": PLACEHOLDER,
                "expires_at": self.expires_at,
            },
        )
        if len(templates) == 1 and templates.with_context(lang=self.lang).mail_subject:
            vals["subject"] = templates.with_context(lang=self.lang).mail_subject
        mails = self.env["mail.mail"].sudo()  # the circuit writes, not a person
        mails.create({**vals, "campus_link_id": self.id})
        requests._wake_mails()

    def _lines(self):
        """Return the lines this link may sign now."""
        pending = self.env["campus.sign.signer"].search(
            [
                ("partner_id", "=", self.partner_id.id),
                ("email", "=", self.email),
                ("status", "=", "pending"),
                ("disowned_at", "=", False),
                ("request_id.state", "in", ["waiting", "finalizable", "to_finalize"]),
            ]
        )
        return pending.filtered(lambda s: s in s.request_id._may_sign_now())


def _in_lang(value, lang):
    """Return a record that reads its translated fields in ``lang``."""
    return (
        value.with_context(lang=lang) if isinstance(value, models.BaseModel) else value
    )
