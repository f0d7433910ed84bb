# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Many documents in one file to print (A058, A136).

Merging drops every signature, so nothing made here is ever stored or sent: each
page of a signed document says that it is a copy for printing, and its stamps are
drawn into it.
"""

import io

import pypdf
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
)

_GREY = "0.35 g"
_SIZE = 7.5
_FROM_LEFT, _FROM_BOTTOM = 12.0, 7.0


class PrintCopy:
    """Collects documents page by page.

    Example::

        copy = PrintCopy()
        copy.add(pdf, "Copie d'impression - 0123456789ABCDEF")
        content = copy.close()
    """

    def __init__(self):
        self._writer = pypdf.PdfWriter()

    def add(self, content, mark=""):
        """Add every page of a PDF; ``mark`` is written at the bottom of each.

        :param mark: nothing for a document that never had signatures
        """
        reader = pypdf.PdfReader(io.BytesIO(content))
        for page in reader.pages:
            # Before the page is copied: signatures would travel with their fields.
            stamps = _take_stamps(page)
            added = self._writer.add_page(page)
            self._flatten(added, stamps)
            if mark:
                self._mark(added, mark)

    def close(self):
        """Return the bytes of the print copy."""
        output = io.BytesIO()
        self._writer.write(output)
        return output.getvalue()

    def _flatten(self, page, stamps):
        """Draw the stamps into the page: without a form, viewers hide its fields."""
        operators = []
        for index, (appearance, matrix) in enumerate(stamps):
            name = f"/CampusStamp{index}"
            copied = appearance.clone(self._writer)
            reference = copied.indirect_reference
            self._resource(page, "/XObject")[NameObject(name)] = reference
            operators.append(f"q {matrix} cm {name} Do Q")
        self._draw(page, "\n".join(operators))

    def _mark(self, page, mark):
        self._resource(page, "/Font")[NameObject("/CampusMark")] = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Font"),
                NameObject("/Subtype"): NameObject("/Type1"),
                NameObject("/BaseFont"): NameObject("/Helvetica-Bold"),
                NameObject("/Encoding"): NameObject("/WinAnsiEncoding"),
            }
        )
        words = mark.encode("cp1252", "replace").hex()
        left = float(page.mediabox.left) + _FROM_LEFT
        bottom = float(page.mediabox.bottom) + _FROM_BOTTOM
        self._draw(
            page,
            f"q BT /CampusMark {_SIZE} Tf {_GREY} {left:.2f} {bottom:.2f} Td "
            f"<{words}> Tj ET Q",
        )

    def _resource(self, page, kind):
        """Return a dictionary of resources of this page alone."""
        resources = DictionaryObject(page["/Resources"].get_object())
        inner = DictionaryObject(
            resources.get(kind, DictionaryObject()).get_object().items()
        )
        resources[NameObject(kind)] = inner
        page[NameObject("/Resources")] = resources
        return inner

    def _draw(self, page, operators):
        """Append operators to the page, outside of whatever it left open."""
        if not operators:
            return
        before, after = DecodedStreamObject(), DecodedStreamObject()
        before.set_data(b"q\n")
        after.set_data(b"\nQ\n" + operators.encode("ascii") + b"\n")
        contents = page.get("/Contents")
        contents = contents.get_object() if contents is not None else ArrayObject()
        if not isinstance(contents, ArrayObject):
            contents = ArrayObject([page.raw_get("/Contents")])
        page[NameObject("/Contents")] = ArrayObject(
            [
                self._writer._add_object(before),
                *contents,
                self._writer._add_object(after),
            ]
        )


def _take_stamps(page):
    """Take the fields off a page; return ``(appearance, matrix)`` of the drawn ones."""
    kept, stamps = ArrayObject(), []
    for reference in page.get("/Annots", ArrayObject()):
        widget = reference.get_object()
        if widget.get("/Subtype") != "/Widget":
            kept.append(reference)
            continue
        appearance = widget.get("/AP", DictionaryObject()).get("/N")
        stream = appearance.get_object() if appearance is not None else None
        if stream is None or not stream.get_data():
            continue
        x1, y1, x2, y2 = (float(side) for side in widget["/Rect"])
        left, bottom, right, top = (float(side) for side in stream["/BBox"])
        across, up = (x2 - x1) / (right - left), (y2 - y1) / (top - bottom)
        stamps.append(
            (
                stream,
                f"{across:.5f} 0 0 {up:.5f} {x1 - left * across:.3f} "
                f"{y1 - bottom * up:.3f}",
            )
        )
    page[NameObject("/Annots")] = kept
    return stamps
