# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# What leaves is stored before it does.
# pylint: disable=invalid-commit
from contextlib import contextmanager
from uuid import uuid4

from odoo import api, models
from odoo.exceptions import AccessError, UserError

from .campus_sign_event import Chain
from .ceremony_errors import CeremonyError
from .gate import gate
from .masks import mask_number

# What the SMS service answers when it has taken a message over.
_TAKEN = ("success", "processing", "sent", "delivered")


class CampusSignSms(models.AbstractModel):
    """Text messages, through the SMS service Odoo is configured with.

    The body goes straight to the service: no ``sms.sms`` row keeps it, because the
    queue is readable and a body may hold a one-time code. It never holds a personal
    link: whoever reads a text over a shoulder, or on a phone that changed hands,
    must not be able to sign.

    Sending talks to another server for up to 15 seconds: call it after the commit
    of an act, never behind the gate.
    """

    _name = "campus.sign.sms"
    _description = "Text messages of circuits"

    @api.model
    def _available(self, company):
        """Tell whether an establishment sends text messages."""
        return company.sudo().sign_sms  # a switch, whoever asks

    @api.model
    def _send(self, number, body, partner=None, company=None):
        """Send one text message now; return ``True``.

        Example::

            self.env["campus.sign.sms"]._send(phone, body, partner, company)

        :param number: as people write it; checked and put in E.164
        :param body: plain text without any personal link
        :param partner: the person, whose country completes the number
        :param company: the establishment, the current one by default
        :raise CeremonyError: ``sms_off`` (409), ``sms_number`` (422), ``sms_credit``,
            ``sms_account``, ``sms_service`` (503): nothing was sent
        """
        company = company or self.env.company
        if "/sign#" in body or "/sign/" in body:
            raise ValueError("a text message carries no personal link")
        if not self._available(company):
            raise CeremonyError(
                409,
                "sms_off",
                self.env._(
                    "Text messages are switched off for %(company)s.",
                    company=company.name,
                ),
            )
        number = self._number(number, partner, company)
        state = self._deliver(number, body, company)
        if state not in _TAKEN:
            raise self._refusal(state)
        return True

    @api.model
    @contextmanager
    def _leaving(self, partner, company, force=False):
        """Keep on record that a text to a person leaves, until it is known what became
        of it: for one sender at a time, who notes the text inside.

        :param force: write even when it is not known what became of the last one
        :raise CeremonyError: 409 ``today``: the last one may have arrived
        """
        mark = {"kind": "text", "key": f"{partner.id}:{company.id}"}
        marks = self.env["campus.sign.attempt"].sudo()  # a trace, no person's
        lost = marks.search([(name, "=", value) for name, value in mark.items()])
        if lost and not force:
            raise CeremonyError(
                409,
                "today",
                self.env._(
                    "The server stopped while a text message was leaving: it may have "
                    "arrived."
                ),
            )
        lost.unlink()
        left = marks.create(mark)
        self.env.cr.commit()
        try:
            yield
        except CeremonyError:
            # The service took nothing.
            left.unlink()
            self.env.cr.commit()
            raise
        left.unlink()
        self.env.cr.commit()

    @api.model
    def _number(self, number, partner=None, company=None):
        """Return a telephone number in E.164 (``+33612345678``).

        :raise CeremonyError: 422 ``sms_number``: missing, or not a telephone number
        """
        company = company or self.env.company
        # The country only; whoever signs has no right on contacts.
        country = partner.sudo().country_id if partner else partner
        formatted = number and self.env["res.partner"]._phone_format(
            number=number, country=country or company.sudo().country_id
        )
        if not formatted:
            raise CeremonyError(
                422,
                "sms_number",
                self.env._(
                    "« %(number)s » is not a telephone number that can receive text "
                    "messages.",
                    number=number,
                )
                if number
                else self.env._("There is no telephone number to write to."),
            )
        return formatted

    @api.model
    def _deliver(self, number, body, company):
        """Hand one message over to the SMS service; return the state it answers."""
        # The account of the establishment is the server's, not the signer's.
        env = self.sudo().with_company(company).env
        message = {
            "content": body,
            "numbers": [{"uuid": uuid4().hex, "number": number}],
        }
        try:
            service = company.sudo()._get_sms_api_class()(env)
            service._set_company(company.sudo())
            results = service._send_sms_batch([message])
        except (AccessError, UserError):
            # Odoo words a service out of reach as an access error.
            return "unreachable"
        return results[0]["state"] if results else "unreachable"

    @api.model
    def _refusal(self, state):
        """Return the error, worded for people, of a message that was not taken."""
        if state in ("wrong_number_format", "country_not_supported", "sms_number"):
            return CeremonyError(
                422,
                "sms_number",
                self.env._("The SMS service refuses this telephone number."),
            )
        if state == "insufficient_credit":
            return CeremonyError(
                503,
                "sms_credit",
                self.env._("The SMS service has no credit left: buy some credits."),
            )
        if state in ("unregistered", "registration_needed"):
            return CeremonyError(
                503,
                "sms_account",
                self.env._("The account of the SMS service is not registered."),
            )
        return CeremonyError(
            503,
            "sms_service",
            self.env._("The SMS service does not answer. Please try again later."),
        )

    @api.model
    def _credit(self):
        """Return the credit left at Odoo's SMS service, -1 when it does not answer."""
        # A balance, for the super-administrator's test.
        return self.env["iap.account"].sudo().get_credits("sms")


class CampusSignRequest(models.Model):
    _inherit = "campus.sign.request"

    def _note_text_message(self, line, purpose, number):
        """Write in the log that a text message left; behind the gate.

        Neither the body nor the whole number is kept.

        :param purpose: a word: ``reminder``, ``code``…
        :raise CeremonyError: 409 ``busy``
        """
        with gate(self) as request:
            sha = request.revisions[-1]["sha256"] if request.revisions else None
            chain = Chain(request)
            chain.append(
                "notified",
                before=sha,
                after=sha,
                private={"name": line.name, "number": mask_number(number)},
                field=line.field_name,
                channel="sms",
                purpose=purpose,
            )
            chain.store()
