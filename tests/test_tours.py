# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo.tests import tagged

from ..engine.rendering import signature_places
from ..models.gate import unlocked
from .common_sign import pdf_text
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
        """Given ten internships, one whose tutor has no address and one without
        teacher, when the office corrects the first, makes the teacher optional and
        sends, then all ten leave in the office's name (A056-A081).
        """
        students = self.env["campus.student"].create(
            [
                {
                    "name": name,
                    "email": f"eleve.{number}@example.org",
                    "birth_date": "2005-05-20",
                    "promotion_id": self.promotion.id,
                }
                for number, name in enumerate(
                    [
                        "ÉLÈVE Sans adresse",
                        "ÉLÈVE Sans enseignant",
                        *(f"ÉLÈVE {number}" for number in range(7)),
                    ]
                )
            ]
        )
        silent = self.tutor.copy({"name": "Paul MUET", "email": False})
        internships = self.internship
        for number, student in enumerate(students):
            values = ({"tutor_id": silent.id}, {"teacher_id": False})[
                number : number + 1
            ]
            internships |= self.create_internship(student, **dict(*values))
        self.start_tour(
            "/odoo/action-campus_sign.campus_internship_action",
            "campus_sign_office_tour",
            login="office",
            timeout=120,
        )
        requests = internships.request_ids
        self.assertEqual(set(requests.mapped("state")), {"queued"})
        self.assertEqual(len(requests), 10)
        self.assertEqual(requests.sender_id, self.office)
        self.assertEqual(silent.email, "corrected@example.org")

    def test_office_makes_a_template_from_nothing(self):
        """Given an establishment, when the office creates a template, inserts a tag
        found without its accents, chooses roles and their options and saves, then the
        template can be sent and every saving is kept (A016-A055).
        """
        self.start_tour(
            "/odoo/action-campus_sign.campus_sign_template_action",
            "campus_sign_template_tour",
            login="office",
        )
        template = self.env["campus.sign.template"].search(
            [("name", "=", "Avenant de stage")]
        )
        self.assertTrue(template.eligible)
        lines = {line.role_code: line for line in template.signer_ids}
        self.assertEqual(set(lines), {"guardian", "tutor", "establishment"})
        self.assertEqual(lines["guardian"].guardian_option, "any")
        self.assertFalse(lines["tutor"].mandatory)
        self.assertEqual(
            list(signature_places(template.body)),
            ["guardian", "tutor", "establishment"],
        )
        self.assertEqual(template.body.count("student.name"), 1)
        self.assertNotIn("ZZTAPE", template.body, "a preview saves nothing")
        for internship, printed in (
            (self.internship, True),
            (self.create_internship(self.adult), False),
        ):
            text = pdf_text(template._preview_pdf(internship.id))
            self.assertEqual("Pour un mineur" in text, printed)
        self.assertEqual(template.revision, len(template.revision_ids))
        [check] = template._check(self.internship)
        self.assertTrue(check.ready, check.all_issues())
        self.assertTrue(template._preview_pdf(self.internship.id).startswith(b"%PDF"))

    def test_second_author_is_told_and_loses_nothing(self):
        """Given a template open in a browser, when a colleague saves it first, then
        the screen says so and keeps the text (two authors at once).
        """
        self.start_tour(
            f"/odoo/action-campus_sign.campus_sign_template_action/{self.template.id}",
            "campus_sign_template_conflict_tour",
            login="office",
        )
        self.assertEqual(self.template.footer_text, "Saved by a colleague")

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
