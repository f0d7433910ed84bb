# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import tagged

from .common import SchoolCase


@tagged("post_install", "-at_install")
@freeze_time(SchoolCase.TODAY)
class TestSituation(SchoolCase):
    def refresh(self):
        Cron = self.env.registry["ir.cron"]
        with patch.object(Cron, "_commit_progress", lambda *args, **kwargs: 1.0):
            self.env["campus.internship"]._cron_refresh_situations()

    def test_complete_internship(self):
        self.assertEqual(self.internship.situation, "ready")
        self.assertFalse(self.internship.missing_codes)
        self.assertFalse(self.internship.missing_text)

    def test_each_missing_value_makes_it_incomplete(self):
        changes = {
            "company": (self.internship, "partner_id"),
            "teacher": (self.internship, "teacher_id"),
            "tutor": (self.internship, "tutor_id"),
            "company_head": (self.internship, "company_head_id"),
            "subject": (self.internship, "subject"),
            "skills": (self.internship, "skills"),
            "activities": (self.internship, "activities"),
            "social_protection": (self.internship, "social_protection"),
            "tutor_email": (self.tutor, "email"),
            "teacher_email": (self.teacher, "email"),
            "company_head_email": (self.company_head, "email"),
            "guardian_email": (self.mother, "email"),
            "birth_date": (self.minor, "birth_date"),
        }
        for code, (record, name) in changes.items():
            with self.subTest(code=code):
                value = record[name]
                people = self.internship.tutor_id, self.internship.company_head_id
                record[name] = False
                self.assertIn(f",{code},", self.internship.missing_codes)
                self.assertEqual(self.internship.situation, "draft")
                record[name] = value
                self.internship.tutor_id, self.internship.company_head_id = people
                self.assertEqual(self.internship.situation, "ready")

    def test_minor_needs_a_legal_guardian_not_an_email(self):
        self.minor.email = False
        self.assertEqual(self.internship.situation, "ready")
        self.minor.guardianship_ids.legal = False
        self.assertEqual(self.internship.missing_codes, ",guardian,")
        self.minor.guardianship_ids.unlink()
        self.assertEqual(self.internship.missing_codes, ",guardian,")
        self.assertIn("Legal guardian", self.internship.missing_text)

    def test_adult_needs_an_email_not_a_guardian(self):
        internship = self.create_internship(self.adult)
        self.assertEqual(internship.situation, "ready")
        self.adult.email = False
        self.assertEqual(internship.missing_codes, ",student_email,")

    def test_paper_agreement_follows_the_calendar(self):
        self.internship.paper_signed_on = "2026-10-01"
        self.assertEqual(self.internship.situation, "signed")
        for day, situation in (
            ("2027-01-03", "signed"),
            ("2027-01-04", "running"),
            ("2027-02-05", "running"),
            ("2027-02-06", "finished"),
        ):
            with self.subTest(day=day), freeze_time(day):
                self.refresh()
                self.assertEqual(self.internship.situation, situation)

    def test_coming_of_age_no_longer_needs_the_guardian(self):
        self.minor.guardianship_ids.unlink()
        self.internship.write({"date_start": "2028-02-01", "date_end": "2028-02-28"})
        self.assertEqual(self.internship.situation, "draft")
        with freeze_time("2028-01-15"):
            self.refresh()
            self.assertEqual(self.internship.situation, "ready")

    def test_cancel_and_reopen(self):
        self.internship.action_cancel()
        self.assertEqual(self.internship.situation, "cancelled")
        self.internship.action_reopen()
        self.assertEqual(self.internship.situation, "ready")

    def test_filters_of_the_list(self):
        self.minor.guardianship_ids.unlink()
        Internship = self.env["campus.internship"]
        found = Internship.search([("missing_codes", "like", ",guardian")])
        self.assertIn(self.internship, found)
        groups = Internship.with_context(read_group_expand=True).formatted_read_group(
            [], ["situation"], ["__count"]
        )
        self.assertEqual(len(groups), 7)
