# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Certificate authority, signature fields, stamps, PAdES signatures, validation.

The only room that knows pyHanko.
"""

from .authority import Authority, SealedAuthority, create_authority, renew_authority
from .certificates import AuthorityProfile
from .errors import (
    AuthorityUnusable,
    BrokenFile,
    ClockWentBack,
    FieldProblem,
    MissingGlyphs,
    MissingRevocation,
    NotAPdf,
    PadesError,
    VisualRefused,
    WeakSecret,
    WrongSecret,
)
from .preparation import FieldSpec
from .signing import SEAL_FIELD, Signed, certify, seal_long_term, sign
from .stamp import Stamp
from .timestamps import TimestampAuthority
from .validation import SignatureReport, ValidationReport, validate
from .vault import KeyVault
from .visual import Visual, normalise_visual

__all__ = [
    "SEAL_FIELD",
    "Authority",
    "AuthorityProfile",
    "AuthorityUnusable",
    "BrokenFile",
    "ClockWentBack",
    "FieldProblem",
    "FieldSpec",
    "KeyVault",
    "MissingGlyphs",
    "MissingRevocation",
    "NotAPdf",
    "PadesError",
    "SealedAuthority",
    "SignatureReport",
    "Signed",
    "Stamp",
    "TimestampAuthority",
    "ValidationReport",
    "Visual",
    "VisualRefused",
    "WeakSecret",
    "WrongSecret",
    "certify",
    "create_authority",
    "normalise_visual",
    "renew_authority",
    "seal_long_term",
    "sign",
    "validate",
]
