# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the code of a printed page says: ``…/verify/CODE#p2`` or ``campus:CODE#p2``.

The first opens the public verification page when a phone reads it; papers that no
circuit follows carry the second.
"""

import re

_CODE = r"[0-9A-HJKMNP-TV-Z]{16}"
_REFERENCE = re.compile(
    rf"(?:https?://\S{{1,300}}/verify/|campus:)({_CODE})#p(\d{{1,4}})"
)


def paper_reference(code):
    """Return what the pages of a paper without verification page carry."""
    return f"campus:{code}"


def read_reference(text):
    """Return ``(code, page counted from 1)``, ``None`` when it is no code of ours."""
    match = _REFERENCE.fullmatch(text)
    if not match or int(match[2]) < 1:
        return None
    return match[1], int(match[2])
