# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Files made to harm the validator: it answers no, soon, and never crashes."""

import re
import time
import unittest
import zlib
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.pades import NotAPdf, ValidationReport, validate
from engine.tests import pki

NOW = pki.START + timedelta(days=20)
PATIENCE = 5.0
"""Seconds of processor one hostile file may take."""


def judged(pdf):
    return validate(pdf, pki.roots(), now=NOW)


def document(objects, trailer=b"/Root 1 0 R"):
    """Return a PDF of raw numbered objects with a right cross-reference table."""
    out, offsets = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    for offset in offsets:
        out += b"%010d 00000 n \n" % offset
    out += b"trailer\n<< /Size %d %s >>\n" % (len(objects) + 1, trailer)
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % start)


class TestHostileFiles(unittest.TestCase):
    def assertRefused(self, pdf):
        start = time.process_time()
        report = judged(pdf)
        self.assertLess(time.process_time() - start, PATIENCE)
        self.assertIsInstance(report, ValidationReport)
        self.assertFalse(report.ok)
        self.assertTrue(report.problems or any(not s.ok for s in report.signatures))
        return report

    def test_not_a_pdf(self):
        for data in (b"", b"\0", b"PK\3\4", b"<html>", b" %PDF-1.7", b"\x89PNG\r\n"):
            with self.subTest(data), self.assertRaises(NotAPdf):
                judged(data)

    def test_header_only_and_garbage(self):
        self.assertRefused(b"%PDF-1.7")
        self.assertRefused(b"%PDF-1.7\n" + b"\xff\0(<[" * 1000)
        self.assertRefused(b"%PDF-1.7\nstartxref\n0\n%%EOF\n")
        self.assertRefused(b"%PDF-1.7\nstartxref\n99999999999999999999\n%%EOF\n")

    def test_an_unsigned_file(self):
        self.assertEqual(self.assertRefused(pki.base_pdf()).problems, ("unsigned",))

    def test_cut_anywhere(self):
        pdf = pki.archived().pdf
        ends = {len(pdf) - cut for cut in (1, 2, 7, 40, 300, 2000)}
        for end in sorted(ends | set(range(100, len(pdf) - 9, len(pdf) // 15))):
            with self.subTest(end):
                self.assertRefused(pdf[:end])

    def test_too_large_and_too_many_revisions(self):
        self.assertEqual(
            self.assertRefused(b"%PDF-1.7" + bytes(65 * 1024 * 1024)).problems,
            ("too_large",),
        )
        many = pki.archived().pdf + b"startxref\n0\n%%EOF\n" * 1000
        self.assertEqual(self.assertRefused(many).problems, ("too_many_revisions",))

    def test_encrypted(self):
        files = pki.Files()
        self.addCleanup(files.clean)
        source = files.write("plain.pdf", pki.base_pdf())
        target = files.path / "encrypted.pdf"
        for password in ("", "secret"):
            code, said = pki.run(
                *("qpdf", "--encrypt", password, "owner", "256", "--", source, target)
            )
            self.assertEqual(code, 0, said)
            self.assertIn(
                self.assertRefused(target.read_bytes()).problems[0],
                ("encrypted", "unreadable"),
            )

    def test_loops(self):
        catalog = b"<< /Type /Catalog /Pages 2 0 R /AcroForm 3 0 R >>"
        pages = b"<< /Type /Pages /Kids [2 0 R] /Count 1 /Parent 2 0 R >>"
        looped_fields = b"<< /Fields [4 0 R] >>"
        field = b"<< /T (a) /FT /Sig /Kids [4 0 R] /Parent 4 0 R >>"
        self.assertRefused(document([catalog, pages, looped_fields, field]))
        self.assertRefused(document([b"1 0 R"]))
        previous = document([catalog, pages, b"<< /Fields [] >>"])
        start = previous.index(b"xref\n0")
        again = b"/Root 1 0 R /Prev %d" % start
        self.assertRefused(
            document([catalog, pages, b"<< /Fields [] >>"], trailer=again)
        )

    def test_deep_nesting(self):
        deep = b"[" * 100_000 + b"]" * 100_000
        self.assertRefused(document([b"<< /AcroForm << /Fields %s >> >>" % deep]))
        self.assertRefused(document([b"<< /AcroForm " * 50_000]))

    def test_a_bomb_of_compressed_zeros(self):
        bomb = zlib.compress(zlib.compress(bytes(200 * 1024 * 1024), 9), 9)
        stream = (
            b"<< /Filter [/FlateDecode /FlateDecode] /Length %d /Type /ObjStm"
            b" /N 1 /First 10 >>\nstream\n%s\nendstream" % (len(bomb), bomb)
        )
        self.assertRefused(
            document([b"<< /Type /Catalog /AcroForm << /Fields 2 0 R >> >>", stream])
        )

    def test_megabytes_of_tokens(self):
        """A parser makes an object of each token, and copies a long one as it grows."""
        field = b"<< /FT /Sig /T (a) /V 3 0 R >>"
        signature = b"<< /SubFilter /ETSI.CAdES.detached /Contents <3000> %s >>"
        size = 8 * 1024 * 1024
        many = {
            "digits": b"/Reason " + b"9" * size,
            "name": b"/Reason /" + b"a" * size,
            "string": b"/Reason (" + b"a" * size + b")",
            "hexadecimal": b"/Reason <" + b"30" * (size // 2) + b">",
            "numbers": b"/ByteRange [" + b" 0 9" * (size // 4) + b"]",
            "dictionaries": b"/Reason [" + b"<<>>" * (size // 4) + b"]",
        }
        for name, value in many.items():
            objects = [b"<< /AcroForm << /Fields [2 0 R] >> >>", field]
            with self.subTest(name):
                report = self.assertRefused(document([*objects, signature % value]))
                self.assertEqual(report.problems, ("unreadable",))
        bodies = b" ".join(b"<< /A %d >>" % number for number in range(400_000))
        packed = zlib.compress(b"5 0 " + b"[" + bodies + b"]")
        stream = (
            b"<< /Filter /FlateDecode /Length %d /Type /ObjStm /N 1 /First 4 >>\n"
            b"stream\n%s\nendstream" % (len(packed), packed)
        )
        self.assertRefused(document([b"<< /AcroForm 5 0 R >>", b"0", b"0", stream]))

    def test_a_flood_of_objects_after_the_signatures(self):
        pdf, count = pki.archived().pdf, 210_000
        size = max(int(one) for one in re.findall(rb"/Size (\d+)", pdf))
        out, rows = bytearray(pdf), []
        for number in range(size, size + count):
            rows.append(b"%d 1\n%010d 00000 n \n" % (number, len(out)))
            out += b"%d 0 obj\n<< /A 1 0 R >>\nendobj\n" % number
        [root] = set(re.findall(rb"/Root (\d+) 0 R", pdf))
        last = pdf[pdf.rindex(b"startxref") + 10 :].split()[0]
        start = len(out)
        out += b"xref\n" + b"".join(rows)
        out += b"trailer\n<< /Size %d /Root %s 0 R /Prev %s >>\n" % (
            size + count,
            root,
            last,
        )
        report = self.assertRefused(bytes(out + b"startxref\n%d\n%%%%EOF\n" % start))
        self.assertEqual(report.problems, ("too_many_objects",))

    def test_signatures_of_nonsense(self):
        values = {
            "no contents": b"<< /Type /Sig /SubFilter /ETSI.CAdES.detached >>",
            "no range": b"<< /SubFilter /ETSI.CAdES.detached /Contents <3000> >>",
            "bad cms": b"<< /SubFilter /ETSI.CAdES.detached /Contents <30820bad>"
            b" /ByteRange [0 10 20 30] >>",
            "negative": b"<< /SubFilter /ETSI.CAdES.detached /Contents <3000>"
            b" /ByteRange [0 -10 -20 9999999999999] >>",
            "texts": b"<< /SubFilter /ETSI.CAdES.detached /Contents <3000>"
            b" /ByteRange [(a) (b) (c) (d)] >>",
            "a number": b"42",
        }
        for name, value in values.items():
            with self.subTest(name):
                self.assertRefused(
                    document(
                        [
                            b"<< /Type /Catalog /Pages 2 0 R /AcroForm"
                            b" << /Fields [3 0 R] >> >>",
                            b"<< /Type /Pages /Kids [] /Count 0 >>",
                            b"<< /T (s) /FT /Sig /V 4 0 R >>",
                            value,
                        ]
                    )
                )

    @settings(max_examples=25, deadline=None, derandomize=True, database=None)
    @given(st.data())
    def test_any_covered_byte_changed_breaks_the_file(self, data):
        pdf = pki.certified().pdf
        gap = pdf.index(b"/Contents <") + 11
        end = pdf.index(b">", gap)
        outside = st.integers(5, gap - 1) | st.integers(end, len(pdf) - 1)
        place = data.draw(outside)
        changed = bytes([pdf[place] ^ data.draw(st.integers(1, 255))])
        self.assertRefused(pdf[:place] + changed + pdf[place + 1 :])

    @settings(max_examples=25, deadline=None, derandomize=True, database=None)
    @given(st.data())
    def test_damaged_signatures_never_crash(self, data):
        """Unsigned corners of a CMS object may change: the log's hash sees it."""
        pdf = pki.certified().pdf
        gap = pdf.index(b"/Contents <") + 11
        place = gap + data.draw(st.integers(0, 6000))
        digits = data.draw(st.sampled_from([b"00", b"FF", b"30", b"zz", b"> "]))
        report = judged(pdf[:place] + digits + pdf[place + 2 :])
        self.assertIsInstance(report, ValidationReport)
