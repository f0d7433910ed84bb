# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import io
import logging
import os
import subprocess
import sys
import tempfile
import threading
import unittest
from datetime import datetime, timezone
from pathlib import Path

import pypdf
from PIL import Image

from engine.rendering import (
    Enclosure,
    ForbiddenResource,
    MissingGlyphs,
    compose,
    data_uri,
    missing_glyphs,
    needs_shaping,
    qr_png,
    render,
)

from .rendering_samples import (
    ROOT,
    page,
    pdf_fonts,
    pdf_objects,
    pdf_text,
    run,
    signature,
    slot,
)

RANGE = "<p><b>Gras</b> <i>italique</i> → ☑ محمد <b>دانيال</b> דניאל</p>"


def render_document(body="", count=2, **layout):
    slots = [
        slot(f"sig-{n}", "student", f"Signataire {n}") for n in range(1, count + 1)
    ]
    composed = compose(body + signature("student"), {}, slots)
    expected = [each.name for each in slots]
    return render(page(composed.html, **layout), expected=expected, identifier="test")


class TestFile(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.pdf = render_document("<h2>Objet</h2><p>Élève, œuvre, naïf.</p>").pdf
        cls.objects = pdf_objects(cls.pdf)

    def test_declares_what_it_is(self):
        info = run("pdfinfo", "PDF", pdf=self.pdf)
        self.assertRegex(info, r"Title:\s+Convention")
        self.assertRegex(info, r"Tagged:\s+yes")
        metadata = run("pdfinfo", "-meta", "PDF", pdf=self.pdf)
        self.assertIn('pdfaid:part="3"', metadata)
        self.assertIn('pdfaid:conformance="A"', metadata)
        self.assertIn("/Lang (fr)", self.objects)
        self.assertIn("/OutputIntents", self.objects)
        self.assertIn("/DisplayDocTitle true", self.objects)

    def test_structure_follows_the_content(self):
        structure = run("pdfinfo", "-struct-text", "PDF", pdf=self.pdf)
        self.assertRegex(structure, r"(?s)H1.*Convention.*H2.*Objet.*P.*naïf")

    def test_qpdf_finds_no_error(self):
        self.assertIn("No syntax", run("qpdf", "--check", "PDF", pdf=self.pdf))

    def test_text_stays_text(self):
        self.assertIn("Élève, œuvre, naïf.", pdf_text(self.pdf))

    def test_what_the_editor_offers_is_printed(self):
        """Boxes to tick, columns side by side, sizes of letters."""
        pdf = render_document(
            "<ul class='o_checklist'><li>Faire</li><li class='o_checked'>Fait</li></ul>"
            "<div class='o_text_columns'><div class='row'><div>Gauche</div>"
            "<div>Droite</div></div></div>"
            "<p><span style='font-size: 24pt'>Grand</span> petit</p>",
        ).pdf
        text = pdf_text(pdf)
        self.assertIn("☐ Faire", text)
        self.assertIn("☑ Fait", text)
        self.assertIn("Gauche Droite", text)
        sizes = {}
        pypdf.PdfReader(io.BytesIO(pdf)).pages[0].extract_text(
            visitor_text=lambda words, _cm, tm, _font, size: sizes.setdefault(
                words.strip(), size * abs(tm[3])
            )
        )
        self.assertAlmostEqual(sizes["Grand"] / sizes["petit"], 24 / 9.5, delta=0.1)

    def test_no_image_is_smoothed(self):
        self.assertIn("/Subtype /Image", self.objects)
        self.assertNotIn("/Interpolate true", self.objects)

    def test_every_page_has_number_and_code_which_is_one_image(self):
        pdf = render_document("<p style='break-after: page'>a</p>" * 3).pdf
        for number in range(1, 5):
            first_last = ("-f", str(number), "-l", str(number))
            text = run("pdftotext", *first_last, "PDF", "-", pdf=pdf)
            self.assertIn(f"Page {number} / 4", text)
            self.assertIn("lycee.example/verify", text)
        listed = run("pdfimages", "-list", "PDF", pdf=pdf).splitlines()[2:]
        self.assertEqual(len(listed), 4)
        self.assertEqual(len({line.split()[10] for line in listed}), 1)


class TestSameBytes(unittest.TestCase):
    def test_again_and_after_another_document(self):
        first = render_document(RANGE)
        render_document("<p>autre</p>", count=1)
        self.assertEqual(render_document(RANGE).sha256, first.sha256)

    def test_in_another_process(self):
        program = (
            "from engine.tests.test_rendering_pdf import RANGE, render_document;"
            "print(render_document(RANGE).sha256)"
        )
        hashes = {
            subprocess.run(
                [sys.executable, "-c", program],
                cwd=ROOT,
                env={**os.environ, "PYTHONHASHSEED": seed},
                check=True,
                capture_output=True,
                text=True,
            ).stdout.strip()
            for seed in ("1", "2")
        }
        self.assertEqual(hashes, {render_document(RANGE).sha256})

    def test_when_threads_start_together(self):
        program = (
            "import sys, threading;"
            "from engine.tests.test_rendering_pdf import render_document;"
            "sys.setswitchinterval(1e-6); gate = threading.Barrier(4);"
            "work = lambda: (gate.wait(),"
            " sys.stdout.write(render_document().sha256 + '\\n'));"
            "[threading.Thread(target=work).start() for _ in range(4)]"
        )
        hashes = subprocess.run(
            [sys.executable, "-c", program],
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        ).stdout.split()
        self.assertEqual(hashes, [render_document().sha256] * 4)

    def test_in_several_threads(self):
        expected, found = render_document(RANGE).sha256, []

        def work():
            found.extend(render_document(RANGE).sha256 for _ in range(3))

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(found, [expected] * 12)

    def test_identifier_is_the_document_s(self):
        html = page("<p>x</p>")
        one, two = (render(html, identifier=name).pdf for name in ("one", "two"))
        self.assertNotEqual(one, two)


class TestFonts(unittest.TestCase):
    def test_only_shipped_fonts_are_embedded(self):
        # Names any host answers with a font of its own.
        style = "font-family: 'DejaVu Sans', Arial, monospace, sans-serif"
        html = page(f'{RANGE}<p style="{style}">Essai <code>x</code></p>')
        fonts = pdf_fonts(render(html, identifier="x").pdf)
        self.assertEqual(
            set(fonts),
            {
                "Noto-Sans",
                "Noto-Sans-Bold",
                "Noto-Sans-Italic",
                "Noto-Sans-Arabic",
                "Noto-Sans-Arabic-Bold",
                "Noto-Sans-Hebrew",
                "Noto-Sans-Math",
                "Noto-Sans-Symbols2",
            },
        )
        self.assertTrue(all(fonts.values()), fonts)

    def test_a_font_in_the_document_is_not_used(self):
        file = (ROOT / "static/fonts/NotoSansHebrew-Regular.ttf").read_bytes()
        style = f"@font-face {{font-family: x; src: url({data_uri(file, 'font/ttf')})}}"
        html = page(f"<style>{style} p {{font-family: x}}</style><p>דניאל</p>")
        self.assertIn("Noto-Sans-Hebrew", pdf_fonts(render(html, identifier="x").pdf))

    def test_missing_glyphs_are_named_before(self):
        self.assertEqual(missing_glyphs("Élève 漢 محمد ☑\n\t漢字\u200b"), ("漢", "字"))

    def test_missing_glyphs_are_refused_after(self):
        with self.assertLogs("weasyprint", logging.WARNING):
            with self.assertRaises(MissingGlyphs) as caught:
                render_document("<p>Élève 漢字</p>")
        self.assertEqual(caught.exception.characters, ("字", "漢"))

    def test_shaping_is_needed_where_letters_change(self):
        for text, expected in (
            ("Nguyễn-Dœuff, Łukasz Ødegård", False),
            ("Nguye\u0302\u0303n", False),  # has a composed form
            ("Αλέξης Иван", False),
            ("12/03/2026 14:05 €", False),
            ("محمد", True),
            ("דניאל", True),
            ("नमस्ते", True),
            ("x\u0332", True),
            ("漢", True),
        ):
            with self.subTest(text=text):
                self.assertEqual(needs_shaping(text), expected)


class TestDoors(unittest.TestCase):
    def test_nothing_is_loaded_from_outside(self):
        for content in (
            "<img alt='x' src='file:///etc/passwd'>",
            "<img alt='x' src='http://127.0.0.1:9/x.png'>",
            "<link rel=stylesheet href='ftp://x/y.css'>",
            "<link rel=attachment href='file:///etc/passwd'>",
            "<p style='background: url(campus-sign:fonts/../../secret)'>x</p>",
            "<style>@import 'campus-sign:fonts/OFL.txt';</style>",
        ):
            with self.subTest(content=content), self.assertLogs("weasyprint"):
                with self.assertRaises(ForbiddenResource):
                    render(page(content), identifier="x")

    def test_steps_are_silent_and_warnings_are_not(self):
        with self.assertNoLogs("weasyprint", logging.DEBUG):
            render_document()
        with self.assertLogs("weasyprint", logging.WARNING):
            render(page("<style>p {nonsense: 1}</style>"), identifier="x")


class TestCode(unittest.TestCase):
    def test_one_pixel_per_module_with_its_quiet_zone(self):
        image = Image.open(io.BytesIO(qr_png("https://lycee.example/verify/K7QX")))
        self.assertEqual(image.mode, "1")
        self.assertEqual(image.width, image.height)
        self.assertEqual((image.width - 8 - 17) % 4, 0)
        border = [image.getpixel((x, y)) for x in range(image.width) for y in range(4)]
        self.assertTrue(all(border))
        self.assertEqual(image.getpixel((4, 4)), 0)

    def test_letters_beyond_ascii(self):
        import zxingcpp

        for text in ("https://lycee.example/verify/K7QX#p12", "lycée Œuvre #p1"):
            image = Image.open(io.BytesIO(qr_png(text)))
            big = image.resize((image.width * 4, image.height * 4)).convert("L")
            [read] = zxingcpp.read_barcodes(big)
            self.assertEqual((read.text, read.ec_level), (text, "M"))


class TestEnclosure(unittest.TestCase):
    def test_the_file_comes_out_as_it_went_in(self):
        content = b'{"proof":"\xc3\xa9"}'
        enclosure = Enclosure(
            name="proof.json",
            content=content,
            description="Machine-readable proof",
            moment=datetime(2026, 11, 22, tzinfo=timezone.utc),
        )
        html = (
            '<html lang="fr"><head><title>t</title></head><body><p>t</p></body></html>'
        )
        pdf = render(html, identifier="proof", enclosures=[enclosure]).pdf
        with tempfile.TemporaryDirectory() as folder:
            source, target = Path(folder) / "a.pdf", Path(folder) / "proof.json"
            source.write_bytes(pdf)
            subprocess.run(
                ["pdfdetach", "-save", "1", "-o", str(target), str(source)], check=True
            )
            self.assertEqual(target.read_bytes(), content)
        self.assertIn("/AFRelationship /Data", pdf_objects(pdf))
