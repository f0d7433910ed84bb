# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date

from freezegun import freeze_time

from odoo.tests import tagged

from .common import SchoolCase


@tagged("post_install", "-at_install")
@freeze_time(SchoolCase.TODAY)
class TestInternshipSignable(SchoolCase):
    def test_parties(self):
        self.assertEqual(
            self.internship._sign_parties(),
            {
                "student": self.minor.partner_id,
                "guardian": self.mother | self.father,
                "teacher": self.teacher,
                "tutor": self.tutor,
                "company_head": self.company_head,
                "establishment": self.env["res.partner"],
            },
        )

    def test_who_and_where(self):
        self.assertEqual(self.internship._sign_student(), self.minor)
        self.assertEqual(self.internship._sign_recipient(), self.company_head)
        self.assertEqual(self.internship._sign_establishment(), self.establishment)
        self.assertEqual(self.internship._sign_reference_date(), self.TODAY)
        self.assertEqual(self.internship._sign_subject(), "MARTIN Emma - Kevin ROUX")

    def test_tags_answer_the_whole_catalogue(self):
        catalogue = self.env["campus.sign.tag"].search(
            [("model", "in", (False, "campus.internship"))]
        )
        self.assertTrue(catalogue)
        self.assertFalse(
            set(catalogue.mapped("code")) - set(self.internship._sign_tags())
        )

    def test_tags_are_plain_typed_values(self):
        self.env["campus.internship.interruption"].create(
            {
                "internship_id": self.internship.id,
                "date_start": "2027-01-11",
                "date_end": "2027-01-13",
                "reason": "Examens",
            }
        )
        tags = self.internship._sign_tags()
        expected = {
            "establishment.name": "Lycée des Tilleuls",
            "company.siret": self.SIRET,
            "company.address": "18 avenue Garibaldi\n87000 Limoges",
            "company.public": False,
            "company.head_function": "Gérant",
            "student.minor": True,
            "student.birth_date": date(2010, 1, 15),
            "student.phone": None,
            "guardian1.name": "MARTIN Laurence",
            "guardian2.email": "eric.martin@famille.example.net",
            "training.hours": 840.0,
            "school_year.name": "2026-2027",
            "internship.start": date(2027, 1, 4),
            "internship.interruptions": ["from 11/01/2027 to 13/01/2027 (Examens)"],
            "internship.hours_total": 154.0,
            "internship.days_total": 22,
            "internship.months_total": 1.0,
            "internship.night": False,
            "internship.gratification_amount": None,
            "document.date": self.TODAY,
            "document.place": "Limoges",
        }
        self.assertEqual({code: tags[code] for code in expected}, expected)
        for code, value in tags.items():
            self.assertIsInstance(
                value, (str, bool, int, float, date, list, type(None)), code
            )

    def test_adult_without_guardian_has_empty_tags(self):
        tags = self.create_internship(self.adult)._sign_tags()
        self.assertIsNone(tags["guardian1.name"])
        self.assertIs(tags["student.minor"], False)

    def test_a_list_costs_the_queries_of_one(self):
        internships = self.internship.browse(
            [self.create_internship(self.adult).id for _number in range(20)]
        )

        def read(records):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            for record in records:
                record._sign_tags()
                record._sign_parties()
            return self.env.cr.sql_log_count - before

        self.internship._sign_tags()
        self.assertLessEqual(read(internships), read(internships[:1]) + 2)
