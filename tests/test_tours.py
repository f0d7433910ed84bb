# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

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

    def test_signer_finds_what_to_sign_and_what_is_signed(self):
        """Given one document signed by everybody and one to sign, when the student
        opens the portal, then both are where they should be (A088, A132, A133).
        """
        with self.acting():
            self.archive()
            later = {"date_start": "2027-03-01", "date_end": "2027-04-02"}
            self.send(self.new_internship(self.here(self.minor), **later))
        self.start_tour("/my", "campus_sign_portal_tour", login="portal-emma")
