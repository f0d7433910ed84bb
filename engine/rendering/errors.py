# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What can go wrong between a template and its PDF."""


class RenderingError(Exception):
    """Base of everything this room raises on purpose."""


class TemplateProblems(RenderingError):
    """Refuse a body whose markup is not understood; nothing is printed from it."""

    def __init__(self, problems):
        self.problems = tuple(problems)
        super().__init__("; ".join(map(str, self.problems)))


class LayoutError(RenderingError):
    """Refuse a layout whose signature boxes are not one per signer, whole, apart.

    ``code`` is a stable name for a caller that words the message again: ``count``,
    ``pages``, ``outside``, ``small``, ``overlap``; ``page`` counts from 1.
    """

    def __init__(self, code, message, slots=(), page=0):
        self.code = code
        self.slots = tuple(slots)
        self.page = page
        super().__init__(message)


class ForbiddenResource(RenderingError):
    """Refuse a document that asks for a file or an address other than ours."""

    def __init__(self, urls):
        self.urls = tuple(urls)
        shown = ", ".join(url[:80] for url in self.urls)
        super().__init__(f"The document asks for resources it may not load: {shown}")


class MissingGlyphs(RenderingError):
    """Refuse a document with characters none of the shipped fonts can draw."""

    def __init__(self, characters):
        self.characters = tuple(characters)
        shown = ", ".join(
            f"{character} (U+{ord(character):04X})" for character in self.characters
        )
        super().__init__(f"No shipped font can draw: {shown}")
