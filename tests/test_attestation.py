# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..engine.pades import validate
from ..models.campus_sign_authority import aware_now
from .common_sign import SignCase, pdf_text
from .test_ceremony_http import SignHttpCase


@tagged("post_install", "-at_install")
class TestAttestation(SignCase):
    """What one signer proves of his own act, without the data of the others."""

    def test_names_its_signer_and_nobody_else(self):
        request = self.archive()
        tutor = self.line(request, "tutor")
        content = request._attestation_pdf(tutor.partner_id)
        words = " ".join(pdf_text(content).split())
        for told in (tutor.name, tutor.email, request.code, "192.0.2.1"):
            self.assertIn(told, words)
        others = request.signer_ids - tutor
        for hidden in [
            *others.mapped("name"),
            *filter(None, others.mapped("email")),
            self.minor.name,
            self.company_head.name,
        ]:
            self.assertNotIn(hidden, words)
        name = request._attestation_name()
        for hidden in request.signer_ids.mapped("name"):
            self.assertNotIn(hidden, name)
        # Nothing is hidden behind the page either: no file, no title.
        self.assertNotIn(b"proof.json", content)
        root = request.authority_id.certificates["root_cert"]
        report = validate(content, [root], now=aware_now())
        self.assertTrue(report.ok, report)

    def test_only_for_who_signed_and_once_archived(self):
        request = self.send()
        tutor = self.line(request, "tutor")
        self.sign(tutor)
        with self.refuses("not_archived", 409):
            request._attestation_pdf(tutor.partner_id)
        with self.refuses("not_found", 404):
            request._attestation_pdf(self.line(request, "student").partner_id)
        with self.refuses("not_found", 404):
            request._attestation_pdf(self.here(self.follower).partner_id)


@tagged("post_install", "-at_install")
class TestAttestationHttp(SignHttpCase):
    @mute_logger("odoo.http")
    def test_next_to_the_document_for_its_signer_only(self):
        """By account and by link; the father, who did not sign, has none."""
        with self.acting():
            request = self.archive()
            tutor = self.line(request, "tutor")
            token = request._link_of(tutor)._mint()
            lockers = {o.partner_id.id: o.id for o in request.locker_ids}
        mine = lockers[self.minor.partner_id.id]
        self.authenticate("portal-emma", "portal-emma")
        page = self.url_open("/my/documents").text
        self.assertIn(f'/my/documents/{mine}/attestation.pdf"', page)
        answer = self.url_open(f"/my/documents/{mine}/attestation.pdf")
        self.assertTrue(answer.content.startswith(b"%PDF"))
        self.assertNotIn("MARTIN", answer.headers["Content-Disposition"])
        for other in set(lockers.values()) - {mine}:
            path = f"/my/documents/{other}/attestation.pdf"
            self.assertEqual(self.url_open(path).status_code, 404)
        self.authenticate(None, None)
        self.assertEqual(self.post("open", {"token": token}).status_code, 200)
        [archive] = self.post("overview").json()["archives"]
        self.assertTrue(archive["signed"])
        own = lockers[self.tutor.id]
        answer = self.url_open(f"/sign/final/{own}/attestation")
        self.assertTrue(answer.content.startswith(b"%PDF"))
        refused = self.url_open(f"/sign/final/{mine}/attestation")
        self.assertRefused(refused, 404, "not_found")
