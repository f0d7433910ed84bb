# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import RedirectWarning, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..models.identifiers import ine_problem, naf_problem, siret_problem, uai_problem
from .common import SchoolCase


@tagged("post_install", "-at_install")
class TestIdentifiers(SchoolCase):
    def test_siret_judged(self):
        for siret, problem in {
            self.SIRET: None,
            # La Poste: its head office follows the Luhn key, its branches do not.
            "35600000000048": None,
            "35600000049837": None,
            "35600000049838": "checksum",
            self.SIRET[:-1] + "5": "checksum",
            self.SIRET[:-1]: "length",
            "": "length",
            "ABCDEFGHIJKLMN": "length",
        }.items():
            with self.subTest(siret=siret):
                self.assertEqual(siret_problem(siret), problem)

    def test_other_codes_judged(self):
        self.assertIsNone(uai_problem("0750655E"))
        self.assertIsNone(uai_problem("6200001G"))
        self.assertEqual(uai_problem("0750655F"), "key")
        self.assertEqual(uai_problem("750655E"), "format")
        self.assertIsNone(naf_problem("4321A"))
        self.assertEqual(naf_problem("43214"), "format")
        self.assertIsNone(ine_problem("123456789AB"))
        self.assertIsNone(ine_problem("1234567890A"))
        self.assertEqual(ine_problem("12345678ABC"), "format")

    def test_codes_are_stored_compact_and_give_the_siren(self):
        partner = self.env["res.partner"].create(
            {
                "name": "La Poste",
                "campus_siret": "356 000 000\u00a000048",
                "campus_naf": "53.10z",
                "campus_uai": " 0750655e ",
            }
        )
        self.assertEqual(partner.campus_siret, "35600000000048")
        self.assertEqual(partner.campus_siren, "356000000")
        self.assertEqual(partner.campus_naf, "5310Z")
        self.assertEqual(partner.campus_uai, "0750655E")

    def test_siret_off_by_one_is_refused_in_one_sentence(self):
        with self.assertRaisesRegex(ValidationError, "digits is mistyped"):
            self.company.campus_siret = "9990 1009 3000 15"
        with self.assertRaisesRegex(ValidationError, "this one has 13"):
            self.company.campus_siret = self.SIRET[:-1]
        with self.assertRaisesRegex(ValidationError, "UAI"):
            self.company.campus_uai = "12"
        with self.assertRaisesRegex(ValidationError, "NAF"):
            self.company.campus_naf = "12"

    def test_wrong_uai_letter_only_warns(self):
        self.company.campus_uai = "0750655F"
        self.assertIn("0750655F", self.company.campus_code_warning)

    def test_same_siret_is_refused_and_offers_the_existing_company(self):
        self.company.active = False
        with self.assertRaises(RedirectWarning) as caught:
            self.env["res.partner"].create(
                {"name": "Vergne SARL", "is_company": True, "campus_siret": self.SIRET}
            )
        message, action = caught.exception.args[:2]
        self.assertIn(self.company.name, message)
        self.assertEqual(action["res_id"], self.company.id)

    def test_same_siret_shows_while_typing(self):
        form = Form(self.env["res.partner"].with_context(default_is_company=True))
        form.name = "Vergne SARL"
        form.campus_siret = "999 010 093 00014"
        self.assertEqual(form.campus_same_siret_id, self.company)

    def test_same_siret_in_two_closed_establishments_is_accepted(self):
        other = self.env["res.company"].create({"name": "IUT"})
        self.company.company_id = self.establishment
        twin = self.env["res.partner"].create(
            {
                "name": "Vergne",
                "is_company": True,
                "campus_siret": self.SIRET,
                "company_id": other.id,
            }
        )
        self.assertFalse(twin.campus_same_siret_id)

    def test_company_is_found_by_its_siret(self):
        found = self.env["res.partner"].name_search("999 010 093 00014", operator="=")
        self.assertEqual([row[0] for row in found], self.company.ids)

    @mute_logger("odoo.sql_db")
    def test_merge_keeps_the_siret(self):
        twin = self.env["res.partner"].create({"name": "Vergne"})
        merge = self.env["base.partner.merge.automatic.wizard"]
        merge._merge((self.company | twin).ids, twin)
        self.assertEqual(twin.campus_siret, self.SIRET)
        self.assertFalse(self.company.exists())

    def test_merge_of_a_student_is_refused(self):
        twin = self.env["res.partner"].create({"name": "MARTIN Emma"})
        merge = self.env["base.partner.merge.automatic.wizard"]
        for target in (twin, self.minor.partner_id):
            with self.assertRaisesRegex(UserError, "students are never merged"):
                merge._merge((self.minor.partner_id | twin).ids, target)
        self.assertTrue(self.minor.exists())

    def test_merge_of_an_archived_student_is_refused(self):
        self.adult.active = False
        twin = self.env["res.partner"].create({"name": "DUVAL Hugo"})
        merge = self.env["base.partner.merge.automatic.wizard"]
        with self.assertRaises(UserError):
            merge._merge((self.adult.partner_id | twin).ids, twin)

    def test_delete_of_people_in_use_is_refused(self):
        with self.assertRaisesRegex(UserError, "archive the student"):
            self.minor.partner_id.unlink()
        with self.assertRaisesRegex(UserError, "guardian of MARTIN Emma"):
            self.mother.unlink()
