# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import unittest
from datetime import datetime, timezone

from asn1crypto import core
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.pades import der

SETTINGS = settings(max_examples=60, deadline=None, derandomize=True, database=None)


class TestDer(unittest.TestCase):
    """Against the encoder of a general library."""

    @SETTINGS
    @given(st.integers(0, 2**200))
    def test_integers(self, value):
        self.assertEqual(der.integer(value), core.Integer(value).dump())

    @SETTINGS
    @given(st.lists(st.integers(0, 2**130), max_size=9), st.integers(0, 39))
    def test_object_identifiers(self, arcs, second):
        for first in (0, 1, 2):
            dotted = ".".join(map(str, (first, second, *arcs)))
            expected = core.ObjectIdentifier(dotted).dump()
            self.assertEqual(der.oid(dotted), expected)

    @SETTINGS
    @given(st.sampled_from([0, 1, 127, 128, 255, 256, 65535, 65536]))
    def test_lengths(self, length):
        value = b"x" * length
        self.assertEqual(der.octets(value), core.OctetString(value).dump())

    @SETTINGS
    @given(st.lists(st.binary(max_size=300), max_size=6))
    def test_sets_are_ordered(self, values):
        class Texts(core.SetOf):
            _child_spec = core.OctetString

        expected = Texts([core.OctetString(value) for value in values]).dump()
        self.assertEqual(der.set_of(*map(der.octets, values)), expected)

    def test_moments(self):
        value = datetime(2049, 12, 31, 23, 59, 59, tzinfo=timezone.utc)
        self.assertEqual(der.moment(value), core.GeneralizedTime(value).dump())

    def test_context_tags(self):
        inner = der.sequence(der.integer(5))
        self.assertEqual(der.explicit(0, inner), b"\xa0\x05" + inner)
        self.assertEqual(der.implicit(1, inner), b"\xa1" + inner[1:])
