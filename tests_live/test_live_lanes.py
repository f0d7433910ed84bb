# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Lanes of scheduled actions share the queue (architecture, Scale)."""

import re

from .world import LiveCase


class TestLanes(LiveCase):
    workers = 2
    max_cron_threads = 2

    def test_twelve_documents_two_lanes(self):
        """Given twelve queued documents, when both lanes work, then each document is
        sealed once, and each signer has one mail."""
        documents = self.send(12)
        sealed = self.world.sql(
            "SELECT request_ref, count(*) FROM campus_sign_event"
            " WHERE kind = 'sealed' GROUP BY request_ref"
        )
        wanted = {document.request_id: 1 for document in documents}
        self.assertEqual(dict(sealed), wanted)
        for document in documents:
            self.assertEqual(len(self.world.stored(document)[2]), 1)
        lanes = re.findall(r"\(lane (\d)\)' \(\d+\) starting", self.world.log())
        self.assertEqual(set(lanes), {"1", "2"})
        for document in documents:
            for address in document.addresses.values():
                self.assertEqual(len(self.world.mailbox.messages(address)), 1, address)
