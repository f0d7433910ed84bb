# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Acts start from what is committed; the cursor is the test's own.
# pylint: disable=invalid-commit
from dataclasses import replace
from datetime import timedelta

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..engine.pades import validate
from ..models.campus_sign_authority import aware_now
from .common_sign import SignCase, pdf_text
from .test_ceremony_http import SignHttpCase


@tagged("post_install", "-at_install")
class TestAttestation(SignCase):
    """What one signer proves of his own act, without the data of the others."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.deputy = cls.create_user("deputy", ["sign"])
        cls.deputy.partner_id.write(
            {"name": "Denis ADJOINT", "email": "adjoint@tilleuls.example.org"}
        )
        cls.settle_identity(cls.deputy)

    def test_names_its_signer_and_nobody_else(self):
        request = self.archive()
        tutor = self.line(request, "tutor")
        content = request._attestation_pdf(tutor.partner_id)
        words = " ".join(pdf_text(content).split())
        for told in (tutor.name, tutor.email, request.code, "192.0.2.1"):
            self.assertIn(told, words)
        self.assertIn("Identified by the personal link sent to", words)
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

    def words(self, request, partner):
        return " ".join(pdf_text(request._attestation_pdf(partner)).split())

    def test_data_of_the_others_are_nowhere(self):
        """Names, addresses, telephones, computers: of the other signers, of the person
        a line was taken from, of the head a deputy replaces, of the office."""
        deputy = self.here(self.deputy)
        today = fields.Date.today()
        self.env["campus.sign.deputy"].create(
            {
                "user_id": self.head.id,
                "deputy_id": deputy.id,
                "company_id": self.establishment.id,
                "date_from": today - timedelta(days=1),
                "date_to": today + timedelta(days=1),
            }
        )
        request = self.send()
        self.env["campus.sign.request"]._cron_notify()
        lines = request.signer_ids
        partners = lines.partner_id | deputy.partner_id
        for number, partner in enumerate(partners):
            partner.phone = f"+33 6 39 98 00 {number:02}"
        tutor = self.line(request, "tutor")
        former = self.door(tutor, 50)
        self.ceremony._record_read(former, tutor.id, 4, 30)
        stranger = self.env["res.partner"].create(
            {
                "name": "Nadia REMPLAÇANTE",
                "email": "nadia@vergne.example.com",
                "phone": "+33 6 39 98 00 99",
            }
        )
        self.env.cr.commit()
        office = self.here(self.office)
        request.with_user(office).sudo(False)._act_replace(tutor, stranger)
        for number, line in enumerate(lines.sorted("finaliser")):
            actor = self.door(line, number)
            if line.finaliser:
                # The head reads it, her deputy signs it.
                self.ceremony._record_read(actor, line.id, 4, 30)
                actor = self.ceremony._actor_from_user(deputy, "198.51.100.77", "test")
            self.assertTrue(self.sign(line, actor)["ok"])
        request._seal()
        secrets = {
            line: {
                line.signed_by or line.name,
                line.email or "",
                line.partner_id.phone,
                f"198.51.100.{77 if line.finaliser else number}",
            }
            for number, line in enumerate(lines.sorted("finaliser"))
        }
        never = {"198.51.100.50", self.tutor.name, self.tutor.email, office.login}
        for line in lines:
            words = self.words(request, line.signed_by_id or line.partner_id)
            mine = secrets[line]
            self.assertIn(line.signed_by or line.name, words)
            for told in set().union(never, *secrets.values()) - mine - {""}:
                self.assertNotIn(told, words, line.role_name)
        words = self.words(request, deputy.partner_id)
        self.assertIn("198.51.100.77", words)
        self.assertNotIn(self.here(self.head).partner_id.email, words)
        # The other page of the contrast: the proof of the office hides nothing.
        proof = "".join(pdf_text(request._proof_pdf()).split())
        for told in ("198.51.100.50", "198.51.100.0", "198.51.100.77"):
            self.assertIn(told, proof)

    def door(self, line, number):
        """Return the actor of a line, at a computer of his own."""
        return replace(self.actor(line), ip=f"198.51.100.{number}", agent="test")

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
