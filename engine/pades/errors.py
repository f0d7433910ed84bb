# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Errors raised by the signature room."""


class PadesError(Exception):
    """Anything this room refuses; the message is for the log, not for people."""


class WeakSecret(PadesError):
    """The secret that would protect the keys is too short or too regular."""


class WrongSecret(PadesError):
    """A sealed key does not open: other secret, other context or damaged text."""


class AuthorityUnusable(PadesError):
    """The authority cannot sign at that moment (expired, not yet valid, mismatch)."""


class FieldProblem(PadesError):
    """A signature field is unknown, already filled, misplaced or duplicated."""


class BrokenFile(PadesError):
    """The file to extend is unreadable or carries bytes no signature covers."""


class ClockWentBack(PadesError):
    """The clock is well before the last time already written in the file."""


class MissingRevocation(PadesError):
    """A signature's issuer has no revocation list to archive with the file."""


class NotAPdf(PadesError):
    """The bytes are not a PDF file at all."""


class MissingGlyphs(PadesError):
    """The stamp font of the document cannot draw some characters.

    ``characters`` holds them; the caller draws the stamp elsewhere and passes
    it as ``Stamp.artwork``.
    """

    def __init__(self, characters):
        self.characters = tuple(characters)
        names = ", ".join(f"U+{ord(char):04X}" for char in self.characters[:20])
        super().__init__(f"the stamp font cannot draw {names}")


class VisualRefused(PadesError):
    """A drawn, typed or uploaded visual cannot serve as a signature.

    ``code`` is one of ``empty``, ``solid``, ``straight_line``, ``too_large``,
    ``not_an_image``.
    """

    def __init__(self, code):
        self.code = code
        super().__init__(code)
