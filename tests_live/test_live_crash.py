# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A power cut in the middle of a signature leaves before or after (invariant 7)."""

import contextlib
import threading
import time

import requests

from devtools.play.browser import until

from .world import LiveCase

# A signature takes some 150 ms when the machine is idle: before, in, after the act.
DELAYS = (0.02, 0.06, 0.1, 0.15, 0.25)


class TestCrash(LiveCase):
    workers = 2

    def test_kill_while_signing(self):
        documents = self.send(len(DELAYS))
        for document, delay in zip(documents, DELAYS, strict=True):
            with self.subTest(delay=delay):
                self.kill_while_signing(document, delay)

    def kill_while_signing(self, document, delay):
        person = self.school.signer(document, "student")
        overview, due = person.prepare()
        before = self.world.stored(document)

        def click():
            with contextlib.suppress(requests.ConnectionError):
                person.sign(due, overview)

        clicking = threading.Thread(target=click)
        clicking.start()
        time.sleep(delay)  # where the cut falls, not something to wait for
        self.world.server.kill()
        clicking.join()
        after = self.world.stored(document)
        if after != before:
            self.assertEqual(after[1], ["sig-1"])
            self.assertEqual(after[2][:-1], before[2])
        self.assertEqual(self.count_signed_events(document), len(after[1]))
        self.world.server.restart()
        self.assertGoodFile(document, len(after[1]))
        # Whoever saw his browser lose the server clicks again: signed once.
        [result] = person.sign(due, overview)
        self.assertEqual(result["code"], "already_signed" if after[1] else "signed")
        self.assertEqual(self.world.stored(document)[1], ["sig-1"])
        self.assertEqual(self.count_signed_events(document), 1)
        self.assertGoodFile(document, 1)

    def test_kill_while_sending(self):
        """Given lanes in the middle of a queue, when the power is cut, then after the
        restart each document is made once and each signer told once (A081).
        """
        documents = self.school.queue(self.school.enrol(6))
        ids = tuple(document.request_id for document in documents)
        until(lambda: self.count_made(ids), 60)
        self.world.server.kill()
        self.assertLess(self.count_made(ids), len(ids), "cut too late to show anything")
        self.world.server.restart()
        for document in documents:
            self.school.wait_for_state(document, "waiting", 300)
            for address in document.addresses.values():
                self.world.mailbox.wait_for(address)
        for document in documents:
            self.assertEqual(len(self.world.stored(document)[2]), 1)
            for address in document.addresses.values():
                self.assertEqual(len(self.world.mailbox.messages(address)), 1, address)
        sealed = self.world.sql(
            "SELECT request_ref, count(*) FROM campus_sign_event"
            " WHERE kind = 'sealed' AND request_ref IN %s GROUP BY request_ref",
            ids,
        )
        self.assertEqual(dict(sealed), dict.fromkeys(ids, 1))

    def count_made(self, ids):
        [(count,)] = self.world.sql(
            "SELECT count(*) FROM campus_sign_request"
            " WHERE id IN %s AND state = 'waiting'",
            ids,
        )
        return count

    def count_signed_events(self, document):
        [(count,)] = self.world.sql(
            "SELECT count(*) FROM campus_sign_event"
            " WHERE request_ref = %s AND kind = 'signed'",
            document.request_id,
        )
        return count
