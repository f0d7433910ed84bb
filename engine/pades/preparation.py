# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What goes into a document before its certification and never after.

A certified document accepts no new field, so every signature field is made
here, with its place in the structure tree (PDF/UA-1) and the stamp font.
"""

from dataclasses import dataclass

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.sign.fields import (
    SigFieldSpec,
    append_signature_field,
    enumerate_sig_fields,
)

from . import font
from .errors import BrokenFile, FieldProblem

MIN_SIDE = 20.0
"""Points under which a box cannot hold a readable stamp."""

_UA_IDENTIFICATION = b"""<rdf:Description rdf:about=""
 xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"
 pdfuaid:part="1"/>
<rdf:Description rdf:about=""
 xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
"""


@dataclass(frozen=True)
class FieldSpec:
    """One signature field to create."""

    name: str
    """Name of the PDF field, unique, without a dot."""

    label: str
    """What assistive technology reads."""

    page: int
    """Page, counted from 0."""

    x1: float
    """Left side, points from the lower left corner of the page, as all below."""

    y1: float
    x2: float
    y2: float


def prepare(writer, specs, texts, font_path=font.FONT_PATH):
    """Add fields, structure and font to ``writer`` (nothing is written yet).

    :raises FieldProblem: duplicated name, unknown page, box outside its page
        or too small
    """
    _check(writer, specs)
    for spec in specs:
        append_signature_field(
            writer,
            SigFieldSpec(
                spec.name,
                on_page=spec.page,
                box=(spec.x1, spec.y1, spec.x2, spec.y2),
                readable_field_name=spec.label or spec.name,
                empty_field_appearance=False,
            ),
        )
    if specs:
        _share_font(writer, texts, font_path)
    if "/StructTreeRoot" in writer.root:
        _structure(writer, specs)
        _identify(writer)


def _check(writer, specs):
    names = [spec.name for spec in specs]
    if len(set(names)) != len(names):
        raise FieldProblem("two signature fields have the same name")
    pages = int(writer.root["/Pages"]["/Count"])
    for spec in specs:
        if not spec.name or "." in spec.name:
            raise FieldProblem(f"bad field name: {spec.name!r}")
        if not 0 <= spec.page < pages:
            raise FieldProblem(f"{spec.name}: no page {spec.page}")
        page = writer.find_page_for_modification(spec.page)[0].get_object()
        left, bottom, right, top = _media_box(page)
        inside = (
            left <= spec.x1 < spec.x2 <= right and bottom <= spec.y1 < spec.y2 <= top
        )
        if not inside:
            raise FieldProblem(f"{spec.name}: the box is not inside its page")
        if min(spec.x2 - spec.x1, spec.y2 - spec.y1) < MIN_SIDE:
            raise FieldProblem(f"{spec.name}: the box is too small")


def _media_box(page):
    while "/MediaBox" not in page and "/Parent" in page:
        page = page["/Parent"]
    return tuple(float(side) for side in page["/MediaBox"])


def _share_font(writer, texts, font_path):
    form = writer.root["/AcroForm"]
    form[pdf_name("/DR")] = generic.DictionaryObject(
        {
            pdf_name("/Font"): generic.DictionaryObject(
                {font.RESOURCE: font.embed(writer, texts, font_path)}
            )
        }
    )
    writer.update_container(form)


def _structure(writer, specs):
    """Give every widget a /Form element, reachable from both sides."""
    tree = writer.root["/StructTreeRoot"]
    document, document_ref = _document_element(tree)
    if "/Nums" not in tree["/ParentTree"]:
        raise BrokenFile("the structure's parent tree is not one flat array")
    numbers = tree["/ParentTree"]["/Nums"]
    keys = [int(key) for key in list(numbers)[::2]]
    following = max(keys, default=-1) + 1
    kids = document["/K"]
    if not isinstance(kids, generic.ArrayObject):
        kids = document[pdf_name("/K")] = generic.ArrayObject([document.raw_get("/K")])
    for key, spec in enumerate(specs, start=following):
        widget_ref = _widget(writer, spec.name)
        widget = widget_ref.get_object()
        page = widget.raw_get("/P")
        element = generic.DictionaryObject(
            {
                pdf_name("/Type"): pdf_name("/StructElem"),
                pdf_name("/S"): pdf_name("/Form"),
                pdf_name("/P"): document_ref,
                pdf_name("/Pg"): page,
                pdf_name("/Alt"): generic.pdf_string(spec.label or spec.name),
                pdf_name("/K"): generic.DictionaryObject(
                    {
                        pdf_name("/Type"): pdf_name("/OBJR"),
                        pdf_name("/Obj"): widget_ref,
                        pdf_name("/Pg"): page,
                    }
                ),
            }
        )
        element_ref = writer.add_object(element)
        kids.append(element_ref)
        numbers.append(generic.NumberObject(key))
        numbers.append(element_ref)
        widget[pdf_name("/StructParent")] = generic.NumberObject(key)
    tree[pdf_name("/ParentTreeNextKey")] = generic.NumberObject(following + len(specs))
    for changed in (tree, tree["/ParentTree"], numbers, document, kids):
        writer.update_container(changed)


def _document_element(tree):
    raw = tree.raw_get("/K")
    kids = tree["/K"]
    if isinstance(kids, generic.ArrayObject):
        raw = kids.raw_get(0)
    return raw.get_object(), raw


def _widget(writer, name):
    _name, _value, reference = next(enumerate_sig_fields(writer, with_name=name))
    return reference


def _identify(writer):
    """Say PDF/UA-1 in the XMP; pages already carry /Tabs /S (WeasyPrint)."""
    if "/Metadata" not in writer.root:
        return
    metadata = writer.root["/Metadata"]
    if b"pdfuaid:part" in metadata.data:
        return
    head, closing, tail = metadata.data.partition(b"</rdf:RDF>")
    stream = generic.StreamObject(
        {
            pdf_name("/Type"): pdf_name("/Metadata"),
            pdf_name("/Subtype"): pdf_name("/XML"),
        },
        stream_data=head + _UA_IDENTIFICATION + closing + tail,
    )
    writer.root[pdf_name("/Metadata")] = writer.add_object(stream)
    writer.update_root()
