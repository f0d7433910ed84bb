# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64
import json

from markupsafe import Markup

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from ..engine.rendering import signature_block, signature_places
from .common_sign import SignCase, pdf_text

FORM = "campus_sign.campus_sign_template_view_form"


def tag(code, text="x"):
    props = json.dumps({"tag": code})
    return Markup(
        "<span data-embedded=\"campusTag\" data-embedded-props='%s' "
        'data-oe-protected="true">%s</span>'
    ) % (Markup(props), text)


@tagged("post_install", "-at_install")
class TestTemplateContent(SignCase):
    """What an author may save, and what is said when he may not."""

    def setUp(self):
        super().setUp()
        self.model = self.env["campus.sign.template"].with_user(self.office)
        self.category = self.here(self.template).category_id

    def new(self, **values):
        values = {
            "name": "Lettre",
            "category_id": self.category.id,
            "body": "<p>Bonjour</p>",
            **values,
        }
        return self.model.create(values)

    def role(self, code):
        return self.env["campus.sign.role"].search([("code", "=", code)])

    def signed(self, *codes, **values):
        lines = [
            Command.create({"role_id": self.role(code).id, "sequence": index})
            for index, code in enumerate(codes, start=1)
        ]
        return self.new(sharing="sign", signer_ids=lines, **values)

    # === Signature blocks (A052) ===#

    def test_a_role_brings_its_block_at_the_end(self):
        template = self.signed("tutor", "establishment")
        self.assertEqual(
            list(signature_places(template.body)), ["tutor", "establishment"]
        )
        self.assertTrue(template.body.startswith("<p>Bonjour</p>"))
        self.assertIn("Sign_Signatory Internship tutor", template.body)

    def test_the_form_shows_the_block_before_saving(self):
        with Form(self.signed("tutor"), FORM) as form:
            with form.signer_ids.new() as line:
                line.role_id = self.role("company_head")
            self.assertIn("company_head", signature_places(form.body))
            form.signer_ids.remove(0)
            self.assertNotIn("tutor", signature_places(form.body))

    def test_a_block_moved_by_the_author_stays_where_it_is(self):
        template = self.signed("tutor", "establishment")
        body = signature_block("establishment", "Direction") + "<p>Fin</p>"
        template.body = Markup(body)
        self.assertEqual(
            list(signature_places(template.body)), ["establishment", "tutor"]
        )

    def test_a_role_that_leaves_takes_its_block(self):
        template = self.signed("student", "establishment")
        self.assertIn("guardian", signature_places(template.body), "of a minor")
        template.signer_ids.filtered(lambda s: s.role_code == "student").unlink()
        self.assertEqual(list(signature_places(template.body)), ["establishment"])

    def test_a_block_without_its_role_is_named_with_its_place(self):
        template = self.signed("tutor")
        body = Markup("<h2>Accord</h2>") + Markup(signature_block("teacher", "Prof"))
        with self.assertRaises(ValidationError) as caught:
            template.body = body
        self.assertIn(
            "under “Accord”, “Prof”: “Internship teacher” has", str(caught.exception)
        )
        self.assertNotIn("Accord", template.body)

    # === Messages naming the place ===#

    def test_every_problem_is_said_with_its_place(self):
        hollow = Markup("<p>%s</p>")
        condition = Markup(
            '<div data-embedded="campusCondition" '
            'data-embedded-props=\'{"tag": "no.such"}\'><p>Si</p></div>'
        )
        nested = tag("student.name", tag("student.email", "dedans"))
        for body, words in (
            (hollow % tag("no.such", "Nom"), "under “Durée”, “Nom”: the tag “no.such”"),
            (condition, "under “Durée”, “Si”: this section depends"),
            (nested, "under “Durée”, “dedans”: a tag or a signature block"),
            (tag("no.such", ""), "under “Durée”, line"),
        ):
            with (
                self.subTest(words=words),
                self.assertRaisesRegex(ValidationError, words),
            ):
                self.new(body=Markup("<h2>Durée</h2>") + body)

    def test_a_hundred_problems_fit_a_window(self):
        with self.assertRaises(ValidationError) as refused:
            self.new(body=Markup("").join(tag(f"no.such{n}") for n in range(100)))
        lines = str(refused.exception).splitlines()
        self.assertEqual((len(lines), lines[-1]), (9, "… and 92 more."))

    def test_a_tag_of_another_kind_of_record_is_refused(self):
        self.env["campus.sign.tag"].create(
            {"code": "other.x", "name": "X", "group": "X", "model": "campus.student"}
        )
        with self.assertRaisesRegex(ValidationError, "“X” is not available"):
            self.new(body=tag("other.x"))

    # === Bad input ===#

    def test_five_megabytes_of_a_word_processor(self):
        word = "<p class='MsoNormal' style='mso-fareast-language:FR'>Texte</p>"
        with self.assertRaisesRegex(ValidationError, "Ctrl"):
            self.new(body=word * (5_000_000 // len(word)))
        template = self.new()
        with self.assertRaisesRegex(ValidationError, "5.0 MB"):
            template.body = "<p>x</p>" + "<span></span>" * 384_610
        self.assertEqual(template.body, "<p>Bonjour</p>")

    def test_boxes_in_boxes_without_end(self):
        with self.assertRaisesRegex(ValidationError, "nested too deeply"):
            self.new(body="<div>" * 200 + "x")
        template = self.new()
        with self.assertRaisesRegex(ValidationError, "nested too deeply"):
            template.body = "<div>" * 200 + "x"

    def test_images_by_address_are_refused(self):
        for source in (
            "https://example.org/pixel.png",
            "//example.org/pixel.png",
            "file:///etc/passwd",
            "/web/image/res.company/1/logo",
            "/web/image/1",
        ):
            with (
                self.subTest(source=source),
                self.assertRaisesRegex(ValidationError, "Only embedded images"),
            ):
                self.new(body=f'<p><img src="{source}"/></p>')

    def test_a_picture_uploaded_before_the_first_saving_is_kept(self):
        pixel = base64.b64decode(
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGA"
            "WjR9awAAAABJRU5ErkJggg=="
        )
        attachments = self.env["ir.attachment"]
        mine, other = (
            attachments.with_user(user).create({"name": "p.png", "raw": pixel})
            for user in (self.office, self.head)
        )
        template = self.new(body=f'<p><img src="/web/image/{mine.id}-x/p.png"/></p>')
        self.assertEqual((mine.res_model, mine.res_id), (template._name, template.id))
        self.assertEqual(len(template._images()), 1)
        with self.assertRaises(ValidationError):
            self.new(body=f'<p><img src="/web/image/{other.id}"/></p>')

    def test_two_hundred_signers(self):
        roles = self.env["campus.sign.role"].create(
            [{"name": f"R{n}", "code": f"extra_{n}"} for n in range(200)]
        )
        with self.assertRaisesRegex(ValidationError, "30 roles"):
            self.signed(*roles.mapped("code"))

    def test_a_category_is_never_under_itself(self):
        parent = self.category.parent_id
        with self.assertRaises(UserError):
            parent.parent_id = self.category

    # === Nothing is evaluated (invariant 12) ===#

    def test_nothing_written_is_ever_evaluated(self):
        """Every way to slip a program in ends as plain text or disappears."""
        hostile = Markup(
            "<p>A{{ 7*7 }} B${7*7} C{% 7*7 %} D#{7*7} E<%= 7*7 %> F@(7*7)</p>"
            "<p t-out='7*7'>G</p><t t-esc='env.cr.dbname'>H</t>"
            "<p t-att-title='7*7' t-attf-class='c{{7*7}}' t-if='0'>I</p>"
            "<p t-foreach='[1,2,3]' t-as='n'>J</p><t t-call='web.layout'>K</t>"
            "<t t-set='x' t-value='7*7'/><t t-raw='x'/>"
            "<p onload='x()' onclick='x()'>L</p><a href='javascript:x()'>M</a>"
            "<svg onload='x()'><script>49</script></svg><script>49</script>"
            "<object data='file:///etc/passwd'></object><embed src='x'>"
            "<iframe src='file:///etc/passwd'></iframe><link href='http://x/y.css'>"
            "<style>@import url(http://x/y.css); p:after{content:'49'}</style>"
            "<p style=\"background: url('file:///etc/passwd')\">N</p>"
            "<p style='width: expression(49)'>O</p><base href='http://x/'>"
            "<meta http-equiv='refresh' content='0;url=http://x'>"
            "<form action='http://x'><input name='q' value='49'></form>"
        )
        template = self.signed("tutor", body=hostile, header_text="{{ 7*7 }}")
        template.write({"footer_text": "<t t-out='7*7'/>", "name": "Titre ${7*7}"})
        for word in (
            "<script",
            "<iframe",
            "onload",
            "javascript:",
            "<object",
            "t-out=",
        ):
            self.assertNotIn(word, template.body)
        request = self.send(template=template)
        text = pdf_text(request._stored_file())
        self.assertNotIn("49", text.replace(request.code, ""))
        for literal in ("A{{ 7*7 }}", "B${7*7}", "C{% 7*7 %}", "D#{7*7}", "F@(7*7)"):
            self.assertIn(literal, text)
        self.assertNotIn("root:", text)

    # === Circuit (A033, A038, A040) ===#

    def test_the_representative_is_last_whatever_the_order_asked(self):
        template = self.signed("establishment", "tutor", "student")
        codes = template.signer_ids.sorted("sequence").mapped("role_code")
        self.assertEqual(codes[-1], "establishment")
        head = template.signer_ids.filtered("finaliser")
        head.sequence = -5
        self.assertEqual(template.signer_ids.sorted("sequence")[-1], head)

    def test_a_role_of_the_administrator_can_sign(self):
        role = self.env["campus.sign.role"].create(
            {"name": "Médecin", "code": "doctor"}
        )
        template = self.signed("doctor")
        self.assertEqual(template.signer_ids.role_id, role)
        self.assertIn("doctor", signature_places(template.body))

    # === Preview (A049) ===#

    def test_the_preview_shows_the_record_its_author_chose(self):
        template = self.here(self.template).with_user(self.office)
        other = self.new_internship(self.here(self.adult))
        first = self.here(self.internship)
        for record, name in ((first, "MARTIN Emma"), (other, "DUVAL Hugo")):
            text = pdf_text(template._preview_pdf(record.id))
            self.assertIn(name, text)

    def test_the_preview_shows_nothing_one_may_not_read(self):
        template = self.here(self.template).with_user(self.office)
        self.env["ir.rule"].create(
            {
                "name": "nobody sees it",
                "model_id": self.env["ir.model"]._get_id("campus.internship"),
                "domain_force": [("id", "!=", self.internship.id)],
            }
        )
        with self.assertRaises(AccessError):
            template._preview_pdf(self.internship.id)
        with self.assertRaises(UserError):
            template._preview_pdf(10**8)
