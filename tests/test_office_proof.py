# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Acts start from what is committed; the cursor is the test's own.
# pylint: disable=invalid-commit
import io
import json

import pypdf

from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from ..engine.evidence.verify import verify_bundle
from ..engine.pades import validate
from ..models.campus_sign_authority import aware_now
from ..models.ceremony_errors import CeremonyError
from .common_sign import SignCase, secret


@tagged("post_install", "-at_install")
class TestOfficeProof(SignCase):
    """The proof file (A135)."""

    def test_proof_is_sealed_and_carries_the_bundle(self):
        request = self.archive()
        follower = self.here(self.follower)
        content = request.with_user(follower)._proof_pdf()
        root = request.authority_id.certificates["root_cert"]
        report = validate(content, [root], now=aware_now())
        self.assertTrue(report.ok, report)
        self.assertEqual([s.kind for s in report.signatures], ["seal"])
        bundle = self._attached(content)
        signed = request._stored_file()
        verdict = verify_bundle(signed, bundle, root, aware_now())
        self.assertFalse(verdict.failed)

    def _attached(self, content):
        reader = pypdf.PdfReader(io.BytesIO(content))
        [name] = reader.attachments
        self.assertEqual(name, "proof.json")
        for file in reader.trailer["/Root"]["/AF"]:
            self.assertEqual(file.get_object()["/AFRelationship"], "/Data")
        return json.loads(reader.attachments[name][0])

    def test_proof_says_who_when_and_from_where(self):
        request = self.archive()
        reader = pypdf.PdfReader(io.BytesIO(request._proof_pdf()))
        self.assertEqual(reader.metadata.title, f"Proof file - {request.name}")
        text = "".join(page.extract_text() for page in reader.pages)
        text = "".join(text.split())  # narrow columns break words
        signers = text.split("Events")[0]
        self.assertEqual(signers.count("IPaddress:192.0.2.1"), len(request.signer_ids))
        for expected in (
            "Identifiedbythepersonallinksenttoemma.martin@eleves.example.org",
            f"Identifiedbytheaccount{self.head.login}",
            "MARTINEmma",
            "emma.martin@eleves.example.org",
            "192.0.2.1",
            request.code,
            request.frozen_sha256[:20],
        ):
            self.assertIn(expected, text)

    def test_a_document_still_in_the_queue_proves_nothing(self):
        request = self.queue()
        for make in (request._proof_pdf, request._proof_json):
            with self.assertRaises(CeremonyError):
                make()

    def test_without_the_keys_no_proof_passes_for_sealed(self):
        """Invariant 8."""
        request = self.archive()
        with secret(""), self.assertRaises(CeremonyError):
            request._proof_pdf()


@tagged("post_install", "-at_install")
class TestOfficeRoutes(SignCase, HttpCase):
    """Files of the office: right 3 and the rules of the establishment."""

    PATHS = ("document.pdf", "proof.pdf", "proof.json")

    def setUp(self):
        # A cursor left open would make the server wait for it.
        super(SignCase, self).setUp()
        with self.registry.cursor() as cr:
            self.env = self.env(cr=cr)
            self.request = self.send()
            other = self.new_internship(self.here(self.adult))
            self.queued = self.queue(other)
            self.content = self.request._stored_file()
        self.env = type(self).env
        self.request = self.request.with_env(self.env)
        self.queued = self.queued.with_env(self.env)

    def get(self, login, path):
        self.authenticate(login, login)
        return self.url_open(path, allow_redirects=False)

    def test_a_follower_reads_everything(self):
        for path in self.PATHS:
            answer = self.get("follower", self._path(path))
            self.assertEqual(answer.status_code, 200, path)
            self.assertEqual(answer.headers["Cache-Control"], "private, no-store")
        self.assertEqual(
            answer.headers["Content-Type"].split(";")[0], "application/json"
        )

    def test_the_document_is_the_stored_one_to_read_or_to_keep(self):
        answer = self.get("follower", self._path("document.pdf"))
        self.assertEqual(answer.content, self.content)
        self.assertTrue(answer.headers["Content-Disposition"].startswith("inline"))
        answer = self.get("follower", self._path("document.pdf?download=1"))
        self.assertTrue(answer.headers["Content-Disposition"].startswith("attachment"))

    @mute_logger("odoo.http")
    def test_nobody_else_learns_that_it_exists(self):
        """Invariant 10: plain user, portal, other establishment, unknown id."""
        other = self.env["res.company"].create({"name": "IUT"})
        new_test_user(self.env, "plain", "base.group_user")
        new_test_user(
            self.env,
            "elsewhere",
            "campus_sign.group_follow",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        for login in ("plain", "elsewhere", "portal-emma"):
            for path in self.PATHS:
                with self.subTest(login=login, path=path):
                    self.assertEqual(self.get(login, self._path(path)).status_code, 404)
        unknown = self._path("document.pdf").replace(str(self.request.id), "999999")
        self.assertEqual(self.get("follower", unknown).status_code, 404)
        self.authenticate(None, None)
        answer = self.url_open(self._path("proof.pdf"), allow_redirects=False)
        self.assertEqual(answer.status_code, 303)

    def test_a_refusal_is_one_sentence(self):
        path = f"/campus_sign/request/{self.queued.id}/proof.pdf"
        answer = self.get("follower", path)
        self.assertEqual(answer.status_code, 409)
        self.assertIn("nothing to prove", answer.text)
        self.assertTrue(answer.headers["Content-Type"].startswith("text/plain"))

    @mute_logger("odoo.http")
    def test_preview_of_a_template(self):
        """A049: for who may send, never stored."""
        path = f"/campus_sign/template/{self.template.id}/preview.pdf"
        count = self.env["ir.attachment"].search_count([])
        answer = self.get("office", path)
        self.assertEqual(answer.status_code, 200)
        self.assertTrue(answer.content.startswith(b"%PDF"))
        self.assertEqual(self.env["ir.attachment"].search_count([]), count)
        self.assertEqual(self.get("follower", path).status_code, 403)
        self.assertEqual(
            self.get("office", "/campus_sign/template/999999/preview.pdf").status_code,
            404,
        )

    def _path(self, name):
        return f"/campus_sign/request/{self.request.id}/{name}"
