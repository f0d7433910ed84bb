# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import hashlib
import json
import subprocess
import tempfile
from datetime import timedelta
from pathlib import Path

from odoo import fields
from odoo.tests import freeze_time, tagged

from ..engine.evidence import canonical
from ..engine.evidence.verify import verify_bundle
from ..engine.pades import validate
from ..models.campus_sign_authority import aware_now
from ..models.ceremony_errors import CeremonyError
from .common_sign import SignCase


@tagged("post_install", "-at_install")
class TestMainJob(SignCase):
    """From template to archived and independently verifiable file."""

    short_body = False

    def test_the_whole_act(self):
        request = self.send()
        roles = request.signer_ids.mapped("role_id.code")
        self.assertEqual(len(roles), 6, "five signers and the guardian of a minor")
        self.assertEqual(roles[-1], "establishment")
        self.assertEqual(request.signature_count, "0/6")
        self.sign_all(request, but=["establishment"])
        self.assertEqual(request.state, "to_finalize")
        request._cron_notify()
        self.assertEqual(
            request.activity_ids.user_id, self.here(self.head), "the head is told"
        )
        self.sign_all(request)
        self.assertEqual((request.state, request.signature_count), ("archived", "6/6"))
        self.assertFalse(request.activity_ids)
        request._seal()
        reasons = {one.partner_id: one.reason for one in request.locker_ids}
        self.assertEqual(len(reasons), 7, "six signers and the second guardian")
        self.assertEqual(reasons[self.here(self.father)], "guardian")
        self._judge(request)

    def _judge(self, request):
        content = request._stored_file()
        proof = canonical(request._proof_bundle())
        root = request.authority_id.certificates["root_cert"]
        verdict = verify_bundle(content, json.loads(proof), root, aware_now())
        self.assertFalse(verdict.failed)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "signed.pdf"
            path.write_bytes(content)
            seen = _run("pdfsig", path)
            self.assertEqual(seen.count("Signature is Valid"), 7, "the seal and six")
            self.assertIn(
                "No syntax or stream encoding errors", _run("qpdf", "--check", path)
            )
            judged = _run("mutool", "sign", "-v", path)
            self.assertNotIn("Digest error", judged)
            self.assertEqual(judged.count("Verifying signature"), 8)

    def test_every_revision_is_a_prefix_of_the_next(self):
        """Invariant 2."""
        request = self.archive()
        content = request._stored_file()
        for revision in request.revisions:
            part = content[: revision["length"]]
            self.assertEqual(hashlib.sha256(part).hexdigest(), revision["sha256"])
        kinds = [revision["kind"] for revision in request.revisions]
        self.assertEqual(kinds, ["seal", *["signature"] * 6, "timestamp"])
        self.assertEqual(request.revisions[-1]["length"], len(content))

    def test_signers_read_the_frozen_bytes_only(self):
        """Invariant 10: no half-signed copy goes round."""
        request = self.send()
        tutor = self.line(request, "tutor")
        _name, before = self.ceremony._file(self.actor(tutor), tutor.id)
        self.sign(self.line(request, "student"))
        _name, after = self.ceremony._file(self.actor(tutor), tutor.id)
        self.assertEqual(before, after)
        self.assertEqual(hashlib.sha256(after).hexdigest(), request.frozen_sha256)
        document = self.ceremony._overview(self.actor(tutor))["documents"][0]
        self.assertEqual(document["sha256"], request.frozen_sha256)

    def test_locker_opens_the_final_file_for_its_owner_only(self):
        request = self.archive()
        lockers = self.env["campus.locker.document"].sudo()
        mine = lockers._for_partner(self.here(self.minor.partner_id))
        self.assertEqual(mine["total"], 1)
        name, content = lockers._open(
            self.here(self.minor.partner_id), mine["documents"].id
        )
        self.assertTrue(name.endswith(".pdf"))
        self.assertEqual(content, request._stored_file())
        stranger = self.here(self.adult.partner_id)
        self.assertFalse(lockers._for_partner(stranger)["total"])
        self.assertIsNone(lockers._open(stranger, mine["documents"].id))
        mine["documents"].published = False
        self.assertIsNone(
            lockers._open(self.here(self.minor.partner_id), mine["documents"].id)
        )

    def test_adult_has_five_signers(self):
        request = self.send(self.new_internship(self.adult))
        self.assertEqual(len(request.signer_ids), 5)
        self.assertNotIn("guardian", request.signer_ids.mapped("role_id.code"))

    def test_the_stamp_and_the_log_carry_each_other(self):
        """Invariant 6: the chain head is inside each signature."""
        request = self.send()
        self.sign(self.line(request, "student"))
        consented = request._event_context().filtered(lambda e: e.kind == "consented")
        root = request.authority_id.certificates["root_cert"]
        report = validate(request._stored_file(), [root], now=aware_now())
        self.assertTrue(
            report.signatures[-1].reason.endswith(f"sha256:{consented.hash}")
        )

    def test_deadline(self):
        """Decision 1: missing mandatory signature expires; extension reopens."""
        request = self.send()
        student = self.line(request, "student")
        actor = self.actor(student)
        self.ceremony._record_read(actor, student.id, 4, 30)
        later = fields.Datetime.now() + timedelta(days=31)
        with freeze_time(later):
            result = self.sign(student, actor)
            self.assertEqual(result["code"], "closed", "before any cron has run")
            request._cron_deadlines()
            self.assertEqual(request.state, "expired")
            request.with_user(self.office)._act_extend(later + timedelta(days=10))
            self.assertEqual(request.state, "waiting")
            self.assertTrue(student.notify_due, "new links go out")
        self.assertEqual(self.events(request)[-2:], ["expired", "extended"])

    def test_optional_signers_do_not_block(self):
        """A036, A118, A128."""
        template = self.here(self.template).copy({"name": "Optionnelle"})
        template.signer_ids.filtered(lambda s: s.role_code == "tutor").mandatory = False
        request = self.send(template=template)
        self.sign_all(request, but=["tutor", "establishment"])
        self.assertEqual(request.state, "finalizable")
        self.sign(self.line(request, "establishment"))
        self.assertEqual((request.state, request.signature_count), ("archived", "5/6*"))
        self.assertEqual(self.line(request, "tutor").status, "closed")

    def test_imposed_order(self):
        template = self.here(self.template).copy({"name": "Ordre", "ordered": True})
        request = self.send(template=template)
        first, *_others, last = request.signer_ids
        self.assertEqual(self.sign_code(last), "not_your_turn")
        second = request.signer_ids.filtered(lambda s: s.sequence > first.sequence)[0]
        self.assertFalse(second.notify_due, "told when his turn comes")
        self.assertEqual(self.sign_code(second), "not_your_turn")
        self.sign_all(request)
        self.assertEqual(request.state, "archived")

    def sign_code(self, signer):
        actor = self.actor(signer)
        try:
            self.ceremony._record_read(actor, signer.id, 4, 30)
        except CeremonyError as error:
            return error.code
        return self.sign(signer, actor)["code"]


def _run(*command):
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, check=False
    )
    return done.stdout + done.stderr
