# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
import unittest
from dataclasses import replace
from datetime import datetime, timedelta, timezone

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.evidence import (
    SCHEMA,
    Event,
    EvidenceError,
    NotCanonical,
    append,
    build_bundle,
    canonical,
    check_chain,
    commit,
    genesis,
    read_bundle,
    read_time,
    write_time,
)

UID = "5d3c1c1e-7d9f-4a51-93a5-1f0f6e0c7d11"
NOW = datetime(2026, 9, 2, 8, 0, 0, 123456, tzinfo=timezone.utc)
SALT = b"0123456789abcdef"
ADA = {"name": "Ada", "email": "ada@example.org"}
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)


def chain(length=4):
    events, last = [], None
    for number in range(length):
        last = append(
            last,
            UID,
            NOW + timedelta(minutes=number),
            "opened" if number else "created",
            payload={"number": number},
            commitment=commit(ADA, SALT),
        )
        events.append(last)
    return events


class TestCanonical(unittest.TestCase):
    def test_one_written_form(self):
        self.assertEqual(
            canonical({"b": [1, True, None], "a": 'é\n"', "é": -7}),
            '{"a":"é\\n\\"","b":[1,true,null],"é":-7}'.encode(),
        )

    def test_what_has_several_forms_is_refused(self):
        for value in (1.0, float("nan"), b"x", {1: 2}, NOW, {"a": [0.5]}, "\ud800"):
            with self.subTest(repr(value)), self.assertRaises(NotCanonical):
                canonical(value)

    @settings(max_examples=80, deadline=None, derandomize=True, database=None)
    @given(VALUES)
    def test_it_reads_back_to_itself(self, value):
        try:
            written = canonical(value)
        except NotCanonical:
            return
        self.assertEqual(canonical(json.loads(written)), written)


class TestChain(unittest.TestCase):
    def test_a_chain_built_by_append_is_whole(self):
        persons = {event.seq: (SALT, ADA) for event in chain()}
        self.assertEqual(check_chain(chain(), UID, persons), [])
        self.assertEqual(chain()[0].prev, genesis(UID))

    def test_an_event_survives_being_stored(self):
        event = chain()[-1]
        stored = Event.from_dict(json.loads(canonical(event.to_dict())))
        self.assertEqual(stored.hash, event.hash)

    def test_any_change_shows(self):
        events = chain()
        changes = {
            "time": events[1].time.replace("08", "09", 1),
            "kind": "read",
            "before": "0" * 64,
            "after": "0" * 64,
            "payload": {"number": 9},
            "commitment": None,
            "seq": 7,
            "prev": "0" * 64,
        }
        for name, value in changes.items():
            with self.subTest(name):
                changed = [events[0], replace(events[1], **{name: value}), *events[2:]]
                self.assertTrue(check_chain(changed, UID))

    def test_events_removed_swapped_or_repeated_show(self):
        one, two, three, four = chain()
        for wrong in (
            [one, three, four],
            [one, three, two, four],
            [one, two, two, three, four],
            [two, three, four],
        ):
            self.assertTrue(check_chain(wrong, UID))
        self.assertEqual(check_chain([one, two], UID), [])

    def test_another_documents_chain_shows(self):
        self.assertTrue(check_chain(chain(), "another"))

    def test_time_never_goes_back(self):
        last = chain()[-1]
        late = append(last, UID, NOW - timedelta(days=1), "read")
        self.assertEqual(late.time, last.time)
        forged = replace(late, time=write_time(NOW - timedelta(days=1)))
        self.assertIn("event 5: time goes back", check_chain([*chain(), forged], UID))

    def test_persons_can_be_forgotten(self):
        self.assertEqual(check_chain(chain(), UID, {}), [])
        self.assertEqual(check_chain(chain(), UID, {2: (SALT, ADA)}), [])

    def test_another_person_is_not_the_committed_one(self):
        for salt, person in ((SALT, {**ADA, "name": "Eve"}), (SALT[::-1], ADA)):
            self.assertTrue(check_chain(chain(), UID, {2: (salt, person)}))
        self.assertTrue(check_chain(chain(), UID, {9: (SALT, ADA)}))

    def test_a_commitment_needs_salt(self):
        with self.assertRaises(EvidenceError):
            commit(ADA, b"short")
        self.assertNotEqual(commit(ADA, SALT), commit(ADA, SALT[::-1]))

    def test_only_known_kinds_and_real_times(self):
        with self.assertRaises(EvidenceError):
            append(None, UID, NOW, "invented")
        with self.assertRaises(EvidenceError):
            append(None, UID, NOW.replace(tzinfo=None), "created")
        for text in (
            "2026-09-02",
            "2026-09-02T08:00:00Z",
            "",
            "2026-09-02T08:00:00.1Z",
        ):
            with self.subTest(text), self.assertRaises(EvidenceError):
                append(None, UID, text, "created")
        self.assertEqual(read_time(write_time(NOW)), NOW)

    def test_floats_do_not_enter(self):
        with self.assertRaises(NotCanonical):
            append(None, UID, NOW, "read", payload={"seconds": 1.5})


class TestBundle(unittest.TestCase):
    def bundle(self, **changes):
        values = {
            "request": {"uid": UID, "title": "Convention"},
            "events": chain(),
            "persons": {1: (SALT, ADA)},
            "certificates": {"root": "pem"},
            "file_sha256": "0" * 64,
            "revisions": [
                {"length": 10, "sha256": "0" * 64, "kind": "seal", "field": "seal"}
            ],
        }
        return build_bundle(**{**values, **changes})

    def test_it_is_read_back_typed(self):
        content = read_bundle(json.loads(canonical(self.bundle())))
        self.assertEqual(content.uid, UID)
        self.assertEqual([event.hash for event in content.events][-1], chain()[-1].hash)
        self.assertEqual(content.persons, {1: (SALT, ADA)})

    def test_incomplete_parts_are_refused(self):
        for changes in (
            {"request": {}},
            {"certificates": {}},
            {"events": []},
            {"revisions": []},
            {"revisions": [{"length": "10"}]},
            {"request": {"uid": UID, "price": 1.5}},
        ):
            with self.subTest(changes), self.assertRaises(EvidenceError):
                self.bundle(**changes)

    def test_hostile_proof_files_are_refused(self):
        good = self.bundle()
        wrong = [
            None,
            [],
            {},
            {"schema": SCHEMA},
            {**good, "schema": "campus_sign/proof/2"},
            {**good, "extra": 1},
            {**good, "events": [{}]},
            {**good, "events": [{**good["events"][0], "seq": True}]},
            {**good, "events": [{**good["events"][0], "payload": 3}]},
            {**good, "events": "abc"},
            {**good, "persons": {"x": 1}},
            {**good, "persons": {"1": {"salt": "zz", "personal": {}}}},
            {**good, "revisions": [{**good["revisions"][0], "length": True}]},
            {**good, "certificates": {"root": 3}},
            {**good, "file_sha256": None},
        ]
        for number, values in enumerate(wrong):
            with self.subTest(number), self.assertRaises(EvidenceError):
                read_bundle(values)
