# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The stamp font: one subset per document, shared by all its stamps.

Widths are written in thousandths of the em whatever the font's own unit,
so a font of 2048 units per em does not come out letter-spaced.
"""

import hashlib
import io
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name

from .errors import MissingGlyphs

FONT_PATH = Path(__file__).parents[2] / "static" / "fonts" / "NotoSans-Regular.ttf"
RESOURCE = pdf_name("/CampusStamp")
"""Name of the font among the form's default resources (/AcroForm /DR)."""
BASIC = frozenset(
    "".join(map(chr, range(0x20, 0x7F)))
    + "".join(chr(code) for code in range(0xA1, 0x100) if code != 0xAD)
    + "œŒŸ–—‘’“”…€"
)
"""Always in the subset: a signer replaced later must still fit."""
_TABLES = {"glyf", "loca", "head", "hhea", "hmtx", "maxp"}
_PAIR = re.compile(rb"<([0-9A-F]{4})> <([0-9A-F]{4,8})>")


@dataclass(frozen=True)
class StampFont:
    """Glyph numbers and widths of the subset embedded in one document."""

    reference: generic.IndirectObject
    glyphs: dict[str, int]
    widths: dict[int, float]
    """Thousandths of the em, by glyph number."""

    def measure(self, text: str) -> float:
        """Return the width of ``text`` at 1 point, in points."""
        return sum(self.widths[self.glyphs[char]] for char in text) / 1000

    def encode(self, text: str) -> bytes:
        """Return the operand of a text-showing operator."""
        return b"<%s>" % "".join(f"{self.glyphs[c]:04X}" for c in text).encode()

    def require(self, text: str):
        """Raise :class:`MissingGlyphs` unless every character can be drawn."""
        missing = sorted({c for c in text if c not in self.glyphs})
        if missing:
            raise MissingGlyphs(missing)


def needs_no_shaping(char: str) -> bool:
    """Say whether one glyph after another draws ``char`` properly."""
    return unicodedata.combining(char) == 0 and unicodedata.bidirectional(char) not in (
        "R",
        "AL",
        "AN",
    )


def embed(writer, texts, path=FONT_PATH) -> generic.IndirectObject:
    """Write the subset for ``texts`` into the document, return its font.

    Characters the font lacks, or that need shaping, are left out: stamping
    them raises :class:`MissingGlyphs` later.
    """
    wanted = BASIC.union(c for c in "".join(texts) if needs_no_shaping(c))
    data, cmap, widths, numbers = _subset(wanted, str(path))
    tag = hashlib.sha256(data).digest()
    prefix = "".join(chr(65 + byte % 26) for byte in tag[:6])
    name = pdf_name(f"/{prefix}+NotoSans-Regular")
    file = generic.StreamObject(
        {pdf_name("/Length1"): generic.NumberObject(len(data))}, stream_data=data
    )
    file.compress()
    descriptor = _dictionary(
        Type=pdf_name("/FontDescriptor"),
        FontName=name,
        Flags=generic.NumberObject(32),
        FontBBox=_numbers(numbers["bbox"]),
        ItalicAngle=generic.NumberObject(0),
        Ascent=generic.NumberObject(numbers["ascent"]),
        Descent=generic.NumberObject(numbers["descent"]),
        CapHeight=generic.NumberObject(714),
        StemV=generic.NumberObject(80),
        FontFile2=writer.add_object(file),
    )
    descendant = _dictionary(
        Type=pdf_name("/Font"),
        Subtype=pdf_name("/CIDFontType2"),
        BaseFont=name,
        CIDSystemInfo=_dictionary(
            Registry=generic.pdf_string("Adobe"),
            Ordering=generic.pdf_string("Identity"),
            Supplement=generic.NumberObject(0),
        ),
        FontDescriptor=writer.add_object(descriptor),
        DW=generic.NumberObject(0),
        W=generic.ArrayObject([generic.NumberObject(0), _numbers(widths)]),
        CIDToGIDMap=pdf_name("/Identity"),
    )
    to_unicode = generic.StreamObject(stream_data=_to_unicode(cmap))
    to_unicode.compress()
    return writer.add_object(
        _dictionary(
            Type=pdf_name("/Font"),
            Subtype=pdf_name("/Type0"),
            BaseFont=name,
            Encoding=pdf_name("/Identity-H"),
            DescendantFonts=generic.ArrayObject([writer.add_object(descendant)]),
            ToUnicode=writer.add_object(to_unicode),
        )
    )


def find(root) -> StampFont:
    """Return the stamp font of a prepared document.

    :raises KeyError: the document was not prepared by this room
    """
    fonts = root["/AcroForm"]["/DR"]["/Font"]
    font = fonts[RESOURCE]
    glyphs = {
        bytes.fromhex(code.decode()).decode("utf-16-be"): int(glyph, 16)
        for glyph, code in _PAIR.findall(font["/ToUnicode"].data)
    }
    widths = font["/DescendantFonts"][0]["/W"][1]
    return StampFont(
        reference=fonts.raw_get(RESOURCE),
        glyphs=glyphs,
        widths={number: float(width) for number, width in enumerate(widths)},
    )


@lru_cache(maxsize=8)
def _subset(characters, path):
    """Return (font file, character → glyph, widths by glyph, metrics).

    Kept: most documents need no more than :data:`BASIC`.
    """
    font = TTFont(path, recalcTimestamp=False)
    for table in set(font.keys()) - _TABLES - {"GlyphOrder", "cmap"}:
        del font[table]
    options = Options(
        hinting=False,
        layout_features=[],
        name_IDs=[],
        notdef_outline=True,
        glyph_names=False,
    )
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=[ord(char) for char in characters])
    subsetter.subset(font)
    order = font.getGlyphOrder()
    # A glyph serves its first character only: text extraction reads it back.
    first = {}
    for code, name in sorted(font.getBestCmap().items()):
        first.setdefault(name, chr(code))
    cmap = {char: order.index(name) for name, char in first.items()}
    scale = 1000 / font["head"].unitsPerEm
    widths = [round(font["hmtx"][name][0] * scale) for name in order]
    head, hhea = font["head"], font["hhea"]
    numbers = {
        "bbox": [
            round(value * scale)
            for value in (head.xMin, head.yMin, head.xMax, head.yMax)
        ],
        "ascent": round(hhea.ascent * scale),
        "descent": round(hhea.descent * scale),
    }
    del font["cmap"]
    out = io.BytesIO()
    font.save(out)
    return out.getvalue(), cmap, widths, numbers


def _to_unicode(cmap):
    pairs = [
        f"<{glyph:04X}> <{char.encode('utf-16-be').hex().upper()}>"
        for char, glyph in sorted(cmap.items(), key=lambda item: item[1])
    ]
    blocks = []
    for start in range(0, len(pairs), 100):
        block = pairs[start : start + 100]
        blocks += [f"{len(block)} beginbfchar", *block, "endbfchar"]
    return "\n".join(
        [
            "/CIDInit /ProcSet findresource begin",
            "12 dict begin",
            "begincmap",
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
            "/CMapName /Adobe-Identity-UCS def",
            "/CMapType 2 def",
            "1 begincodespacerange",
            "<0000> <FFFF>",
            "endcodespacerange",
            *blocks,
            "endcmap",
            "CMapName currentdict /CMap defineresource pop",
            "end",
            "end",
        ]
    ).encode()


def _dictionary(**entries):
    return generic.DictionaryObject(
        {pdf_name(f"/{key}"): value for key, value in entries.items()}
    )


def _numbers(values):
    return generic.ArrayObject(generic.NumberObject(value) for value in values)
