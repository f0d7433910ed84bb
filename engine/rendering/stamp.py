# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Stamps of signatures in scripts a hand-drawn stamp cannot shape."""

import html
from collections.abc import Sequence

from .fonts import font_configuration, load_weasyprint
from .images import data_uri
from .pdf import module_fetcher, refuse_missing_glyphs
from .values import breakable, shorten

# Font size in points, lines kept for wrapping: the largest that fits wins.
_ATTEMPTS = ((8.5, 0), (7.5, 0), (7.5, 1), (6.5, 1), (5.5, 2), (4.5, 3))
_LEADING = 1.3
_MARGIN = 3
_LINE_LENGTH = 110
_OPTIONS = {"pdf_variant": "pdf/a-3u"}

_STYLE = """
@page { size: %(width).3fpt %(height).3fpt; margin: %(margin)spt }
html { font: %(size)spt/%(leading)s "Noto Sans", "Noto Sans Arabic", "Noto Sans Hebrew",
       "Noto Sans Math", "Noto Sans Symbols2"; color: #1a2433 }
body, p { margin: 0 }
p { overflow-wrap: anywhere }
p.name { font-weight: 700 }
img { display: block; image-rendering: crisp-edges; height: %(image).3fpt;
      width: 100%%; object-fit: contain; object-position: left center }
"""


def stamp_pdf(
    lines: Sequence[str], width: float, height: float, visual_png: bytes | None
) -> bytes:
    """Return a one-page PDF the size of a signature box, in points.

    The first line (the name) is bold. The text shrinks until it fits and is cut when
    even the smallest size does not do. Fonts are embedded, images are not smoothed
    (PDF/A 6.2.8); the page is untagged: it becomes the appearance of a field, whose
    name and structure belong to the document.

    :raise MissingGlyphs: no shipped font can draw a character
    """
    paragraphs = "".join(
        f'<p class="{"line" if index else "name"}">'
        f"{html.escape(breakable(shorten(line, _LINE_LENGTH)))}</p>"
        for index, line in enumerate(lines)
    )
    image = ""
    if visual_png:
        image = f'<img alt="" src="{data_uri(visual_png, "image/png")}">'
    weasyprint, fetcher = load_weasyprint(), module_fetcher()
    with font_configuration() as fonts:
        for size, wrapped in _ATTEMPTS:
            text_height = (len(lines) + wrapped) * size * _LEADING
            style = _STYLE % {
                "width": width,
                "height": height,
                "size": size,
                "image": max(height - 2 * _MARGIN - text_height, 0),
                "margin": _MARGIN,
                "leading": _LEADING,
            }
            source = f"<style>{style}</style>{image}{paragraphs}"
            document = weasyprint.HTML(string=source, url_fetcher=fetcher).render(
                font_config=fonts, **_OPTIONS
            )
            if len(document.pages) == 1:
                break
        stamp = document.copy(document.pages[:1])
        pdf = stamp.write_pdf(pdf_identifier=False, **_OPTIONS)
        refuse_missing_glyphs(stamp)
    return pdf
