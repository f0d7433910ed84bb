# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""From a template's body and a record's values to the body of one document.

Nothing is ever evaluated: a tag is a name looked up in a mapping, a condition is the
truth of one value (architecture.md, invariant 12).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import lxml.html

from .errors import TemplateProblems
from .markup import (
    BLOCK_ATTRIBUTES,
    CONDITION,
    SIGNATURE,
    TAG,
    Problem,
    block_props,
    check_tree,
    parse_body,
    sanitise,
)
from .values import Value, breakable, format_value, is_true, shorten

# A name longer than this is cut under its box; the whole of it is in the text, in
# the certificate and in the proof.
PERSON_LENGTH = 110
LABEL_LENGTH = 60
_GROUP_CLASS = "cs-signatures"
EMPTY_VALUE = "—"


@dataclass(frozen=True)
class SignatureSlot:
    """One signature to come."""

    name: str
    """PDF field name, also the anchor of the box (``sig-1``)."""
    role: str
    """Role code; the slot takes its place in that role's block."""
    label: str
    """What is printed above the box (« Étudiant »)."""
    person: str
    """Full name, printed under the box."""


@dataclass(frozen=True)
class Composed:
    """A document's body, ready for the layout."""

    html: str
    text: str
    """The same without markup, for checks of what can be drawn."""
    used_tags: frozenset[str]
    """Tags shown or tested in what is printed."""
    missing: tuple[str, ...]
    """Tags shown without a value, in reading order."""


def compose(
    body_html: str,
    values: Mapping[str, Value],
    slots: Sequence[SignatureSlot],
    *,
    lang: str = "fr",
    images: Mapping[str, str] | None = None,
) -> Composed:
    """Fill a body with values, settle its conditions, place its signature boxes.

    Sections whose condition fails leave with everything they hold: their tags count
    neither as used nor as missing. A role without slot leaves no trace; slots without
    block come at the end.

    :param values: tag code → value; a known tag without value is None
    :param images: source → ``data:`` URL of images kept outside the body
    :raise TemplateProblems: unknown, damaged or nested blocks, images not given
    """
    root = parse_body(body_html)
    problems = check_tree(root, values)
    if problems:
        raise TemplateProblems(problems)

    used, missing = set(), {}
    _settle_conditions(root, values, used)
    lost = sanitise(root, images or {})
    if lost:
        raise TemplateProblems(
            Problem("image", "An image of the template is not available.", value=source)
            for source in lost
        )
    for element in _blocks(root, TAG):
        code = block_props(element)["tag"]
        used.add(code)
        text = format_value(values[code], lang)
        if not text:
            missing[code] = True
        _fill(element, text or EMPTY_VALUE)
    waiting = list(slots)
    for element in _blocks(root, SIGNATURE):
        role = block_props(element)["role"]
        _place(element, [slot for slot in waiting if slot.role == role])
        waiting = [slot for slot in waiting if slot.role != role]
    if waiting:
        title = lxml.html.Element("h2", {"class": "cs-signatures-title"})
        title.text = "Signatures"
        root.extend((title, _group(waiting)))
    text = " ".join(root.itertext())
    return Composed(_inner_html(root), text, frozenset(used), tuple(missing))


def _blocks(root, kind):
    return root.xpath(".//*[@data-embedded=$kind]", kind=kind)


def _settle_conditions(root, values, used):
    # Reading order, so that a refused section takes its inner conditions with it.
    for element in _blocks(root, CONDITION):
        if root not in element.iterancestors():
            continue
        props = block_props(element)
        used.add(props["tag"])
        if is_true(values[props["tag"]]) == props.get("negate", False):
            element.drop_tree()
        elif element.tag in ("div", "span"):
            element.drop_tag()
        else:
            # A table row or a list item that is itself the section.
            for name in BLOCK_ATTRIBUTES:
                del element.attrib[name]


def _fill(element, text):
    """Replace a tag by its text, kept apart from the writing direction around it.

    The text takes the style the author gave to the tag (bold, a size), already cleaned.
    """
    tail, style = element.tail, element.get("style")
    element.clear()
    element.tag = "bdi"
    element.tail = tail
    if style:
        element.set("style", style)
    element.text, *others = breakable(text).split("\n")
    for line in others:
        line_break = lxml.html.Element("br")
        line_break.tail = line
        element.append(line_break)


def _place(element, slots):
    """Put the boxes of ``slots`` where the block stands; without slot, remove it.

    Blocks that follow one another share one grid, two boxes to a row.
    """
    if not slots:
        element.drop_tree()
        return
    group = _group(slots)
    before = element.getprevious()
    if (
        before is not None
        and before.get("class") == _GROUP_CLASS
        and not (before.tail or "").strip()
    ):
        before.extend(list(group))
        before.tail = element.tail
        element.getparent().remove(element)
    else:
        group.tail = element.tail
        element.getparent().replace(element, group)


def _group(slots):
    group = lxml.html.Element("div", {"class": _GROUP_CLASS})
    for slot in slots:
        block = lxml.html.Element("div", {"class": "cs-signature"})
        block.tail = "\n"
        role = lxml.html.Element("p", {"class": "cs-role"})
        role.text = shorten(slot.label, LABEL_LENGTH)
        box = lxml.html.Element("div", {"class": "cs-box", "id": slot.name})
        person = lxml.html.Element("p", {"class": "cs-person"})
        name = lxml.html.Element("bdi")
        name.text = breakable(shorten(slot.person, PERSON_LENGTH))
        person.append(name)
        block.extend((role, box, person))
        group.append(block)
    return group


def _inner_html(root):
    html = lxml.html.tostring(root, encoding="unicode", with_tail=False)
    return html[len("<div>") : -len("</div>")]
