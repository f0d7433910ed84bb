# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a body would print for given values, without making it.

The check before sending asks it for hundreds of records of one template: the body is
read once, and each record costs a look at its tags only.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from .errors import TemplateProblems
from .fonts import missing_glyphs
from .markup import (
    CONDITION,
    ELEMENTS,
    POISON,
    SIGNATURE,
    TAG,
    Problem,
    block_props,
    check_tree,
    is_image,
    parse_body,
)
from .values import Value, format_value, is_true

_TEXT, _IMAGE = "text", "image"


@dataclass(frozen=True)
class _Piece:
    """Something printed when all its conditions hold."""

    kind: str
    value: str
    conditions: tuple[tuple[str, bool], ...]
    """(tag code, whether its truth hides the piece) of the sections around."""


@dataclass(frozen=True)
class Reading:
    """What :func:`compose` would find with the same values."""

    missing: tuple[str, ...]
    """Tags shown without a value, in reading order."""
    unknown: tuple[str, ...]
    """Characters no font of the document can draw, each one once."""


class Outline:
    """A body read once.

    :param known_tags: tag codes every mapping given to :meth:`read` will have
    :param images: sources of images kept outside the body
    :raise TemplateProblems: unknown, damaged or nested blocks
    """

    def __init__(self, body_html, known_tags, images=()):
        root = parse_body(body_html)
        problems = check_tree(root, known_tags)
        if problems:
            raise TemplateProblems(problems)
        self._images = frozenset(images)
        self._pieces = []
        # Records of one check share most of their texts: each is looked at once.
        self._undrawable = {}
        self._collect(root, ())

    def read(self, values: Mapping[str, Value], lang: str = "fr") -> Reading:
        """Return what the document would lack.

        :raise TemplateProblems: an image that would be printed is not available
        """
        truths, seen = {}, set()
        missing, unknown, lost = {}, {}, []
        for piece in self._pieces:
            if not self._is_printed(piece, values, truths):
                continue
            if piece.kind == _IMAGE:
                lost.append(piece.value)
            elif piece.kind == _TEXT:
                unknown.update(dict.fromkeys(piece.value))
            elif piece.value not in seen:
                seen.add(piece.value)
                text = format_value(values[piece.value], lang)
                if not text:
                    missing[piece.value] = True
                elif not text.isascii():
                    unknown.update(dict.fromkeys(self._glyphs_missing_in(text)))
        if lost:
            raise TemplateProblems(
                Problem("image", "An image of the template is not available.", "", one)
                for one in lost
            )
        return Reading(tuple(missing), tuple(unknown))

    def _glyphs_missing_in(self, text):
        if text not in self._undrawable:
            self._undrawable[text] = missing_glyphs(text)
        return self._undrawable[text]

    @staticmethod
    def _is_printed(piece, values, truths):
        for code, negate in piece.conditions:
            if code not in truths:
                truths[code] = is_true(values[code])
            if truths[code] == negate:
                return False
        return True

    def _collect(self, element, conditions):
        """Append the pieces of what stands inside ``element``."""
        self._add_text(element.text, conditions)
        for child in element:
            if isinstance(child.tag, str) and child.tag not in POISON:
                self._collect_child(child, conditions)
            self._add_text(child.tail, conditions)

    def _collect_child(self, child, conditions):
        kind = child.get("data-embedded")
        if kind == CONDITION:
            props = block_props(child)
            conditions = (*conditions, (props["tag"], props.get("negate", False)))
        elif kind == TAG and child.tag in ELEMENTS:
            code = block_props(child)["tag"]
            self._pieces.append(_Piece(TAG, code, conditions))
            return
        elif kind == SIGNATURE and child.tag in ELEMENTS:
            return
        if child.tag == "img":
            source = child.get("src", "")
            if not is_image(source) and source not in self._images:
                self._pieces.append(_Piece(_IMAGE, source, conditions))
        self._collect(child, conditions)

    def _add_text(self, text, conditions):
        """Keep of a fixed text the characters that cannot be drawn."""
        unknown = missing_glyphs(text or "")
        if unknown:
            self._pieces.append(_Piece(_TEXT, "".join(unknown), conditions))
