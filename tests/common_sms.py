# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from types import SimpleNamespace
from unittest.mock import patch

from odoo.addons.iap.tools import iap_tools

from .sms_service import SmsServer


class SmsMixin:
    """A real SMS service on the loopback interface, for a test case with ``env``.

    Example::

        phones = self.start_sms()          # after self.env is the test's own
        ...
        self.assertEqual(phones.texts("+33612345678"), ["…"])
    """

    def start_sms(self, *companies):
        """Start the service, switch text messages on; return the server."""
        phones = self.enterContext(SmsServer())
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param("sms.endpoint", phones.endpoint)
        parameters.set_param("iap.endpoint", phones.endpoint)
        for company in companies or self.env.companies:
            company.sudo().sign_sms = True
        # Odoo's client refuses to speak at all during tests; here it speaks for real,
        # to this machine only.
        free = SimpleNamespace(module=SimpleNamespace(current_test=None))
        self.enterContext(patch.object(iap_tools, "modules", free))
        return phones
