# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the rendering tests share: blocks, pages, and the tools that judge a PDF."""

import json
import subprocess
import tempfile
from datetime import date
from html import escape
from pathlib import Path

from lxml import etree

from engine.rendering import SignatureSlot, data_uri, qr_png

ROOT = Path(__file__).parents[2]
ROLES = {
    "establishment": "Représentant de l'établissement",
    "company_head": "Responsable entreprise",
    "student": "Étudiant",
    "guardian": "Responsable élève",
    "teacher": "Enseignant tuteur de stage",
    "tutor": "Maître de stage",
}


def block(kind, props, content="", element="span"):
    """Return the markup of a template block, as the editor stores it."""
    return (
        f'<{element} data-embedded="{kind}" data-embedded-props=\''
        f'{escape(json.dumps(props))}\' data-oe-protected="true">{content}</{element}>'
    )


def tag(code):
    return block("campusTag", {"tag": code}, code)


def signature(role):
    return block("campusSignature", {"role": role}, role, "div")


def section(code, content, negate=False, element="div"):
    props = {"tag": code, "negate": True} if negate else {"tag": code}
    return block("campusCondition", props, content, element)


def slot(name, role, person="Léa Martin"):
    return SignatureSlot(name, role, ROLES.get(role, role), person)


def page(body, *, size="A4", margins="16mm 16mm 27mm", title="Convention", lang="fr"):
    """Return a document around ``body``, shaped as document_layout.xml does it."""
    qr = data_uri(qr_png("https://lycee.example/verify/K7QX-2M4P-9ZTB"), "image/png")
    return (
        f'<html lang="{lang}"><head><title>{escape(title)}</title>'
        f"<style>@page {{ size: {size}; margin: {margins} }}</style></head><body>"
        '<div class="cs-header">Bureau des entreprises</div>'
        '<div class="cs-footer"><div class="cs-footer-rule"><div class="cs-verify">'
        f'<img class="cs-qr" src="{qr}" alt="QR code">lycee.example/verify/K7QX</div>'
        '<p><span class="cs-page">Page </span></p></div></div>'
        f'<h1 class="cs-title">{escape(title)}</h1>{body}</body></html>'
    )


def run(*command, pdf, encoding="utf-8"):
    """Return what a tool prints about ``pdf``; a missing tool is an error."""
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(pdf)
        file.flush()
        words = [file.name if word == "PDF" else word for word in command]
        output = subprocess.run(words, check=True, capture_output=True).stdout
    return output.decode(encoding)


def pdf_objects(pdf):
    """Return the objects of a PDF as readable text, one byte per character."""
    options = ("--qdf", "--object-streams=disable")
    return run("qpdf", *options, "PDF", "-", pdf=pdf, encoding="latin-1")


def pdf_text(pdf):
    """Return the text a reader would select, with single spaces."""
    return " ".join(run("pdftotext", "-layout", "PDF", "-", pdf=pdf).split())


def pdf_fonts(pdf):
    """Return ``{font name without subset prefix: embedded?}`` as pdffonts sees it."""
    lines = run("pdffonts", "PDF", pdf=pdf).splitlines()[2:]
    return {line.split()[0].split("+")[-1]: line.split()[-5] == "yes" for line in lines}


def shipped_body():
    """Return the body of the shipped « Convention de stage » as Odoo loads it."""
    tree = etree.parse(ROOT / "data" / "template_convention_stage.xml")
    field = tree.xpath("//field[@name='body']")[0]
    return "".join(etree.tostring(child, encoding="unicode") for child in field)


def catalogue():
    """Return ``{code: sample value}`` of the tag catalogue, typed."""
    tree = etree.parse(ROOT / "data" / "sign_tags.xml")
    values = {}
    for record in tree.iter("record"):
        facts = {field.get("name"): field.text for field in record}
        values[facts["code"]] = _typed(facts["value_type"], facts.get("sample"))
    return values


def _typed(kind, sample):
    if kind == "bool":
        return sample == "1"
    if kind == "date":
        return date.fromisoformat(sample)
    if kind == "number":
        return float(sample)
    return [sample] if kind == "list" else sample
