# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A whole circuit, its log attacked by SQL, its secrets looked for everywhere."""

import hashlib
import json
import tempfile
from pathlib import Path

import psycopg2

from devtools.play import judges
from devtools.play.browser import Refused, Signer, until
from devtools.play.mailbox import tokens

from .world import LiveCase

LINKED = ("student", "guardian", "tutor", "company_head", "teacher")
KNOWN = "SELECT 1 FROM campus_sign_link WHERE token_hash = %s"
ATTACKS = (
    "UPDATE campus_sign_event SET time = '2000-01-01T00:00:00.000000Z'",
    "UPDATE campus_sign_event SET hash = hash WHERE seq = 1",
    "DELETE FROM campus_sign_event",
    "TRUNCATE campus_sign_event",
    "TRUNCATE campus_sign_event CASCADE",
)


class TestProof(LiveCase):
    expected_errors = (r"mail_mail: failed sending mail",)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        school = cls.school
        [cls.document] = school.send(school.enrol(1))
        for role in LINKED:
            school.signer(cls.document, role).sign_everything()
        school.head().sign_everything()
        school.wait_for_seal(cls.document)

    def test_archived_and_convincing(self):
        content = self.assertGoodFile(self.document, 6, long_term=True)
        with tempfile.TemporaryDirectory() as folder:
            pdf, proof, root = (Path(folder) / name for name in ("p", "j", "c"))
            pdf.write_bytes(content)
            proof.write_bytes(self.school.proof_json(self.document))
            root.write_bytes(self.school.root(self.document))
            self.assertEqual(judges.verifier(pdf, proof, root)[0], 0)
            log = json.loads(proof.read_bytes())
            log["events"][3]["time"] = "2026-01-01T00:00:00.000000Z"
            proof.write_text(json.dumps(log))
            self.assertEqual(judges.verifier(pdf, proof, root)[0], 1)

    def test_log_refuses_sql(self):
        before = self.world.sql("SELECT * FROM campus_sign_event ORDER BY id")
        for attack in ATTACKS:
            with self.subTest(attack), self.world.cursor() as cursor:
                with self.assertRaises(psycopg2.errors.InsufficientPrivilege):
                    cursor.execute(attack)
        self.assertTrue(before)
        after = self.world.sql("SELECT * FROM campus_sign_event ORDER BY id")
        self.assertEqual(after, before)

    def test_log_refuses_the_web_client(self):
        [(event,)] = self.world.sql("SELECT min(id) FROM campus_sign_event")
        for method, values in (
            ("write", [[event], {"kind": "x"}]),
            ("unlink", [[event]]),
            ("create", [[{"kind": "x"}]]),
        ):
            with self.subTest(method), self.assertRaises(Refused):
                self.school.admin.call("campus.sign.event", method, *values)

    def test_document_refuses_the_web_client(self):
        """Invariant 1: content and circuit are frozen, whoever writes."""
        admin, request = self.school.admin, self.document.request_id
        for model, record, values in (
            ("campus.sign.request", request, {"state": "waiting"}),
            ("campus.sign.request", request, {"revisions": []}),
            ("campus.sign.signer", self.signer_id(), {"status": "pending"}),
            ("ir.attachment", self.attachment_id(), {"raw": "x"}),
        ):
            with self.subTest(model, values=values):
                with self.assertRaises(Refused):
                    admin.call(model, "write", [record], values)
                with self.assertRaises(Refused):
                    admin.call(model, "unlink", [record])
        self.assertGoodFile(self.document, 6, long_term=True)

    def test_links_are_nowhere(self):
        """Invariant 9: not in the log, not in any table; a mail that could not be
        delivered waits without its secret."""
        mailbox = self.world.mailbox
        mailbox.refusing = True
        self.addCleanup(setattr, mailbox, "refusing", False)
        self.send(1)
        until(self.undelivered)
        secrets = mailbox.all_tokens()
        self.assertGreater(len(secrets), len(LINKED))
        log = self.world.log()
        for secret in secrets:
            self.assertNotIn(secret, log)
        self.assertEqual(self.places(secrets), [])

    def test_link_is_good_when_it_arrives(self):
        """Given a reader faster than the server's commit, then his link is known; so
        a crash right after the delivery leaves no dead link either."""
        unknown, delivered = [], []

        def look(message):
            for token in tokens(message):
                delivered.append(token)
                digest = hashlib.sha256(token.encode()).hexdigest()
                if not self.world.sql(KNOWN, digest):
                    unknown.append(message["To"])

        mailbox = self.world.mailbox
        mailbox.on_arrival = look
        self.addCleanup(setattr, mailbox, "on_arrival", None)
        self.send(1)
        self.assertEqual(len(delivered), len(LINKED))
        self.assertEqual(unknown, [])

    def test_wrong_links(self):
        """A link that was never sent, or is another's, opens nothing."""
        [document] = self.send(1)
        stranger = Signer(self.world.server.url, "x" * 43)
        with self.assertRaises(Refused) as caught:
            stranger.open()
        self.assertEqual(caught.exception.status, 404)
        self.assertTrue(str(caught.exception))
        [(signer,)] = self.world.sql(
            "SELECT id FROM campus_sign_signer WHERE request_id = %s AND email = %s",
            document.request_id,
            document.addresses["tutor"],
        )
        student = self.school.signer(document, "student")
        overview = student.open()
        for act in (
            lambda: student.download(f"/sign/file/{signer}"),
            lambda: student.post("read", signer_id=signer, pages=5, seconds=5),
            lambda: student.post("refuse", signer_id=signer, reason="not mine"),
        ):
            with self.assertRaises(Refused) as caught:
                act()
            self.assertEqual(caught.exception.status, 404)
        [result] = student.sign([signer], overview)
        self.assertEqual((result["ok"], result["code"]), (False, "not_found"))
        self.assertEqual(self.world.stored(document)[1], [])

    def signer_id(self):
        return self.one("SELECT min(id) FROM campus_sign_signer WHERE request_id = %s")

    def attachment_id(self):
        return self.one("SELECT attachment_id FROM campus_sign_request WHERE id = %s")

    def one(self, query):
        [(value,)] = self.world.sql(query, self.document.request_id)
        return value

    def undelivered(self):
        return self.world.sql("SELECT id FROM mail_mail WHERE state = 'exception'")

    def places(self, secrets):
        """Return the tables whose rows hold one of the secrets."""
        tables = self.world.sql(
            "SELECT table_name FROM information_schema.tables"
            " WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
        )
        found = []
        with self.world.cursor() as cursor:
            for (table,) in tables:
                cursor.execute(
                    f'SELECT 1 FROM "{table}" AS row'
                    " WHERE row::text LIKE ANY(%s) LIMIT 1",
                    [[f"%{secret}%" for secret in secrets]],
                )
                if cursor.fetchone():
                    found.append(table)
        return found
