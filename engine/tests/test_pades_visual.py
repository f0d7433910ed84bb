# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import io
import struct
import unittest
import zlib

from PIL import Image, ImageDraw

from engine.pades import Visual, VisualRefused, normalise_visual
from engine.tests import pki


def png(image):
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def canvas(draw=None, size=(600, 200), background=None):
    image = Image.new("RGBA", size, background or (0, 0, 0, 0))
    if draw:
        draw(ImageDraw.Draw(image))
    return png(image)


def line(points, width=4):
    return canvas(lambda pen: pen.line(points, fill=(0, 0, 0, 255), width=width))


class TestNormaliseVisual(unittest.TestCase):
    def refused(self, data, kind="drawn"):
        with self.assertRaises(VisualRefused) as caught:
            normalise_visual(data, kind=kind)
        return caught.exception.code

    def test_a_drawing_becomes_one_colour_under_a_mask(self):
        visual = normalise_visual(pki.drawn_png(1200, 400), kind="drawn")
        self.assertIsInstance(visual, Visual)
        self.assertLessEqual(visual.width, 480)
        self.assertLessEqual(visual.height, 240)
        red, green, blue = visual.color
        self.assertTrue(blue > red and blue > green, visual.color)
        packed = zlib.decompress(visual.mask)
        self.assertEqual(len(packed), (visual.width + 1) // 2 * visual.height)
        self.assertLess(len(visual.mask), 6000)

    def test_the_same_image_gives_the_same_visual(self):
        data = pki.drawn_png()
        self.assertEqual(
            normalise_visual(data, kind="drawn"), normalise_visual(data, kind="drawn")
        )

    def test_the_preview_shows_the_ink(self):
        image = Image.open(io.BytesIO(pki.visual().to_png()))
        self.assertEqual(image.size, (pki.visual().width, pki.visual().height))
        self.assertEqual(image.getchannel("A").getextrema(), (0, 255))

    def test_white_paper_and_photographed_paper_become_transparent(self):
        def scribble(pen):
            pen.line(
                [(60, 150), (200, 40), (300, 160), (520, 60)], fill="#222", width=7
            )

        for paper in ("white", (205, 203, 198, 255)):
            with self.subTest(paper):
                data = canvas(scribble, background=paper)
                visual = normalise_visual(data, kind="image")
                alpha = Image.open(io.BytesIO(visual.to_png())).getchannel("A")
                histogram = alpha.histogram()
                self.assertGreater(histogram[0], sum(histogram) * 0.7)

    def test_jpeg_is_read(self):
        image = Image.open(io.BytesIO(pki.drawn_png())).convert("RGBA")
        paper = Image.new("RGB", image.size, "white")
        paper.paste(image, mask=image)
        out = io.BytesIO()
        paper.save(out, "JPEG", quality=80)
        self.assertGreater(normalise_visual(out.getvalue(), kind="image").width, 100)

    def test_nothing_drawn_is_refused(self):
        empty = {
            "transparent": canvas(),
            "white": canvas(background="white"),
            "white ink": canvas(lambda pen: pen.line([(9, 9), (300, 150)], "white", 9)),
            "a dot": canvas(lambda pen: pen.ellipse((50, 50, 54, 54), "black")),
        }
        for name, data in empty.items():
            with self.subTest(name):
                self.assertEqual(self.refused(data), "empty")

    def test_a_plain_surface_is_refused(self):
        for color in ("black", (200, 30, 30, 255), (120, 120, 120, 255)):
            with self.subTest(color):
                self.assertEqual(
                    self.refused(canvas(background=color), "image"), "solid"
                )

    def test_a_straight_line_is_refused_only_when_drawn(self):
        lines = {
            "horizontal": line([(50, 100), (550, 100)]),
            "vertical": line([(300, 10), (300, 190)]),
            "slanted": line([(50, 20), (550, 180)], 6),
            "shaky": line([(x, 100 + x // 7 % 3 * 4) for x in range(40, 560, 20)]),
            "broken": canvas(
                lambda pen: [
                    pen.line([(x, 100), (x + 40, 102)], fill="black", width=5)
                    for x in range(50, 500, 100)
                ]
            ),
        }
        for name, data in lines.items():
            with self.subTest(name):
                self.assertEqual(self.refused(data), "straight_line")
                for kind in ("typed", "image"):
                    self.assertIsInstance(normalise_visual(data, kind=kind), Visual)

    def test_flat_but_real_handwriting_is_accepted(self):
        wave = [(40 + 20 * step, 100 + (18 if step % 2 else -18)) for step in range(26)]
        self.assertIsInstance(normalise_visual(line(wave), kind="drawn"), Visual)

    def test_size_is_checked_before_decoding(self):
        def claiming(side):
            """A tiny PNG that says it has side x side pixels."""
            chunks = (b"IHDR" + struct.pack(">IIBBBBB", side, side, 8, 6, 0, 0, 0),)
            return b"\x89PNG\r\n\x1a\n" + b"".join(
                struct.pack(">I", len(chunk) - 4)
                + chunk
                + struct.pack(">I", zlib.crc32(chunk))
                for chunk in (*chunks, b"IDAT", b"IEND")
            )

        for side in (4_000, 50_000):
            with self.subTest(side):
                self.assertEqual(self.refused(claiming(side)), "too_large")
        heavy = pki.drawn_png() + b"\0" * 3 * 1024 * 1024
        self.assertEqual(self.refused(heavy), "too_large")

    def test_anything_else_is_not_an_image(self):
        gif = io.BytesIO()
        Image.new("P", (9, 9)).save(gif, "GIF")
        others = {
            "empty": b"",
            "svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
            "gif": gif.getvalue(),
            "cut": pki.drawn_png()[:200],
            "header only": b"\x89PNG\r\n\x1a\n",
            "jpeg header only": b"\xff\xd8\xff\xe0",
            "pdf": b"%PDF-1.7",
        }
        for name, data in others.items():
            with self.subTest(name):
                self.assertEqual(self.refused(data, "image"), "not_an_image")
