# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Names as they may be printed in a certificate or a stamp."""

import unicodedata

_JOINERS = "\u200c\u200d"


def clean_name(text: str) -> str:
    """Return ``text`` composed (NFC) on one line, without invisible characters.

    Direction overrides would let a name show as another one; the two joiners
    are spelling in several scripts and stay.
    """
    text = unicodedata.normalize("NFC", text or "")
    return " ".join("".join(map(_kept, text)).split())


def _kept(char):
    category = unicodedata.category(char)
    if category == "Cc" or category[0] == "Z":
        return " "
    if category in ("Cf", "Cs") and char not in _JOINERS:
        return ""
    return char
