# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import unittest

from engine.rendering import LayoutError, compose, render
from engine.rendering.pdf import BOX_HEIGHT_MM, BOX_WIDTH_MM

from .rendering_samples import page, pdf_text, run, signature, slot

MM = 72 / 25.4
BOX = "width: 75mm; height: 30mm"


def signatures(count, person="Léa Martin"):
    slots = [slot(f"sig-{n}", "student", person) for n in range(1, count + 1)]
    return [each.name for each in slots], compose(signature("student"), {}, slots).html


class TestBoxes(unittest.TestCase):
    def check(self, rendered, expected):
        self.assertEqual([box.name for box in rendered.boxes], expected)
        for box in rendered.boxes:
            self.assertGreaterEqual(box.x2 - box.x1, BOX_WIDTH_MM * MM - 0.5)
            self.assertGreaterEqual(box.y2 - box.y1, BOX_HEIGHT_MM * MM - 0.5)

    def test_two_to_a_row_within_the_margins(self):
        names, html = signatures(6)
        rendered = render(page(html), expected=names, identifier="x")
        self.check(rendered, names)
        rows = [(box.page, box.y1) for box in rendered.boxes]
        self.assertEqual(rows[0::2], rows[1::2])
        self.assertEqual(len(set(rows)), 3)
        for left, right in zip(rendered.boxes[0::2], rendered.boxes[1::2], strict=True):
            self.assertAlmostEqual(left.x1, 16 * MM, delta=1)
            self.assertAlmostEqual(right.x2, (210 - 16) * MM, delta=1)
            self.assertLess(left.x2, right.x1)

    def test_coordinates_are_where_the_page_shows_the_frame(self):
        # A box filled in red, found again on the page as an image.
        html = f"<div id='sig-1' style='{BOX}; background: #f00'></div>"
        rendered = render(page(html), expected=["sig-1"], identifier="x")
        (box,) = rendered.boxes
        area = [
            round(v) for v in (box.x1, 842 - box.y2, box.x2 - box.x1, box.y2 - box.y1)
        ]
        cut = (
            "-x",
            area[0] + 1,
            "-y",
            area[1] + 1,
            "-W",
            area[2] - 2,
            "-H",
            area[3] - 2,
        )
        picture = run(
            *("pdftoppm", "-r", "72", *map(str, cut), "PDF"),
            pdf=rendered.pdf,
            encoding="latin-1",
        ).encode("latin-1")
        pixels = picture.split(b"255\n", 1)[1]
        self.assertEqual(set(zip(*[iter(pixels)] * 3, strict=True)), {(255, 0, 0)})

    def test_never_split_whatever_stands_before(self):
        names, html = signatures(5)
        for height in range(90, 260, 10):
            filler = f"<div style='height: {height}mm'></div>"
            with self.subTest(height=height):
                rendered = render(page(filler + html), expected=names, identifier="x")
                self.check(rendered, names)

    def test_paper_formats_and_margins(self):
        names, html = signatures(6)
        for size in ("A4", "Letter"):
            for margins in ("8mm 5mm 27mm", "80mm 5mm 80mm", "16mm 40mm 27mm"):
                with self.subTest(size=size, margins=margins):
                    document = page(html, size=size, margins=margins)
                    rendered = render(document, expected=names, identifier="x")
                    self.check(rendered, names)

    def test_names_of_any_length_and_script(self):
        for person in (
            "W" * 10_000,
            "محمد بن عبد الله",
            "<script>x</script>",
            "A " * 500,
        ):
            names, html = signatures(4, person)
            with self.subTest(person=person[:20]):
                rendered = render(page(html), expected=names, identifier="x")
                self.check(rendered, names)

    def test_name_and_role_are_in_the_text(self):
        names, html = signatures(1, "Léa Nguyễn-Dœuff")
        text = pdf_text(render(page(html), expected=names, identifier="x").pdf)
        self.assertIn("Étudiant", text)
        self.assertIn("Léa Nguyễn-Dœuff", text)


class TestRefused(unittest.TestCase):
    def refused(self, body, expected=("sig-1",), **layout):
        with self.assertRaises(LayoutError) as caught:
            render(page(body, **layout), expected=expected, identifier="x")
        return caught.exception

    def test_no_box(self):
        self.assertEqual(self.refused("<p>x</p>").slots, ("sig-1",))

    def test_a_box_that_is_not_printed(self):
        self.refused(f"<div id='sig-1' style='display: none; {BOX}'></div>")

    def test_two_boxes_on_one_page(self):
        self.refused(f"<div id='sig-1' style='{BOX}'></div>" * 2)

    def test_two_boxes_on_two_pages(self):
        box = f"<div id='sig-1' style='{BOX}; break-after: page'></div>"
        self.refused(box * 2)

    def test_a_box_cut_by_a_page_break(self):
        lines = "<p>x</p>" * 8
        self.refused(f"<div style='height: 200mm'></div><div id='sig-1'>{lines}</div>")

    def test_a_box_below_the_page(self):
        self.refused(
            f"<div id='sig-1' style='height: 400mm; width: 80mm'>{'x ' * 9}</div>"
        )

    def test_a_box_beside_the_page(self):
        self.refused(f"<div id='sig-1' style='{BOX}; margin-left: 150mm'></div>")

    def test_a_small_box(self):
        for style in ("width: 74mm; height: 30mm", "width: 75mm; height: 29mm"):
            with self.subTest(style=style):
                self.assertIn(
                    "too small", str(self.refused(f"<p id=sig-1 style='{style}'>"))
                )

    def test_boxes_one_over_the_other(self):
        body = (
            f"<div id='sig-1' style='{BOX}'></div>"
            f"<div id='sig-2' style='{BOX}; margin-top: -20mm'></div>"
        )
        error = self.refused(body, ("sig-1", "sig-2"))
        self.assertEqual(error.slots, ("sig-1", "sig-2"))
