# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What programs that are not ours say of a PDF: pdfsig, qpdf, mutool.

pdfsig and mutool end with 0 whatever they find: their text is read.
"""

import re
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime, timezone

from .. import paths


@dataclass(frozen=True)
class PdfsigSignature:
    """One signature as poppler sees it."""

    field: str
    kind: str
    """``ETSI.CAdES.detached``; ``unknown`` for a document timestamp."""
    verdict: str
    total: bool
    """It covers the whole file."""

    @property
    def timestamp(self):
        # poppler (22.12) cannot verify these: it only says that they are there.
        return self.kind in ("unknown", "ETSI.RFC3161")

    @property
    def valid(self):
        return self.verdict == "Signature is Valid."


def pdfsig(path):
    """Return the signatures poppler finds, in its order; empty fields are left out."""
    text = _text("pdfsig", "-nocert", path)
    found = []
    for part in re.split(r"^Signature #\d+:$", text, flags=re.MULTILINE)[1:]:
        if "not signed" in part:
            continue
        found.append(
            PdfsigSignature(
                field=_line(part, "Signature Field Name"),
                kind=_line(part, "Signature Type"),
                verdict=_line(part, "Signature Validation"),
                total="\n  - Total document signed" in part,
            )
        )
    return found


def problems(path, persons, long_term=True):
    """Return what pdfsig, qpdf and mutool hold against a signed file.

    :param persons: how many people signed it (the establishment's seal comes besides)
    :param long_term: a document timestamp must come last
    """
    found = pdfsig(path)
    signatures = [one for one in found if not one.timestamp]
    problems = []
    if len(signatures) != persons + 1:
        problems.append(f"pdfsig: {len(signatures)} signatures for {persons} + a seal")
    problems += [
        f"pdfsig: {one.field}: {one.verdict}" for one in signatures if not one.valid
    ]
    if len(found) - len(signatures) != int(long_term):
        problems.append(f"pdfsig: {len(found) - len(signatures)} document timestamps")
    if not any(one.total for one in found):
        problems.append("pdfsig: bytes follow the last signature")
    structure = qpdf(path)
    if structure:
        problems.append(structure)
    problems += _mutool(path, len(signatures))
    return problems


def _mutool(path, signatures):
    said = _text("mutool", "sign", "-v", path)
    good = len(re.findall(r"signature is valid|unchanged since signing", said))
    if "Digest error" in said or good != signatures:
        return [f"mutool: {good} of {signatures} good: {said.strip()}"]
    return []


def now():
    """Return the moment to judge at, aware."""
    return datetime.now(timezone.utc)


def qpdf(path):
    """Return what qpdf holds against the structure of a file, ``""`` if nothing."""
    checked = subprocess.run(
        ["qpdf", "--check", str(path)], capture_output=True, text=True, check=False
    )
    said = checked.stderr.strip() or checked.stdout.strip()
    return f"qpdf: {said}" if checked.returncode else ""


def verifier(pdf, proof, root):
    """Run the offline verifier as a stranger would; return (exit code, text)."""
    script = paths.ROOT / "engine" / "evidence" / "verify.py"
    done = subprocess.run(
        [sys.executable, str(script), str(pdf), str(proof), "--ca", str(root)],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
    )
    return done.returncode, done.stdout + done.stderr


def _text(*command):
    done = subprocess.run(
        [str(part) for part in command],
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    return done.stdout + done.stderr


def _line(text, label):
    found = re.search(rf"^  - {re.escape(label)}: (.*)$", text, re.MULTILINE)
    return found[1].strip() if found else ""
