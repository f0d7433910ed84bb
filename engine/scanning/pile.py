# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""From a scanned PDF to its pages and what their codes say."""

import io
import time
from collections.abc import Sequence
from dataclasses import dataclass

import pypdfium2 as pdfium
import zxingcpp
from PIL import Image

from .errors import ScanError
from .reference import read_reference


@dataclass(frozen=True)
class Limits:
    """What one pile may cost."""

    size: int = 60 * 1024 * 1024
    """Bytes of the file."""
    pages: int = 150
    pixels: int = 4_500_000
    """Per page at the first look; a larger page is read at a lower resolution."""
    dpi: int = 200
    seconds: float = 30.0
    """For the second, closer looks of one pile; afterwards pages are read once."""


@dataclass(frozen=True)
class ScannedPage:
    """One page of a pile."""

    index: int
    """Place in the pile, counted from 0."""
    status: str
    """``found``; ``none`` without any code; ``damaged`` when one is there that cannot
    be read; ``foreign`` when it is no code of ours; ``several`` when two disagree."""
    code: str = ""
    """Reference of the document, when found."""
    page: int = 0
    """Page of the document, counted from 1, when found."""


def read_pile(pdf: bytes, limits: Limits | None = None) -> tuple[ScannedPage, ...]:
    """Return the pages of a scanned PDF in their order.

    The file is judged before the first page: what is too large is refused whole.

    :raise ScanError: not a PDF, encrypted, empty, too large or too many pages
    """
    limits = limits or Limits()
    document = _open(pdf, limits)
    until = time.monotonic() + limits.seconds
    try:
        return tuple(
            _read(document, index, limits, until) for index in range(len(document))
        )
    finally:
        document.close()


def extract_pages(pdf: bytes, indexes: Sequence[int]) -> bytes:
    """Return a new PDF of the pages ``indexes`` of ``pdf``, in that order.

    :raise ScanError: the file cannot be opened
    """
    source = _open(pdf, Limits())
    try:
        target = pdfium.PdfDocument.new()
        try:
            target.import_pages(source, list(indexes))
            output = io.BytesIO()
            target.save(output)
            return output.getvalue()
        finally:
            target.close()
    finally:
        source.close()


def page_picture(pdf: bytes, index: int) -> bytes:
    """Return the PNG of one page, for somebody to look at.

    :param index: place in the pile, counted from 0
    :raise ScanError: the file or the page cannot be opened
    """
    limits = Limits()
    document = _open(pdf, limits)
    try:
        page = document[index]
        try:
            output = io.BytesIO()
            _picture(page, limits.dpi // 2, limits.pixels).save(output, "PNG")
            return output.getvalue()
        finally:
            page.close()
    except pdfium.PdfiumError:
        raise ScanError("not_a_pdf") from None
    finally:
        document.close()


def _open(pdf, limits):
    if len(pdf) > limits.size:
        raise ScanError("too_large", limits.size)
    # Some scanners write a few bytes before the header, as the format allows.
    if b"%PDF-" not in pdf[:1024]:
        raise ScanError("not_a_pdf")
    try:
        document = pdfium.PdfDocument(pdf)
        count = len(document)
    except pdfium.PdfiumError as error:
        code = "encrypted" if "password" in str(error).lower() else "not_a_pdf"
        raise ScanError(code) from None
    if count > limits.pages:
        document.close()
        raise ScanError("too_many_pages", limits.pages)
    if not count:
        document.close()
        raise ScanError("empty")
    return document


def _read(document, index, limits, until):
    try:
        page = document[index]
    except pdfium.PdfiumError:
        return ScannedPage(index, "damaged")
    try:
        read = _judge(index, _codes(_picture(page, limits.dpi, limits.pixels)))
        if read.status in ("none", "damaged") and time.monotonic() < until:
            closer = _judge(index, _look_closer(page, limits))
            read = closer if closer.status in ("found", "several") else read
        return read
    except pdfium.PdfiumError:
        return ScannedPage(index, "damaged")
    finally:
        page.close()


def _picture(page, dpi, pixels):
    """Return the page in grey, never more pixels than allowed."""
    width, height = page.get_size()
    scale = dpi / 72
    area = max(width * height, 1.0) * scale * scale
    if area > pixels:
        scale *= (pixels / area) ** 0.5
    bitmap = page.render(scale=scale, grayscale=True)
    try:
        return bitmap.to_pil().copy()
    finally:
        bitmap.close()


def _look_closer(page, limits):
    """Return what the four corners say, one of which holds the code of the page.

    Twice finer, then the first look's own points made smooth: grain and the grid of
    the scanner spoil one or the other.
    """
    fine = _picture(page, 2 * limits.dpi, 4 * limits.pixels)
    plain = _picture(page, limits.dpi, limits.pixels)
    found = [code for corner in _corners(fine) for code in _codes(corner)]
    if any(code.valid for code in found):
        return found
    smooth = (
        corner.resize((2 * corner.width, 2 * corner.height), Image.Resampling.BICUBIC)
        for corner in _corners(plain)
    )
    return found + [code for corner in smooth for code in _codes(corner)]


def _corners(picture):
    width, height = picture.size
    across, up = width * 2 // 5, height * 2 // 5
    return [
        picture.crop((left, top, left + across, top + up))
        for left in (0, width - across)
        for top in (0, height - up)
        if across and up
    ]


def _codes(picture):
    return zxingcpp.read_barcodes(
        picture, formats=zxingcpp.BarcodeFormat.QRCode, return_errors=True
    )


def _judge(index, codes):
    found = {read_reference(code.text) for code in codes if code.valid} - {None}
    if len(found) > 1:
        return ScannedPage(index, "several")
    if found:
        [(code, page)] = found
        return ScannedPage(index, "found", code, page)
    if any(not code.valid for code in codes):
        return ScannedPage(index, "damaged")
    return ScannedPage(index, "foreign" if codes else "none")
