# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import io
import re
import unittest
from datetime import timedelta

from pyhanko.pdf_utils.reader import PdfFileReader

from engine.pades import (
    AuthorityUnusable,
    BrokenFile,
    ClockWentBack,
    FieldProblem,
    FieldSpec,
    MissingRevocation,
    certify,
    seal_long_term,
    validate,
)
from engine.tests import pki

NOW = pki.START + timedelta(days=5)
SIGNATURE_LIMIT = 12 * 1024
"""Bytes one signature may add (docs/signature.md)."""


class TestRevisions(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.steps = [*pki.steps(), pki.archived()]
        cls.files = pki.Files()
        cls.addClassCleanup(cls.files.clean)

    def test_each_step_extends_the_one_before(self):
        before = pki.base_pdf()
        for step in self.steps:
            self.assertTrue(step.pdf.startswith(before))
            self.assertGreater(len(step.pdf), len(before))
            before = step.pdf

    def test_a_signature_is_small(self):
        for before, after in zip(self.steps[:-2], self.steps[1:-1], strict=True):
            self.assertLess(len(after.pdf) - len(before.pdf), SIGNATURE_LIMIT)
        self.assertLess(len(self.steps[-1].pdf) - len(self.steps[-2].pdf), 7000)

    def test_the_reservation_always_suffices_and_stays_tight(self):
        certified = pki.certified().pdf
        spare = []
        for _count in range(25):
            made = pki.sign_as(certified, 0, stamp=pki.stamp(visual=None))
            reader = PdfFileReader(io.BytesIO(made.pdf))
            content = reader.embedded_signatures[-1].pkcs7_content
            spare.append(len(content) - len(content.rstrip(b"\0")))
        self.assertLess(max(spare), 80)

    def test_info_and_xmp_stay_as_certified(self):
        added = self.steps[-1].pdf[len(pki.certified().pdf) :]
        self.assertNotIn(b"/ModDate", added)
        self.assertEqual(added.count(b"/Type /Metadata"), 0)

    def test_every_step_is_valid(self):
        for count, step in enumerate(self.steps, start=1):
            report = validate(step.pdf, pki.roots(), now=pki.START + timedelta(days=20))
            self.assertTrue(report.ok, report)
            self.assertEqual(len(report.signatures), count)
            self.assertEqual(report.long_term, step is self.steps[-1])
            self.assertEqual(len(report.empty_fields), max(0, 4 - count))

    def test_a_report_says_who_what_and_when(self):
        report = validate(self.steps[-1].pdf, pki.roots(), now=NOW + timedelta(days=9))
        kinds = [one.kind for one in report.signatures]
        self.assertEqual(kinds, ["seal", *["signature"] * 3, "timestamp"])
        seal, first = report.signatures[:2]
        self.assertEqual(seal.signer_name, "Lycée Jules-Verne")
        self.assertEqual(first.signer_name, "Chloé Nguyễn-Dœuff")
        self.assertEqual(first.signer_email, "chloe@example.org")
        self.assertEqual(first.reason, "Lu et approuvé sha256:" + f"{1:064x}")
        self.assertEqual(first.contact, "https://lycee.example.org/verify/ABC")
        self.assertEqual(first.signed_at, self.steps[1].signing_time)
        self.assertEqual(first.covers, len(self.steps[1].pdf))
        self.assertEqual(first.certificate_serial, self.steps[1].certificate_serial)
        self.assertEqual(first.timestamp_serial, self.steps[1].timestamp_serial)
        last = report.signatures[-1]
        self.assertEqual(last.timestamp_serial, self.steps[-1].timestamp_serial)
        self.assertEqual(last.certificate_serial, self.steps[-1].certificate_serial)

    def test_each_act_has_its_own_certificate(self):
        serials = {step.certificate_serial for step in self.steps}
        stamps = {step.timestamp_serial for step in self.steps}
        self.assertEqual((len(serials), len(stamps)), (5, 5))

    def test_pdfsig_calls_every_signature_valid(self):
        path = self.files.write("signed.pdf", self.steps[-2].pdf)
        _code, said = pki.run("pdfsig", path)
        self.assertEqual(said.count("Signature is Valid"), 4, said)
        self.assertEqual(said.count("ETSI.CAdES.detached"), 4)
        self.assertEqual(said.count("  - Total document signed"), 1)
        self.assertIn("Chloé Nguyễn-Dœuff", said)

    def test_mutool_verifies_every_signature(self):
        path = self.files.write("mutool.pdf", self.steps[-2].pdf)
        _code, said = pki.run("mutool", "sign", "-v", path)
        self.assertEqual(said.count("Verifying signature"), 4, said)
        self.assertEqual(said.count("edits since signing"), 3)
        self.assertEqual(said.count("The document is unchanged since signing"), 1)
        self.assertNotIn("Digest error", said)

    def test_qpdf_finds_no_fault(self):
        for number, step in enumerate(self.steps):
            path = self.files.write(f"{number}.pdf", step.pdf)
            code, said = pki.run("qpdf", "--check", path)
            self.assertEqual(code, 0, said)

    def test_openssl_verifies_a_signature(self):
        pdf = self.steps[1].pdf
        signature = PdfFileReader(io.BytesIO(pdf)).embedded_signatures[-1]
        _zero, first, second, length = signature.byte_range
        data = self.files.write("data.bin", pdf[:first] + pdf[second : second + length])
        content = signature.pkcs7_content.rstrip(b"\0")
        code, said = pki.run(
            *("openssl", "cms", "-verify", "-inform", "DER", "-binary"),
            *("-in", self.files.write("sig.der", content), "-content", data),
            *("-CAfile", self.files.write("root.pem", pki.authority().ca_pem)),
            *("-purpose", "any", "-attime", str(int(NOW.timestamp()))),
            *("-out", self.files.path / "out.bin"),
        )
        self.assertEqual(code, 0, said)


class TestStructure(unittest.TestCase):
    """What PDF/UA-1 and PDF/A-3 want of fields (no checker is at hand)."""

    @classmethod
    def setUpClass(cls):
        cls.reader = PdfFileReader(io.BytesIO(pki.archived().pdf))
        cls.root = cls.reader.root

    def fields(self):
        return [field.get_object() for field in self.root["/AcroForm"]["/Fields"]]

    def test_every_visible_field_is_a_form_element_and_back(self):
        numbers = list(self.root["/StructTreeRoot"]["/ParentTree"]["/Nums"])
        parents = dict(zip(map(int, numbers[::2]), numbers[1::2], strict=True))
        visible = [field for field in self.fields() if "/StructParent" in field]
        self.assertEqual(len(visible), 3)
        for field in visible:
            element = parents[int(field["/StructParent"])].get_object()
            self.assertEqual(element["/S"], "/Form")
            self.assertEqual(element["/K"]["/Type"], "/OBJR")
            self.assertIs(element["/K"]["/Obj"], field)
            self.assertTrue(field["/TU"])
        _code, said = pki.run("pdfinfo", "-struct", "-", data=pki.archived().pdf)
        self.assertEqual(len(re.findall(r"^  Form", said, re.M)), 3, said)

    def test_invisible_fields_are_outside_the_page(self):
        invisible = [field for field in self.fields() if "/StructParent" not in field]
        self.assertEqual(len(invisible), 2)
        for field in invisible:
            self.assertTrue(all(float(side) == -9999 for side in field["/Rect"]))
            self.assertEqual(int(field["/F"]) & 0b110, 0b100)

    def test_the_metadata_says_pdf_ua(self):
        metadata = self.root["/Metadata"].data
        self.assertIn(b'pdfuaid:part="1"', metadata)
        self.assertIn(b'pdfaid:part="3"', metadata)
        self.assertEqual(metadata.count(b"</rdf:RDF>"), 1)

    def test_one_font_serves_all_stamps(self):
        _code, said = pki.run("pdffonts", "-", data=pki.archived().pdf)
        self.assertEqual(said.count("NotoSans-Regular"), 1, said)
        self.assertNotIn(" no  yes", said)

    def test_an_untagged_file_is_certified_too(self):
        import weasyprint

        plain = weasyprint.HTML(string="<p>x</p>").write_pdf()
        made = certify(plain, pki.fields()[:0], pki.authority(), now=NOW)
        self.assertTrue(validate(made.pdf, pki.roots(), now=NOW).ok)


class TestRefusals(unittest.TestCase):
    def test_misplaced_fields(self):
        good = pki.fields()[0]
        wrong = {
            "twice": [good, good],
            "dotted": [FieldSpec("a.b", "", 0, 50, 50, 150, 100)],
            "no name": [FieldSpec("", "", 0, 50, 50, 150, 100)],
            "no page": [FieldSpec("a", "", 2, 50, 50, 150, 100)],
            "below": [FieldSpec("a", "", 0, 50, -1, 150, 100)],
            "beyond": [FieldSpec("a", "", 0, 550, 50, 650, 100)],
            "upside down": [FieldSpec("a", "", 0, 50, 100, 150, 50)],
            "tiny": [FieldSpec("a", "", 0, 50, 50, 150, 60)],
        }
        for name, fields in wrong.items():
            with self.subTest(name), self.assertRaises(FieldProblem):
                certify(pki.base_pdf(), fields, pki.authority(), now=NOW)

    def test_a_file_is_certified_once(self):
        with self.assertRaises(BrokenFile):
            certify(pki.certified().pdf, [], pki.authority(), now=NOW)

    def test_a_field_is_signed_once_and_must_exist(self):
        with self.assertRaises(FieldProblem):
            pki.sign_as(pki.steps()[1].pdf, 0)
        signed = pki.certified().pdf
        with self.assertRaises(FieldProblem):
            pki.sign(signed, "sig-9", pki.authority(), **_person(), now=NOW)
        with self.assertRaises(FieldProblem):
            pki.sign(signed, "seal", pki.authority(), **_person(), now=NOW)

    def test_nothing_is_added_to_a_file_with_a_tail(self):
        with self.assertRaises(BrokenFile):
            pki.sign_as(pki.certified().pdf + b"\n", 0)
        with self.assertRaises(BrokenFile):
            seal_long_term(pki.steps()[-1].pdf + b"%", pki.authority(), now=NOW)

    def test_unsigned_or_unreadable_files(self):
        for name, pdf in (("unsigned", pki.base_pdf()), ("not a pdf", b"x"), ("", b"")):
            with self.subTest(name), self.assertRaises(BrokenFile):
                pki.sign_as(pdf, 0)
            with self.subTest(name), self.assertRaises(BrokenFile):
                seal_long_term(pdf, pki.authority(), now=NOW)

    def test_an_expired_authority_signs_nothing(self):
        late, short = pki.START + timedelta(days=6 * 365), pki.short_authority()
        with self.assertRaises(AuthorityUnusable):
            certify(pki.base_pdf(), [], short, now=late)
        with self.assertRaises(AuthorityUnusable):
            pki.sign_as(pki.certified().pdf, 0, late, by=short)
        with self.assertRaises(AuthorityUnusable):
            seal_long_term(pki.steps()[-1].pdf, short, now=late)
        with self.assertRaises(AuthorityUnusable):
            seal_long_term(
                pki.archived().pdf, pki.authority(), now=late + timedelta(days=1500)
            )

    def test_long_term_needs_the_list_of_every_issuer(self):
        mixed = pki.sign_as(pki.steps()[-2].pdf, 2, by=pki.other_authority())
        with self.assertRaises(MissingRevocation):
            seal_long_term(mixed.pdf, pki.authority(), now=NOW)

    def test_time_never_goes_back(self):
        first = pki.steps()[1]
        slightly = first.signing_time - timedelta(minutes=2)
        self.assertEqual(
            pki.sign_as(first.pdf, 1, slightly).signing_time, first.signing_time
        )
        with self.assertRaises(ClockWentBack):
            pki.sign_as(first.pdf, 1, first.signing_time - timedelta(hours=1))
        with self.assertRaises(ClockWentBack):
            seal_long_term(
                pki.archived().pdf,
                pki.authority(),
                now=pki.archived().signing_time - timedelta(days=1),
            )

    def test_two_signatures_on_one_base_exclude_each_other(self):
        base = pki.certified().pdf
        one, other = pki.sign_as(base, 0), pki.sign_as(base, 1)
        self.assertFalse(other.pdf.startswith(one.pdf))


def _person():
    return {
        "person_name": "Ada",
        "person_email": "ada@example.org",
        "organization": "L",
        "request_code": "R",
        "stamp": pki.stamp(),
    }
