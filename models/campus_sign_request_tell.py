# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from markupsafe import escape

from odoo import api, models
from odoo.fields import Domain

from ..engine import circuit
from .campus_sign_link import PLACEHOLDER
from .gate import gate_each
from .one_line import one_line


class CampusSignRequest(models.Model):
    """Telling people: one mail per person, however many documents (A084).

    Lines are only marked when their turn comes. A lane takes some people at a time
    and writes, in one transaction, the events of their documents, their links and
    their mails: a crash at any point neither forgets a person nor writes to him
    twice for one turn.
    """

    _inherit = "campus.sign.request"

    @api.model
    def _cron_notify(self):
        """Turn marks into mails."""
        signers = self.env["campus.sign.signer"]
        # Who is still being served: his documents leave in one mail.
        due = Domain("notify_due", "=", True) & Domain(
            "request_id.sender_id", "not in", self._busy_senders()
        )
        passed_over = self.browse()

        def tell(first):
            nonlocal passed_over
            # However many documents wait for these people, now is when they are told.
            lines = signers.search(
                due & Domain("partner_id", "in", first.partner_id.ids)
            )
            passed_over |= lines.request_id._tell_turns(lines)

        if not self.env["ir.cron"]._in_slices("notify", signers, due, tell):
            return
        if not self.env["campus.sign.news"]._tell_due():
            self._trigger_lanes("notify")
        if passed_over:
            self._come_back("notify")

    @api.model
    def _busy_senders(self):
        """Return the ids of the users whose documents are still being made."""
        groups = self._read_group([("state", "=", "queued")], ["sender_id"])
        return [sender.id for (sender,) in groups]

    def _tell_turns(self, lines):
        """Tell the people of ``lines``, in one transaction.

        A document somebody acts on keeps its marks: the next run takes them again.

        :return: the documents somebody acts on
        """
        with gate_each(self) as held:
            lines = lines.search(
                [
                    ("id", "in", lines.ids),
                    ("notify_due", "=", True),
                    ("request_id", "in", held.ids),
                ]
            )
            lines._note_notified()
            # A representative signs with his account: a link would open nothing.
            lines.filtered(lambda line: line.email and not line.user_id)._mail_turns()
        return self - held

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
        return links.create(line._link_vals())

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
            "subject": one_line(subject),
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

    def _create_mails(self):
        """Write the mail of each link: number of documents, one button (A084-A086)."""
        requests = self.env["campus.sign.request"]
        mails = [
            link._mail_to_sign(lines)
            for link, lines in self._lines_of_each().items()
            if lines
        ]
        if mails:
            # The circuit writes, not a person.
            self.env["mail.mail"].sudo().create(mails)
            requests._wake_mails()

    def _mail_to_sign(self, lines):
        """Return the values of the mail about ``lines``."""
        templates = lines.request_id.template_id.with_context(lang=self.lang)
        own = templates if len(templates) == 1 else templates.browse()
        vals = self.env["campus.sign.request"]._mail_vals(
            "campus_sign.mail_to_sign",
            self.email,
            self.lang,
            self.company_id,
            {
                "name": lines[:1].name,
                "lines": lines,
                "count": len(lines),
                "introduction": own._mail_introduction() if own else False,
                "token": PLACEHOLDER,
                "expires_at": self.expires_at,
            },
        )
        if own.mail_subject:
            vals["subject"] = one_line(own.mail_subject)
        return {**vals, "campus_link_id": self.id}

    def _lines(self):
        """Return the lines this link may sign now."""
        return self._lines_of_each()[self]

    def _lines_of_each(self):
        """Return ``{link: lines it may sign now}``."""
        signers = self.env["campus.sign.signer"]
        pending = signers.search(
            [
                ("partner_id", "in", self.partner_id.ids),
                ("email", "in", self.mapped("email")),
                ("status", "=", "pending"),
                ("disowned_at", "=", False),
                ("request_id.state", "in", list(circuit.OPEN_STATES)),
            ]
        )
        turns = signers.union(*(r._may_sign_now() for r in pending.request_id))
        found = (pending & turns).grouped(lambda line: (line.partner_id, line.email))
        return {
            link: found.get((link.partner_id, link.email), signers) for link in self
        }


def _in_lang(value, lang):
    """Return a record that reads its translated fields in ``lang``."""
    return (
        value.with_context(lang=lang) if isinstance(value, models.BaseModel) else value
    )
