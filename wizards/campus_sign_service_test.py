# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
import smtplib
import socket
import ssl

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize

from ..engine import rendering
from ..engine.pades import PadesError
from ..models.ceremony_errors import CeremonyError

_logger = logging.getLogger(__name__)


class CampusSignServiceTest(models.TransientModel):
    """« Tester la connexion au service »: each part tried, one sentence each."""

    _name = "campus.sign.service.test"
    _inherit = ["campus.confined"]
    _description = "Test of the signature service"

    company_id = fields.Many2one("res.company", required=True, readonly=True)
    line_ids = fields.One2many("campus.sign.service.test.line", "test_id")
    problem_count = fields.Integer(compute="_compute_problem_count")

    @api.depends("company_id.name")
    def _compute_display_name(self):
        for test in self:
            test.display_name = self.env._("Connection to the service")

    @api.depends("line_ids.state")
    def _compute_problem_count(self):
        for test in self:
            test.problem_count = test.line_ids.mapped("state").count("problem")

    @api.model
    def _run(self, company):
        """Try everything for an establishment and return the action of the report."""
        company._check_sign_admin()
        test = self.create({"company_id": company.id})
        self.env["campus.sign.service.test.line"].create(
            [
                {"test_id": test.id, "sequence": sequence, **line}
                for sequence, line in enumerate(test._lines(), start=1)
            ]
        )
        return {
            "type": "ir.actions.act_window",
            "name": test.display_name,
            "res_model": self._name,
            "res_id": test.id,
            "view_mode": "form",
            "target": "new",
        }

    def _lines(self):
        """Return the values of the lines; what follows a dead part is not tried."""
        lines = [
            self._tried(self.env._("Signature keys"), self._try_keys),
            self._tried(self.env._("PDF engine and fonts"), self._try_rendering),
        ]
        if all(line["state"] == "ok" for line in lines):
            name = self.env._("Test signature and timestamp")
            lines.append(self._tried(name, self._try_signature))
        lines.append(self._tried(self.env._("Outgoing e-mail"), self._try_mail))
        lines.append(self._tried(self.env._("SMS"), self._try_sms))
        return lines

    def _tried(self, name, try_part):
        """Return the values of a line; a part that breaks hides none of the others."""
        try:
            state, message = try_part(self.company_id)
        except Exception as error:
            # Whatever a broken library raises: finding it is what the test is for.
            _logger.warning("%s: %r", name, error, exc_info=True)
            state, message = (
                "problem",
                self.env._(
                    "It fails in a way nobody foresaw: %(reason)s",
                    reason=_first_line(error),
                ),
            )
        return {"name": name, "state": state, "message": message}

    # === PARTS: each answers (state, sentence) ===#

    def _try_keys(self, company):
        authority = company._sign_authority()
        if not authority:
            return "problem", self.env._(
                "The service is not activated: tick « %(box)s ».",
                box=self.env._("Activate the service"),
            )
        problems = authority._problems()
        if problems:
            return "problem", " ".join(problems)
        return "ok", self.env._("The keys of the establishment open.")

    def _try_rendering(self, company):
        try:
            rendered = rendering.render(
                company._sign_test_html(), expected=["sig-1"], identifier="test"
            )
        except (rendering.RenderingError, OSError, ValueError) as error:
            return "problem", self.env._(
                "A test document cannot be made: %(reason)s", reason=str(error)
            )
        return "ok", self.env._(
            "A test document of %(size)s KB was made, with its fonts.",
            size=len(rendered.pdf) // 1024,
        )

    def _try_signature(self, company):
        try:
            problem = company._sign_test()
        except (CeremonyError, PadesError) as error:
            problem = str(error)
        if problem:
            return "problem", problem
        return "ok", self.env._(
            "A test document was sealed, signed, timestamped and verified, then "
            "thrown away."
        )

    def _try_mail(self, company):
        """Open a connection to the mail server and name the sender; send nothing."""
        sender = email_normalize(company.email or "")
        if not sender:
            return "problem", self.env._(
                "The establishment has no e-mail address to write from."
            )
        # Its address and password are the server administrator's; the answer is told.
        servers = self.env["ir.mail_server"].sudo()
        try:
            session = servers._connect__(smtp_from=sender)
            if not session:
                return "problem", self.env._("E-mails are switched off on this server.")
            try:
                code, answer = session.mail(sender)
                session.rset()
            finally:
                session.quit()
        except (smtplib.SMTPException, OSError, UserError) as error:
            return "problem", self._mail_refusal(error)
        if code != 250:
            return "problem", self.env._(
                "The outgoing mail server refuses to send for %(sender)s: %(reason)s",
                sender=sender,
                reason=answer.decode(errors="replace"),
            )
        return "ok", self.env._(
            "The outgoing mail server accepts to send for %(sender)s.", sender=sender
        )

    def _mail_refusal(self, error):
        """Return what to correct, for the errors people can do something about."""
        sentences = {
            smtplib.SMTPAuthenticationError: self.env._(
                "The outgoing mail server refuses the user name or the password."
            ),
            socket.gaierror: self.env._(
                "The outgoing mail server does not answer: there is no server of that "
                "name."
            ),
            ConnectionRefusedError: self.env._(
                "The outgoing mail server does not answer: nothing listens at its "
                "address and port."
            ),
            TimeoutError: self.env._(
                "The outgoing mail server does not answer: it took too long."
            ),
            ssl.SSLError: self.env._(
                "The outgoing mail server speaks another encryption: check it with the "
                "port."
            ),
        }
        for kind, sentence in sentences.items():
            if isinstance(error, kind):
                return sentence
        return self.env._(
            "The outgoing mail server does not answer: %(reason)s",
            reason=_first_line(error),
        )

    def _try_sms(self, company):
        sms = self.env["campus.sign.sms"]
        if not sms._available(company):
            return "off", self.env._(
                "Text messages are switched off: nobody is reminded by SMS."
            )
        credit = sms._credit()
        if credit < 0:
            return "problem", self.env._("The SMS service does not answer.")
        if credit == 0:
            return "problem", self.env._("The SMS service has no credit left.")
        return "ok", self.env._(
            "The SMS service answers: %(credit)s credit(s) left.",
            credit=f"{credit:g}",
        )


class CampusSignServiceTestLine(models.TransientModel):
    _name = "campus.sign.service.test.line"
    _inherit = ["campus.confined"]
    _description = "Part of the test of the signature service"
    _order = "sequence, id"

    test_id = fields.Many2one(
        "campus.sign.service.test", required=True, ondelete="cascade"
    )
    sequence = fields.Integer()
    name = fields.Char(readonly=True)
    state = fields.Selection(
        [("ok", "Works"), ("problem", "Does not work"), ("off", "Switched off")],
        readonly=True,
    )
    message = fields.Text(readonly=True)


def _first_line(error):
    """Return the first line of what an error says, for people."""
    text = str(error.args[-1] if error.args else error)
    return text.strip().splitlines()[0] if text.strip() else type(error).__name__
