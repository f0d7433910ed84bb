# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import io

import pypdf

from odoo.exceptions import UserError
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

    def test_preview_shows_the_last_record(self):
        content = self.mine._preview_pdf()
        self.assertIn("MARTIN Emma", self.text(content))
        self.assertFalse(self.env["campus.sign.request"].search([]))

    def test_the_address_is_in_the_window_of_the_envelope(self):
        """A050: in the right half, between 35 and 95 mm from the top."""
        internship = self.here(self.internship)
        street = "18 avenue Garibaldi"
        internship.company_head_id.street = street
        plain = self.mine._print(internship)
        self.mine.address_frame = True
        content = self.mine._print(internship)
        places = {}
        reader = pypdf.PdfReader(io.BytesIO(content))
        height = float(reader.pages[0].mediabox.height)

        def visit(text, page, line, _font, _size):
            left = line[4] * page[0] + page[4]
            top = height - (line[5] * page[3] + page[5])
            places.setdefault(text.strip(), (left, top))

        reader.pages[0].extract_text(visitor_text=visit)
        name = internship.company_head_id.name
        for line in (name, street, "87000 Limoges"):
            left, top = (points * 25.4 / 72 for points in places[line])
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

    def test_the_representative_stays_mandatory(self):
        lines = self.mine.signer_ids
        index = next(i for i, line in enumerate(lines) if line.finaliser)
        with Form(self.mine, "campus_sign.campus_sign_template_view_form") as form:
            with (
                self.assertRaises(AssertionError),
                form.signer_ids.edit(index) as line,
            ):
                line.modality = "optional"
