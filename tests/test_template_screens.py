# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json

from lxml import etree

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .test_ceremony_http import SignHttpCase

FORM = "campus_sign.campus_sign_template_view_form"


@tagged("post_install", "-at_install")
class TestTemplateScreens(SignHttpCase):
    """List, form and files of the templates (A016-A028, A041-A048, A055)."""

    def arch(self, kind):
        view = self.env.ref(f"campus_sign.campus_sign_template_view_{kind}")
        arch = self.env[view.model].with_user(self.office).get_view(view.id, kind)
        return etree.fromstring(arch["arch"])

    def test_the_list_has_its_columns_toolbar_and_groups(self):
        """A016, A017, A018, A055."""
        arch = self.arch("list")
        labels = [
            field.get("string") or field.get("name")
            for field in arch.findall("field")
            if field.get("optional") is None
        ]
        self.assertEqual(labels, ["Label", "category_id", "Sharing"])
        self.assertEqual(
            [button.get("string") for button in arch.iter("button")],
            [
                "Get templates",
                "Restore the original",
                "Duplicate",
                "Save to my computer",
                "Delete",
            ],
        )
        tick = arch.xpath("//field[@name='eligible']/@widget")
        self.assertEqual(tick, ["campus_tick"])
        action = self.env.ref("campus_sign.campus_sign_template_action")
        self.assertIn("search_default_group_recipient", action.context)
        grouping = self.arch("search").xpath(
            "//filter[@name='group_recipient']/@context"
        )
        self.assertEqual(grouping, ["{'group_by': 'recipient'}"])
        card = self.arch("kanban").xpath("//t[@t-name='card']//field/@name")
        self.assertEqual(card, ["name", "eligible", "category_id"])

    def test_the_form_has_its_title_and_four_tabs(self):
        """A020, A023."""
        self.assertEqual(
            self.template.display_name, "Company contact - Convention de stage"
        )
        tabs = [page.get("string") for page in self.arch("form").iter("page")]
        self.assertEqual(
            tabs,
            [
                "Content",
                "Page layout",
                "E-mail",
                "Sharing (electronic signature and publication)",
            ],
        )

    def test_the_sharing_tab_says_what_will_happen(self):
        """A027, A028, A041-A047: the block, its sentence, the help page."""
        page = self.arch("form").xpath("//page[@name='sharing']")[0]
        titles = page.xpath(".//separator/@string")
        self.assertEqual(
            titles,
            [
                "Publication of the signed document",
                "Circuit",
                "Settings of the publication after signature",
            ],
        )
        [help_page] = page.xpath(".//a/@href")
        self.authenticate("office", "office")
        answer = self.url_open(help_page)
        self.assertEqual(answer.status_code, 200)
        self.assertIn("How to have a document signed electronically?", answer.text)

    def test_publication_without_signature_needs_a_category_that_allows_it(self):
        """A025: refused on saving too, whoever writes it."""
        with self.assertRaises(UserError):
            self.template.sharing = "publish"
        self.template.category_id.can_publish = True
        self.template.sharing = "publish"
        self.assertFalse(self.template.eligible)

    def test_a_nature_is_created_by_a_button_and_misc_is_the_default(self):
        """A048."""
        misc = self.env.ref("campus_sign.nature_misc")
        form = Form(self.env["campus.sign.template"].with_user(self.office), FORM)
        self.assertEqual(form.nature_id, misc)
        action = self.env.ref("campus_sign.campus_sign_nature_action_new")
        self.assertIn(
            str(action.id), self.arch("form").xpath("//button[@type='action']/@name")
        )
        natures = self.env["campus.sign.nature"].with_user(self.office)
        with Form(natures, "campus_sign.campus_sign_nature_view_form") as nature:
            nature.name = "PFMP"
        form.sharing = "sign"
        form.nature_id = nature.record
        self.assertEqual(form.nature_id.name, "PFMP")

    def test_duplicate_and_delete(self):
        """A016: the copy opens; what was sent is archived, not deleted."""
        template = self.template.with_user(self.office)
        action = template.action_duplicate()
        twin = template.browse(action["res_id"])
        self.assertEqual(twin.name, "Convention de stage (copy)")
        twin.action_delete()
        self.assertFalse(twin.exists())
        with self.acting():
            self.send()
        with self.assertRaisesRegex(UserError, "archive it instead"):
            template.action_delete()

    def test_the_file_is_for_authors(self):
        """« Enregistrer sur son poste », by its address too."""
        url = f"/campus_sign/template/{self.template.id}/file.json"
        self.assertEqual(
            self.template.with_user(self.office).action_export()["url"], url
        )
        self.authenticate("office", "office")
        answer = self.url_open(url)
        self.assertIn("attachment", answer.headers["Content-Disposition"])
        content = json.loads(answer.content)
        self.assertEqual(content["templates"][0]["circuit"][0]["role"], "student")
        self.assertEqual(
            self.url_open("/campus_sign/template/0/file.json").status_code, 404
        )
        for login in ("follower", "portal-emma"):
            self.authenticate(login, login)
            self.assertIn(self.url_open(url).status_code, (403, 404), login)

    def test_the_preview_takes_the_record_chosen(self):
        """A049: another record than the last one, none that does not exist."""
        self.create_internship(self.adult)
        url = f"/campus_sign/template/{self.template.id}/preview.pdf"
        self.authenticate("office", "office")
        chosen = self.url_open(f"{url}?record={self.internship.id}&v=3")
        self.assertTrue(chosen.content.startswith(b"%PDF"))
        self.assertNotEqual(chosen.content, self.url_open(url).content)
        for wrong in ("99999999", "x", "-1", "1" * 40):
            answer = self.url_open(f"{url}?record={wrong}")
            self.assertNotEqual(answer.status_code, 500, wrong)
