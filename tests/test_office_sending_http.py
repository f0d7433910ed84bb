# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common_sign import SignCase, pdf_text


@tagged("post_install", "-at_install")
class TestSendingRoutes(SignCase, HttpCase):
    """Files of a sending: who opens the preview of a row and what was printed."""

    def setUp(self):
        # A cursor left open would make the server wait for it.
        super(SignCase, self).setUp()
        with self.registry.cursor() as cr:
            self.env = self.env(cr=cr)
            records = self.here(self.internship).with_user(self.here(self.office))
            context = records.action_send_for_signature()["context"]
            wizards = records.env["campus.sign.send"].with_context(**context)
            wizard = wizards.create({"output": "pdf"})
            wizard.action_send()
            sending = wizard.sending_id.id
            delivery = wizard.sending_id.delivery_ids.id
        self.env = type(self).env
        self.row = (
            f"/campus_sign/send/{self.template.id}/campus.internship"
            f"/{self.internship.id}.pdf"
        )
        self.files = (
            f"/campus_sign/sending/{sending}/download",
            f"/campus_sign/delivery/{delivery}.pdf",
        )

    def get(self, login, path):
        self.authenticate(login, login)
        return self.url_open(path, allow_redirects=False)

    def test_the_sender_sees_the_document_as_it_would_be(self):
        """A060: never stored, and the finaliser chosen is on it."""
        deputy = self.create_user("deputy", ["sign"])
        deputy.partner_id.name = "Marc ADJOINT"
        answer = self.get("office", f"{self.row}?finaliser={deputy.id}")
        self.assertEqual(answer.status_code, 200)
        text = pdf_text(answer.content)
        self.assertIn("MARTIN Emma", text)
        self.assertIn("Marc ADJOINT", text)
        self.assertFalse(self.internship.request_ids)

    def test_a_follower_downloads_what_was_printed(self):
        for path in self.files:
            answer = self.get("follower", path)
            self.assertEqual(answer.status_code, 200, path)
            self.assertTrue(answer.content.startswith(b"%PDF-"))

    @mute_logger("odoo.http")
    def test_nobody_else_opens_them(self):
        self.create_user("plain", [])
        for login in ("plain", "portal-emma"):
            for path in (*self.files, self.row):
                with self.subTest(login=login, path=path):
                    self.assertIn(self.get(login, path).status_code, (403, 404))
        self.assertEqual(self.get("follower", self.row).status_code, 403)
        for path in (
            f"/campus_sign/send/{self.template.id}/res.partner/1.pdf",
            f"/campus_sign/send/{self.template.id}/campus.internship/0.pdf",
            f"/campus_sign/send/0/campus.internship/{self.internship.id}.pdf",
            "/campus_sign/sending/0/download",
            "/campus_sign/delivery/0.pdf",
        ):
            with self.subTest(path=path):
                self.assertGreaterEqual(self.get("office", path).status_code, 400)
