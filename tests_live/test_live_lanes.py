# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Lanes of scheduled actions share the queue (architecture, Scale)."""

import re
from functools import partial

from devtools.play.browser import Office, Refused
from devtools.play.school import SECRETARY

from .world import LiveCase, at_once


class TestLanes(LiveCase):
    workers = 2
    max_cron_threads = 2
    # The database holds the second of two senders back, and says so.
    expected_errors = (r"bad query: b'INSERT INTO \"campus_sign_request\"",)

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

    def test_two_senders_at_the_same_moment(self):
        """Given two windows open on the same internships, when both send at once, then
        each document leaves once and the second sender reads why."""
        internships = self.school.enrol(8)
        values = {
            "res_model": "campus.internship",
            "res_ids": internships,
            "template_id": self.school.template_id,
            "ticked_ids": internships,
        }

        def sender():
            office = Office(self.world.server.url).login(*SECRETARY)
            french = {"lang": "fr_FR"}
            ask = partial(office.call, "campus.sign.send", context=french)
            marks = {
                str(row["id"]): row["mark"] for row in ask("check", values)["rows"]
            }
            return lambda: ask("submit", values, marks)

        outcomes = at_once([sender(), sender()])
        sent = [one for one in outcomes if isinstance(one, dict) and "action" in one]
        self.assertEqual(len(sent), 1, outcomes)
        [other] = [one for one in outcomes if one not in sent]
        said = str(other) if isinstance(other, Refused) else other["changed"]
        self.assertRegex(said, "Une autre personne vient d'envoyer|rien n'a été envoyé")
        found = self.world.sql(
            "SELECT res_id, count(*) FROM campus_sign_request"
            " WHERE res_model = 'campus.internship' AND res_id = ANY(%s)"
            " GROUP BY res_id",
            internships,
        )
        self.assertEqual(dict(found), dict.fromkeys(internships, 1))
