# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import email
import email.policy
import socket
from unittest.mock import patch

from aiosmtpd.controller import Controller

from odoo.addons.base.models.ir_mail_server import IrMail_Server


class SmtpServer:
    """A real SMTP server on the loopback interface; a context manager.

    ``refused`` holds the addresses it does not know (550), ``refuses_senders`` makes
    it refuse every sender; what it accepts is in ``messages``.
    """

    def __init__(self):
        self.refused = set()
        self.refuses_senders = False
        self.messages = []
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)

    def __enter__(self):
        self._controller.start()
        return self

    def __exit__(self, *exc_info):
        self._controller.stop()

    async def handle_MAIL(self, _server, _session, envelope, address, options):  # noqa: N802
        """Accept or refuse a sender (called by aiosmtpd)."""
        if self.refuses_senders:
            return "553 5.7.1 Sender not allowed"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802
        """Accept or refuse a recipient (called by aiosmtpd)."""
        if address.lower() in self.refused:
            return "550 5.1.1 No such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802
        """Keep a message (called by aiosmtpd)."""
        self.messages.append(
            email.message_from_bytes(envelope.content, policy=email.policy.default)
        )
        return "250 OK"


class MailMixin:
    """Odoo's own way out to a real SMTP server, for a test case with ``env``."""

    def start_smtp(self):
        """Start a server, make it the only way out; return it."""
        smtp = self.enterContext(SmtpServer())
        servers = self.env["ir.mail_server"].sudo()
        servers.search([]).active = False
        self.mail_server = servers.create(
            {"name": "Loopback", "smtp_host": "127.0.0.1", "smtp_port": smtp.port}
        )
        # Odoo sends nothing at all during tests; here it does, to this machine only.
        self.enterContext(
            patch.object(IrMail_Server, "_disable_send", lambda self: False)
        )
        return smtp
