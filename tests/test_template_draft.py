# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64
import copy

from odoo.tests import JsonRpcException, tagged
from odoo.tools import mute_logger

from ..models.campus_sign_template_preview import DRAFT_FIELDS
from .common_sign import pdf_text
from .test_ceremony_http import SignHttpCase

ROUTE = "/campus_sign/template/draft"


@tagged("post_install", "-at_install")
class TestTemplateDraft(SignHttpCase):
    """The preview of what is on the author's screen, before he saves it (A049)."""

    def setUp(self):
        super().setUp()
        self.authenticate("office", "office")

    def draft(self, **changes):
        """Return what the screen sends for the template, changed."""
        template = self.template
        values = {name: template[name] or "" for name in DRAFT_FIELDS}
        for name in ("show_logo", "print_title", "address_frame"):
            values[name] = template[name]
        values["body"] = str(values["body"])
        values["category_id"] = template.category_id.id
        values["circuit"] = [
            {
                "role_id": line.role_id.id,
                "teacher_id": line.teacher_id.id,
                "mandatory": line.mandatory,
                "sequence": line.sequence,
                "student_option": line.student_option,
                "guardian_option": line.guardian_option,
                "teacher_option": line.teacher_option,
            }
            for line in template.signer_ids
        ]
        return {**values, **changes}

    def ask(self, values, template=None, record=None):
        return self.make_jsonrpc_request(
            ROUTE,
            {
                "template_id": self.template.id if template is None else template,
                "values": values,
                "record_id": (record or self.internship).id,
            },
        )

    def text(self, values, **asked):
        answer = self.ask(values, **asked)
        self.assertNotIn("problem", answer)
        return pdf_text(base64.b64decode(answer["pdf"]))

    def test_it_shows_what_is_typed_and_writes_nothing(self):
        """Text, header, footer, title and circuit as they stand on the screen."""
        before = self.template._snapshot(), self.template.revision
        values = self.draft(
            body="<p>Texte pas encore enregistré</p>",
            name="Titre provisoire",
            header_text="En-tête provisoire",
            footer_text="Pied provisoire",
        )
        values["circuit"] = [
            line
            for line in values["circuit"]
            if line["role_id"] == self.env.ref("campus_sign.role_tutor").id
        ]
        text = self.text(values)
        for words in (
            "Texte pas encore enregistré",
            "Titre provisoire",
            "En-tête provisoire",
            "Pied provisoire",
            "MARTIN Emma",
            self.tutor.name,
        ):
            self.assertIn(words, text)
        self.assertNotIn(self.head.partner_id.name, text, "not in this circuit")
        self.env.invalidate_all()
        self.assertEqual((self.template._snapshot(), self.template.revision), before)
        self.assertFalse(self.env["campus.sign.request"].search([]))

    def test_a_template_never_saved_is_shown_too(self):
        count = self.env["campus.sign.template"].search_count([])
        values = self.draft(body="<p>Tout neuf</p>", circuit=[], sharing="none")
        self.assertIn("Tout neuf", self.text(values, template=False))
        self.assertEqual(self.env["campus.sign.template"].search_count([]), count)

    def test_it_says_what_a_saving_would_refuse(self):
        tag = (
            '<span data-embedded="campusTag" '
            'data-embedded-props=\'{"tag": "no.such"}\'>Nom</span>'
        )
        for changes, words in (
            ({"body": f"<h2>Durée</h2><p>{tag}</p>"}, "under “Durée”, “Nom”"),
            ({"body": "<p><img src='http://x/y.png'></p>"}, "embedded images"),
            ({"body": "<p>x</p>" * 700_000}, "MB"),
            ({"body": "<div>" * 500}, "nested"),
            ({"margin_top": 200}, "Top margin"),
            ({"circuit": []}, "at least one signer"),
        ):
            with self.subTest(words=words):
                self.assertIn(words, self.ask(self.draft(**changes))["problem"])

    def test_only_plain_values_are_taken(self):
        """Whatever is sent instead of a value is refused in a sentence, not run."""
        good = self.draft()
        for change in (
            lambda v: v.update(company_id=1),
            lambda v: v.pop("body"),
            lambda v: v.update(body={"$gt": ""}),
            lambda v: v.update(margin_left="18"),
            lambda v: v.update(margin_left=10**30),
            lambda v: v.update(font_size=1e308),
            lambda v: v.update(font_size=True),
            lambda v: v.update(page_format="A0"),
            lambda v: v.update(header_text="x" * 5_000),
            lambda v: v.update(category_id=10**8),
            lambda v: v.update(category_id="1"),
            lambda v: v.update(circuit={"role_id": 1}),
            lambda v: v.update(circuit=[[0, 0, {"role_id": 1}]]),
            lambda v: v["circuit"][0].update(role_id=10**8),
            lambda v: v["circuit"][0].update(role_id=False),
            lambda v: v["circuit"][0].update(template_id=1),
            lambda v: v["circuit"][0].update(student_option="x"),
            lambda v: v["circuit"].extend(v["circuit"] * 40),
        ):
            values = copy.deepcopy(good)
            change(values)
            with self.subTest(values=str(values)[:200]):
                self.assertTrue(self.ask(values)["problem"])
        self.assertTrue(self.ask([])["problem"])

    def test_nothing_in_it_is_evaluated_or_fetched(self):
        """Invariant 12, without the saving's sanitiser in between."""
        text = self.text(
            self.draft(
                body="<p t-out='7*7'>A{{ 7*7 }}</p><t t-call='web.layout'>B</t>"
                "<script>document.write(49)</script>"
                "<style>@import url(file:///etc/passwd); p:after{content:'49'}</style>"
                "<p style=\"background: url('file:///etc/passwd')\">C</p>"
                "<object data='file:///etc/passwd'></object>"
                "<svg><script>49</script><text>49</text></svg>"
                "<link rel='attachment' href='file:///etc/passwd'>",
                header_text="<t t-out='7*7'/>{{ 7*7 }}",
            )
        )
        self.assertIn("A{{ 7*7 }}", text)
        self.assertNotIn("49", text)
        self.assertNotIn("root:", text)

    def test_it_is_for_authors_and_for_what_they_may_read(self):
        """The right to configure, that template, that record."""
        self.env["ir.rule"].create(
            {
                "name": "nobody sees it",
                "model_id": self.env["ir.model"]._get_id("campus.internship"),
                "domain_force": [("id", "!=", self.internship.id)],
            }
        )
        with mute_logger("odoo.http", "odoo.addons.base.models.ir_rule"):
            self.assertIn("problem", self.ask(self.draft()))
            self.env["ir.rule"].search([("name", "=", "nobody sees it")]).unlink()
            self.assertIn("pdf", self.ask(self.draft()))
            self.create_user("sender", ["send"])
            self.authenticate("sender", "sender")
            text = self.text(self.draft(body="<p>Pas à lui</p>"))
            self.assertNotIn("Pas à lui", text, "he sees what was saved")
            self.assertIn("problem", self.ask(self.draft(), template=False))
            for login in ("follower", "portal-emma"):
                self.authenticate(login, login)
                with self.subTest(login=login):
                    answer = self.ask(self.draft())
                    self.assertEqual(list(answer), ["problem"])
            self.authenticate(None, None)
            with self.assertRaises(JsonRpcException):
                self.ask(self.draft())
