# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import csv
import io

from freezegun import freeze_time
from openpyxl import Workbook

from odoo.tests import tagged
from odoo.tools import mute_logger
from odoo.tools.misc import file_open

from .common import SchoolCase

OPTIONS = {
    "has_headers": True,
    "keep_matches": False,
    "quoting": '"',
    "separator": "",
    "encoding": "",
    "date_format": "",
    "datetime_format": "",
    "float_thousand_separator": " ",
    "float_decimal_separator": ",",
    "advanced": False,
}
TYPES = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@tagged("post_install", "-at_install")
@freeze_time(SchoolCase.TODAY)
class TestRecordsImport(SchoolCase):
    """Odoo's own import, from the file to the records, with the shipped samples."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.env["ir.module.module"]._load_module_terms(
            ["base", "base_import", "campus_sign"], ["fr_FR"]
        )
        cls.env = cls.env(context=dict(cls.env.context, lang="fr_FR"))
        cls.user = cls.create_user("secretary", ["records"])
        cls.user.lang = "fr_FR"

    def run_import(self, model, content, kind="csv", dryrun=False, **context):
        env = self.env(user=self.user)
        wizard = env["base_import.import"].create(
            {
                "res_model": model,
                "file": content,
                "file_name": f"sample.{kind}",
                "file_type": TYPES[kind],
            }
        )
        wizard = wizard.with_context(**context)
        preview = wizard.parse_preview(dict(OPTIONS))
        self.assertNotIn("error", preview)
        matches = preview["matches"]
        fields = [
            "/".join(matches[index]) if matches.get(index) else False
            for index in range(len(preview["headers"]))
        ]
        result = wizard.execute_import(
            fields, preview["headers"], dict(preview["options"]), dryrun=dryrun
        )
        return preview["headers"], fields, result

    def sample(self, name, kind):
        folder = "static" if kind == "xlsx" else "docs"
        with file_open(f"campus_sign/{folder}/import/{name}.{kind}", "rb") as file:
            return file.read()

    def import_samples(self, kind, dryrun=False):
        for name, model, context in (
            ("companies", "res.partner", {"default_is_company": True}),
            ("company_contacts", "res.partner", {}),
            ("teachers", "res.partner", {"default_is_campus_teacher": True}),
            ("students", "campus.student", {}),
            ("guardians", "campus.guardianship", {}),
            ("internships", "campus.internship", {}),
        ):
            with self.subTest(name=name, kind=kind):
                content = self.sample(name, kind)
                headers, fields, result = self.run_import(
                    model, content, kind, **context
                )
                unknown = [h for h, f in zip(headers, fields, strict=True) if not f]
                self.assertEqual(unknown, [], "headings no field was found for")
                self.assertEqual(result["messages"], [])
                self.assertTrue(result["ids"])

    def check_school(self):
        internship = self.env.ref("__import__.stage_1")
        self.assertEqual(internship.situation, "ready")
        self.assertEqual(internship.tutor_id.name, "PEYRAT Lucie")
        self.assertEqual(internship.student_id.name, "ARNAUD Lise")
        self.assertEqual(len(internship.student_id._legal_guardians()), 2)
        relations = internship.student_id.guardianship_ids.mapped("relation")
        self.assertEqual(relations, ["mother", "father"])
        self.assertEqual(internship.hours_total, 140)
        self.assertTrue(internship.social_protection)
        self.assertEqual(self.env.ref("__import__.stage_2").situation, "ready")

    def test_csv_samples(self):
        self.import_samples("csv")
        self.check_school()

    def test_xlsx_samples(self):
        self.import_samples("xlsx")
        self.check_school()

    def test_same_file_twice_updates(self):
        for _time in range(2):
            self.run_import("campus.student", self.sample("students", "csv"))
        students = self.env["campus.student"].search([("ine", "=", "120045678AB")])
        self.assertEqual(len(students), 1)

    def test_dry_run_keeps_nothing(self):
        content = self.sample("students", "csv")
        result = self.run_import("campus.student", content, dryrun=True)[2]
        self.assertEqual(result["messages"], [])
        found = self.env["campus.student"].search([("ine", "=", "120045678AB")])
        self.assertFalse(found)

    def test_templates_are_served_files(self):
        for model in (
            "campus.student",
            "campus.guardianship",
            "campus.internship",
            "res.partner",
        ):
            for template in self.env[model].get_import_templates():
                with self.subTest(template=template["template"]):
                    path = template["template"].removeprefix("/")
                    with file_open(path, "rb") as file:
                        self.assertTrue(file.read(4))

    def rows(self, *rows):
        text = io.StringIO()
        csv.writer(text, delimiter=";").writerows(rows)
        return text.getvalue().encode()

    @mute_logger("odoo.sql_db")
    def assertRefused(self, model, content, sentence):
        result = self.run_import(model, content, dryrun=True)[2]
        self.assertFalse(result["ids"])
        self.assertIn(sentence, result["messages"][0]["message"])

    def test_wrong_siret_is_told_row_by_row(self):
        wrong = self.SIRET[:-1] + "5"
        content = self.rows(
            ["Raison sociale", "SIRET"],
            ["Bonne", ""],
            ["Mauvaise", wrong],
            ["Courte", "123"],
            ["Connue", self.SIRET],
        )
        result = self.run_import(
            "res.partner", content, dryrun=True, default_is_company=True
        )[2]
        by_row = {m["rows"]["from"]: m["message"] for m in result["messages"]}
        self.assertIn(wrong, by_row[1])
        self.assertIn("14 chiffres", by_row[2])
        self.assertIn("Électricité Vergne", by_row[3])

    def test_unknown_student_and_namesakes_are_told(self):
        self.adult.copy({"name": "DUVAL Hugo", "partner_id": False, "ine": False})
        self.assertRefused(
            "campus.guardianship",
            self.rows(["Étudiant", "Nom et prénom"], ["DUVAL Hugo", "DUVAL Anne"]),
            "Plusieurs étudiants",
        )
        self.assertRefused(
            "campus.guardianship",
            self.rows(["Étudiant", "Nom et prénom"], ["INCONNU Jean", "INCONNU Lou"]),
            "INCONNU Jean",
        )

    def test_bad_values_of_an_internship_are_told(self):
        head = ["INE", "SIRET de l'entreprise", "Date de début", "Date de fin"]
        self.assertRefused(
            "campus.internship",
            self.rows(head, ["123456789AB", self.SIRET, "04/01/2027", "01/01/2027"]),
            "se termine avant de commencer",
        )

    def test_siret_kept_as_a_number_by_the_spreadsheet(self):
        book = Workbook()
        book.active.append(["Raison sociale", "SIRET"])
        book.active.append(["La Poste", 35600000000048])
        content = io.BytesIO()
        book.save(content)
        result = self.run_import("res.partner", content.getvalue(), "xlsx")[2]
        self.assertEqual(result["messages"], [])
        partner = self.env["res.partner"].browse(result["ids"])
        self.assertEqual(partner.campus_siret, "35600000000048")
