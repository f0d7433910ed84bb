# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a template's body may say, and the check that it says nothing else.

A body comes from a rich text editor and has been through the server's sanitiser. It
is read again here from scratch: elements, attributes and style properties not listed
below do not reach the paper, whoever wrote them and however they got stored.
"""

import json
import re
from dataclasses import dataclass

import lxml.html
from lxml import etree

from .errors import TemplateProblems
from .images import is_printable
from .values import clean_text

TAG, SIGNATURE, CONDITION = BLOCKS = "campusTag", "campusSignature", "campusCondition"
BLOCK_ATTRIBUTES = ("data-embedded-props", "data-embedded")

MAX_DEPTH = 80

_CODE = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*")
ELEMENTS = frozenset(
    "a abbr address article aside b bdi bdo blockquote br caption center cite code col "
    "colgroup dd del dfn div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 "
    "header hgroup hr i img ins kbd li main mark nav ol p pre q s samp section small "
    "span strike strong sub sup table tbody td tfoot th thead time tr tt u ul "
    "var wbr".split()
)
# Dropped with what they contain; anything else unknown loses its tag, not its text.
POISON = frozenset(
    "applet audio base button canvas datalist embed frame frameset head iframe input "
    "link math meta meter noembed noframes noscript object optgroup option param "
    "plaintext portal progress script select slot source style svg template "
    "textarea title track video xmp".split()
)
_ATTRIBUTES = frozenset("alt class colspan dir lang rowspan scope span start".split())
_LINK = re.compile(r"(https?|mailto|tel):", re.IGNORECASE)
_IMAGE = re.compile(r"data:image/(png|jpe?g|gif|webp);base64,[A-Za-z0-9+/=\s]+")
_REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]+)|([0-9]+));?")
_STYLES = frozenset(
    "background background-color border border-bottom border-bottom-color "
    "border-bottom-style border-bottom-width border-collapse border-color border-left "
    "border-left-color border-left-style border-left-width border-radius border-right "
    "border-right-color border-right-style border-right-width border-spacing "
    "border-style border-top border-top-color border-top-style border-top-width "
    "border-width break-after break-before break-inside clear color direction float "
    "font-size font-style font-variant font-weight height letter-spacing "
    "line-height list-style-type margin margin-bottom margin-left margin-right "
    "margin-top max-width min-height min-width padding padding-bottom padding-left "
    "padding-right padding-top table-layout text-align text-decoration "
    "text-decoration-line text-indent text-transform vertical-align white-space width "
    "word-spacing".split()
)
_STYLE_FUNCTIONS = frozenset("rgb rgba hsl hsla calc min max".split())
# The layout's own classes: an author cannot pose as a page footer.
_RESERVED_CLASS = "cs-"


@dataclass(frozen=True)
class Place:
    """Where something stands in a body, for people to find it."""

    title: str
    """Words of the last heading above, empty before the first one."""
    words: str
    """First words of the element, empty when it holds none."""
    line: int
    """Line of the source, the last resort when there are no words."""

    def __str__(self):
        words = f"“{self.words}”" if self.words else f"line {self.line}"
        return ", ".join(part for part in (self.title, words) if part)


@dataclass(frozen=True)
class Problem:
    """One thing in a body that cannot be printed."""

    code: str
    """Stable name: ``unknown_tag``, ``unknown_role``, ``malformed``, ``nested``…"""
    message: str
    """English sentence, naming the culprit."""
    place: Place | None = None
    """Where it stands; None when the whole body is concerned."""
    value: str = ""
    """The culprit itself, for a caller that words the message again."""

    def __str__(self):
        return f"{self.place}: {self.message}" if self.place else self.message


def parse_body(body_html):
    """Return the body as an lxml tree under one ``div``.

    :raise TemplateProblems: nesting deeper than any document needs
    """
    parser = lxml.html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True
    )
    text = _REFERENCE.sub(_keep_printable, clean_text(body_html))
    document = lxml.html.document_fromstring(
        f"<html><body>{text}</body></html>".encode(), parser=parser
    )
    root = lxml.html.Element("div")
    for body in document.iter("body"):
        _append_text(root, body.text)
        root.extend(list(body))
    _refuse_depth(root)
    return root


def check_tree(root, known_tags, known_roles=None):
    """Return the problems of the template blocks under ``root``, in reading order."""
    problems = []
    for element in root.iter(etree.Element):
        kind = element.get("data-embedded")
        if kind is None:
            continue
        problems += _check_block(element, kind, known_tags, known_roles)
    return problems


def check_template(body_html, catalogue, roles):
    """Return the :class:`Problem` list of a body; empty when it can be printed.

    Pictures kept outside the body are its owner's to check.

    :param catalogue: tag codes the template may show
    :param roles: role codes a signature block may name
    """
    try:
        root = parse_body(body_html)
    except TemplateProblems as refused:
        return list(refused.problems)
    return check_tree(root, catalogue, roles) + [
        Problem("bad_image", "This picture cannot be printed.", place_of(element))
        for element in root.iter("img")
        if _IMAGE.fullmatch(element.get("src", "")) and not is_image(element.get("src"))
    ]


def block_props(element):
    """Return the properties of a block, or None when they are not what it needs."""
    try:
        props = json.loads(element.get("data-embedded-props") or "")
    except (ValueError, RecursionError):
        return None
    if not isinstance(props, dict):
        return None
    key = "role" if element.get("data-embedded") == SIGNATURE else "tag"
    name = props.get(key)
    if not isinstance(name, str) or not _CODE.fullmatch(name):
        return None
    if not isinstance(props.get("negate", False), bool):
        return None
    return props


def sanitise(root, images):
    """Strip everything under ``root`` that is not plain, printable content.

    Template blocks keep what names them, until they are filled.

    :param images: source → ``data:`` URL of the images kept outside the body
    :return: sources of images that are neither embedded nor given
    """
    etree.strip_elements(
        root, etree.Comment, etree.PI, etree.Entity, *POISON, with_tail=False
    )
    lost = []
    for element in list(root.iterdescendants()):
        if element.tag not in ELEMENTS:
            element.drop_tag()
            continue
        _sanitise_attributes(element)
        if element.tag == "img":
            lost += _settle_image(element, images)
    return lost


def is_image(source):
    """Tell whether an image's source carries a picture that can be printed."""
    return bool(_IMAGE.fullmatch(source)) and is_printable(source)


def image_sources(body_html):
    """Return the image addresses a caller must give to ``compose`` as data.

    None of a body that cannot be read: ``check_template`` says why.
    """
    try:
        root = parse_body(body_html)
    except TemplateProblems:
        return ()
    sources = (element.get("src", "") for element in root.iter("img"))
    return tuple(
        dict.fromkeys(source for source in sources if not _IMAGE.fullmatch(source))
    )


def place_of(element):
    """Return the :class:`Place` of an element."""
    words = " ".join("".join(element.itertext()).split())[:40]
    title = ""
    for heading in element.xpath(
        "(preceding::*|ancestor-or-self::*)"
        "[self::h1 or self::h2 or self::h3 or self::h4]"
    ):
        title = " ".join("".join(heading.itertext()).split())[:60] or title
    return Place(title, words, element.sourceline or 1)


def _check_block(element, kind, known_tags, known_roles):
    def problem(code, message, value=""):
        return [Problem(code, message, place_of(element), value)]

    if kind not in BLOCKS:
        return problem("unknown_block", f"The block “{kind}” cannot be printed.", kind)
    props = block_props(element)
    if props is None:
        raw = (element.get("data-embedded-props") or "")[:80]
        return problem("malformed", "The properties of this block are damaged.", raw)
    found = []
    if kind == SIGNATURE:
        role = props["role"]
        if known_roles is not None and role not in known_roles:
            found += problem("unknown_role", f"The role “{role}” does not exist.", role)
    elif props["tag"] not in known_tags:
        code = props["tag"]
        if kind == TAG:
            found += problem("unknown_tag", f"The tag “{code}” does not exist.", code)
        else:
            found += problem(
                "unknown_condition",
                f"The section depends on the tag “{code}”, which does not exist.",
                code,
            )
    if kind != CONDITION and element.xpath(".//*[@data-embedded]"):
        found += problem("nested", "A tag or signature block holds another block.")
    return found


def _refuse_depth(root):
    depth = 0
    for event, _element in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > MAX_DEPTH:
            raise TemplateProblems(
                [
                    Problem(
                        "too_deep",
                        f"The content is nested more than {MAX_DEPTH} levels deep.",
                    )
                ]
            )


def _sanitise_attributes(element):
    for name, value in list(element.attrib.items()):
        kept = None
        if name == "style":
            kept = _clean_style(value)
        elif name == "class":
            kept = " ".join(
                word
                for word in value.split()
                if not word.lower().startswith(_RESERVED_CLASS)
            )
        elif name == "href" and element.tag == "a" and _LINK.match(value.strip()):
            kept = value.strip()
        elif name in _ATTRIBUTES or (name == "src" and element.tag == "img"):
            kept = value
        elif name in BLOCK_ATTRIBUTES and element.get("data-embedded") in BLOCKS:
            kept = value
        if kept:
            element.set(name, kept)
        else:
            del element.attrib[name]


def _settle_image(element, images):
    source = element.get("src", "")
    embedded = source if _IMAGE.fullmatch(source) else images.get(source, "")
    if not is_image(embedded):
        element.drop_tree()
        return [source]
    element.set("src", embedded)
    # A tagged document says what its images are (PDF/UA 7.3).
    element.set("alt", element.get("alt", "").strip() or "Image")
    return []


def _clean_style(text):
    import tinycss2

    kept = []
    for rule in tinycss2.parse_declaration_list(
        text, skip_comments=True, skip_whitespace=True
    ):
        if rule.type != "declaration" or rule.lower_name not in _STYLES:
            continue
        if all(map(_is_plain_token, rule.value)):
            value = tinycss2.serialize(rule.value).strip()
            kept.append(f"{rule.lower_name}: {value}")
    return "; ".join(kept)


def _is_plain_token(token):
    if token.type == "function":
        return token.lower_name in _STYLE_FUNCTIONS and all(
            map(_is_plain_token, token.arguments)
        )
    return token.type in (
        "dimension hash ident literal number percentage string whitespace".split()
    )


def _keep_printable(reference):
    """Return a character reference, unless it hides what ``clean_text`` removes."""
    digits, base = (reference[1], 16) if reference[1] else (reference[2], 10)
    number = int(digits.lstrip("0")[:8] or "0", base)
    return reference[0] if number < 0x110000 and clean_text(chr(number)) else ""


def _append_text(root, text):
    if not text:
        return
    if len(root):
        root[-1].tail = (root[-1].tail or "") + text
    else:
        root.text = (root.text or "") + text
