# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date

import psycopg2
from freezegun import freeze_time

from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import SchoolCase


@tagged("post_install", "-at_install")
@freeze_time(SchoolCase.TODAY)
class TestStudent(SchoolCase):
    def test_minor_until_the_eve_of_the_eighteenth_birthday(self):
        self.assertTrue(self.minor._is_minor(date(2028, 1, 14)))
        self.assertFalse(self.minor._is_minor(date(2028, 1, 15)))
        self.minor.birth_date = "2008-02-29"
        self.assertTrue(self.minor._is_minor(date(2026, 2, 27)))
        self.assertFalse(self.minor._is_minor(date(2026, 2, 28)))

    def test_minor_today_is_computed_and_searched(self):
        self.assertTrue(self.minor.is_minor)
        self.assertFalse(self.adult.is_minor)
        both = self.minor | self.adult
        for value, expected in ((True, self.minor), (False, self.adult)):
            found = both.search([("is_minor", "=", value), ("id", "in", both.ids)])
            self.assertEqual(found, expected)

    def test_without_birth_date_nobody_is_taken_for_a_minor(self):
        self.minor.birth_date = False
        self.assertFalse(self.minor.is_minor)
        self.assertIn(
            self.minor, self.env["campus.student"].search([("is_minor", "=", False)])
        )

    def test_form_makes_the_contacts(self):
        form = Form(self.env["campus.student"])
        form.name = "NGUYEN Linh"
        form.email = "linh@eleves.example.org"
        form.birth_date = date(2010, 4, 2)
        with form.guardianship_ids.new() as guardian:
            guardian.name = "NGUYEN Thi"
            guardian.email = "thi@famille.example.net"
        student = form.save()
        self.assertEqual(student.partner_id.name, "NGUYEN Linh")
        self.assertEqual(student.partner_id.email, "linh@eleves.example.org")
        self.assertEqual(student._legal_guardians().email, "thi@famille.example.net")

    def test_renaming_the_student_renames_the_contact(self):
        self.minor.name = "MARTIN Emma-Louise"
        self.assertEqual(self.minor.partner_id.name, "MARTIN Emma-Louise")

    def test_neither_name_nor_contact_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "Give the student's name"):
            self.env["campus.student"].create({"name": "  "})

    def test_the_same_parent_of_two_students_is_one_contact(self):
        links = self.env["campus.guardianship"].create(
            [
                {
                    "student_id": student.id,
                    "name": "duval Anne",
                    "email": "Anne.Duval@famille.example.net",
                }
                for student in (self.minor, self.adult)
            ]
        )
        self.assertEqual(len(links.partner_id), 1)

    def test_legal_guardians_come_in_their_order(self):
        self.assertEqual(self.minor._legal_guardians(), self.mother | self.father)
        self.minor.guardianship_ids[0].legal = False
        self.assertEqual(self.minor._legal_guardians(), self.father)

    def test_ine(self):
        self.minor.ine = "123 456 789 ab"
        self.assertEqual(self.minor.ine, "123456789AB")
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.IntegrityError):
            self.adult.ine = "123456789AB"
            self.adult.flush_recordset()
        with self.assertRaisesRegex(ValidationError, "11 characters"):
            self.minor.ine = "12345"

    def test_birth_date_in_the_future_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "born in the future"):
            self.minor.birth_date = "2026-10-13"
