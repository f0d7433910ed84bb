# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A signer's drawn, typed or uploaded visual, made small and checked.

What is kept is one colour and a mask of 16 levels: drawn alike by every
viewer, allowed in PDF/A-3, a few kilobytes.
"""

import io
import zlib
from dataclasses import dataclass
from math import sqrt

from PIL import Image, ImageChops, ImageOps, ImageStat

from .errors import VisualRefused

MAX_BYTES = 2 * 1024 * 1024
MAX_PIXELS = 12_000_000
"""Checked on the header, before any pixel is decoded."""
MAX_WIDTH = 480
MAX_HEIGHT = 240
KINDS = ("drawn", "typed", "image")

_INK = 96
"""Mask level (0-255) from which a pixel counts as ink."""
_CONTRAST = 40
"""Least difference of brightness between ink and paper (0-255)."""
_PAPER_NOISE = 24
"""Brightness differences of an opaque image taken as paper (0-255)."""
_MIN_INK_PIXELS = 40
_MAX_COVERAGE = 0.9
"""A mask inked beyond this share of its frame is a plain surface."""
_STRAIGHTNESS = 0.06
"""Spread across over spread along the main axis under which ink is a line."""
_PROBE = 128
"""Pixels of the longer side of the copy on which straightness is measured."""
_SIGNATURES = {b"\x89PNG\r\n\x1a\n": "PNG", b"\xff\xd8\xff": "JPEG"}
_ENDS = {"PNG": b"IEND\xaeB\x60\x82", "JPEG": b"\xff\xd9"}
_UNREADABLE = (OSError, SyntaxError, ValueError, EOFError, LookupError, zlib.error)
"""What Pillow raises on a damaged image."""


@dataclass(frozen=True)
class Visual:
    """One colour under a mask of 4 bits per pixel."""

    width: int
    """Pixels, at most 480."""

    height: int
    """Pixels, at most 240."""

    color: tuple[int, int, int]
    """Red, green, blue, 0-255."""

    mask: bytes
    """Deflated rows, two pixels per byte, high half first, 15 = full ink."""

    def to_png(self) -> bytes:
        """Return a PNG with transparency, for previews and drawn elsewhere."""
        stride = (self.width + 1) // 2
        packed = zlib.decompress(self.mask)
        levels = bytearray()
        for row in range(self.height):
            for byte in packed[row * stride : (row + 1) * stride]:
                levels += bytes(((byte >> 4) * 17, (byte & 15) * 17))
            del levels[(row + 1) * self.width :]
        image = Image.new("RGB", (self.width, self.height), self.color)
        image.putalpha(Image.frombytes("L", image.size, bytes(levels)))
        out = io.BytesIO()
        image.save(out, "PNG")
        return out.getvalue()


def normalise_visual(data: bytes, *, kind: str) -> Visual:
    """Return the visual to stamp, or refuse it.

    Only a ``drawn`` one is refused for being a straight line: typed names and
    uploaded images may be flat.

    :param data: PNG or JPEG, at most 2 MB
    :raises VisualRefused: codes ``empty``, ``solid``, ``straight_line``,
        ``too_large``, ``not_an_image``
    """
    if kind not in KINDS:
        raise ValueError(f"unknown kind of visual: {kind}")
    ink, colors = _ink_of(_decode(data))
    ink, colors = _crop(ink, colors)
    if kind == "drawn" and _is_straight(ink):
        raise VisualRefused("straight_line")
    color = _mean_color(ink, colors)
    ink.thumbnail((MAX_WIDTH, MAX_HEIGHT), Image.Resampling.LANCZOS, reducing_gap=2)
    return Visual(*ink.size, color, zlib.compress(_pack(ink), 9))


def _decode(data):
    if len(data) > MAX_BYTES:
        raise VisualRefused("too_large")
    kinds = (kind for magic, kind in _SIGNATURES.items() if data.startswith(magic))
    kind = next(kinds, None)
    # WeasyPrint tells Pillow, for the whole process, to accept cut files.
    if kind is None or _ENDS[kind] not in data[len(data) // 2 :]:
        raise VisualRefused("not_an_image")
    try:
        image = Image.open(io.BytesIO(data), formats=(kind,))
        if image.width * image.height > MAX_PIXELS:
            raise VisualRefused("too_large")
        image.draft("RGB", (2 * MAX_WIDTH, 2 * MAX_HEIGHT))
        return ImageOps.exif_transpose(image).convert("RGBA")
    except Image.DecompressionBombError as error:
        raise VisualRefused("too_large") from error
    except _UNREADABLE as error:
        raise VisualRefused("not_an_image") from error


def _ink_of(image):
    """Return (mask 0-255, RGB on white): what would show on white paper."""
    on_white = Image.new("RGB", image.size, "white")
    on_white.paste(image, mask=image.getchannel("A"))
    darkness = ImageChops.invert(on_white.convert("L"))
    opaque = image.getchannel("A").getextrema()[0] > 250
    low, high = darkness.getextrema()
    if high < _CONTRAST:
        raise VisualRefused("empty")
    if opaque:
        if high - low < _CONTRAST:
            raise VisualRefused("solid")
        low = min(_median(darkness) + _PAPER_NOISE, high - 1)
    else:
        low = 0
    scale = 255 / (high - low)
    table = [max(0, min(255, round((level - low) * scale))) for level in range(256)]
    return darkness.point(table), on_white


def _median(gray):
    histogram = gray.histogram()
    half, seen = sum(histogram) / 2, 0
    for level, count in enumerate(histogram):
        seen += count
        if seen >= half:
            return level
    return 255


def _crop(ink, colors):
    strong = ink.point([0] * _INK + [255] * (256 - _INK))
    frame = strong.getbbox()
    if frame is None:
        raise VisualRefused("empty")
    inked = strong.histogram()[255]
    width, height = frame[2] - frame[0], frame[3] - frame[1]
    if inked < _MIN_INK_PIXELS or max(width, height) < 12:
        raise VisualRefused("empty")
    if inked > _MAX_COVERAGE * ink.width * ink.height:
        raise VisualRefused("solid")
    return ink.crop(frame), colors.crop(frame)


def _is_straight(ink):
    """Say whether the ink lies along one line: its second axis is negligible."""
    probe = ink.copy()
    probe.thumbnail((_PROBE, _PROBE), Image.Resampling.BOX)
    points = [
        (index % probe.width, index // probe.width)
        for index, level in enumerate(probe.tobytes())
        if level >= _INK // 2
    ]
    count = len(points)
    if count < 3:
        return True
    mean_x = sum(x for x, _ in points) / count
    mean_y = sum(y for _, y in points) / count
    xx = sum((x - mean_x) ** 2 for x, _ in points) / count
    yy = sum((y - mean_y) ** 2 for _, y in points) / count
    xy = sum((x - mean_x) * (y - mean_y) for x, y in points) / count
    root = sqrt(((xx - yy) / 2) ** 2 + xy**2)
    largest, smallest = (xx + yy) / 2 + root, (xx + yy) / 2 - root
    return sqrt(max(smallest, 0)) < _STRAIGHTNESS * sqrt(largest)


def _mean_color(ink, colors):
    core = ink.point([0] * 200 + [255] * 56)
    mean = ImageStat.Stat(colors, core if core.getbbox() else ink).mean
    return tuple(round(channel) for channel in mean)


def _pack(ink):
    levels = ink.point([round(level / 17) for level in range(256)]).tobytes()
    packed = bytearray()
    for start in range(0, len(levels), ink.width):
        row = levels[start : start + ink.width] + b"\0" * (ink.width % 2)
        packed += bytes(
            left << 4 | right for left, right in zip(row[::2], row[1::2], strict=True)
        )
    return bytes(packed)
