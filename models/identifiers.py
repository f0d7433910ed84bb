# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""French identifiers: pure checks over text, no ORM.

Each `*_problem` function returns a problem code, or None when the value is
good. Sources: python-stdnum for SIRET (La Poste's exception included),
D124-4 neighbours for the others (see the docstrings).
"""

import re

from stdnum.exceptions import InvalidChecksum, InvalidComponent, InvalidLength
from stdnum.exceptions import ValidationError as InvalidNumber
from stdnum.fr import siret as stdnum_siret

_NOT_CODE = re.compile(r"[^0-9A-Za-z]")
_UAI = re.compile(r"\d{7}[A-Z]")
_UAI_KEYS = "ABCDEFGHJKLMNPRSTUVWXYZ"
_NAF = re.compile(r"\d{4}[A-Z]")
_INE = re.compile(r"\d{9}[A-Z]{2}|\d{10}[A-Z]")


def compact(value):
    """Return the code without spaces, dots or dashes, in capitals."""
    return _NOT_CODE.sub("", value or "").upper()


def siret_problem(value):
    """Judge a compact SIRET: "length", "checksum" or None."""
    try:
        stdnum_siret.validate(value)
    except InvalidLength:
        return "length"
    except (InvalidChecksum, InvalidComponent):
        return "checksum"
    except InvalidNumber:
        return "length"
    return None


def uai_problem(value):
    """Judge a compact UAI: "format" (7 digits and a letter), "key" or None.

    The key rule is not published: callers only warn about "key".
    """
    if not _UAI.fullmatch(value):
        return "format"
    if _UAI_KEYS[int(value[:7]) % len(_UAI_KEYS)] != value[7]:
        return "key"
    return None


def naf_problem(value):
    """Judge a compact NAF code (rév. 2 and 2025): "format" or None."""
    return None if _NAF.fullmatch(value) else "format"


def ine_problem(value):
    """Judge a compact INE by its shape only: "format" or None.

    9 digits and 2 letters since 2018, 10 digits and 1 letter before.
    """
    return None if _INE.fullmatch(value) else "format"
