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
        """Given a template made from nothing and ten internships, one whose guardian
        has no address and one without guardian, when the office corrects the first,
        makes the guardian optional and sends, then all ten leave in the office's name
        (A056-A081).
        """
        self.start_tour(
            "/odoo/action-campus_sign.campus_sign_template_action",
            "campus_sign_template_tour",
            login="office",
        )
        self.check_template_made()
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
                        "ÉLÈVE Sans responsable",
                        "ÉLÈVE Sans tuteur",
                        *(f"ÉLÈVE {number}" for number in range(6)),
                    ]
                )
            ]
        )
        guardians = self.env["campus.guardianship"].create(
            [
                {
                    "student_id": student.id,
                    "name": f"Responsable {number}",
                    "email": number > 0 and f"responsable.{number}@example.org",
                    "relation": "mother",
                    "legal": True,
                }
                for number, student in enumerate(students)
                if number != 1
            ]
        )
        silent = guardians[:1].partner_id
        internships = self.internship
        for student in students:
            internships |= self.create_internship(student)
        internships.filtered(
            lambda one: "tuteur" in one.student_id.name
        ).tutor_id = False
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
        self.assertEqual(requests.template_id.name, "Avenant de stage")
        self.assertEqual(silent.email, "corrected@example.org")

    def check_template_made(self):
        """The template made in the tour can be sent and every saving is kept: a tag
        found without its accents, roles and their options (A016-A055).
        """
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
        of_age = self.create_internship(self.adult)
        for internship, printed in ((self.internship, True), (of_age, False)):
            text = pdf_text(template._preview_pdf(internship.id))
            self.assertEqual("Pour un mineur" in text, printed)
        of_age.unlink()
        self.assertEqual(template.revision, len(template.revision_ids))
        [check] = template._check(self.internship)
        self.assertTrue(check.ready, check.all_issues())
        self.assertTrue(template._preview_pdf(self.internship.id).startswith(b"%PDF"))

    def test_office_restarts_closed_documents(self):
        """Given two cancelled documents, when the office restarts them and their
        template is archived meanwhile, then nothing leaves before it chose another
        one, and the new circuits name the old ones (A141).
        """
        deputy = self.create_user("deputy", ["sign"])
        deputy.partner_id.write(
            {"name": "Marc ADJOINT", "email": "deputy@tilleuls.example.org"}
        )
        with self.acting():
            self.here(self.establishment).sign_unit_price = 0
            template = self.small_template("tutor", "establishment")
            records = self.here(self.internship)
            records |= self.new_internship(self.here(self.adult))
            template.with_user(self.here(self.office))._send(
                records.with_user(self.here(self.office)),
                {self.internship.id: self.here(deputy)},
            )
        with self.acting():
            old = self.here(records).request_ids
            old._act_cancel("Les dates ont changé")
        self.start_tour(
            "/odoo/campus-signatures", "campus_sign_restart_tour", login="office"
        )
        old = self.here(old)
        self.assertEqual(len(old.next_ids), 2)
        self.assertEqual(old.next_ids.template_id, self.template)
        lines = old.next_ids.signer_ids.filtered("user_id")
        self.assertEqual(lines.user_id, deputy)
        for new in old.next_ids:
            self.assertEqual(
                (new.state, new.res_id), ("queued", new.previous_id.res_id)
            )

    def test_office_publishes_without_signature(self):
        """Given a template to publish, when the office chooses « Publication », then
        no signer is asked for and the documents go to the lockers (A025, A058).
        """
        template = self.template.copy({"name": "Note aux familles"})
        template.category_id.can_publish = True
        template.write(
            {
                "sharing": "publish",
                "publish_student": True,
                "publish_guardians": False,
                "publish_recipient": False,
            }
        )
        internships = self.internship | self.create_internship(self.adult)
        self.start_tour(
            "/odoo/action-campus_sign.campus_internship_action",
            "campus_sign_publish_tour",
            login="office",
        )
        sending = self.env["campus.sign.sending"].search([("output", "=", "publish")])
        self.assertEqual(sending.delivery_ids.mapped("state"), ["queued", "queued"])
        with self.acting():
            self.env["campus.sign.request"]._cron_queue()
        lockers = self.env["campus.locker.document"].search([])
        people = internships.student_id.partner_id | self.minor._legal_guardians()
        self.assertEqual(set(lockers.partner_id.ids), set(people.ids))
        self.assertFalse(internships.request_ids)

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

    def test_a_common_template_is_read_then_duplicated(self):
        """Given two establishments that use the service, when who configures one of
        them opens a common template, then he reads it, and changes a copy.
        """
        other = self.env["res.company"].create(
            {"name": "Lycée d'à côté", "country_id": self.env.ref("base.fr").id}
        )
        self.env["campus.sign.authority"]._activate(other)
        self.start_tour(
            f"/odoo/action-campus_sign.campus_sign_template_action/{self.template.id}",
            "campus_sign_shared_tour",
            login="office",
        )
        copy = self.env["campus.sign.template"].search([], order="id desc", limit=1)
        self.assertEqual(copy.company_id, self.establishment)
        student = copy.signer_ids.filtered(lambda line: line.role_code == "student")
        self.assertEqual(student.student_option, "self")
        self.assertNotIn("guardian", signature_places(copy.body))

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
