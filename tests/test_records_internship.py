# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date

from freezegun import freeze_time

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from .common import SchoolCase


@tagged("post_install", "-at_install")
@freeze_time(SchoolCase.TODAY)
class TestInternship(SchoolCase):
    def add_interruption(self, start, end):
        return self.env["campus.internship.interruption"].create(
            {
                "internship_id": self.internship.id,
                "date_start": start,
                "date_end": end,
            }
        )

    # Duration

    def test_five_weeks_make_175_hours(self):
        self.assertEqual(self.internship.hours_total, 175)
        self.assertEqual(self.internship.days_total, 25)
        self.assertEqual(self.internship.months_total, 1.14)

    def test_interruptions_are_left_out(self):
        self.add_interruption("2027-01-11", "2027-01-17")
        self.assertEqual(self.internship.hours_total, 140)

    def test_public_holidays_are_left_out_unless_worked(self):
        self.internship.write({"date_start": "2027-05-03", "date_end": "2027-05-21"})
        # Ascension (6 May) and Whit Monday (17 May); 8 May is a Saturday.
        self.assertEqual(self.internship.hours_total, 91)
        self.internship.holidays = True
        self.assertEqual(self.internship.hours_total, 105)

    def test_six_days_a_week(self):
        self.internship.days_per_week = 6
        # 29 days of presence, Monday to Saturday, of 35 / 6 hours.
        self.assertEqual(self.internship.hours_total, 169.17)

    def test_a_corrected_duration_stays(self):
        self.internship.hours_total = 160
        self.internship.subject = "Autre sujet"
        self.env.flush_all()
        self.assertEqual(self.internship.hours_total, 160)
        self.assertEqual(self.internship.days_total, 22)
        self.assertEqual(self.internship.months_total, 1)

    def test_dates_in_the_wrong_order_are_refused(self):
        with self.assertRaisesRegex(ValidationError, "ends before it starts"):
            self.internship.date_end = "2027-01-01"
        with self.assertRaisesRegex(ValidationError, "interruption"):
            self.add_interruption("2027-01-12", "2027-01-11")

    # Gratification

    def test_gratification_starts_with_the_309th_hour(self):
        self.internship.hours_total = 308
        self.assertFalse(self.internship.gratification_due)
        self.assertFalse(self.internship.gratified)
        self.internship.hours_total = 308.5
        self.assertTrue(self.internship.gratification_due)
        self.assertTrue(self.internship.gratified)

    def test_gratification_follows_the_rate_of_the_first_day(self):
        self.internship.hours_total = 400
        self.assertEqual(self.internship.gratification_amount, 4.5)
        old = self.create_internship(
            self.adult,
            date_start="2023-01-09",
            date_end="2023-06-30",
        )
        self.assertEqual(old.gratification_amount, 4.05)

    def test_an_establishment_follows_its_own_rate(self):
        self.env["campus.rate"].create(
            {
                "code": "gratification_hour",
                "date_from": "2024-01-01",
                "value": 6,
                "company_id": self.establishment.id,
            }
        )
        self.internship.hours_total = 400
        self.assertEqual(self.internship.gratification_amount, 6)

    def test_no_gratification_is_due_abroad(self):
        self.internship.write({"hours_total": 400, "abroad": True})
        self.assertFalse(self.internship.gratification_due)

    # Warnings

    def test_warnings(self):
        self.assertFalse(self.internship.warning_text)
        self.internship.write(
            {
                "hours_total": 925,
                "weekly_hours": 39,
                "night": True,
                "holidays": True,
            }
        )
        self.internship.hours_total = 925
        self.internship.gratification_amount = 4
        self.company.campus_siret = False
        warnings = self.internship.warning_text
        for words in (
            "924 hours",
            "35 hours per week",
            "at night",
            "public holidays",
            "4.50",
            "SIRET",
        ):
            self.assertIn(words, warnings)

    def test_warning_when_the_tutor_follows_too_many(self):
        for _number in range(3):
            self.create_internship(self.adult)
        self.assertIn("already follows 3 other", self.internship.warning_text)

    def test_a_public_body_does_not_pay_more_than_the_minimum(self):
        self.company.campus_public_body = True
        self.internship.hours_total = 400
        self.assertFalse(self.internship.warning_text)
        self.internship.gratification_amount = 5
        self.assertIn("D124-8", self.internship.warning_text)

    # Form

    def test_form_fills_what_is_known(self):
        form = Form(self.env["campus.internship"])
        form.student_id = self.minor
        form.partner_id = self.company
        self.assertEqual(form.promotion_id, self.promotion)
        self.assertEqual(form.training_name, "Bac pro MELEC")
        self.assertEqual(form.company_head_id, self.company_head)
        self.assertEqual(form.tutor_id, self.tutor)
        self.assertIn("18 avenue Garibaldi", form.location)
        self.assertTrue(form.social_protection)
        form.date_start = date(2027, 1, 4)
        form.date_end = date(2027, 1, 8)
        self.assertEqual(form.hours_total, 35)

    def test_what_is_filled_in_speaks_the_language_of_the_document(self):
        """The establishment's, not that of whoever records the internship."""
        self.env["res.lang"]._activate_lang("fr_FR")
        self.establishment.partner_id.lang = "fr_FR"
        belgium = self.env.ref("base.be").with_context(lang="fr_FR")
        belgium.name = "Belgique"
        self.company.country_id = belgium
        internship = self.create_internship(self.adult)
        self.assertIn("Belgique", internship.location)
        self.env["campus.internship.interruption"].create(
            {
                "internship_id": internship.id,
                "date_start": "2027-01-11",
                "date_end": "2027-01-12",
            }
        )
        for lang, words in (("en_US", "from 11/01"), ("fr_FR", "du 11/01")):
            tags = internship.with_context(lang=lang)._sign_tags()
            self.assertIn(words, tags["internship.interruptions"][0])
        mission = self.env["campus.mission"].create(
            {
                "internship_id": internship.id,
                "date_start": "2027-01-20 08:00:00",
                "date_end": "2027-01-20 10:00:00",
            }
        )
        self.assertIn("Belgique", mission.destination)
        self.assertIn("Visite de stage", mission.subject)

    def test_promotion_of_the_time_stays(self):
        self.minor.promotion_id = False
        self.assertEqual(self.internship.promotion_id, self.promotion)

    def test_own_terms_go_before_the_shared_ones(self):
        self.assertIn("statut scolaire", self.internship.social_protection)
        self.env["campus.internship.terms"].create(
            {
                "name": "Du lycée",
                "company_id": self.establishment.id,
                "benefits": "Cantine du lycée",
            }
        )
        other = self.create_internship(self.adult, house_rules="Casque obligatoire")
        self.assertEqual(other.benefits, "Cantine du lycée")
        self.assertEqual(other.house_rules, "Casque obligatoire")
        self.assertFalse(other.social_protection)

    def test_a_finished_internship_is_not_cancelled(self):
        self.internship.paper_signed_on = "2026-10-01"
        with freeze_time("2027-03-01"):
            self.internship.date_end = "2027-02-04"
            with self.assertRaisesRegex(UserError, "finished"):
                self.internship.action_cancel()
