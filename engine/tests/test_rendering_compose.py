# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import unittest
from datetime import date, datetime
from decimal import Decimal

import lxml.html
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.rendering import (
    TemplateProblems,
    check_template,
    compose,
    data_uri,
    image_sources,
)
from engine.rendering.values import format_value

from .hostile_png import huge_png
from .rendering_samples import block, section, signature, slot, tag

PIXEL = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVQI12NgAAAA"
    "AgAB4iG8MwAAAABJRU5ErkJggg=="
)


def problems(body, values=(), roles=("student",)):
    return [problem.code for problem in check_template(body, values, roles)]


class TestValues(unittest.TestCase):
    def test_french_forms(self):
        for value, expected in (
            (date(2026, 3, 12), "12 mars 2026"),
            (date(2026, 3, 1), "1er mars 2026"),
            (datetime(2026, 3, 12, 9, 5), "12 mars 2026 à 09:05"),
            (4.35, "4,35"),
            (0.1 + 0.2, "0,3"),
            (35.0, "35"),
            (-0.00001, "0"),
            (Decimal("4.50"), "4,50"),
            (840, "840"),
            (True, "oui"),
            (False, "non"),
            (["a", None, "b"], "a, b"),
            ("  deux \r\nlignes ", "deux \nlignes"),
            (None, ""),
            (float("nan"), ""),
        ):
            with self.subTest(value=value):
                self.assertEqual(format_value(value, "fr_FR"), expected)

    def test_english_forms(self):
        self.assertEqual(format_value(date(2026, 3, 1), "en_US"), "1 March 2026")
        self.assertEqual(format_value(4.35, "en"), "4.35")
        self.assertEqual(format_value(True, "en"), "yes")


class TestCompose(unittest.TestCase):
    def test_a_value_is_text_whatever_it_holds(self):
        hostile = "<script>alert(1)</script> & <b onclick='x'>\x00\x07\ud800"
        done = compose(f"<p>{tag('student.name')}</p>", {"student.name": hostile}, [])
        self.assertEqual(
            done.html,
            "<p><bdi>&lt;script&gt;alert(1)&lt;/script&gt; &amp; "
            "&lt;b onclick='x'&gt;</bdi></p>",
        )

    def test_lines_of_a_value_are_lines_on_paper(self):
        done = compose(tag("a"), {"a": "un\ndeux\r\ntrois"}, [])
        self.assertEqual(done.html, "<bdi>un<br>deux<br>trois</bdi>")

    def test_a_tag_keeps_the_style_its_author_gave_it(self):
        body = tag("a").replace("<span", '<span style="font-weight: bolder"', 1)
        done = compose(body, {"a": "A"}, [])
        self.assertEqual(done.html, '<bdi style="font-weight: bolder">A</bdi>')
        body = body.replace("bolder", "bolder; background: url(http://x.test/)")
        self.assertNotIn("x.test", compose(body, {"a": "A"}, []).html)

    def test_a_long_e_mail_address_breaks_after_its_at(self):
        for address, shown in (
            ("elise.roux@lycee.example", "elise.roux@lycee.example"),
            ("elise.roux@eleves.example.org", "elise.roux@\u200beleves.example.org"),
        ):
            done = compose(tag("a"), {"a": address}, [])
            self.assertEqual(done.html, f"<bdi>{shown}</bdi>")

    def test_text_around_a_tag_stays(self):
        done = compose(f"avant {tag('a')} après", {"a": "A"}, [])
        self.assertEqual(done.html, "avant <bdi>A</bdi> après")

    def test_an_empty_value_shows_and_is_reported_once(self):
        done = compose(tag("b") + tag("a") + tag("b"), {"a": " ", "b": None}, [])
        self.assertEqual(done.missing, ("b", "a"))
        self.assertEqual(done.html.count("—"), 3)

    def test_no_is_a_value(self):
        self.assertEqual(compose(tag("a"), {"a": False}, []).missing, ())

    def test_sections_follow_their_tag(self):
        body = section("minor", f"<p>mineur {tag('guardian')}</p>") + section(
            "minor", "<p>majeur</p>", negate=True
        )
        minor = compose(body, {"minor": True, "guardian": None}, [])
        adult = compose(body, {"minor": False, "guardian": None}, [])
        self.assertEqual(minor.text.split(), ["mineur", "—"])
        self.assertEqual(minor.missing, ("guardian",))
        self.assertEqual(minor.used_tags, {"minor", "guardian"})
        self.assertEqual(adult.text.split(), ["majeur"])
        self.assertEqual(adult.missing, ())
        self.assertEqual(adult.used_tags, {"minor"})

    def test_sections_nest(self):
        body = section("a", "1" + section("b", "2", element="span") + "3")
        for a, b, expected in ((1, 1, "123"), (1, 0, "13"), (0, 1, "")):
            with self.subTest(a=a, b=b):
                done = compose(body, {"a": a, "b": b}, [])
                self.assertEqual(done.text.replace(" ", ""), expected)

    def test_a_refused_section_hides_inner_conditions(self):
        body = section("a", section("b", "x"))
        self.assertEqual(compose(body, {"a": 0, "b": 1}, []).used_tags, {"a"})

    def test_a_table_row_can_be_a_section(self):
        row = section("a", "<td>x</td>", element="tr")
        body = f"<table><tbody>{row}</tbody></table>"
        self.assertIn("<tr><td>x</td></tr>", compose(body, {"a": 1}, []).html)
        self.assertNotIn("<tr>", compose(body, {"a": 0}, []).html)

    def test_one_box_per_slot_where_the_role_stands(self):
        body = f"<p>a</p>{signature('tutor')} {signature('student')}<p>b</p>"
        slots = [slot("sig-1", "student"), slot("sig-2", "tutor", "<i>Yann")]
        root = lxml.html.fragment_fromstring(compose(body, {}, slots).html, "div")
        self.assertEqual(root.xpath("//@id"), ["sig-2", "sig-1"])
        self.assertEqual(len(root.find_class("cs-signatures")), 1)
        self.assertEqual(
            [person.text_content() for person in root.find_class("cs-person")],
            ["<i>Yann", "Léa Martin"],
        )

    def test_several_slots_of_a_role_share_its_block(self):
        slots = [slot("sig-1", "guardian"), slot("sig-2", "guardian")]
        html = compose(signature("guardian"), {}, slots).html
        self.assertEqual(html.count("cs-box"), 2)

    def test_a_role_without_slot_leaves_no_trace(self):
        done = compose(f"<p>a</p>{signature('guardian')}<p>b</p>", {}, [])
        self.assertEqual(done.html, "<p>a</p><p>b</p>")

    def test_a_slot_without_block_comes_at_the_end(self):
        html = compose("<p>a</p>", {}, [slot("sig-1", "student")]).html
        self.assertTrue(html.startswith("<p>a</p><h2"))
        self.assertEqual(html.count('id="sig-1"'), 1)

    def test_a_block_written_twice_gives_each_slot_one_box(self):
        body = signature("student") + "<p>x</p>" + signature("student")
        html = compose(body, {}, [slot("sig-1", "student")]).html
        self.assertEqual(html.count('id="sig-1"'), 1)

    def test_a_name_of_10000_letters_is_cut_under_its_box_only(self):
        name = "Ab" * 5000
        body = tag("student.name") + signature("student")
        done = compose(body, {"student.name": name}, [slot("sig-1", "student", name)])
        value, rest = done.html.split("</bdi>", 1)
        self.assertEqual(value.removeprefix("<bdi>").replace("\u200b", ""), name)
        self.assertLess(len(rest), 500)


class TestCleaning(unittest.TestCase):
    def assertCleaned(self, body, expected):
        self.assertEqual(compose(body, {}, []).html, expected)

    def test_what_runs_or_loads_is_removed(self):
        for poison in (
            "<script>x</script>",
            "<style>@page{size:A1}</style>",
            "<iframe src='x'>y</iframe>",
            "<object data='x'></object>",
            "<link rel='attachment' href='x'>",
            "<meta http-equiv='refresh'>",
            "<base href='x'>",
            "<svg><text>t</text></svg>",
            "<form><input value='x'></form>",
            "<!-- comment -->",
            "<?php x ?>",
        ):
            with self.subTest(poison=poison):
                self.assertCleaned(f"<p>a</p>{poison}<p>b</p>", "<p>a</p><p>b</p>")

    def test_attributes_are_a_short_list(self):
        self.assertCleaned(
            '<p onclick="x" id="sig-1" name="n" class="cs-footer text-center" '
            'rel="attachment" data-x="y">a</p>',
            '<p class="text-center">a</p>',
        )

    def test_styles_are_a_short_list(self):
        self.assertCleaned(
            '<p style="color: red; position: running(cs-footer); anchor: sig-1; '
            "background: url(http://x/); width: attr(x); content: 'x'; "
            'transform: scale(2)">a</p>',
            '<p style="color: red">a</p>',
        )

    def test_links_go_out_or_nowhere(self):
        self.assertCleaned(
            '<a href="https://x.example/">a</a><a href="javascript:x">b</a>'
            '<a href="#sig-1">c</a>',
            '<a href="https://x.example/">a</a><a>b</a><a>c</a>',
        )

    def test_unknown_elements_keep_their_text(self):
        self.assertCleaned("<p><blink>a</blink><o:p>b</o:p></p>", "<p>ab</p>")

    def test_images_are_embedded_or_refused(self):
        self.assertEqual(
            compose(f'<img src="{PIXEL}">', {}, []).html,
            f'<img src="{PIXEL}" alt="Image">',
        )
        body = '<p><img src="/web/image/7" alt="Plan"></p>'
        self.assertEqual(image_sources(body), ("/web/image/7",))
        given_image = compose(body, {}, [], images={"/web/image/7": PIXEL}).html
        self.assertIn(f'<img src="{PIXEL}" alt="Plan">', given_image)
        for images in ({}, {"/web/image/7": "file:///etc/passwd"}):
            with self.assertRaises(TemplateProblems) as caught:
                compose(body, {}, [], images=images)
            self.assertEqual(caught.exception.problems[0].value, "/web/image/7")

    def test_pictures_that_would_fill_the_memory_are_refused(self):
        """A few kilobytes can claim gigabytes of pixels; others are no picture."""
        for picture in (huge_png(), b"no picture"):
            source = data_uri(picture, "image/png")
            for body, images in (
                (f'<p><img src="{source}"></p>', {}),
                ('<p><img src="/web/image/7"></p>', {"/web/image/7": source}),
            ):
                with self.assertRaises(TemplateProblems):
                    compose(body, {}, [], images=images)
            self.assertEqual(problems(f'<p><img src="{source}"></p>'), ["bad_image"])


class TestProblems(unittest.TestCase):
    def test_each_mistake_has_its_name(self):
        inner = tag("a")
        for body, code in (
            (tag("nope"), "unknown_tag"),
            (section("nope", "x"), "unknown_condition"),
            (signature("nope"), "unknown_role"),
            (block("campusTag", {"tag": "a"}, inner), "nested"),
            (block("campusSignature", {"role": "student"}, inner, "div"), "nested"),
            (block("campusTag", {}), "malformed"),
            (block("campusTag", {"tag": 3}), "malformed"),
            (block("campusTag", {"tag": "a'; drop"}), "malformed"),
            (block("campusCondition", {"tag": "a", "negate": "no"}), "malformed"),
            ('<b data-embedded="campusTag">x</b>', "malformed"),
            ('<b data-embedded="campusTag" data-embedded-props="[">x</b>', "malformed"),
            (block("toggleBlock", {}), "unknown_block"),
            ("<div>" * 200, "too_deep"),
        ):
            with self.subTest(body=body[:80]):
                self.assertEqual(problems(body, {"a"}), [code])

    def test_a_problem_names_its_place(self):
        body = f"<h2>Durée</h2><p>{block('campusTag', {'tag': 'x'}, 'Stage : fin')}</p>"
        (problem,) = check_template(body, {}, ())
        self.assertEqual(str(problem.place), "Durée, “Stage : fin”")
        self.assertEqual(str(problem), f"{problem.place}: {problem.message}")
        self.assertIn("“x”", problem.message)

    def test_a_good_body_has_none(self):
        body = section("a", tag("b")) + signature("student")
        self.assertEqual(problems(body, {"a", "b"}), [])

    def test_a_body_with_problems_is_not_composed(self):
        with self.assertRaises(TemplateProblems) as caught:
            compose(tag("x") + signature("s"), {}, [])
        self.assertEqual([p.code for p in caught.exception.problems], ["unknown_tag"])


_CODES = st.sampled_from(["a", "b.c", "unknown", "A", "", "a b"])
_KINDS = st.sampled_from(["campusTag", "campusSignature", "campusCondition", "x"])
_PROPS = st.fixed_dictionaries(
    {}, optional={"tag": _CODES, "role": _CODES, "negate": st.sampled_from([True, 1])}
)
_PIECES = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        "<p> </p> <div> </div> <table><tr><td> </table> <b <svg> <style> --> <!-- ]]> "
        "</body> <html> <frameset> <li> <ul> <img&#0;> &lt; <a\0b>".split()
    ),
    st.builds(
        block,
        _KINDS,
        _PROPS,
        st.text(max_size=5),
        st.sampled_from(["span", "div", "tr"]),
    ),
    st.builds(tag, st.sampled_from(["a", "b.c"])),
    st.builds(section, st.sampled_from(["a", "b.c"]), st.text(max_size=5)),
    st.just(signature("student")),
)


class TestAnyBody(unittest.TestCase):
    @settings(max_examples=400, deadline=None)
    @given(
        st.lists(_PIECES, max_size=12).map("".join),
        st.text(max_size=30),
        st.booleans(),
    )
    def test_composed_or_refused_never_raw(self, body, value, flag):
        slots = [slot("sig-1", "student", value)]
        try:
            done = compose(body, {"a": value, "b.c": flag}, slots)
        except TemplateProblems as refused:
            self.assertTrue(refused.problems)
            return
        root = lxml.html.fragment_fromstring(done.html, "div")
        self.assertEqual(root.xpath("//@id"), ["sig-1"])
        self.assertFalse(root.xpath("//@data-embedded|//@data-embedded-props"))
        self.assertFalse(root.xpath("//script|//style|//svg|//@onclick"))
