# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Piles of scanned pages, made as scanners make them: pictures, noise, slips."""

import io
import unittest

import pypdfium2 as pdfium
from PIL import Image

from engine.rendering import render
from engine.scanning import (
    Limits,
    ScanError,
    extract_pages,
    page_picture,
    paper_reference,
    read_pile,
    read_reference,
)

from .rendering_samples import page
from .scanner import damage, pictures, scanned

CODE = "0123456789ABCDEF"
URL = f"https://lycee.example/verify/{CODE}"


def printed(pages, reference=URL):
    """Return the PDF of a document of ``pages`` pages with their codes."""
    body = "<p>Convention</p>" + (
        "<p style='page-break-before: always'>Suite</p>" * (pages - 1)
    )
    html = page(body).replace('<img class="cs-qr"', '<img class="cs-none"')
    return render(html, identifier=CODE, page_code=reference).pdf


class TestReadPile(unittest.TestCase):
    def statuses(self, pdf, **limits):
        return [
            (one.status, one.page) for one in read_pile(pdf, Limits(**limits) or None)
        ]

    def test_pages_say_who_they_are(self):
        for reference in (URL, paper_reference(CODE)):
            with self.subTest(reference=reference):
                found = read_pile(scanned(pictures(printed(3, reference))))
                self.assertEqual(
                    [(p.index, p.status, p.code, p.page) for p in found],
                    [(n, "found", CODE, n + 1) for n in range(3)],
                )

    def test_upside_down_and_sideways(self):
        images = pictures(printed(3))
        turned = [images[0].rotate(180), images[1].rotate(90, expand=True), images[2]]
        self.assertEqual(
            self.statuses(scanned(turned)), [("found", n) for n in (1, 2, 3)]
        )

    def test_nothing_is_guessed(self):
        images = pictures(printed(2))
        blank = Image.new("L", images[0].size, 250)
        found = self.statuses(scanned([images[0], damage(images[1]), blank]))
        self.assertEqual(found[0], ("found", 1))
        self.assertIn(found[1][0], ("damaged", "none"))
        self.assertEqual(found[2], ("none", 0))

    def test_codes_of_others(self):
        import qrcode

        code = qrcode.make("https://shop.example/verify/x").convert("L")
        sheet = Image.new("L", (1240, 1754), 255)
        sheet.paste(code, (100, 100))
        self.assertEqual(self.statuses(scanned([sheet])), [("foreign", 0)])

    def test_two_documents_on_one_sheet(self):
        one = pictures(printed(1))[0]
        two = pictures(printed(1, f"https://lycee.example/verify/{'A' * 16}"))[0]
        both = Image.new("L", (one.width * 2, one.height), 255)
        both.paste(one, (0, 0))
        both.paste(two, (one.width, 0))
        self.assertEqual(self.statuses(scanned([both])), [("several", 0)])

    def test_references(self):
        good = (URL + "#p1", "http://localhost:8069/verify/" + CODE + "#p12")
        for text in good:
            self.assertIsNotNone(read_reference(text), text)
        bad = ("", URL, URL + "#p0", URL + "#p99999", f"x {URL}#p1", "campus:XYZ#p1")
        for text in (*bad, f"campus:{CODE}#p1\n", f"javascript:{CODE}#p1"):
            self.assertIsNone(read_reference(text), text)


class TestHostileFiles(unittest.TestCase):
    def refused(self, code, pdf, **limits):
        with self.assertRaises(ScanError) as caught:
            read_pile(pdf, Limits(**limits))
        self.assertEqual(caught.exception.code, code)

    def blank(self, sizes):
        document = pdfium.PdfDocument.new()
        for width, height in sizes:
            document.new_page(width, height)
        output = io.BytesIO()
        document.save(output)
        return output.getvalue()

    def test_not_a_pdf(self):
        for content in (b"", b"hello", b"PK\x03\x04", b"%PDF-1.7\nnothing", b"\0" * 99):
            self.refused("not_a_pdf", content)

    def test_encrypted(self):
        from pypdf import PdfReader, PdfWriter

        writer = PdfWriter(clone_from=PdfReader(io.BytesIO(self.blank([(595, 842)]))))
        writer.encrypt("secret", algorithm="RC4-128")
        output = io.BytesIO()
        writer.write(output)
        self.refused("encrypted", output.getvalue())

    def test_ten_thousand_pages(self):
        self.refused("too_many_pages", self.blank([(10, 10)] * 10_000))

    def test_too_many_bytes(self):
        self.refused("too_large", b"%PDF-" + b"x" * 1000, size=500)

    def test_huge_and_thin_pages_cost_no_more_than_others(self):
        pdf = self.blank([(14_400, 14_400), (2, 14_400), (1, 1)])
        self.assertEqual([one.status for one in read_pile(pdf)], ["none"] * 3)

    def test_truncated(self):
        pdf = scanned(pictures(printed(2)))
        for length in (len(pdf) // 2, len(pdf) - 40, 600):
            try:
                pages = read_pile(pdf[:length])
            except ScanError as error:
                self.assertEqual(error.code, "not_a_pdf")
            else:
                self.assertLessEqual(
                    {p.status for p in pages}, {"found", "damaged", "none"}
                )


class TestExtractPages(unittest.TestCase):
    def test_pages_in_the_order_asked(self):
        pdf = extract_pages(printed(3), [2, 0, 2])
        self.assertEqual([one.page for one in read_pile(pdf)], [3, 1, 3])


class TestPagePicture(unittest.TestCase):
    def test_somebody_looks_at_the_page_itself(self):
        pdf = scanned(pictures(printed(2)))
        seen = [Image.open(io.BytesIO(page_picture(pdf, n))) for n in (0, 1)]
        self.assertEqual([one.format for one in seen], ["PNG", "PNG"])
        self.assertGreater(min(seen[0].size), 700)
        self.assertNotEqual(seen[0].tobytes(), seen[1].tobytes())

    def test_a_page_that_is_not_there(self):
        with self.assertRaises(ScanError):
            page_picture(printed(1), 5)
