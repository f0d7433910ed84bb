# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A server that lost its key secret closes the door, with a sentence (invariant 8)."""

from devtools.harness import Server

from .world import LiveCase


class TestSecret(LiveCase):
    def test_wrong_or_missing_secret(self):
        [document] = self.send(1)
        person = self.school.signer(document, "student")
        overview, due = person.prepare()
        before = self.world.stored(document), self.events(document)
        self.world.server.stop()
        for secret in ("another secret of more than 32 chars", None):
            with self.subTest(secret=secret), self.server(secret) as server:
                person.url = server.url
                [result] = person.sign(due, overview)
                self.assertFalse(result["ok"])
                self.assertTrue(result["message"])
                after = self.world.stored(document), self.events(document)
                self.assertEqual(after, before)
        self.world.server.restart()
        person.url = self.world.server.url
        self.assertSigned(person.sign(due, overview))
        self.assertGoodFile(document, 1)

    def server(self, secret):
        return Server(self.world.database, env={"CAMPUS_SIGN_SECRET": secret})

    def events(self, document):
        return self.world.sql(
            "SELECT seq, hash FROM campus_sign_event WHERE request_ref = %s",
            document.request_id,
        )
