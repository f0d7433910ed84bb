# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The faster reader sees and refuses exactly what the library's own does."""

import io
import unittest
from datetime import timedelta
from unittest import mock

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader

from engine.pades import reader as rooms_reader
from engine.pades import validate
from engine.pades.reader import IndexedReader
from engine.tests import pki
from engine.tests.test_pades_tampering import annotation, by_insider, overlay

NOW = pki.START + timedelta(days=20)


def packed(content, count, first, places, number=4):
    """Return a PDF whose objects ``places`` are said to lie in stream 3.

    :param places: {object number: rank the cross-references give it}
    """
    out, offsets = bytearray(b"%PDF-1.7\n"), {}
    bodies = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Kids [] /Count 0 >>",
        3: b"<< /Type /ObjStm /N %s /First %s /Length %d >>\nstream\n%s\nendstream"
        % (count, first, len(content), content),
    }
    for one, body in bodies.items():
        offsets[one] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (one, body)
    start = len(out)
    last = max(places) + 1
    rows = [b"\0\0\0\0\xff"]
    for one in range(1, last):
        if one in places:
            rows.append(b"\2" + (3).to_bytes(3, "big") + bytes([places[one]]))
        elif one in offsets:
            rows.append(b"\1" + offsets[one].to_bytes(3, "big") + b"\0")
        else:
            rows.append(b"\0\0\0\0\xff")
    rows.append(b"\1" + start.to_bytes(3, "big") + b"\0")
    table = b"".join(rows)
    out += (
        b"%d 0 obj\n<< /Type /XRef /Size %d /W [1 3 1] /Root 1 0 R /Length %d >>\n"
        b"stream\n%s\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n"
        % (last, last + 1, len(table), table, start)
    )
    return bytes(out)


def plain_reader(pdf, _allowance=None):
    return PdfFileReader(io.BytesIO(pdf))


def answer(made_by, pdf, number):
    reader = made_by(pdf)
    try:
        found = reader.get_object(generic.Reference(number, 0, reader))
    except (PdfError, ValueError, TypeError, AssertionError, LookupError) as error:
        return type(error), str(error)
    return type(found), found.container_ref, repr(found)


class TestIndexedReader(unittest.TestCase):
    def test_signed_files_read_the_same(self):
        pdf = pki.archived().pdf
        plain, indexed = plain_reader(pdf), IndexedReader(pdf)
        packed_objects = 0
        for revision in range(plain.total_revisions):
            views = [one.get_historical_resolver(revision) for one in (plain, indexed)]
            for view in views:
                view._load_reverse_xref_cache()
            expected, found = (view._indirect_object_access_cache for view in views)
            self.assertEqual(found, expected)
            for reference in expected:
                self.assertSame(*(view(reference) for view in views))
                place = plain.xrefs.get_historical_ref(reference, revision)
                packed_objects += not isinstance(place, int)
        self.assertGreater(packed_objects, 50)

    def assertSame(self, expected, found):
        self.assertIs(type(found), type(expected))
        self.assertEqual(repr(found), repr(expected))
        if isinstance(expected, generic.StreamObject):
            self.assertEqual(found.encoded_data, expected.encoded_data)

    def test_references_of_a_revision_stay_in_it(self):
        reader = IndexedReader(pki.archived().pdf)
        view = reader.get_historical_resolver(1)
        self.assertIs(view, reader.get_historical_resolver(1))
        pending, seen = [view.root], set()
        while pending:
            one = pending.pop()
            if isinstance(one, generic.IndirectObject):
                self.assertIs(one.get_pdf_handler(), view)
                if one.reference not in seen:
                    seen.add(one.reference)
                    pending.append(view(one.reference))
            elif isinstance(one, dict):
                pending += one.values()
            elif isinstance(one, list):
                pending += one
        self.assertGreater(len(seen), 30)

    def test_strange_streams_are_answered_as_the_library_does(self):
        good = b"4 0 5 3 6 6 11 22 << /A 1 >>"
        cases = {
            "good": (good, b"3", b"12", {4: 0, 5: 1, 6: 2}),
            "wrong rank": (good, b"3", b"12", {4: 1, 5: 0, 6: 2}),
            "rank too high": (good, b"3", b"12", {4: 0, 5: 9}),
            "not in the index": (good, b"3", b"12", {4: 0, 7: 1}),
            "said to hold fewer": (good, b"1", b"12", {4: 0, 5: 1}),
            "said to hold more": (good, b"9", b"12", {4: 0, 6: 2, 7: 4}),
            "said to hold none": (good, b"0", b"12", {4: 0}),
            "twice, first": (b"4 0 4 3 11 22 ", b"2", b"8", {4: 0}),
            "twice, second": (b"4 0 4 3 11 22 ", b"2", b"8", {4: 1}),
            "damaged after": (b"4 0 x y 11 22 ", b"2", b"8", {4: 0, 5: 1}),
            "damaged before": (b"x y 4 0 11 22 ", b"2", b"8", {4: 1, 5: 0}),
            "cut": (b"4 0 5", b"2", b"8", {4: 0, 5: 1}),
            "fractions": (b"4.0 0 5 3.5 11 22 ", b"2", b"12", {4: 0, 5: 1}),
            "place outside": (b"4 99 5 0 11 22 ", b"2", b"9", {4: 0, 5: 1}),
            "place before": (b"4 -99 5 0 11 22 ", b"2", b"10", {4: 0, 5: 1}),
            "a reference": (b"4 0 5 6 1 0 R 22 ", b"2", b"8", {4: 0, 5: 1}),
            "unreadable object": (b"4 0 5 4 )>> 22 ", b"2", b"8", {4: 0, 5: 1}),
            "comment last": (b"4 0 11 %x", b"1", b"4", {4: 0}),
            "odd count": (good, b"3.0", b"12", {4: 0, 5: 1}),
            "count is a name": (good, b"/N", b"12", {4: 0}),
            "odd first": (good, b"3", b"12.0", {4: 0}),
            "far too many": (good, b"999999999", b"12", {4: 0, 6: 2, 7: 3}),
        }
        for name, (content, count, first, places) in cases.items():
            pdf = packed(content, count, first, places)
            for number in places:
                with self.subTest(name, number=number):
                    self.assertEqual(
                        answer(IndexedReader, pdf, number),
                        answer(plain_reader, pdf, number),
                    )
        pdf = packed(*cases["good"])
        self.assertEqual(answer(IndexedReader, pdf, 5)[2], "22")

    def test_the_memory_is_bounded(self):
        pdf = packed(b"4 0 5 3 11 22 ", b"2", b"8", {4: 0, 5: 1})
        with mock.patch.object(rooms_reader, "MAX_INDEXED", 1):
            reader = IndexedReader(pdf)
            self.assertEqual(reader.get_object(generic.Reference(5, 0, reader)), 22)
            self.assertFalse(reader._indexes)

    def test_an_index_is_read_once(self):
        real, read = rooms_reader._Index._read_one, []

        def counted(index):
            read.append(index)
            return real(index)

        with mock.patch.object(rooms_reader._Index, "_read_one", counted):
            self.assertTrue(validate(pki.archived().pdf, pki.roots(), now=NOW).ok)
        held = {id(index): index.stream["/N"] for index in read}
        self.assertTrue(held)
        self.assertLessEqual(len(read), sum(held.values()))

    def test_verdicts_are_those_of_the_plain_reader(self):
        good = pki.archived().pdf
        steps = [one.pdf for one in pki.steps()]
        files = {
            "good": good,
            "unfinished": steps[-1],
            "tail": good + b"\n",
            "overlay": by_insider(steps[-1], overlay),
            "annotation": by_insider(good, annotation),
            "altered": good[:2000] + bytes([good[2000] ^ 1]) + good[2001:],
        }
        for name, pdf in files.items():
            with self.subTest(name):
                fast = validate(pdf, pki.roots(), now=NOW)
                with mock.patch("engine.pades.validation.IndexedReader", plain_reader):
                    self.assertEqual(fast, validate(pdf, pki.roots(), now=NOW))
                self.assertEqual(fast.ok, name in ("good", "unfinished"))
