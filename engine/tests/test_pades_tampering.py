# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Every row of the attack table: other judges miss some, ours misses none.

An outsider can only append, which leaves a tail. An insider who holds the
keys could put a document timestamp on top of his change: the attacks below
are tried both ways, so that the tail is not what catches them all.
"""

import io
import unittest
from datetime import timedelta
from unittest import mock

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import (
    SigFieldSpec,
    append_signature_field,
    enumerate_sig_fields,
)

from engine.pades import seal_long_term, validate
from engine.tests import pki

NOW = pki.START + timedelta(days=20)


def judged(pdf, roots=None):
    return validate(pdf, roots or pki.roots(), now=NOW)


def appended(pdf, change):
    """Return the file with an unsigned revision in which ``change(writer)`` ran."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def by_insider(pdf, change):
    """Return the same, covered by a document timestamp of the real authority."""
    with (
        mock.patch("engine.pades.signing._following", lambda _writer, _pdf, now: now),
        mock.patch("engine.pades.signing._require_lists"),
    ):
        return seal_long_term(appended(pdf, change), pki.authority(), now=NOW).pdf


def field(writer, name):
    return next(enumerate_sig_fields(writer, with_name=name))[2].get_object()


def overlay(writer):
    stream = writer.add_object(
        generic.StreamObject(stream_data=b"q 1 0 0 rg 50 50 200 200 re f Q")
    )
    page = writer.root["/Pages"]["/Kids"][0]
    contents = page.raw_get("/Contents")
    page[pdf_name("/Contents")] = generic.ArrayObject([contents, stream])
    writer.update_container(page)


def annotation(writer):
    page = writer.root["/Pages"]["/Kids"][0]
    note = writer.add_object(
        generic.DictionaryObject(
            {
                pdf_name("/Type"): pdf_name("/Annot"),
                pdf_name("/Subtype"): pdf_name("/FreeText"),
                pdf_name("/Rect"): generic.ArrayObject(
                    map(generic.NumberObject, (50, 50, 250, 100))
                ),
                pdf_name("/Contents"): generic.pdf_string("5 000 euros"),
            }
        )
    )
    page[pdf_name("/Annots")] = generic.ArrayObject([note])
    writer.update_container(page)


def signature_field(writer):
    append_signature_field(
        writer, SigFieldSpec("sig-extra", on_page=0, box=(50, 50, 150, 100))
    )


def text_field(writer):
    writer.root["/AcroForm"]["/Fields"].append(
        writer.add_object(
            generic.DictionaryObject(
                {
                    pdf_name("/FT"): pdf_name("/Tx"),
                    pdf_name("/T"): generic.pdf_string("amount"),
                    pdf_name("/V"): generic.pdf_string("5 000 euros"),
                }
            )
        )
    )
    writer.update_container(writer.root["/AcroForm"]["/Fields"])


def stamp_swap(writer):
    target, source = field(writer, "sig-1"), field(writer, "sig-2")
    target[pdf_name("/AP")] = source.raw_get("/AP")
    writer.update_container(target)


def shared_signature(writer):
    target, source = field(writer, "sig-3"), field(writer, "sig-2")
    target[pdf_name("/V")] = source.raw_get("/V")
    writer.update_container(target)


def unknown_signature(writer):
    target = field(writer, "sig-3")
    target[pdf_name("/V")] = writer.add_object(
        generic.DictionaryObject(
            {
                pdf_name("/Type"): pdf_name("/Sig"),
                pdf_name("/Filter"): pdf_name("/Adobe.PPKLite"),
                pdf_name("/SubFilter"): pdf_name("/nothing.known"),
                pdf_name("/Contents"): generic.ByteStringObject(b"x"),
            }
        )
    )
    writer.update_container(target)


def lost_certification(writer):
    del writer.root["/Perms"]
    writer.update_root()


class TestTampering(unittest.TestCase):
    def assertCaught(self, report, *codes):
        found = {*report.problems}.union(*(one.problems for one in report.signatures))
        self.assertFalse(report.ok)
        self.assertFalse(report.long_term)
        for code in codes:
            self.assertIn(code, found, report)

    def by_field(self, report):
        return {one.field: one for one in report.signatures}

    def test_a_byte_flipped(self):
        pdf = bytearray(pki.archived().pdf)
        pdf[12] ^= 1
        report = judged(bytes(pdf))
        self.assertCaught(report, "altered")
        self.assertFalse(any(one.intact for one in report.signatures))

    def test_a_byte_flipped_inside_a_signature(self):
        pdf = pki.archived().pdf
        start = len(pki.steps()[0].pdf)
        place = pdf.index(b"/Contents <", start) + 2000
        digit = b"0" if pdf[place : place + 1] != b"0" else b"1"
        self.assertCaught(judged(pdf[:place] + digit + pdf[place + 1 :]))

    def test_changes_appended_by_an_outsider(self):
        for change in (
            overlay,
            annotation,
            signature_field,
            text_field,
            stamp_swap,
            lost_certification,
        ):
            with self.subTest(change.__name__):
                report = judged(appended(pki.archived().pdf, change))
                self.assertTrue(report.tail)
                self.assertCaught(report, "tail")

    def test_changes_hidden_under_a_timestamp_by_an_insider(self):
        base = pki.steps()[-1].pdf
        for change in (overlay, annotation, signature_field, text_field, stamp_swap):
            with self.subTest(change.__name__):
                report = judged(by_insider(base, change))
                self.assertFalse(report.tail)
                self.assertCaught(report, "changed_after")

    def test_the_extra_signature_field_breaks_the_seal_alone(self):
        report = judged(by_insider(pki.steps()[-1].pdf, signature_field))
        broken = [name for name, one in self.by_field(report).items() if not one.ok]
        self.assertEqual(broken, ["seal"])

    def test_the_swapped_stamp_breaks_its_signer(self):
        report = self.by_field(judged(by_insider(pki.steps()[-1].pdf, stamp_swap)))
        self.assertFalse(report["sig-1"].ok)

    def test_one_signature_does_not_count_for_two_fields(self):
        report = judged(by_insider(pki.steps()[2].pdf, shared_signature))
        self.assertCaught(report, "shared_signature")

    def test_a_signature_of_unknown_type_is_not_ignored(self):
        report = judged(by_insider(pki.steps()[2].pdf, unknown_signature))
        self.assertCaught(report, "unknown_signature_type")

    def test_the_certification_cannot_be_dropped(self):
        report = judged(by_insider(pki.steps()[-1].pdf, lost_certification))
        self.assertCaught(report, "not_certified")

    def test_revocation_lists_removed(self):
        def without_lists(writer):
            writer.root[pdf_name("/DSS")] = writer.add_object(
                generic.DictionaryObject({pdf_name("/Type"): pdf_name("/DSS")})
            )
            writer.update_root()

        with mock.patch(
            "engine.pades.signing.DocumentSecurityStore.supply_dss_in_writer"
        ):
            report = judged(by_insider(pki.steps()[-1].pdf, without_lists))
        self.assertCaught(report, "untrusted")
        self.assertFalse(any(one.trusted for one in report.signatures))

    def test_bytes_after_the_end(self):
        for tail in (b"\n", b"%", b"\0", b"hidden"):
            with self.subTest(tail):
                report = judged(pki.archived().pdf + tail)
                self.assertTrue(report.tail)
                self.assertCaught(report, "tail")

    def test_an_empty_unsigned_revision(self):
        def nothing(writer):
            writer.update_root()

        self.assertCaught(judged(appended(pki.archived().pdf, nothing)), "tail")

    def test_data_hidden_in_the_padding_of_the_last_signature(self):
        pdf = pki.steps()[-1].pdf
        end = pdf.rindex(b">\n/ByteRange")
        self.assertEqual(pdf[end - 4 : end], b"0000")
        self.assertCaught(judged(pdf[: end - 2] + b"41" + pdf[end:]), "padding")
        lower = pdf[: end - 300] + pdf[end - 300 : end].lower() + pdf[end:]
        if lower != pdf:
            self.assertCaught(judged(lower), "coverage")

    def test_another_root(self):
        report = judged(pki.archived().pdf, pki.roots(pki.other_authority()))
        self.assertCaught(report, "untrusted")
        self.assertTrue(all(one.intact for one in report.signatures))
        with self.assertRaises(ValueError):
            validate(pki.archived().pdf, [], now=NOW)

    def test_a_stranger_in_the_last_field(self):
        pdf = pki.sign_as(pki.steps()[2].pdf, 2, by=pki.other_authority()).pdf
        report = judged(pdf)
        self.assertCaught(report, "untrusted")
        self.assertEqual(
            [name for name, one in self.by_field(report).items() if not one.ok],
            ["sig-3"],
        )

    def test_rolled_back_files_are_valid_by_themselves(self):
        """Only the log tells them apart: test_evidence_verify."""
        self.assertTrue(judged(pki.steps()[2].pdf).ok)

    def test_other_judges_miss_the_overlay(self):
        """Why ours exists; should they learn, this test may go."""
        files = pki.Files()
        self.addCleanup(files.clean)
        path = files.write("overlay.pdf", appended(pki.steps()[-1].pdf, overlay))
        self.assertEqual(pki.run("pdfsig", path)[1].count("Signature is Valid"), 4)

    def test_judges_see_the_flipped_byte(self):
        pdf = bytearray(pki.steps()[-1].pdf)
        pdf[12] ^= 1
        files = pki.Files()
        self.addCleanup(files.clean)
        path = files.write("flipped.pdf", bytes(pdf))
        self.assertEqual(pki.run("pdfsig", path)[1].count("Digest Mismatch"), 4)
        self.assertEqual(
            pki.run("mutool", "sign", "-v", path)[1].count("Digest error"), 4
        )
