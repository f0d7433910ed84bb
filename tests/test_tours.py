# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo.tests import tagged

from ..models.gate import unlocked
from .test_ceremony_http import SignHttpCase


@tagged("post_install", "-at_install")
class TestTours(SignHttpCase):
    """The two pages made with Odoo's framework, in a real browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Debian's Odoo lacks this library of video calls: the browser says so on
        # its console, which fails any tour. The file wins where it exists.
        cls.env["ir.attachment"].create(
            {
                "name": "selfie_segmentation.js",
                "url": "mail/static/lib/selfie_segmentation/selfie_segmentation.js",
                "mimetype": "application/javascript",
                "raw": b"// Not shipped here.\n",
            }
        )
        cls.env.registry.clear_cache("assets")

    def test_office_sends_from_the_list(self):
        """Given a complete and an incomplete internship, when the office sends both
        from the list, then the complete one leaves, in the office's name (A056-A081).
        """
        incomplete = self.create_internship(self.adult, tutor_id=False)
        self.start_tour(
            "/odoo/action-campus_sign.campus_internship_action",
            "campus_sign_office_tour",
            login="office",
        )
        request = self.internship.request_ids
        self.assertRecordValues(
            request, [{"state": "queued", "sender_id": self.office.id}]
        )
        self.assertFalse(incomplete.request_ids)

    def test_signer_finds_what_to_sign_and_what_is_signed(self):
        """Given one document signed by everybody and one to sign, when the student
        opens the portal, then both are where they should be (A088, A132, A133).
        """
        with self.acting():
            self.archive()
            later = {"date_start": "2027-03-01", "date_end": "2027-04-02"}
            self.send(self.new_internship(self.here(self.minor), **later))
        self.start_tour("/my", "campus_sign_portal_tour", login="portal-emma")

    def test_office_follows_reminds_and_shares(self):
        """Given one document that waits for two days and one archived, when the
        office opens the history, then it sees who has not signed, reminds them, and
        takes the other one out of lockers (A109-A116, A129, A134).
        """
        with self.acting():
            self.archive(self.send(self.new_internship(self.here(self.adult))))
            request = self.send()
            self.env["campus.sign.request"]._cron_notify()
            for line in request.signer_ids.filtered("notified_at"):
                before = line.notified_at - timedelta(days=2)
                unlocked(line).write({"notified_at": before})
        self.start_tour(
            "/odoo/campus-signatures", "campus_sign_tracking_tour", login="office"
        )
        line = self.here(request).signer_ids.filtered(
            lambda s: s.role_id.code == "tutor"
        )
        self.assertEqual(line.reminder_count, 1)
