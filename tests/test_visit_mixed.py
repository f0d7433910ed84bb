# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Acts start from what is committed; the cursor is the test's own.
# pylint: disable=invalid-commit
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..engine.evidence.verify import verify_bundle
from ..engine.scanning import extract_pages, read_pile
from ..engine.tests.scanner import pictures, scanned
from ..models.campus_sign_authority import aware_now
from .common_sign import pdf_text
from .test_visit_paper import PaperCase


@tagged("post_install", "-at_install")
class TestMixedCircuit(PaperCase):
    """One party of an internship signs on paper."""

    def setUp(self):
        super().setUp()
        groups = self.env.ref("campus_sign.group_send")
        self.here(self.head).group_ids = [(4, groups.id)]
        self.env.cr.commit()

    def test_one_party_on_paper(self):
        """The scan is kept with its fingerprint, the field says « signé sur papier »
        under the establishment's signature, and the proof holds.
        """
        request = self.send()
        tutor = self.line(request, "tutor")
        self.sign(self.line(request, "student"))
        pile = self.drop(scanned(pictures(request._frozen_file())), user=self.head)
        document = pile.document_ids
        self.assertEqual(document.request_id, request.with_env(document.env))
        self.assertFalse(document.problem)
        with self.says("Choose who signed"):
            document.action_file()
        document.signer_ids = tutor.with_env(document.env)
        document.action_file()
        self.assertEqual((tutor.status, tutor.paper_sha256), ("paper", document.sha256))
        kept = tutor.paper_scan_id.raw
        self.assertEqual(len(read_pile(kept)), request.page_count)
        self.assertEqual(self.events(request)[-2:], ["paper", "signed"])
        self.sign_all(request)
        request._seal()
        self.assertEqual(request.state, "archived")
        text = pdf_text(request._stored_file())
        self.assertIn("Signé sur papier", text)
        self.assertIn(document.sha256[:32], text.replace(" ", ""))
        verdict = verify_bundle(
            request._stored_file(),
            request._proof_bundle(),
            request._root_pem(),
            aware_now(),
        )
        self.assertEqual(verdict.failed, [])
        labels = [step["label"] for step in request._proof_revisions()]
        self.assertIn("Signed on paper", labels)
        said = "".join(pdf_text(request._proof_pdf()).split())
        self.assertIn("Signed on paper".replace(" ", ""), said)
        self.assertIn(document.sha256, said)
        scan = tutor.paper_scan_id
        with self.says("cannot be changed"):
            scan.raw = b"%PDF-other"
        with self.says("cannot be deleted"):
            scan.unlink()

    def test_both_rights_are_needed(self):
        request = self.send()
        tutor = self.line(request, "tutor")
        for user in (self.office, self.follower, self.host_office):
            with self.assertRaises(AccessError):
                request.with_user(self.here(user))._act_paper(tutor, b"%PDF-", 1)
        self.assertEqual(tutor.status, "pending")

    def test_never_the_establishments_own_line(self):
        request = self.send()
        own = self.line(request, "establishment")
        with self.refuses("establishment"):
            request.with_user(self.here(self.head))._act_paper(own, b"%PDF-", 1)

    def test_not_twice_and_not_when_closed(self):
        request = self.send()
        mine = request.with_user(self.here(self.head))
        tutor = self.line(request, "tutor")
        scan = extract_pages(request._frozen_file(), [0])
        mine._act_paper(tutor, scan, 1)
        with self.refuses("not_your_turn"):
            mine._act_paper(tutor, scan, 1)
        request.with_user(self.here(self.office))._act_cancel("Erreur")
        with self.refuses("closed"):
            mine._act_paper(self.line(request, "teacher"), scan, 1)
        kept = tutor.paper_scan_id
        mine.sudo(False)._act_delete("Erreur")
        self.assertFalse(kept.exists(), "the scan goes with the file")
        self.assertTrue(tutor.paper_sha256)
