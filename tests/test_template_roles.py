# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.fields import Command
from odoo.tests import tagged

from .common_sign import SignCase


@tagged("post_install", "-at_install")
class TestTemplateRoles(SignCase):
    """The picker offers the roles that the category's records name (A031)."""

    CATEGORIES = (
        "internship_convention",
        "work_study_agreement",
        "mission",
        "misc",
        "misc_student",
    )

    def template_of(self, category, *codes):
        return self.env["campus.sign.template"].new(
            {
                "name": "Essai",
                "category_id": self.env.ref(f"campus_sign.category_{category}").id,
                "sharing": "sign",
                "signer_ids": [
                    Command.create(
                        {"role_id": self.env.ref(f"campus_sign.role_{code}").id}
                    )
                    for code in codes
                ],
            }
        )

    def test_a_mission_offers_no_guardian(self):
        codes = self.template_of("mission").offered_role_ids.mapped("code")
        self.assertEqual(
            codes, ["teacher", "tutor", "company_head", "agent", "establishment"]
        )

    def test_each_kind_of_record_offers_what_it_names(self):
        roles = self.env["campus.sign.role"].search([])
        records = {
            name
            for name, model in self.env.registry.items()
            if not model._abstract and hasattr(model, "_sign_roles")
        }
        self.assertEqual(len(records), 7)
        for name in sorted(records):
            record = self.env[name].search([], limit=1)
            with self.subTest(model=name):
                offered = set(roles._filled_by(name).mapped("code"))
                self.assertTrue(offered)
                if record:
                    named = {*record._sign_parties(), *record._sign_establishments()}
                    self.assertLessEqual(named, offered)

    def test_shipped_circuits_ask_nobody_in_vain(self):
        for template in self.env["campus.sign.template"].search([]):
            with self.subTest(template=template.name):
                self.assertFalse(template.role_warning)

    def test_a_role_that_stays_empty_is_said(self):
        template = self.template_of("mission", "agent", "guardian", "teacher")
        self.assertIn("Student's guardian", template.role_warning)
        self.assertNotIn("Person on mission", template.role_warning)
        template.sharing = "none"
        self.assertFalse(template.role_warning)
        template = self.template_of("visit_parental", "teacher")
        self.assertTrue(template.role_warning)
        template.signer_ids.teacher_option = "class"
        self.assertFalse(template.role_warning, "the class names its teacher")

    def test_a_role_of_the_administrator_s_own(self):
        role = self.env["campus.sign.role"].create(
            {"name": "CFA director", "code": "cfa", "is_establishment": True}
        )
        for category in self.CATEGORIES:
            offered = self.template_of(category).offered_role_ids
            self.assertIn(role.code, offered.mapped("code"))
