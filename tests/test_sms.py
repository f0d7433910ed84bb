# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Acts start from what is committed; the cursor is the test's own.
# pylint: disable=invalid-commit
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_sign import SignCase
from .common_sms import SmsMixin


@tagged("post_install", "-at_install")
class TestSms(SmsMixin, SignCase):
    """Text messages through Odoo's SMS client and a real service (loopback)."""

    def setUp(self):
        super().setUp()
        self.school = self.here(self.establishment)
        self.phones = self.start_sms(self.school)
        self.sms = self.env["campus.sign.sms"].sudo()

    def text(self, number="06 12 34 56 78", body="Bonjour"):
        return self.sms._send(number, body, self.here(self.tutor), self.school)

    def test_the_number_is_checked_and_the_text_leaves(self):
        self.assertTrue(self.text())
        self.assertEqual(self.phones.texts("+33612345678"), ["Bonjour"])
        for wrong in ("", False, "12", "abc", "+33 1"):
            with self.subTest(number=wrong), self.refuses("sms_number", 422):
                self.text(wrong)
        self.assertEqual(len(self.phones.texts()), 1)

    def test_nothing_is_kept_in_the_database(self):
        """Invariant 9: a code in a queue would be a readable secret."""
        self.text(body="Code 493 127")
        self.assertFalse(self.env["sms.sms"].sudo().search([]))
        with self.assertRaises(ValueError):
            self.text(body="https://example.org/sign#abcdef")

    @mute_logger("odoo.addons.iap.tools.iap_tools", "odoo.tools.translate")
    def test_each_refusal_of_the_service_is_a_sentence(self):
        for state, code, status in (
            ("insufficient_credit", "sms_credit", 503),
            ("unregistered", "sms_account", 503),
            ("wrong_number_format", "sms_number", 422),
            ("country_not_supported", "sms_number", 422),
            ("server_error", "sms_service", 503),
        ):
            self.phones.state = state
            with self.subTest(state=state), self.refuses(code, status):
                self.text()
        self.phones.down = True
        with self.refuses("sms_service", 503):
            self.text()

    def test_switched_off_is_off(self):
        self.school.sign_sms = False
        with self.refuses("sms_off", 409):
            self.text()
        self.assertFalse(self.phones.texts())

    def test_the_log_names_neither_text_nor_number(self):
        request = self.send()
        line = self.line(request, "tutor")
        request._note_text_message(line, "reminder", "+33612345678")
        step = request._steps()[-1]
        self.assertEqual(step["kind"], "notified")
        self.assertIn("SMS", step["detail"])
        self.assertNotIn("345", str(request._event_persons()))
