# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# What was prepared must be stored before it leaves.
# pylint: disable=invalid-commit
import logging

from odoo import fields, models

from .ceremony_errors import CeremonyError

_logger = logging.getLogger(__name__)

CODE_PLACEHOLDER = "campus-sign-code"


class CampusSignCode(models.Model):
    """Bringing a code to its person, at once: he is waiting for it."""

    _inherit = "campus.sign.code"

    def _deliver(self, destination):
        """Send the code; a code that cannot leave keeps the door shut.

        :raise CeremonyError: 409 ``code_not_sent``; the office is told
        """
        self.ensure_one()
        try:
            if self.method == "sms":
                self._deliver_sms(destination)
            else:
                self._deliver_mail(destination)
            return
        except CeremonyError as error:
            reason = error.message
        _logger.warning("a signing code did not leave: %s", reason)
        self.signer_ids[:1].request_id._tell_code_failure(self.signer_ids[:1], reason)
        method = self.method
        self.unlink()
        self.env.cr.commit()
        raise CeremonyError(
            409,
            "code_not_sent",
            self.env._(
                "The code could not be sent by SMS. You cannot sign at the moment; "
                "the establishment has been told."
            )
            if method == "sms"
            else self.env._(
                "The code could not be sent by e-mail. You cannot sign at the moment; "
                "the establishment has been told."
            ),
        )

    def _deliver_mail(self, address):
        """Send the mail now.

        :raise CeremonyError: 409 ``mail`` when the server did not take it
        """
        line = self.signer_ids[:1]
        request = line.request_id
        vals = request._mail_vals(
            "campus_sign.mail_code",
            address,
            line.lang or request.lang,
            line.company_id,
            {"name": line.name, "code": CODE_PLACEHOLDER},
        )
        mails = self.env["mail.mail"].sudo()  # written by the circuit, not by people
        mail = mails.create({**vals, "campus_code_id": self.id})
        self.env.cr.commit()
        mail.send()
        # A mail that left is deleted; one that did not would leave later, too late.
        failed = mail.exists().filtered(lambda one: one.state != "sent")
        if failed or not self.code_hash:
            reason = failed.failure_reason or ""
            failed.unlink()
            raise CeremonyError(
                409,
                "mail",
                self.env._("The e-mail did not leave. %(reason)s", reason=reason),
            )

    def _deliver_sms(self, number):
        """Send the SMS now.

        :raise CeremonyError: the sentence of the SMS service, which took nothing
        """
        line = self.signer_ids[:1]
        reader = self.with_context(lang=line.lang or line.request_id.lang)
        text = reader.env._(
            "%(establishment)s: your signing code is %(code)s. Tell it to nobody.",
            establishment=line.company_id.name,
            code=self._mint(),
        )
        self.env.cr.commit()
        self.env["campus.sign.sms"]._send(
            number, text, line.partner_id, line.company_id
        )
        line.request_id._note_text_message(line, "code", number)


class MailMail(models.Model):
    _inherit = "mail.mail"

    campus_code_id = fields.Many2one(
        "campus.sign.code", ondelete="set null", groups=fields.NO_ACCESS
    )

    def _prepare_outgoing_list(self, *args, **kwargs):
        """Choose the digits while the mail leaves: no queue ever holds them."""
        outgoing = super()._prepare_outgoing_list(*args, **kwargs)
        code = self.sudo().campus_code_id  # hidden from everybody, needed here
        if code:
            digits = code._mint()
            self.env.cr.commit()
            for email in outgoing:
                for part in ("body", "body_alternative"):
                    if email.get(part):
                        email[part] = email[part].replace(CODE_PLACEHOLDER, digits)
        return outgoing
