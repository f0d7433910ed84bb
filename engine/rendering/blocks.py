# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a template's owner asks about its body, and the signature blocks it holds."""

import html
import json
import re

import lxml.html

from .errors import TemplateProblems
from .markup import (
    _IMAGE,
    _STYLE_FUNCTIONS,
    POISON,
    SIGNATURE,
    Problem,
    block_props,
    parse_body,
    place_of,
)

_SCRIPT_LINK = re.compile(
    r"\s*(javascript|vbscript|data(?!:image/))\s*:", re.IGNORECASE
)
_TEMPLATE_ATTRIBUTE = re.compile(r"(t|owl|on)-|on[a-z]|t$|(x|v|ng)-|@|:|\(")
_STYLE_CALL = re.compile(r"([a-z-]+)\s*\(|@[a-z-]+|expression|behavior|-moz-binding")
_LINKS = ("href", "src", "xlink:href", "action", "formaction", "data", "poster")


def signature_places(body_html):
    """Return ``{role code: Place}`` of the signature blocks, in reading order.

    Damaged blocks are left out: ``check_template`` names them.
    """
    found = {}
    for element in _signatures(_parse(body_html)):
        props = block_props(element)
        if props:
            found.setdefault(props["role"], place_of(element))
    return found


def signature_block(role, label):
    """Return the HTML of the block where the signature of ``role`` is drawn."""
    props = html.escape(json.dumps({"role": role}))
    return (
        f'<div data-embedded="{SIGNATURE}" data-embedded-props="{props}" '
        f'data-oe-protected="true">{html.escape(label)}</div>'
    )


def drop_signatures(body_html, roles):
    """Return the body without the signature blocks of ``roles``."""
    root = _parse(body_html)
    for element in list(_signatures(root)):
        props = block_props(element)
        if props and props["role"] in roles:
            element.drop_tree()
    text = lxml.html.tostring(root, encoding="unicode", with_tail=False)
    return text[len("<div>") : -len("</div>")] if text != "<div></div>" else ""


def body_weight(body_html):
    """Return the size in characters of the text with its markup, then of its images."""
    text = body_html or ""
    images = sum(len(match[0]) for match in _IMAGE.finditer(text))
    return len(text) - images, images


def forbidden_markup(body_html):
    """Return the :class:`Problem` list of what only a program would need.

    Everything found here would be stripped before printing; a file that holds it was
    not made by this product, so that its reader may want to refuse it whole.
    """
    found = []
    for element in _parse(body_html).iter("*"):
        culprits = [f"<{element.tag}>"] if element.tag in POISON else []
        for name, value in element.attrib.items():
            if _TEMPLATE_ATTRIBUTE.match(name):
                culprits.append(name)
            elif name in _LINKS and _SCRIPT_LINK.match(_visible(value)):
                culprits.append(f"{name}={value[:30]}")
            elif name == "style":
                culprits += _style_culprits(value)
        found += [
            Problem(
                "forbidden", f"“{culprit}” is not content.", place_of(element), culprit
            )
            for culprit in culprits
        ]
    return found


def _style_culprits(value):
    return [
        match[0]
        for match in _STYLE_CALL.finditer(value.lower())
        if match[1] not in _STYLE_FUNCTIONS
    ]


def _visible(value):
    # Browsers skip control characters inside a scheme.
    return re.sub(r"[\x00-\x20]", "", value)


def _signatures(root):
    return root.xpath(".//*[@data-embedded=$kind]", kind=SIGNATURE)


def _parse(body_html):
    try:
        return parse_body(body_html or "")
    except TemplateProblems:
        # Too deep to be a document: check_template says so.
        return lxml.html.Element("div")
