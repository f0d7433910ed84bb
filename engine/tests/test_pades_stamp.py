# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import unittest
from datetime import timedelta

from engine.pades import FieldSpec, MissingGlyphs, certify, validate
from engine.tests import pki

NOW = pki.START + timedelta(days=2)


class TestStamp(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.files = pki.Files()
        cls.addClassCleanup(cls.files.clean)

    def signed(self, pdf=None, **changes):
        return pki.sign_as(
            pdf or pki.certified().pdf, 0, NOW, stamp=pki.stamp(**changes)
        ).pdf

    def text(self, pdf):
        path = self.files.write("stamp.pdf", pdf)
        return pki.run("pdftotext", "-f", "2", "-raw", path, "-")[1]

    def picture(self, command, pdf):
        """Return (page, stamp) as rows of grey levels, 72 dpi."""
        path = self.files.write("drawn.pdf", pdf)
        out = self.files.path / "page"
        if command == "pdftoppm":
            pki.run(
                "pdftoppm", "-r", "72", "-f", "2", "-gray", "-singlefile", path, out
            )
            data = out.with_suffix(".pgm").read_bytes()
        else:
            target = out.with_suffix(".pnm")
            pki.run("mutool", "draw", "-r", "72", "-c", "gray", "-o", target, path, "2")
            data = target.read_bytes()
        from PIL import Image

        file = self.files.write("read.pgm", data)
        with Image.open(file) as image:
            return image.convert("L")

    def test_the_text_can_be_read_back(self):
        said = self.text(self.signed())
        for line in (
            "Signé électroniquement par",
            "Chloé Nguyễn-Dœuff",
            "Étudiante",
            "2 septembre 2026 à 10:00 (UTC+02:00)",
        ):
            self.assertIn(line, said)

    def test_a_paper_signature_names_the_scan(self):
        digest = "0123456789abcdef" * 4
        said = self.text(self.signed(paper=digest, visual=None))
        self.assertIn("Signé sur papier", said)
        self.assertIn(f"sha256:{digest[:32]}", said)
        self.assertIn(digest[32:], said)

    def test_the_language_is_the_callers(self):
        said = self.text(self.signed(title="Electronically signed by"))
        self.assertIn("Electronically signed by", said)
        self.assertNotIn("électroniquement", said)

    def test_both_viewers_draw_the_visual_on_the_left_of_its_box(self):
        pdf = self.signed()
        for command in ("pdftoppm", "mutool"):
            with self.subTest(command):
                page = self.picture(command, pdf)
                bottom = page.height - 600
                left = page.crop((60, bottom - 70, 145, bottom))
                right = page.crop((155, bottom - 70, 260, bottom))
                outside = page.crop((262, bottom - 75, page.width, bottom + 5))
                self.assertLess(left.getextrema()[0], 120)
                self.assertLess(right.getextrema()[0], 120)
                self.assertEqual(outside.getextrema(), (255, 255))

    def test_narrow_and_small_boxes_hold_the_stamp(self):
        boxes = {
            "narrow": (60, 100, 130, 250),
            "small": (60, 100, 110, 120),
            "flat": (60, 100, 500, 121),
            "large": (60, 100, 500, 600),
        }
        for name, box in boxes.items():
            with self.subTest(name):
                base = certify(
                    pki.base_pdf(),
                    [FieldSpec("sig-1", "Étudiante", 0, *box)],
                    pki.authority(),
                    now=NOW,
                    texts=["Chloé Nguyễn-Dœuff"],
                )
                pdf = self.signed(base.pdf)
                self.assertTrue(validate(pdf, pki.roots(), now=NOW).ok)

    def test_endless_names_are_cut(self):
        for name in ("Jean-" * 2000, "W" * 10_000, "mot " * 2500):
            with self.subTest(name[:8]):
                pdf = self.signed(name=name, role=name, when=name)
                said = self.text(pdf)
                self.assertIn("…", said)
                self.assertLess(max(map(len, said.splitlines())), 120)

    def test_control_characters_do_not_reach_the_page(self):
        said = self.text(self.signed(name="Ada\n\t\u202eLovelace\x00"))
        self.assertIn("Ada Lovelace", said)

    def test_decomposed_accents_are_composed(self):
        self.assertIn("Chloé", self.text(self.signed(name="Chloe\u0301")))

    def test_letters_out_of_the_font_ask_for_artwork(self):
        for name, missing in (
            ("نور", "ن"),
            ("李雷", "李"),
            ("שרה", "ש"),
            ("Q\u0303", "\u0303"),
        ):
            with self.subTest(name):
                with self.assertRaises(MissingGlyphs) as caught:
                    self.signed(name=name)
                self.assertIn(missing, caught.exception.characters)

    def test_a_signer_replaced_later_still_fits(self):
        said = self.text(self.signed(name="Bérénice Ÿœ d'Août – Øst"))
        self.assertIn("Bérénice Ÿœ d'Août – Øst", said)

    def test_artwork_is_drawn_instead(self):
        import weasyprint

        artwork = weasyprint.HTML(
            string="<style>@page{size:200pt 70pt;margin:4pt}</style><p lang=en>Artwork"
        ).write_pdf(pdf_variant="pdf/a-3a")
        pdf = self.signed(name="李雷", artwork=artwork)
        self.assertIn("Artwork", self.text(pdf))
        self.assertTrue(validate(pdf, pki.roots(), now=NOW).ok)
