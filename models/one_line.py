# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What people typed, as it may stand in a title, a stamp or the subject of a mail."""

import unicodedata

#: Joiners of Persian and Indian names, which are invisible characters too.
_JOINERS = "\u200c\u200d"


def one_line(text):
    """Return a text on one line, without characters that are not seen.

    A line break, which a spreadsheet easily holds, keeps a mail from leaving; marks of
    writing direction make a name read as another one.
    """
    words = "".join(
        " " if unicodedata.category(char) in ("Cc", "Zl", "Zp") else char
        for char in text or ""
        if char in _JOINERS or unicodedata.category(char) != "Cf"
    )
    return " ".join(words.split())
