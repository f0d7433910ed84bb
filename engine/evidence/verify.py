# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Check a signed file against its proof file, offline and without Odoo.

    python engine/evidence/verify.py signed.pdf proof.json --ca ca.pem

Exit code 0 when everything is proven, 1 when something is not, 2 when the
files cannot be read. Get ``ca.pem`` from the establishment itself, not from
whoever hands you the document: trust starts there.
"""

import argparse
import hashlib
import json
import re
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

if __package__:
    from ..pades import NotAPdf, validate
    from . import EvidenceError, check_chain, read_bundle, read_time
else:  # run as a script
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    from engine.evidence import EvidenceError, check_chain, read_bundle, read_time
    from engine.pades import NotAPdf, validate

NOT_CLAIMED = (
    "that a signer is the person of that name: what is shown is that the act was"
    " made with a personal link sent to that e-mail address, or with that account",
    "a qualified signature, or an independent time: certificates and timestamps"
    " are the establishment's own",
)
ACT_KINDS = {"seal": "sealed", "signature": "signed", "timestamp": "long_term_sealed"}
"""Event written after each kind of revision."""
BASIS_KINDS = {"seal": ("created",), "signature": ("consented", "paper")}
"""Event whose hash the signature's reason carries."""
CLOCK_TOLERANCE = timedelta(minutes=5)
"""Between the log's time of an act and its timestamp."""

_PEM = re.compile(r"-----BEGIN CERTIFICATE-----(.*?)-----END", re.S)
_BOUND = re.compile(r"sha256:([0-9a-f]{64})$")


@dataclass(frozen=True)
class Verdict:
    """What a file and its proof file prove together."""

    ok: bool
    proven: list[str]
    failed: list[str]


def verify_bundle(
    pdf: bytes, bundle: dict, ca_pem, now: datetime, report=None
) -> Verdict:
    """Check file, event chain and their bonds.

    :param ca_pem: root certificates obtained from the establishment (PEM): that
        of the signatures, and a later one if it renewed the long-term seal
    :param report: what ``validate`` said; used if it was about these very bytes,
        with just these roots, for that moment, else the file is judged again
    :raises EvidenceError: the proof file is unreadable
    :raises ValueError: ``ca_pem`` holds no certificate
    """
    content = read_bundle(bundle)
    check = _Check(pdf, content, ca_pem, now, report)
    check.chain()
    check.file()
    check.signatures()
    check.bonds()
    return Verdict(not check.failed, check.proven, check.failed)


class _Check:
    """Facts gathered one after the other, each either proven or failed."""

    def __init__(self, pdf, content, ca_pem, now, report=None):
        self.pdf = pdf
        self.content = content
        self.ca_pem = ca_pem.encode() if isinstance(ca_pem, str) else ca_pem
        self.now = now
        self.known = report
        self.by_hash = {event.hash: event for event in content.events}
        self.reports = ()
        self.proven = []
        self.failed = []

    def chain(self):
        problems = check_chain(
            self.content.events, self.content.uid, self.content.persons
        )
        self.failed += [f"event chain: {problem}" for problem in problems]
        if problems:
            return
        events = self.content.events
        committed = sum(event.commitment is not None for event in events)
        self.proven.append(
            f"event chain: {len(events)} events in unbroken order, from"
            f" {events[0].time} to {events[-1].time}"
        )
        self.proven.append(
            f"personal parts: {len(self.content.persons)} of {committed} are here and"
            " are the committed ones (others were erased or withheld)"
        )

    def file(self):
        if _sha256(self.pdf) != self.content.file_sha256:
            self.failed.append("file: it is not the one this proof file describes")
        length = 0
        for revision in self.content.revisions:
            grows = length < revision["length"] <= len(self.pdf)
            same = _sha256(self.pdf[: revision["length"]]) == revision["sha256"]
            if not (grows and same):
                self.failed.append(
                    f"file: its revision of {revision['length']} bytes differs"
                )
            length = revision["length"]
        if length != len(self.pdf):
            self.failed.append("file: it is not the last revision of the list")
        if not any(line.startswith("file:") for line in self.failed):
            self.proven.append(
                f"file: {len(self.pdf)} bytes, {len(self.content.revisions)} revisions,"
                f" SHA-256 {self.content.file_sha256}"
            )

    def signatures(self):
        given = _pem_blocks(self.ca_pem.decode("ascii", "replace"))
        named = _pem_blocks(self.content.certificates["root"])
        if not named or not named <= given:
            self.failed.append(
                "certificates: the proof file names another root than the one given"
            )
        try:
            report = self._report()
        except NotAPdf:
            self.failed.append("file: not a PDF")
            return
        self.reports = report.signatures
        self.failed += [f"file: {problem}" for problem in report.problems]
        for one in self.reports:
            if one.ok:
                self.proven.append(f"{_describe(one)}: valid at {_moment(one)}")
            else:
                self.failed.append(f"{_describe(one)}: {', '.join(one.problems)}")
        if report.long_term:
            self.proven.append(
                "long term: revocation lists and a document timestamp cover the file"
            )

    def _report(self):
        roots = [self.ca_pem]
        if self.known and self.known.answers(self.pdf, roots, now=self.now):
            return self.known
        return validate(self.pdf, roots, now=self.now)

    def bonds(self):
        """Each signature answers one act of the log, each act one signature."""
        acts = [
            event for event in self.content.events if event.kind in ACT_KINDS.values()
        ]
        listed = [
            (revision["kind"], revision["field"], revision["length"])
            for revision in self.content.revisions
        ]
        found = [(one.kind, one.field, one.covers) for one in self.reports]
        if listed != found:
            self.failed.append("bonds: the signatures are not those of the list")
        if len(acts) != len(self.reports):
            self.failed.append(
                f"bonds: {len(self.reports)} signatures in the file,"
                f" {len(acts)} acts in the log"
            )
            return
        start, used = 0, set()
        problems = []
        for one, act in zip(self.reports, acts, strict=True):
            problems += [
                f"bonds: {_describe(one)}: {problem}"
                for problem in self._bond_problems(one, act, start, used)
            ]
            start = one.covers
        self.failed += problems
        if not problems and self.reports:
            self.proven.append(
                f"bonds: {len(self.reports)} signatures and {len(acts)} acts of the"
                " log name each other"
            )

    def _bond_problems(self, one, act, start, used):
        before = _sha256(self.pdf[:start]) if start else None
        if act.kind != ACT_KINDS[one.kind]:
            yield f"the log says {act.kind} (event {act.seq})"
            return
        if act.after != _sha256(self.pdf[: one.covers]):
            yield f"event {act.seq} names other bytes after it"
        if before and act.before != before:
            yield f"event {act.seq} names other bytes before it"
        expected = {
            "field": one.field,
            "length": one.covers,
            "certificate_serial": one.certificate_serial,
            "timestamp_serial": one.timestamp_serial,
        }
        required = {"length"} | ({"field"} if one.kind == "signature" else set())
        for name, value in expected.items():
            if (name in required or name in act.payload) and act.payload.get(
                name
            ) != value:
                yield f"event {act.seq} has another {name.replace('_', ' ')}"
        yield from self._time_problems(one, act)
        if one.kind in BASIS_KINDS:
            yield from self._basis_problems(one, act, before, used)

    def _basis_problems(self, one, act, before, used):
        bound = _BOUND.search(one.reason)
        basis = self.by_hash.get(bound.group(1)) if bound else None
        if basis is None or basis.kind not in BASIS_KINDS[one.kind]:
            yield "its reason names no event it could rest on"
            return
        if basis.seq >= act.seq or basis.seq in used:
            yield f"it rests on event {basis.seq}, out of order or used twice"
        used.add(basis.seq)
        if one.kind != "signature":
            return
        if basis.payload.get("field") != one.field:
            yield f"event {basis.seq} is about another field"
        if basis.before != before:
            yield f"event {basis.seq} is about other bytes than those signed"
        _salt, personal = self.content.persons.get(basis.seq, (None, {}))
        email = personal.get("email")
        other = email and _address(email) != _address(one.signer_email)
        if basis.kind == "consented" and other:
            yield f"event {basis.seq} is another person's"

    def _time_problems(self, one, act):
        if one.signed_at is None:
            return
        logged = read_time(act.time)
        if abs(logged - one.signed_at) > CLOCK_TOLERANCE:
            yield f"event {act.seq} is at another time"


def main(arguments=None) -> int:
    """Run the command line, return its exit code."""
    parser = argparse.ArgumentParser(
        description="Check a signed PDF against its proof file, offline."
    )
    parser.add_argument("pdf", type=Path, help="the signed file")
    parser.add_argument("proof", type=Path, help="its proof file (JSON)")
    parser.add_argument(
        "--ca", type=Path, required=True, help="the establishment's root (PEM)"
    )
    options = parser.parse_args(arguments)
    try:
        pdf = options.pdf.read_bytes()
        bundle = json.loads(options.proof.read_bytes())
        verdict = verify_bundle(
            pdf, bundle, options.ca.read_bytes(), datetime.now(timezone.utc)
        )
    except (OSError, EvidenceError, ValueError, RecursionError) as error:
        sys.stderr.write(f"cannot verify: {error}\n")
        return 2
    sys.stdout.write(_render(verdict))
    return 0 if verdict.ok else 1


def _render(verdict):
    lines = [f"PROVEN      {line}" for line in verdict.proven]
    lines += [f"NOT PROVEN  {line}" for line in verdict.failed]
    lines += [f"NOT CLAIMED {line}" for line in NOT_CLAIMED]
    result = "EVERYTHING HOLDS" if verdict.ok else "NOT EVERYTHING HOLDS"
    return "\n".join([*lines, "", result, ""])


def _describe(one):
    if one.kind == "timestamp":
        return f"document timestamp {one.field}"
    address = f" <{one.signer_email}>" if one.signer_email else ""
    return f"{one.kind} {one.field} by {one.signer_name}{address}"


def _moment(one):
    return one.signed_at.isoformat() if one.signed_at else "an unknown moment"


def _pem_blocks(text):
    return {"".join(block.split()) for block in _PEM.findall(text)}


def _address(email):
    """Return an e-mail as certificates write it: internet form of the domain."""
    local, _at, domain = str(email).strip().rpartition("@")
    try:
        return local, domain.lower().encode("idna")
    except UnicodeError:
        return local, domain.lower().encode()


def _sha256(data):
    return hashlib.sha256(data).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
