# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Event chain and proof file; ``evidence.verify`` checks both with the PDF."""

from .bundle import SCHEMA, Bundle, build_bundle, read_bundle
from .chain import (
    KINDS,
    Event,
    append,
    canonical,
    check_chain,
    commit,
    genesis,
    read_time,
    write_time,
)
from .errors import EvidenceError, NotCanonical

__all__ = [
    "KINDS",
    "SCHEMA",
    "Bundle",
    "Event",
    "EvidenceError",
    "NotCanonical",
    "append",
    "build_bundle",
    "canonical",
    "check_chain",
    "commit",
    "genesis",
    "read_bundle",
    "read_time",
    "write_time",
]
