# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Acts start from what is committed; the cursor is the test's own.
# pylint: disable=invalid-commit
from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged

from .common_library import LibraryCase


@tagged("post_install", "-at_install")
class TestLibraryRecords(LibraryCase):
    """Training periods, absences, students and contacts as sources of documents."""

    def window(self, records):
        """Open « Aperçu avant envoi » from a list, as the office does."""
        action = records.with_user(self.office).action_send_for_signature()
        model = self.env["campus.sign.send"].with_user(self.office)
        return model.with_context(**action["context"]).create({})

    def test_absences_count(self):
        self.assertEqual(self.period.hours_absent, 17.5)
        self.assertEqual(self.period.hours_unjustified, 3.5)
        self.assertEqual(self.period.hours_done, 657.5)
        self.period.absence_ids.filtered("justified").unlink()
        self.assertEqual(self.period.hours_done, 671.5)

    def test_statement_has_a_line_per_absence_in_order(self):
        lines = self.period._sign_tags()["period.absences"].split("\n")
        self.assertEqual(len(lines), 2)
        self.assertIn("14 h", lines[0])
        self.assertIn("Arrêt de travail", lines[0])
        self.assertIn("not justified", lines[1])
        self.period.absence_ids.unlink()
        self.assertIsNone(self.period._sign_tags()["period.absences"])

    def test_what_a_period_lacks_is_typed_where_it_belongs(self):
        """A069: the window opens the employer or his people, as for an internship."""
        for code, record in {
            "company.siret": self.period.partner_id,
            "company.head.email": self.period.company_head_id,
            "tutor.phone": self.period.tutor_id,
            "student.ine": self.period.student_id,
            "period.price": self.period,
        }.items():
            self.assertTrue(record, code)
            self.assertEqual(self.period._sign_tag_source(code), record, code)

    def test_absence_stays_inside_its_period_and_student(self):
        absence = self.period.absence_ids[0]
        for vals in (
            {"date_end": "2020-01-01"},
            {"date_start": "2020-01-01", "date_end": "2020-01-01"},
            {"student_id": self.adult.id},
        ):
            with self.subTest(vals=vals), self.assertRaises(ValidationError):
                absence.write(vals)
                self.env.flush_all()

    def test_rncp_code(self):
        self.assertEqual(self.period.rncp_code, "RNCP38878")
        with self.assertRaises(ValidationError):
            self.period.rncp_code = "BTS"

    def test_secretary_types_a_period(self):
        form = Form(self.env["campus.training.period"].with_user(self.office))
        form.student_id = self.adult
        form.partner_id = self.here(self.company)
        form.date_start = "2026-09-01"
        form.date_end = "2027-06-30"
        form.hours_total = 600
        period = form.save()
        self.assertEqual(period.company_head_id, self.company_head)
        self.assertEqual(period.tutor_id, self.tutor)
        self.assertEqual(period.diploma, "Bac pro MELEC")
        self.assertEqual(period.hours_done, 600)

    def test_each_list_offers_its_own_templates(self):
        """A021: the category decides from which screen a document is sent."""
        expected = {
            self.period: (
                "template_absence_statement",
                "template_apprenticeship",
                "template_completion_certificate",
            ),
            self.minor: ("template_letter_family", "template_parental_authorisation"),
            self.company_head: ("template_letter", "template_portal_letter"),
            self.internship: ("template_internship_agreement", "template_pfmp"),
        }
        for record, names in expected.items():
            with self.subTest(model=record._name):
                wizard = self.window(record)
                templates = [self.env.ref(f"campus_sign.{name}").id for name in names]
                self.assertEqual(set(wizard._eligible_templates().ids), set(templates))
                self.assertTrue(wizard.table["rows"][0]["ready"])

    def test_parental_authorisation_needs_one_guardian_and_closes_by_itself(self):
        template = self.env.ref("campus_sign.template_parental_authorisation")
        request = self.send(self.minor, template)
        self.assertEqual(request.student_id, self.minor)
        self.assertEqual(request.recipient_id, self.here(self.mother))
        self.assertEqual(len(request.signer_ids), 2)
        self.sign(request.signer_ids[1])
        self.assertEqual(request.state, "archived")

    def test_an_adult_needs_no_guardian(self):
        template = self.env.ref("campus_sign.template_parental_authorisation")
        self.assertTrue(self.adult._sign_warning(template))
        self.assertFalse(self.minor._sign_warning(template))
        [check] = template._check(self.adult)
        self.assertFalse(check.ready)

    def test_letter_to_a_contact_is_signed_and_reaches_his_locker(self):
        """A137: a single signer; the establishment that sends is the user's."""
        template = self.env.ref("campus_sign.template_portal_letter")
        request = self.start(self.company_head, template)
        self.assertEqual(request.company_id, self.establishment)
        self.assertEqual(request.recipient_id, self.company_head)
        self.assertEqual(request.state, "to_finalize")
        self.archive(request)
        documents = self.env["campus.locker.document"].sudo()
        owners = documents.search([("request_id", "=", request.id)]).partner_id
        self.assertIn(self.company_head, owners)

    def test_portal_letter_waits_for_the_account(self):
        template = self.env.ref("campus_sign.template_portal_letter")
        [check] = template._check(self.tutor)
        self.assertFalse(check.ready)
        self.assertIn("value", [issue.code for issue in check.issues])

    def test_records_answer_their_catalogue(self):
        for record in (self.period, self.mission, self.minor, self.company_head):
            with self.subTest(model=record._name):
                codes = self.env["campus.sign.tag"]._codes_for(record._name)
                self.assertFalse(codes - set(record._sign_tags()))

    def test_a_new_tag_is_known_at_once(self):
        Tag = self.env["campus.sign.tag"]
        self.assertNotIn("period.extra", Tag._codes_for("campus.training.period"))
        tag = Tag.create({"code": "period.extra", "name": "Extra", "group": "Extra"})
        self.assertIn("period.extra", Tag._codes_for("campus.training.period"))
        template = self.env.ref("campus_sign.template_letter")
        self.assertIn("period.extra", template._values(self.company_head, None))
        tag.unlink()
        self.assertNotIn("period.extra", Tag._codes_for("campus.training.period"))

    def test_a_list_costs_the_queries_of_one(self):
        missions = self.env["campus.mission"].create(
            [
                {
                    "internship_id": self.internship.id,
                    "date_start": "2027-01-20 08:00:00",
                    "date_end": "2027-01-20 11:30:00",
                }
                for _number in range(20)
            ]
        )
        periods = self.env["campus.training.period"].create(
            [
                {
                    "student_id": self.adult.id,
                    "partner_id": self.company.id,
                    "date_start": "2026-09-01",
                    "date_end": "2027-08-31",
                }
                for _number in range(20)
            ]
        )

        def read(records):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            for record in records:
                record._sign_tags()
                record._sign_parties()
            return self.env.cr.sql_log_count - before

        for records in (missions, periods, self.company_head | self.tutor):
            with self.subTest(model=records._name):
                records[0]._sign_tags()
                self.assertLessEqual(read(records), read(records[:1]) + 3)
