# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Values of tags as people read them on paper."""

import math
import re
from datetime import date, datetime, time
from decimal import Decimal

Value = str | int | float | bool | date | datetime | Decimal | list | None

_MONTHS = {
    "fr": (
        "janvier février mars avril mai juin juillet août septembre octobre "
        "novembre décembre"
    ).split(),
    "en": (
        "January February March April May June July August September October "
        "November December"
    ).split(),
}
_YES_NO = {"fr": ("oui", "non"), "en": ("yes", "no")}
_AT = {"fr": "à", "en": "at"}

# What XML cannot carry: control characters, lone surrogates, non-characters.
_NOT_XML = re.compile(
    "[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u007f-\u0084\u0086-\u009f]"
)

_LONG_WORD = re.compile(r"\S{60,}")
_CHUNK = re.compile(r"\S{20}")
_MAILBOX = re.compile(r"(?=\S{28})([^\s@]+@)(?=[^\s@]+)")


def clean_text(text):
    """Return ``text`` with one kind of line break and nothing XML cannot carry."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    for separator in ("\u2028", "\u2029", "\x85", "\x0b", "\x0c"):
        text = text.replace(separator, "\n")
    return _NOT_XML.sub("", text)


def shorten(text, length):
    """Return ``text`` on one line, cut to ``length`` characters with an ellipsis."""
    text = " ".join(clean_text(text).split())
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"


def breakable(text):
    """Return ``text`` with invisible breaks inside words no line could hold, and where
    people would break a long e-mail address.

    Laying out a word of 10,000 letters takes seconds without them. They leave no
    trace in the text of the PDF.
    """
    text = _LONG_WORD.sub(
        lambda word: _CHUNK.sub("\\g<0>\u200b", word[0]).rstrip("\u200b"), text
    )
    return _MAILBOX.sub("\\1\u200b", text)


def format_value(value, lang="fr"):
    """Return ``value`` as text in ``lang``; empty when there is nothing to say.

    Dates are written out (« 1er mars 2026 »), decimals keep the digits they have and
    take the comma in French, yes/no is a word, a list is one line.
    """
    language = "en" if lang[:2] == "en" else "fr"
    if value is None:
        return ""
    if isinstance(value, bool):
        return _YES_NO[language][0 if value else 1]
    if isinstance(value, datetime):
        moment = time(value.hour, value.minute).strftime("%H:%M")
        return f"{_format_date(value, language)} {_AT[language]} {moment}"
    if isinstance(value, date):
        return _format_date(value, language)
    if isinstance(value, (int, float, Decimal)):
        return _format_number(value, language)
    if isinstance(value, (list, tuple)):
        items = (format_value(item, lang) for item in value)
        return ", ".join(item for item in items if item)
    return clean_text(str(value)).strip()


def is_true(value):
    """Tell whether a condition on ``value`` holds: yes, not zero, not empty."""
    if isinstance(value, str):
        return bool(value.strip())
    if isinstance(value, float) and math.isnan(value):
        return False
    return bool(value)


def _format_date(value, language):
    month = _MONTHS[language][value.month - 1]
    day = "1er" if language == "fr" and value.day == 1 else str(value.day)
    return f"{day} {month} {value.year}"


def _format_number(value, language):
    if isinstance(value, (float, Decimal)) and not math.isfinite(value):
        return ""
    if isinstance(value, float):
        # Four decimals: more is noise of binary arithmetic, never information here.
        text = f"{value:.4f}".rstrip("0").rstrip(".")
        text = "0" if text == "-0" else text
    else:
        text = f"{value:f}" if isinstance(value, Decimal) else str(value)
    return text.replace(".", ",") if language == "fr" else text
