# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64
import io

import pypdf
from PIL import Image

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from ..models.ceremony_errors import CeremonyError
from .common_sign import SignCase


@tagged("post_install", "-at_install")
class TestOfficeTemplate(SignCase):
    """The screen of a template (A017-A055)."""

    def setUp(self):
        super().setUp()
        self.mine = self.here(self.template).with_user(self.here(self.office))

    def text(self, content):
        reader = pypdf.PdfReader(io.BytesIO(content))
        return "\n".join(page.extract_text() for page in reader.pages)

    def places(self, content):
        """Return where the lines of the first page begin: millimetres, top left."""
        places = {}
        page = pypdf.PdfReader(io.BytesIO(content)).pages[0]
        height = float(page.mediabox.height)

        def visit(text, matrix, line, _font, _size):
            left = line[4] * matrix[0] + matrix[4]
            top = height - (line[5] * matrix[3] + matrix[5])
            place = (left * 25.4 / 72, top * 25.4 / 72)
            places.setdefault(text.strip(), place)

        page.extract_text(visitor_text=visit)
        return places

    def test_the_page_is_what_its_author_set(self):
        """Format, margins, header, footer, title, size of letters and logo."""
        logo = io.BytesIO()
        Image.new("RGB", (60, 30), "#1f3a5f").save(logo, "PNG")
        self.here(self.establishment).logo = base64.b64encode(logo.getvalue())
        self.mine.write(
            {
                "sharing": "none",
                "signer_ids": [Command.clear()],
                "body": "<p>Repère</p>",
                "page_format": "Letter",
                "margin_left": 41,
                "margin_top": 62,
                "header_text": "Haut de page",
                "footer_text": "Bas de page",
                "font_size": 20,
            }
        )
        internship = self.here(self.internship)
        content = self.mine._print(internship)
        [page] = pypdf.PdfReader(io.BytesIO(content)).pages
        self.assertEqual([round(n) for n in page.mediabox[2:]], [612, 792])
        self.assertEqual(len(page.images), 1, "the logo")
        places = self.places(content)
        left, top = places["Repère"]
        self.assertAlmostEqual(left, 41, delta=0.5)
        self.assertGreater(top, 62)
        self.assertLess(places["Haut de page"][1], 62)
        self.assertGreater(places["Bas de page"][1], 250)
        self.assertIn("Convention de stage", self.text(content))
        self.mine.write({"show_logo": False, "print_title": False, "font_size": 10})
        content = self.mine._print(internship)
        [page] = pypdf.PdfReader(io.BytesIO(content)).pages
        self.assertFalse(page.images)
        self.assertNotIn("Convention de stage", self.text(content))
        self.assertLess(self.places(content)["Repère"][1], top)

    def test_preview_shows_the_last_record(self):
        content = self.mine._preview_pdf()
        self.assertIn("MARTIN Emma", self.text(content))
        self.assertFalse(self.env["campus.sign.request"].search([]))

    def test_preview_prefers_a_record_that_leaves_no_blank(self):
        """A record just begun shows nothing of the template."""
        begun = self.new_internship(self.here(self.adult))
        begun.write({"tutor_id": False, "teacher_id": False})
        self.assertIn("MARTIN Emma", self.text(self.mine._preview_pdf()))
        chosen = self.text(self.mine._preview_pdf(begun.id))
        self.assertIn(self.adult.name, chosen)

    def test_the_document_is_headed_by_its_name(self):
        """Whom it is about stands in the text: the title says what it is."""
        html = self.mine._draft(self.here(self.internship))._document_html(
            self.mine, self.here(self.internship), []
        )
        self.assertIn(f'<h1 class="cs-title">{self.mine.name}</h1>', html)

    def test_the_address_is_in_the_window_of_the_envelope(self):
        """A050: in the right half, between 35 and 95 mm from the top."""
        internship = self.here(self.internship)
        street = "18 avenue Garibaldi"
        internship.company_head_id.street = street
        plain = self.mine._print(internship)
        self.mine.address_frame = True
        content = self.mine._print(internship)
        places = self.places(content)
        name = internship.company_head_id.name
        for line in (name, street, "87000 Limoges"):
            left, top = places[line]
            self.assertTrue(100 < left < 190, (line, left))
            self.assertTrue(35 < top < 95, (line, top))
        self.assertLess(places[name][1], places[street][1])
        first = pypdf.PdfReader(io.BytesIO(plain)).pages[0].extract_text()
        self.assertNotIn(f"{name}\n{street}", first)

    def test_preview_leaves_a_place_for_who_is_missing(self):
        internship = self.here(self.internship)
        internship.tutor_id = False
        internship.company_id.sign_finaliser_id = False
        self.assertTrue(self.mine._preview_pdf().startswith(b"%PDF"))

    def test_preview_without_record_says_what_to_create(self):
        self.here(self.internship).unlink()
        with self.assertRaises(UserError):
            self.mine._preview_pdf()

    def test_preview_is_for_who_may_send(self):
        with self.assertRaises(CeremonyError):
            self.mine.with_user(self.here(self.follower)).action_preview()
        self.assertIn(str(self.mine.id), self.mine.action_preview()["url"])

    def test_circuit_table_says_who_signs_for_a_role(self):
        """A032, A034, A037, A040: in a few words, in the table itself."""
        with Form(self.mine, "campus_sign.campus_sign_template_view_form") as form:
            with form.signer_ids.new() as line:
                line.role_id = self.env.ref("campus_sign.role_guardian")
                self.assertEqual(line.options_summary, "Legal guardian 1")
        details = {s.role_code: s.options_summary for s in self.mine.signer_ids}
        self.assertEqual(details["teacher"], "Internship teacher")
        self.assertFalse(details["tutor"])
        self.assertIn("last", details["establishment"])

    def test_the_author_is_warned_by_the_law(self):
        """Decision 11, while he edits."""
        with Form(self.mine, "campus_sign.campus_sign_template_view_form") as form:
            self.assertFalse(form.legal_warning)
            with form.signer_ids.edit(1) as line:
                line.modality = "optional"
            self.assertIn("D124-4", form.legal_warning)
            form.sharing = "none"
            self.assertFalse(form.legal_warning, "nobody signs it")

    def test_the_representative_stays_mandatory(self):
        lines = self.mine.signer_ids
        index = next(i for i, line in enumerate(lines) if line.finaliser)
        with Form(self.mine, "campus_sign.campus_sign_template_view_form") as form:
            with (
                self.assertRaises(AssertionError),
                form.signer_ids.edit(index) as line,
            ):
                line.modality = "optional"
