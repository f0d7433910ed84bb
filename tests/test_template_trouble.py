# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64
import json

from psycopg2.errors import UniqueViolation

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..engine.rendering import signature_block
from .common_sign import SignCase


@tagged("post_install", "-at_install")
class TestTemplateTrouble(SignCase):
    """Bad values around a template: one sentence, nothing lost."""

    def setUp(self):
        super().setUp()
        self.mine = self.here(self.template).with_user(self.here(self.office)).copy()

    def test_labels_that_no_revision_could_hold(self):
        before = self.mine._snapshot()
        for name, value in (
            ("name", ""),
            ("name", "   "),
            ("name", "x" * 501),
            ("name", "Convention\x00"),
            ("footer_text", "\ud800"),
            ("header_text", "x" * 501),
            ("mail_subject", "x" * 501),
        ):
            with self.subTest(field=name, value=value[:12]):
                with self.assertRaises(ValidationError):
                    self.mine.write({name: value})
                with self.assertRaises(ValidationError):
                    self.mine.copy({name: value})
        self.assertEqual(self.mine._snapshot(), before)

    def test_the_longest_label_is_exported_imported_and_sent(self):
        """500 characters, of two bytes each."""
        self.mine.name = "é" * 500
        [values] = self.mine._read_file(self.mine._file_content())
        self.assertEqual(self.mine._create_from(values).name, self.mine.name)
        self.assertTrue(self.send(template=self.mine)._stored_file())

    def test_of_several_templates_the_wrong_one_is_named(self):
        mission = self.env.ref("campus_sign.template_mission_order")
        file = json.loads((self.mine | mission)._file_content())
        [*_good, wrong] = file["templates"]
        name = next(iter(wrong["name"].values()))
        for change in (
            {"margin_top": "wide"},
            {"body": signature_block("agent", "x") + '<p t-out="x">y</p>'},
        ):
            changed = json.loads(json.dumps(file))
            last = changed["templates"][-1]
            (last["layout"] if "margin_top" in change else last).update(change)
            last["body"] += "<script>x</script>" if "body" in change else ""
            with self.subTest(change=change):
                with self.assertRaisesRegex(UserError, f"^In “{name}”"):
                    self.mine._read_file(json.dumps(changed).encode())
        # Sound, but not for its category.
        wrong["category"] = file["templates"][0]["category"]
        window = self.env["campus.sign.template.fetch"].with_user(
            self.here(self.office)
        )
        window = window.create(
            {"source": "file", "file": base64.b64encode(json.dumps(file).encode())}
        )
        before = self.env["campus.sign.template"].search_count([])
        with self.assertRaises(UserError) as refused:
            window.action_fetch()
        self.assertIn(f"In “{name}”", str(refused.exception))
        self.assertEqual(self.env["campus.sign.template"].search_count([]), before)

    def test_two_categories_never_share_a_code(self):
        """A file, a revision and the library name a category by its code."""
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation):
            self.env["campus.sign.category"].create({"name": "X", "code": "mission"})
        self.env["campus.sign.category"].create([{"name": "X"}, {"name": "Y"}])

    def test_names_in_other_scripts(self):
        self.mine.name = "اتفاقية 📄 Ünïcode"
        [values] = self.mine._read_file(self.mine._file_content())
        self.assertEqual(self.mine._create_from(values).name, self.mine.name)
        self.assertTrue(self.mine._file_name().endswith(".json"))

    def test_a_saving_answers_in_the_reader_s_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        category = self.env.ref("campus_sign.category_mission")
        category.with_context(lang="fr_FR").name = "Missions en français"
        french = self.mine.with_context(lang="fr_FR")
        [answer] = french.web_save(
            {"category_id": category.id, "sharing": "none", "body": "<p>x</p>"},
            {"category_id": {"fields": {"display_name": {}}}},
        )
        name = answer["category_id"]["display_name"]
        self.assertEqual(name, "Missions en français")

    def test_a_category_is_never_under_itself(self):
        category = self.env.ref("campus_sign.category_internship")
        below = self.env.ref("campus_sign.category_internship_convention")
        for parent in (category, below):
            with self.assertRaisesRegex(ValidationError, "under itself"):
                category.parent_id = parent
        below.parent_id = self.env.ref("campus_sign.category_misc")
        category.parent_id = below
        self.assertEqual(category.parent_id, below)

    def test_what_templates_and_documents_name_is_not_deleted(self):
        self.send()
        nature = self.env.ref("campus_sign.nature_internship")
        for record, said in (
            (self.env.ref("campus_sign.category_mission"), "Templates belong"),
            (self.env.ref("campus_sign.role_tutor"), "archive it"),
            (nature.with_user(self.here(self.office)), "archive it"),
        ):
            with self.subTest(record=record), self.assertRaisesRegex(UserError, said):
                record.unlink()
        parent = self.env["campus.sign.category"].create({"name": "Sorties"})
        child = parent.create({"name": "Théâtre", "parent_id": parent.id})
        with self.assertRaisesRegex(UserError, "below this one"):
            parent.unlink()
        (parent | child).unlink()
        nature.create({"name": "Sorties"}).unlink()
