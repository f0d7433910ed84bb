# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import unittest

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.rendering import Outline, TemplateProblems, compose, missing_glyphs

from .rendering_samples import section, signature, slot, tag
from .test_rendering_compose import _PIECES


class TestOutline(unittest.TestCase):
    """The quick reading says what composing the document would say."""

    def test_sections_hide_what_they_hold(self):
        body = section("b", f"{tag('a')} 設") + section("b", tag("c"), negate=True)
        outline = Outline(body, {"a", "b", "c"})
        shown = outline.read({"a": None, "b": True, "c": None})
        self.assertEqual((shown.missing, shown.unknown), (("a",), ("設",)))
        hidden = outline.read({"a": None, "b": False, "c": None})
        self.assertEqual((hidden.missing, hidden.unknown), (("c",), ()))

    def test_words_of_a_value_are_looked_at_too(self):
        found = Outline(tag("a"), {"a"}).read({"a": "Étude 設計"})
        self.assertEqual(found.unknown, ("設", "計"))

    def test_an_image_counts_where_it_is_printed(self):
        body = section("a", '<img src="/web/image/7"/>')
        self.assertFalse(Outline(body, {"a"}).read({"a": False}).missing)
        self.assertFalse(Outline(body, {"a"}, ["/web/image/7"]).read({"a": 1}).missing)
        with self.assertRaises(TemplateProblems):
            Outline(body, {"a"}).read({"a": True})

    def test_a_body_that_cannot_work_is_refused_at_once(self):
        with self.assertRaises(TemplateProblems):
            Outline(tag("nothing"), {"a"})

    @settings(max_examples=400, deadline=None)
    @given(
        st.lists(_PIECES, max_size=12).map("".join),
        st.one_of(st.none(), st.text(max_size=30)),
        st.booleans(),
    )
    def test_agrees_with_composing(self, body, value, flag):
        values = {"a": value, "b.c": flag}
        body += signature("student")
        try:
            done = compose(body, values, [slot("sig-1", "student", "")])
        except TemplateProblems:
            with self.assertRaises(TemplateProblems):
                Outline(body, values).read(values)
            return
        found = Outline(body, values).read(values)
        self.assertEqual(found.missing, done.missing)
        self.assertEqual(set(found.unknown), set(missing_glyphs(done.text)))
