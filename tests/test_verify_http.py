# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re
from datetime import timedelta

from cryptography import x509
from weasyprint import HTML

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..controllers.verify import MAX_BODY_BYTES
from ..engine.pades import (
    Authority,
    AuthorityProfile,
    KeyVault,
    certify,
    create_authority,
)
from ..models.campus_sign_authority import aware_now
from .common_sign import SECRET
from .test_ceremony_http import FRENCH, SignHttpCase


@tagged("post_install", "-at_install")
class TestVerifyPage(SignHttpCase):
    def archived_file(self):
        """Return ``(code, names of the signers, bytes)`` of an archived document."""
        with self.acting():
            request = self.archive()
            names = request.signer_ids.mapped("name")
            return request.code, names, request._stored_file()

    def check(self, content, path="/verify", filename="signed.pdf", **headers):
        return self.url_open(
            path,
            files={"document": (filename, content, "application/pdf")},
            headers={"Accept-Language": "en", **headers},
            timeout=60,
        )

    def verdict(self, response):
        found = re.search(r'data-verdict="(\w+)"', response.text)
        return found and found[1]

    def test_code_tells_the_state_and_no_name(self):
        code, names, _content = self.archived_file()
        page = self.url_open(f"/verify/{code}", headers=FRENCH)
        self.assertEqual(page.status_code, 200)
        count = len(names)
        self.assertRegex(page.text, rf"{count} / {count}")
        for name in [*names, self.minor.name, self.company.name]:
            self.assertNotIn(name, page.text)
        self.assertIn("no-store", page.headers["Cache-Control"])
        self.assertNotIn("unsafe", page.headers["Content-Security-Policy"])

    def test_unknown_code(self):
        for code in ("0" * 16, "x", "%3Cscript%3E", "%00", "0" * 15 + "%00"):
            page = self.url_open(f"/verify/{code}")
            self.assertEqual(page.status_code, 404)
            self.assertNotIn("<script>", page.text)

    def test_file_tells_who_signed_and_that_nothing_changed(self):
        code, names, content = self.archived_file()
        for path in ("/verify", f"/verify/{code}"):
            page = self.check(content, path)
            self.assertEqual(page.status_code, 200)
            self.assertEqual(self.verdict(page), "valid")
            for name in names:
                self.assertIn(name, page.text)

    def test_changed_files_are_not_valid(self):
        _code, _names, content = self.archived_file()
        flipped = bytearray(content)
        # Inside a stream: elsewhere it may not even be a PDF any more.
        flipped[content.index(b"\nstream") + 40] ^= 1
        for changed, verdict in (
            (bytes(flipped), "altered"),
            (content + b"\n% more", "altered"),
            (content[:-2000], "unknown"),
        ):
            page = self.check(changed)
            self.assertEqual(self.verdict(page), verdict)

    def test_a_forged_file_learns_nothing_of_the_document_it_names(self):
        """Anybody may write a known code into a file of his own."""
        code, _names, _content = self.archived_file()
        now = aware_now()
        profile = AuthorityProfile(
            organization=self.establishment.name,
            not_before=now - timedelta(days=1),
            not_after=now + timedelta(days=9999),
            issuing_crl_url="https://evil.example/issuing.crl",
            root_crl_url="https://evil.example/root.crl",
            issuing_ca_url="https://evil.example/1.crt",
            root_ca_url="https://evil.example/1.pem",
        )
        vault = KeyVault(SECRET)
        stranger = Authority(create_authority(profile, vault), vault)
        forged = certify(
            HTML(string="<html lang='en'><title>Forged</title>").write_pdf(
                pdf_variant="pdf/a-3a", pdf_tags=True
            ),
            [],
            stranger,
            now=now,
            texts=[],
            reason="Forged",
            contact=f"https://campus.example.org/verify/{code}",
            location="",
        )
        page = self.check(forged.pdf)
        self.assertEqual(self.verdict(page), "altered")
        self.assertNotIn(self.minor.name, page.text)

    def test_papers_about_a_document_are_recognised(self):
        """Proof file and attestation are sealed too, and are not the document."""
        with self.acting():
            request = self.archive()
            tutor = self.line(request, "tutor").partner_id
            papers = {
                "Proof file": request._proof_pdf(),
                "Attestation of signature": request._attestation_pdf(tutor),
            }
        for title, content in papers.items():
            with self.subTest(paper=title):
                page = self.check(content)
                self.assertEqual(self.verdict(page), "valid")
                self.assertIn(title, page.text)
                self.assertNotIn(self.minor.name, page.text)
                page = self.check(content.replace(b"/Reason", b"/Raison", 1))
                self.assertNotEqual(self.verdict(page), "valid")

    def test_file_of_somebody_else_is_not_recognised(self):
        page = self.check(HTML(string="<p>Hello").write_pdf())
        self.assertEqual(self.verdict(page), "unknown")

    def test_unusable_files_get_a_sentence(self):
        for content in (b"", b"hello", b"%PDF-1.7\n" + b"\0" * 50000):
            page = self.check(content)
            self.assertIn(page.status_code, (200, 422))
            self.assertNotEqual(self.verdict(page), "valid")
            self.assertNotIn("Traceback", page.text)
        self.assertEqual(self.url_open("/verify", data={"a": "b"}).status_code, 422)

    def test_too_large_is_said_on_the_page(self):
        page = self.check(b"%PDF" + b"0" * MAX_BODY_BYTES)
        self.assertEqual(page.status_code, 413)
        self.assertIn("20", page.text)
        self.assertIn('id="check-form"', page.text)

    def test_file_name_is_text(self):
        page = self.check(b"%PDF-1.7", filename="<img src=x onerror=alert(1)>.pdf")
        self.assertNotIn("<img src=x", page.text)

    @mute_logger("odoo.http")
    def test_other_sites_cannot_post(self):
        for headers in (
            {"Origin": "https://evil.example"},
            {"Sec-Fetch-Site": "cross-site"},
        ):
            self.assertEqual(self.check(b"%PDF", **headers).status_code, 403)


@tagged("post_install", "-at_install")
class TestAuthorityRoutes(SignHttpCase):
    def get(self, path):
        return self.url_open(f"/campus_sign/{path}")

    def test_certificates_and_revocation_lists_are_public(self):
        number = self.authority.id
        for kind in ("issuing", "root"):
            der = self.get(f"ca/{number}/{kind}.crt")
            self.assertEqual(der.headers["Content-Type"], "application/pkix-cert")
            certificate = x509.load_der_x509_certificate(der.content)
            crl = self.get(f"crl/{number}/{kind}.crl")
            self.assertEqual(crl.headers["Content-Type"], "application/pkix-crl")
            self.assertIn("max-age", crl.headers["Cache-Control"])
            revocations = x509.load_der_x509_crl(crl.content)
            self.assertEqual(revocations.issuer, certificate.subject)
            self.assertTrue(revocations.is_signature_valid(certificate.public_key()))
        root = self.get(f"ca/{number}.pem")
        certificate = x509.load_pem_x509_certificate(root.content)
        self.assertEqual(certificate.issuer, certificate.subject)

    @mute_logger("odoo.http")
    def test_nothing_else_is_served(self):
        number = self.authority.id
        for path in (
            f"ca/{number}/seal.crt",
            f"ca/{number}/issuing_key.pem",
            "ca/0.pem",
            "crl/0/root.crl",
            f"crl/{number}/seal.crl",
        ):
            self.assertEqual(self.get(path).status_code, 404, path)


@tagged("post_install", "-at_install")
class TestPortalLocker(SignHttpCase):
    def test_home_counts_what_is_to_sign(self):
        self.sent()
        self.authenticate("portal-emma", "portal-emma")
        home = self.url_open("/my", headers=FRENCH)
        self.assertIn("/my/documents/to-sign", home.text)
        counters = self.make_jsonrpc_request(
            "/my/counters", {"counters": ["to_sign_count", "locker_count"]}
        )
        self.assertEqual(counters, {"to_sign_count": 1, "locker_count": 0})
        page = self.url_open("/my/documents", headers=FRENCH)
        self.assertEqual(page.status_code, 200)
        self.assertIn('href="/my/documents/to-sign"', page.text)

    def test_final_file_opens_for_its_owner_only(self):
        with self.acting():
            request = self.archive()
            content = request._stored_file()
            lockers = self.env["campus.locker.document"].sudo()
            mine = lockers.search([("partner_id", "=", self.minor.partner_id.id)])
            other = lockers.search([("partner_id", "=", self.tutor.id)])
            self.assertTrue(mine and other)
            mine_id, other_id, title = mine.id, other.id, request.name
            year, nature = mine.school_year_id.id, mine.nature_id.id
        self.assertNotIn("portal", self.url_open(f"/my/documents/{mine_id}").text[:4])
        self.authenticate("portal-emma", "portal-emma")
        page = self.url_open("/my/documents")
        self.assertIn(title, page.text)
        self.assertIn(f"/my/documents/{mine_id}", page.text)
        self.assertNotIn(f"/my/documents/{other_id}", page.text)
        for link in re.findall(rf'<a[^>]*/my/documents/{mine_id}"[^>]*>', page.text):
            self.assertIn('target="_blank"', link)
        file = self.url_open(f"/my/documents/{mine_id}")
        self.assertEqual(file.content, content)
        self.assertTrue(file.headers["Content-Disposition"].startswith("inline"))
        self.assertEqual(file.headers["X-Content-Type-Options"], "nosniff")
        self.assertIn("sandbox", file.headers["Content-Security-Policy"])
        with mute_logger("odoo.http"):
            self.assertEqual(
                self.url_open(f"/my/documents/{other_id}").status_code, 404
            )
        for query, found in (
            ("search=zzz", False),
            ("search=&nature=x&year=-1", True),
            (f"year={year}&nature={nature or ''}", True),
            ("year=999999", False),
            ("page=x", True),
            ("page=99999999999999999999", True),
            ("page=2", False),
            ("search=%00", True),
            (f"student={'9' * 30}", True),
        ):
            page = self.url_open(f"/my/documents?{query}")
            self.assertEqual(page.status_code, 200)
            self.assertEqual(f'"/my/documents/{mine_id}"' in page.text, found, query)

    def test_half_signed_files_stay_out_of_lockers(self):
        with self.acting():
            request = self.send()
            self.sign(self.line(request, "student"))
        self.authenticate("portal-emma", "portal-emma")
        self.assertNotIn('"/my/documents/', self.url_open("/my/documents").text)
