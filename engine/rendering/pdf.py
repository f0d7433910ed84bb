# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""From a document's HTML to its PDF and the boxes of its signatures."""

import functools
import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .enclosure import Enclosure
from .errors import ForbiddenResource, LayoutError, MissingGlyphs
from .fonts import (
    FONT_FACES,
    FONT_FOLDER,
    FONT_SCHEME,
    font_configuration,
    load_weasyprint,
)
from .images import qr_png

POINTS_PER_PIXEL = 0.75
POINTS_PER_MM = 72 / 25.4
# What a signature box must offer: room for a visual, a name, a role and a date.
BOX_WIDTH_MM = 75
BOX_HEIGHT_MM = 30
# Address, inside a document, of the code of one of its pages.
PAGE_SCHEME = "campus-page:"
# Pages that get a code; a document of a school has far fewer.
CODED_PAGES = 200
_PAGE_CODE_PLACE = """
@page {
    @bottom-left {
        background-repeat: no-repeat;
        background-size: 18mm 18mm;
        background-position: right -1.5mm top 3.5mm;
        image-rendering: crisp-edges;
    }
}
"""
_TOLERANCE = 0.5  # points: rounding of millimetres to CSS pixels

_STYLE_SHEET = (
    Path(__file__).parents[2] / "static" / "src" / "document" / "document.css"
)


@dataclass(frozen=True)
class Box:
    """Where a signature goes, in PDF points from the bottom left of its page."""

    name: str
    page: int
    """0 for the first page."""
    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True)
class Rendered:
    """One document, not yet signed."""

    pdf: bytes
    boxes: tuple[Box, ...]
    """In the order of the expected slots."""
    pages: int
    sha256: str


def document_css():
    """Return the print style sheet shared by all documents."""
    return _STYLE_SHEET.read_text(encoding="utf-8")


def render(
    html: str,
    *,
    expected: Sequence[str] = (),
    identifier: str,
    enclosures: Sequence[Enclosure] = (),
    page_code: str = "",
) -> Rendered:
    """Print a whole HTML document as tagged PDF/A-3a, embedding shipped fonts only.

    The same HTML and identifier give the same bytes, on any host.

    :param expected: names of the signature slots: each must be the ``id`` of exactly
        one element, whole on one page
    :param identifier: what tells this document from any other (PDF ``/ID``)
    :param enclosures: files the document carries
    :param page_code: what the code printed on each page says before ``#p`` and the
        number of the page; without it no page has a code
    :raise LayoutError: a slot has no box, two boxes, or a box cut, small or covered
    :raise ForbiddenResource: something else than data and shipped fonts was asked for
    :raise MissingGlyphs: no shipped font can draw a character
    """
    fetcher = module_fetcher(page_code)
    sheets = [_style_sheet(), _page_code_sheet()] if page_code else [_style_sheet()]
    with font_configuration() as fonts:
        source = load_weasyprint().HTML(string=html, url_fetcher=fetcher)
        _count_anchors(source.etree_element, expected)
        document = source.render(font_config=fonts, stylesheets=sheets, **_OPTIONS)
        boxes = _boxes(document.pages, expected)
        pdf = document.write_pdf(
            pdf_identifier=_identifier(identifier),
            attachments=[file.attachment(load_weasyprint()) for file in enclosures],
            **_OPTIONS,
        )
        # Attachments are opened on writing only.
        if fetcher.refused:
            raise ForbiddenResource(fetcher.refused)
        refuse_missing_glyphs(document)
        pages = len(document.pages)
    return Rendered(pdf, boxes, pages, hashlib.sha256(pdf).hexdigest())


_OPTIONS = {"pdf_variant": "pdf/a-3a"}


@functools.cache
def _style_sheet():
    """Parse the style sheet once per process; WeasyPrint only reads it."""
    return load_weasyprint().CSS(string=document_css(), url_fetcher=module_fetcher())


@functools.cache
def _page_code_sheet():
    """Give each page its own picture, drawn by the fetcher once the page is there.

    A background of the margin box: pages beyond the last rule show none.
    """
    rules = "".join(
        f"@page :nth({page}) {{ @bottom-left {{"
        f" background-image: url({PAGE_SCHEME}{page}) }} }}"
        for page in range(1, CODED_PAGES + 1)
    )
    return load_weasyprint().CSS(string=_PAGE_CODE_PLACE + rules)


def module_fetcher(page_code=""):
    """Return a fetcher for one document."""
    return _fetcher_class()(page_code)


@functools.cache
def _fetcher_class():
    load_weasyprint()
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    known_fonts = frozenset(file for file, *_face in FONT_FACES)

    class ModuleFetcher(URLFetcher):
        """Open ``data:`` URLs, the module's fonts and the document's page codes;
        remember what was refused.
        """

        def __init__(self, page_code):
            super().__init__(allowed_protocols={"data"}, allow_redirects=False)
            self.page_code = page_code
            self.refused = []

        def fetch(self, url, headers=None):
            if url.startswith(FONT_SCHEME):
                file = url.removeprefix(FONT_SCHEME)
                if file in known_fonts:
                    return URLFetcherResponse(url, (FONT_FOLDER / file).read_bytes())
            elif url.startswith(PAGE_SCHEME) and self.page_code:
                page = url.removeprefix(PAGE_SCHEME)
                if page.isdecimal() and 0 < int(page) <= CODED_PAGES:
                    code = qr_png(f"{self.page_code}#p{page}")
                    return URLFetcherResponse(url, code, {"Content-Type": "image/png"})
            elif url[:5].lower() == "data:":
                return super().fetch(url, headers)
            self.refused.append(url)
            raise ValueError(f"Not a resource of this document: {url[:80]}")

    return ModuleFetcher


def _identifier(text):
    return hashlib.sha256(text.encode()).hexdigest()[:32].encode()


def _count_anchors(tree, expected):
    # WeasyPrint keeps the first of two equal ids on a page without a word.
    counts = Counter(element.get("id") for element in tree.iter())
    for name in expected:
        if counts[name] != 1:
            raise LayoutError(
                "count",
                f"Signature box “{name}”: {counts[name]} places in the document "
                "instead of one.",
                [name],
            )


def _boxes(pages, expected):
    found = {name: [] for name in expected}
    for index, page in enumerate(pages):
        for name, (x1, y1, x2, y2) in page.anchors.items():
            if name in found:
                box = Box(
                    name,
                    index,
                    round(x1 * POINTS_PER_PIXEL, 3),
                    round((page.height - y2) * POINTS_PER_PIXEL, 3),
                    round(x2 * POINTS_PER_PIXEL, 3),
                    round((page.height - y1) * POINTS_PER_PIXEL, 3),
                )
                found[name].append((box, page))
    boxes = []
    for name, places in found.items():
        if len(places) != 1:
            raise LayoutError(
                "pages",
                f"Signature box “{name}”: on {len(places)} pages instead of one.",
                [name],
            )
        box, page = places[0]
        _check_box(box, page.width * POINTS_PER_PIXEL, page.height * POINTS_PER_PIXEL)
        boxes.append(box)
    _refuse_overlap(boxes)
    return tuple(boxes)


def _check_box(box, page_width, page_height):
    if (
        min(box.x1, box.y1) < -_TOLERANCE
        or box.x2 > page_width + _TOLERANCE
        or box.y2 > page_height + _TOLERANCE
    ):
        raise LayoutError(
            "outside",
            f"Signature box “{box.name}” leaves page {box.page + 1}.",
            [box.name],
            page=box.page + 1,
        )
    width, height = box.x2 - box.x1, box.y2 - box.y1
    if (
        width < BOX_WIDTH_MM * POINTS_PER_MM - _TOLERANCE
        or height < BOX_HEIGHT_MM * POINTS_PER_MM - _TOLERANCE
    ):
        raise LayoutError(
            "small",
            f"Signature box “{box.name}” is too small: "
            f"{width / POINTS_PER_MM:.0f} × {height / POINTS_PER_MM:.0f} mm.",
            [box.name],
        )


def _refuse_overlap(boxes):
    for index, box in enumerate(boxes):
        for other in boxes[:index]:
            if (
                box.page == other.page
                and min(box.x2, other.x2) - max(box.x1, other.x1) > _TOLERANCE
                and min(box.y2, other.y2) - max(box.y1, other.y1) > _TOLERANCE
            ):
                raise LayoutError(
                    "overlap",
                    f"Signature boxes “{other.name}” and “{box.name}” overlap.",
                    [other.name, box.name],
                )


def refuse_missing_glyphs(document):
    """Raise :class:`MissingGlyphs` if a written document shows empty rectangles."""
    missing = {
        character for font in document.fonts.values() for character in font.missing
    }
    if missing:
        raise MissingGlyphs(map(chr, sorted(missing)))
