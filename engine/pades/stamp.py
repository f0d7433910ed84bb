# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a signature shows on the page, drawn with the document's own font."""

import io
from dataclasses import dataclass

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.reader import PdfFileReader

from . import font
from .text import clean_name
from .visual import Visual

ELECTRONIC_TITLE = "Signé électroniquement par"
PAPER_TITLE = "Signé sur papier"
_MARGIN = 3.0
"""Points kept free inside the box."""
_LEADING = 1.28
"""Line height over font size."""
_ASCENT = 1.0
"""First baseline below the top, over font size."""
_LARGEST, _SMALLEST = 9.0, 4.0
"""Font sizes, in points, between which a name shrinks before it is cut."""
_WIDE = 1.6
"""Width over height from which visual and text stand side by side."""


@dataclass(frozen=True)
class Stamp:
    """Content of one stamp; the texts come in the caller's language."""

    name: str
    """Signer, printed largest."""

    role: str
    """Quality in which he signs."""

    when: str
    """Moment with its offset from UTC, as people read it."""

    visual: Visual | None = None
    """Handwriting or image, drawn beside or above the text."""

    artwork: bytes | None = None
    """A one-page PDF scaled into the box instead of everything above."""

    paper: str | None = None
    """SHA-256 (hexadecimal) of the scan when the signature is on paper."""

    title: str = ""
    """First line; by default says electronically or on paper, in French."""

    def lines(self) -> list[tuple[str, float]]:
        """Return (text, size relative to the name) from top to bottom."""
        default = PAPER_TITLE if self.paper else ELECTRONIC_TITLE
        lines = [
            (self.title or default, 0.72),
            (self.name, 1.0),
            (self.role, 0.78),
            (self.when, 0.72),
        ]
        if self.paper:
            half = len(self.paper) // 2
            lines += [
                (f"sha256:{self.paper[:half]}", 0.6),
                (self.paper[half:], 0.6),
            ]
        return [(clean_name(text), size) for text, size in lines if clean_name(text)]


def draw(writer, stamp: Stamp, width: float, height: float):
    """Return the reference of the form XObject showing ``stamp``.

    :param width: of the box, points; same for ``height``
    :raises MissingGlyphs: the document's font lacks a character
    """
    if stamp.artwork is not None:
        return _artwork(writer, stamp.artwork, width, height)
    stamp_font = font.find(writer.root)
    lines = stamp.lines()
    for text, _size in lines:
        stamp_font.require(text)
    area = (_MARGIN, _MARGIN, width - _MARGIN, height - _MARGIN)
    operators, images = [], generic.DictionaryObject()
    if stamp.visual is not None:
        frame, area = _split(area)
        operators.append(_place(stamp.visual, frame))
        images[pdf_name("/V")] = _image(writer, stamp.visual)
    operators += _text(stamp_font, lines, area)
    resources = generic.DictionaryObject(
        {
            pdf_name("/Font"): generic.DictionaryObject(
                {pdf_name("/F"): stamp_font.reference}
            )
        }
    )
    if images:
        resources[pdf_name("/XObject")] = images
    return _form(writer, "\n".join(operators), resources, width, height)


def _split(area):
    """Return (frame of the visual, area of the text)."""
    x1, y1, x2, y2 = area
    if x2 - x1 >= _WIDE * (y2 - y1):
        middle = x1 + 0.45 * (x2 - x1)
        return (x1, y1, middle - 2, y2), (middle + 2, y1, x2, y2)
    middle = y1 + 0.5 * (y2 - y1)
    return (x1, middle + 1, x2, y2), (x1, y1, x2, middle - 1)


def _place(visual, frame):
    x1, y1, x2, y2 = frame
    scale = min((x2 - x1) / visual.width, (y2 - y1) / visual.height)
    width, height = visual.width * scale, visual.height * scale
    left = x1 + (x2 - x1 - width) / 2
    bottom = y1 + (y2 - y1 - height) / 2
    return f"q {width:.2f} 0 0 {height:.2f} {left:.2f} {bottom:.2f} cm /V Do Q"


def _text(stamp_font, lines, area):
    x1, y1, x2, y2 = area
    total = sum(size for _text, size in lines) * _LEADING
    base = min(_LARGEST, (y2 - y1) / total)
    baseline = y2 - ((y2 - y1) - base * total) / 2
    operators = ["BT 0 g"]
    for text, relative in lines:
        size = base * relative
        baseline -= size * _ASCENT
        text, drawn = _fit(stamp_font, text, size, x2 - x1)
        code = stamp_font.encode(text).decode()
        operators.append(
            f"/F {drawn:.2f} Tf 1 0 0 1 {x1:.2f} {baseline:.2f} Tm {code} Tj"
        )
        baseline -= size * (_LEADING - _ASCENT)
    operators.append("ET")
    return operators


def _fit(stamp_font, text, size, available):
    """Return (text, size) no wider than ``available``: shrink, then cut."""
    width = stamp_font.measure(text)
    shrunk = min(size, available / width)
    if shrunk >= min(size, _SMALLEST):
        return text, shrunk
    size = min(size, _SMALLEST)
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if stamp_font.measure(_cut(text, middle)) * size <= available:
            low = middle
        else:
            high = middle - 1
    return _cut(text, low), size


def _cut(text, length):
    return text if length >= len(text) else text[:length].rstrip() + "…"


def _image(writer, visual):
    """Write one pixel of colour under the mask (docs: drawn alike everywhere)."""
    mask = generic.StreamObject(
        {
            pdf_name("/Type"): pdf_name("/XObject"),
            pdf_name("/Subtype"): pdf_name("/Image"),
            pdf_name("/Width"): generic.NumberObject(visual.width),
            pdf_name("/Height"): generic.NumberObject(visual.height),
            pdf_name("/ColorSpace"): pdf_name("/DeviceGray"),
            pdf_name("/BitsPerComponent"): generic.NumberObject(4),
            pdf_name("/Filter"): pdf_name("/FlateDecode"),
        },
        encoded_data=visual.mask,
    )
    color = generic.StreamObject(
        {
            pdf_name("/Type"): pdf_name("/XObject"),
            pdf_name("/Subtype"): pdf_name("/Image"),
            pdf_name("/Width"): generic.NumberObject(1),
            pdf_name("/Height"): generic.NumberObject(1),
            pdf_name("/ColorSpace"): pdf_name("/DeviceRGB"),
            pdf_name("/BitsPerComponent"): generic.NumberObject(8),
            pdf_name("/SMask"): writer.add_object(mask),
        },
        stream_data=bytes(visual.color),
    )
    return writer.add_object(color)


def _artwork(writer, data, width, height):
    page = writer.import_page_as_xobject(PdfFileReader(io.BytesIO(data)))
    x1, y1, x2, y2 = (float(value) for value in page.get_object()["/BBox"])
    across, up = width / (x2 - x1), height / (y2 - y1)
    resources = generic.DictionaryObject(
        {pdf_name("/XObject"): generic.DictionaryObject({pdf_name("/A"): page})}
    )
    content = (
        f"q {across:.5f} 0 0 {up:.5f} {-x1 * across:.3f} {-y1 * up:.3f} cm /A Do Q"
    )
    return _form(writer, content, resources, width, height)


def _form(writer, content, resources, width, height):
    form = generic.StreamObject(
        {
            pdf_name("/Type"): pdf_name("/XObject"),
            pdf_name("/Subtype"): pdf_name("/Form"),
            pdf_name("/BBox"): generic.ArrayObject(
                generic.FloatObject(f"{value:.3f}") for value in (0, 0, width, height)
            ),
            pdf_name("/Resources"): resources,
        },
        stream_data=content.encode("ascii"),
    )
    form.compress()
    return writer.add_object(form)
