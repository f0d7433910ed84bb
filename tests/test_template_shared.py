# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64
from contextlib import contextmanager

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common_sign import SignCase
from .test_template_revision import FORM

QUIET = mute_logger("odoo.addons.base.models.ir_rule")


@tagged("post_install", "-at_install")
class TestTemplateShared(SignCase):
    """A template of all establishments is changed by who configures all of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["res.company"].create(
            {"name": "Lycée d'à côté", "country_id": cls.env.ref("base.fr").id}
        )
        cls.both = cls.create_user("both", ["configure", "records"])
        cls.both.company_ids |= cls.other

    def setUp(self):
        super().setUp()
        self.templates = self.env["campus.sign.template"].with_user(
            self.here(self.office)
        )
        self.shared = self.here(self.template).with_user(self.here(self.office))
        self.shared_by_both = self.shared.with_user(self.here(self.both))

    def activate(self):
        """The other establishment starts using the service."""
        self.env["campus.sign.authority"]._activate(self.here(self.other))
        self.env.invalidate_all()

    def test_one_establishment_feels_no_difference(self):
        """A company that never activated the service is no establishment of its."""
        self.assertFalse(self.shared.reserved)
        self.shared.footer_text = "Changé"
        self.assertFalse(self.templates._own_establishment())
        self.assertFalse(self.shared.copy().company_id)
        made = self.templates.create(self.values())
        self.assertFalse(made.company_id)

    @contextmanager
    def refused(self):
        with self.assertRaises(AccessError) as refusal:
            yield
        self.assertIn("common to all establishments", str(refusal.exception))

    def values(self):
        return {
            "name": "Lettre",
            "category_id": self.env.ref("campus_sign.category_misc").id,
        }

    @QUIET
    def test_who_configures_one_of_two_does_not_change_what_both_use(self):
        self.activate()
        self.assertTrue(self.shared.reserved)
        line = self.shared.signer_ids[0]
        before = self.shared._snapshot()
        for act in (
            lambda: self.shared.write({"footer_text": "x"}),
            lambda: self.shared.web_save({"footer_text": "x"}, {}),
            lambda: self.shared.write({"company_id": self.establishment.id}),
            lambda: self.shared.action_archive(),
            lambda: self.shared.action_delete(),
            lambda: self.shared.action_restore_original(),
            lambda: self.shared.revision_ids[-1].action_restore(),
            lambda: self.templates.create({**self.values(), "company_id": False}),
            lambda: self.shared.copy({"company_id": False}),
            lambda: line.write({"mandatory": False}),
            lambda: line.unlink(),
            lambda: line.copy({"role_id": self.env.ref("campus_sign.role_agent").id}),
        ):
            with self.refused():
                act()
        self.env.invalidate_all()
        self.assertEqual(self.shared._snapshot(), before)

    @QUIET
    def test_own_templates_neither_become_nor_reach_common_ones(self):
        self.activate()
        mine = self.shared.copy()
        with self.refused():
            mine.company_id = False
        line = mine.signer_ids[0]
        with self.refused():
            line.template_id = self.shared
        with self.refused():
            self.shared.signer_ids[0].template_id = mine

    def test_who_configures_both_changes_it(self):
        self.activate()
        self.assertFalse(self.shared_by_both.reserved)
        # Whichever of his establishments is ticked in the menu bar.
        self.shared_by_both.with_context(
            allowed_company_ids=self.establishment.ids
        ).footer_text = "Pour les deux"
        self.shared_by_both.signer_ids[0].mandatory = False
        self.assertEqual(self.shared.footer_text, "Pour les deux")
        # An archived establishment uses nothing any more.
        self.here(self.both).company_ids = self.here(self.establishment)
        self.env.invalidate_all()
        self.assertTrue(self.shared_by_both.reserved)
        self.here(self.other).active = False
        self.env.invalidate_all()
        self.assertFalse(self.shared_by_both.reserved)

    def test_it_is_used_saved_and_duplicated(self):
        self.activate()
        self.assertTrue(self.shared._preview_pdf(self.internship.id))
        self.assertIn("file.json", self.shared.action_export()["url"])
        action = self.shared.action_duplicate()
        copy = self.templates.browse(action["res_id"])
        self.assertEqual(copy.company_id, self.here(self.establishment))
        self.assertFalse(copy.reserved)
        copy.footer_text = "À nous"
        copy.signer_ids[0].mandatory = False
        self.assertEqual(copy.revision_ids.mapped("number"), [3, 2, 1])
        self.assertTrue(self.send(template=copy))

    def test_what_is_made_fetched_or_imported_belongs_to_the_establishment(self):
        self.activate()
        with Form(self.templates, FORM) as form:
            form.name = "Lettre"
            form.category_id = self.env.ref("campus_sign.category_misc")
        made = form.record
        fetch = self.templates.env["campus.sign.template.fetch"]
        library = fetch.create({})
        library.line_ids[0].chosen = True
        made |= made.browse(library.action_fetch()["res_id"])
        file = base64.b64encode(self.shared._file_content())
        window = fetch.create({"source": "file", "file": file, "file_name": "a.json"})
        made |= made.browse(window.action_fetch()["res_id"])
        self.assertEqual(len(made), 3)
        self.assertEqual(made.company_id, self.here(self.establishment))

    def test_a_new_version_of_the_module_ships_for_everybody(self):
        self.activate()
        made = self.env["campus.sign.template"].sudo().create(self.values())
        self.assertFalse(made.company_id)

    def test_a_reader_without_the_right_is_not_told_to_duplicate(self):
        self.activate()
        follower = self.shared.with_user(self.here(self.follower))
        with mute_logger("odoo.addons.base.models.ir_model"):
            with self.assertRaises(AccessError) as refused:
                follower.footer_text = "x"
        self.assertNotIn("common to all", str(refused.exception))
