# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import io
import unittest

from PIL import Image

from engine.rendering import MissingGlyphs, stamp_pdf

from .rendering_samples import pdf_fonts, pdf_objects, pdf_text, run

SIZE = (232, 85)
LINES = ("דניאל כהן", "Maître de stage", "12/03/2026 14:05:00 +01:00")


def visual():
    out = io.BytesIO()
    Image.new("RGBA", (480, 160), (20, 30, 90, 120)).save(out, "PNG")
    return out.getvalue()


class TestStamp(unittest.TestCase):
    def test_is_one_page_of_the_size_of_the_box(self):
        for image in (None, visual()):
            info = run("pdfinfo", "PDF", pdf=stamp_pdf(LINES, *SIZE, image))
            self.assertRegex(info, r"Pages:\s+1\n")
            self.assertRegex(info, r"Page size:\s+232 x 85 pts")

    def test_shows_every_line_in_shipped_fonts(self):
        pdf = stamp_pdf(LINES, *SIZE, visual())
        text = pdf_text(pdf)
        for line in LINES[1:]:
            self.assertIn(line, text)
        self.assertIn("דניאל", text)
        fonts = pdf_fonts(pdf)
        self.assertEqual(set(fonts), {"Noto-Sans", "Noto-Sans-Hebrew-Bold"})
        self.assertTrue(all(fonts.values()))

    def test_keeps_to_pdfa(self):
        objects = pdf_objects(stamp_pdf(LINES, *SIZE, visual()))
        self.assertIn("/Subtype /Image", objects)
        self.assertNotIn("/Interpolate true", objects)
        # Content marked for a structure tree would dangle in the signed document.
        self.assertNotIn("/StructTreeRoot", objects)
        self.assertNotIn("/MCID", objects)

    def test_keeps_role_and_date_under_a_long_name(self):
        for name in ("محمد " * 2000, "W" * 10_000):
            text = pdf_text(stamp_pdf((name, *LINES[1:]), *SIZE, visual()))
            self.assertIn(LINES[2], text)

    def test_markup_is_text(self):
        lines = ("<b>דניאל</b> & Cie", *LINES[1:])
        self.assertIn("& Cie", pdf_text(stamp_pdf(lines, *SIZE, None)))

    def test_the_same_stamp_is_the_same_bytes(self):
        self.assertEqual(*(stamp_pdf(LINES, *SIZE, visual()) for _ in range(2)))

    def test_a_character_without_glyph_is_refused(self):
        with self.assertLogs("weasyprint"), self.assertRaises(MissingGlyphs):
            stamp_pdf(("漢字",), *SIZE, None)
