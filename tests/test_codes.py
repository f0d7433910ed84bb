# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Acts start from what is committed; the cursor is the test's own.
# pylint: disable=invalid-commit
import base64
import re
import time

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.auth_totp.models.totp import hotp

from ..models.campus_sign_code import MAX_TRIES
from .common_mail import MailMixin
from .common_sign import SignCase, secret
from .common_sms import SmsMixin

MAIL_LOG = "odoo.addons.campus_sign.models.campus_sign_code_mail"


class CodeCase(MailMixin, SignCase):
    """Documents that ask for a code; what leaves reaches a server on this machine."""

    def setUp(self):
        super().setUp()
        self.letters = self.start_smtp().messages
        self.codes = self.env["campus.sign.code"].sudo()

    def asking(self, method, role="tutor"):
        """Send the agreement; return the line of a role, read, and its actor."""
        self.here(self.template).code_method = method
        line = self.line(self.send(), role)
        actor = self.actor(line)
        self.ceremony._record_read(actor, line.id, 4, 30)
        return line, actor

    def ask(self, line, actor):
        return self.ceremony._request_code(actor, line.ids)

    def try_code(self, line, actor, code):
        """Return the ceremony's answer to one signature."""
        [result] = self.ceremony._sign(
            actor, line.ids, self.consents, self.visual(), code=code
        )
        return result

    def mailed_code(self):
        body = self.letters[-1].get_body(("plain", "html")).get_content()
        return re.search(r"\b(\d{6})\b", body)[1]

    def refused(self, line, actor, code, expected):
        result = self.try_code(line, actor, code)
        self.assertEqual((result["ok"], result["code"]), (False, expected), result)
        self.assertTrue(result["message"])
        self.assertEqual(line.status, "pending")


def other(code):
    """Return six digits that are not ``code``."""
    return f"{(int(code) + 1) % 10**6:06}"


@tagged("post_install", "-at_install")
class TestCodes(CodeCase):
    """A code before signing: single use, counted, short-lived, fails closed."""

    def test_signed_with_the_code_of_the_mail(self):
        line, actor = self.asking("email")
        [document] = self.ceremony._overview(actor)["documents"]
        self.assertEqual(document["code"], "email")
        self.refused(line, actor, "", "code_missing")
        answer = self.ask(line, actor)
        self.assertEqual(answer["destination"], "k.rXXXX@vergne.example.com")
        self.assertEqual(self.letters[-1]["To"], line.email)
        self.assertTrue(self.try_code(line, actor, self.mailed_code())["ok"])
        event = line.request_id._event_context().filtered(
            lambda one: one.kind == "consented"
        )
        self.assertIn('"code":"email"', event.payload)

    def test_only_a_keyed_hash_is_kept(self):
        """Invariant 9."""
        line, actor = self.asking("email")
        self.ask(line, actor)
        code = self.mailed_code()
        kept = self.codes.search([])
        self.assertEqual(len(kept.code_hash), 64)
        self.assertNotIn(code, kept.code_hash)
        self.assertFalse(
            self.env["mail.mail"].sudo().search([("body_html", "like", code)])
        )
        self.assertFalse(
            self.env["mail.message"].sudo().search([("body", "like", code)])
        )
        kept.code_hash = "0" * 64
        self.env.cr.commit()
        self.refused(line, actor, code, "code_wrong")

    def test_a_code_serves_once(self):
        line, actor = self.asking("email")
        self.ask(line, actor)
        code = self.mailed_code()
        self.assertTrue(self.try_code(line, actor, code)["ok"])
        second = self.line(self.send(self.new_internship(self.adult)), "tutor")
        self.ceremony._record_read(actor, second.id, 4, 30)
        self.refused(second, actor, code, "code_other")

    def test_one_code_signs_all_it_was_asked_for(self):
        first, actor = self.asking("email")
        second = self.line(self.send(self.new_internship(self.adult)), "tutor")
        self.ceremony._record_read(actor, second.id, 4, 30)
        self.ask(first | second, actor)
        results = self.ceremony._sign(
            actor,
            (first | second).ids,
            self.consents,
            self.visual(),
            code=self.mailed_code(),
        )
        self.assertEqual([one["ok"] for one in results], [True, True])
        self.assertFalse(self.codes.search([]).signer_ids)

    def test_wrong_codes_are_counted_and_end_it(self):
        line, actor = self.asking("email")
        self.ask(line, actor)
        code = self.mailed_code()
        for _try in range(MAX_TRIES):
            self.refused(line, actor, other(code), "code_wrong")
        self.assertEqual(self.codes.search([]).tries, MAX_TRIES)
        self.refused(line, actor, code, "code_over")
        self.refused(line, actor, "12ab", "code_over")

    def test_a_code_lives_ten_minutes(self):
        line, actor = self.asking("email")
        self.ask(line, actor)
        self.codes.search([]).expires_at = "2020-01-01"
        self.env.cr.commit()
        self.refused(line, actor, self.mailed_code(), "code_over")

    def test_a_new_code_ends_the_former(self):
        line, actor = self.asking("email")
        self.ask(line, actor)
        former = self.mailed_code()
        self.ask(line, actor)
        if former != self.mailed_code():
            self.refused(line, actor, former, "code_wrong")
        self.assertTrue(self.try_code(line, actor, self.mailed_code())["ok"])

    def test_asking_is_slowed_down(self):
        line, actor = self.asking("email")
        for _time in range(3):
            self.ask(line, actor)
        with self.refuses("too_many", 429):
            self.ask(line, actor)

    def test_a_code_is_no_use_to_somebody_else(self):
        """Given the code of one person, when another types it, then nothing opens."""
        line, actor = self.asking("email")
        self.ask(line, actor)
        other_line = self.line(line.request_id, "teacher")
        stranger = self.actor(other_line)
        self.ceremony._record_read(stranger, other_line.id, 4, 30)
        self.refused(other_line, stranger, self.mailed_code(), "code_missing")
        with self.refuses("not_found", 404):
            self.ceremony._request_code(stranger, line.ids)

    def test_the_method_is_that_of_the_sending(self):
        """Invariant 1: the template may change afterwards."""
        line, actor = self.asking("email")
        self.here(self.template).code_method = "none"
        self.env.cr.commit()
        self.refused(line, actor, "", "code_missing")

    def test_a_mail_that_does_not_leave_keeps_the_door_shut(self):
        line, actor = self.asking("email")
        self.mail_server.smtp_port = 1  # nobody listens there
        self.env.cr.commit()
        with (
            mute_logger("odoo.addons.mail.models.mail_mail", MAIL_LOG),
            self.refuses("code_not_sent", 409),
        ):
            self.ask(line, actor)
        self.refused(line, actor, "000000", "code_missing")
        self.assertFalse(
            self.env["mail.mail"].sudo().search([("email_to", "=", line.email)])
        )
        kinds = line.request_id.activity_ids.sudo().activity_type_id
        self.assertIn(self.env.ref("campus_sign.activity_code"), kinds)

    def test_a_missing_secret_keeps_the_door_shut(self):
        line, actor = self.asking("email")
        self.ask(line, actor)
        code = self.mailed_code()
        with secret(""):
            self.refused(line, actor, code, "no_secret")
        self.assertTrue(self.try_code(line, actor, code)["ok"])

    def test_documents_without_code_ask_for_none(self):
        line, actor = self.asking("none")
        with self.refuses("no_code", 422):
            self.ask(line, actor)
        self.assertTrue(self.try_code(line, actor, "123456")["ok"])


@tagged("post_install", "-at_install")
class TestCodesBySms(SmsMixin, CodeCase):
    """The same by SMS, through a real service on this machine."""

    def setUp(self):
        super().setUp()
        self.here(self.template).code_method = "sms"
        for partner in (self.minor.partner_id, self.mother, self.company_head):
            self.here(partner).phone = "06 12 34 00 01"
        self.here(self.teacher).phone = "06 12 34 00 02"
        self.here(self.head).partner_id.phone = "06 12 34 00 03"
        self.here(self.tutor).phone = "06 12 34 56 78"
        self.school = self.here(self.establishment)
        self.phones = self.start_sms(self.school)
        self.env.cr.commit()

    def test_signed_with_the_code_of_the_telephone(self):
        line, actor = self.asking("sms")
        answer = self.ask(line, actor)
        self.assertEqual(answer["method"], "sms")
        self.assertNotIn("3456", answer["destination"])
        [text] = self.phones.texts("+33612345678")
        code = re.search(r"\b(\d{6})\b", text)[1]
        self.assertTrue(self.try_code(line, actor, code)["ok"])
        self.assertFalse(self.letters, "no code leaves by another way")

    def test_the_number_is_that_of_the_sending(self):
        """Whoever edits contacts afterwards receives no code."""
        line, actor = self.asking("sms")
        self.here(self.tutor).phone = "06 12 34 99 99"
        self.env.cr.commit()
        self.ask(line, actor)
        self.assertEqual(len(self.phones.texts("+33612345678")), 1)

    @mute_logger(MAIL_LOG)
    def test_no_credit_keeps_the_door_shut(self):
        line, actor = self.asking("sms")
        self.school.sudo().sign_sms = False
        self.env.cr.commit()
        with self.refuses("code_not_sent", 409):
            self.ask(line, actor)
        self.refused(line, actor, "000000", "code_missing")
        note = line.request_id.activity_ids.sudo().note
        self.assertIn(line.name, note)

    def test_sending_asks_for_a_number(self):
        self.here(self.tutor).phone = False
        [check] = self.here(self.template)._check(self.here(self.internship))
        blocking = [i.code for i in check.all_issues() if i.blocking]
        self.assertEqual(blocking, ["phone"])


@tagged("post_install", "-at_install")
class TestCodesByAuthenticator(CodeCase):
    """The authenticator of an account that has one; an e-mail for the others."""

    SECRET = base64.b32encode(b"an authenticator's key").decode().strip("=")

    def setUp(self):
        super().setUp()
        self.key = b"an authenticator's key"
        user = self.here(self.portal).sudo()
        user.totp_secret = base64.b32encode(self.key).decode()
        self.env.cr.commit()

    def now(self):
        return f"{hotp(self.key, int(time.time() / 30)):06}"

    def account(self, line):
        return self.ceremony._actor_from_user(
            self.here(self.portal), "192.0.2.1", "test"
        )

    def test_signed_with_the_authenticator_once(self):
        line, _link = self.asking("totp", "student")
        actor = self.account(line)
        self.letters.clear()
        self.assertEqual(self.ask(line, actor)["method"], "totp")
        self.assertFalse(self.letters, "nothing is sent to an authenticator")
        code = self.now()
        self.assertTrue(self.try_code(line, actor, code)["ok"])
        # The same digits again, for another document: a code already used.
        self.codes.search([]).unlink()
        dates = {"date_start": "2027-03-01", "date_end": "2027-03-26"}
        second = self.line(
            self.send(self.new_internship(self.minor, **dates)), "student"
        )
        self.ceremony._record_read(actor, second.id, 4, 30)
        with self.refuses("code_wrong", 422):
            self.try_code(second, actor, code)

    def test_wrong_digits(self):
        line, _link = self.asking("totp", "student")
        actor = self.account(line)
        wrong = other(self.now())
        # Python refuses to make a number of the last but one.
        for text in (wrong, "abcdef", "²²²²²²", "9" * 5000, "000001"):
            with self.refuses("code_wrong", 422):
                self.try_code(line, actor, text)
        with self.refuses("too_many", 429):
            self.try_code(line, actor, self.now())

    def test_whoever_has_no_authenticator_gets_a_mail(self):
        line, actor = self.asking("totp")
        self.assertEqual(self.ask(line, actor)["method"], "email")
        self.assertTrue(self.try_code(line, actor, self.mailed_code())["ok"])
