# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The event chain of one document: each event carries the previous one's hash.

The personal part of an event (who, from where) is not in the chain: only a
salted commitment to it is. Erasing the personal part later leaves the chain
whole and provable.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone

from .errors import EvidenceError, NotCanonical

KINDS = frozenset(
    """requested created sealed sent notified opened read consented signed
    refused replaced extended paper reminded cancelled expired archived
    long_term_sealed published withdrawn downloaded verified deleted
    disowned proposed declined""".split()
)
SALT_BYTES = 16
"""Least length of the salt of a commitment."""
_FIELDS = ("seq", "time", "kind", "before", "after", "prev", "payload", "commitment")


@dataclass(frozen=True)
class Event:
    """One thing that happened to a document, as it is hashed."""

    seq: int
    """Counted from 1."""

    time: str
    """UTC, ISO 8601 with microseconds and ``Z``."""

    kind: str
    """One of :data:`KINDS`."""

    before: str | None
    """SHA-256 (hexadecimal) of the file before, None when there was none."""

    after: str | None
    """SHA-256 of the file after, None when it did not change."""

    prev: str
    """Hash of the previous event; of the document's identity for the first."""

    payload: Mapping = field(default_factory=dict)
    """Facts without any personal data: texts, integers, booleans, lists."""

    commitment: str | None = None
    """:func:`commit` of the personal part, None when there is none."""

    @property
    def hash(self) -> str:
        """SHA-256 (hexadecimal) of the canonical form."""
        return hashlib.sha256(canonical(self.to_dict())).hexdigest()

    def to_dict(self) -> dict:
        """Return the plain values that are hashed."""
        return {name: getattr(self, name) for name in _FIELDS}

    @classmethod
    def from_dict(cls, values: Mapping) -> "Event":
        """Return the event of :meth:`to_dict`.

        :raises EvidenceError: missing, foreign or ill-typed entries
        """
        if not isinstance(values, Mapping) or set(values) != set(_FIELDS):
            raise EvidenceError("an event has exactly the entries of to_dict()")
        texts = [values[name] for name in ("time", "kind", "prev")]
        optional = [values[name] for name in ("before", "after", "commitment")]
        if (
            type(values["seq"]) is not int
            or not all(isinstance(text, str) for text in texts)
            or not all(text is None or isinstance(text, str) for text in optional)
            or not isinstance(values["payload"], Mapping)
        ):
            raise EvidenceError("an entry of the event has the wrong type")
        return cls(**values)


def canonical(value) -> bytes:
    """Return the one written form of ``value``: sorted keys, no space, UTF-8.

    Floats are refused: their text differs from one language to the next.

    :raises NotCanonical: float, non-text key, other type
    """
    _require_canonical(value)
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False
    ).encode()


def commit(personal: Mapping, salt: bytes) -> str:
    """Return the commitment to ``personal`` under ``salt`` (HMAC-SHA-256, hex).

    :raises EvidenceError: salt shorter than 16 bytes
    """
    if len(salt) < SALT_BYTES:
        raise EvidenceError("the salt is too short")
    return hmac.new(salt, canonical(dict(personal)), hashlib.sha256).hexdigest()


def genesis(request_uid: str) -> str:
    """Return what the first event of a document points back to."""
    return hashlib.sha256(f"campus_sign:{request_uid}".encode()).hexdigest()


def append(
    last,
    request_uid,
    time,
    kind,
    before=None,
    after=None,
    payload=None,
    commitment=None,
) -> Event:
    """Return the event that follows ``last`` (None for the first).

    Time never goes back in a chain: a clock behind the last event's is taken
    as that event's time.

    :param time: aware datetime, or text as in :attr:`Event.time`
    :raises EvidenceError: unknown kind, naive or ill-written time
    """
    if kind not in KINDS:
        raise EvidenceError(f"unknown kind of event: {kind}")
    text = time if isinstance(time, str) else write_time(time)
    read_time(text)
    event = Event(
        seq=last.seq + 1 if last else 1,
        time=max(text, last.time) if last else text,
        kind=kind,
        before=before,
        after=after,
        prev=last.hash if last else genesis(request_uid),
        payload=dict(payload or {}),
        commitment=commitment,
    )
    canonical(event.to_dict())
    return event


def check_chain(events, request_uid, persons=None) -> list[str]:
    """Return what is wrong with a whole chain, empty when nothing is.

    :param persons: seq → (salt, personal part), for the parts not erased
    """
    problems = []
    expected, last_time = genesis(request_uid), ""
    for position, event in enumerate(events, start=1):
        place = f"event {event.seq}"
        if event.seq != position:
            problems.append(f"{place}: number {position} was expected")
        if event.prev != expected:
            problems.append(f"{place}: does not follow the event before it")
        if event.kind not in KINDS:
            problems.append(f"{place}: unknown kind {event.kind!r}")
        problems += _time_problems(event, last_time, place)
        last_time = max(last_time, event.time)
        try:
            expected = event.hash
        except NotCanonical as error:
            problems.append(f"{place}: {error}")
            expected = ""
    problems += _commitment_problems(events, persons or {})
    return problems


def write_time(moment: datetime) -> str:
    """Return ``moment`` as events write it.

    :raises EvidenceError: naive datetime
    """
    if moment.tzinfo is None:
        raise EvidenceError("a moment needs its time zone")
    utc = moment.astimezone(timezone.utc)
    return utc.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def read_time(text: str) -> datetime:
    """Return the aware datetime of :func:`write_time`.

    :raises EvidenceError: any other form
    """
    try:
        moment = datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ")
    except (TypeError, ValueError) as error:
        raise EvidenceError(f"not a time of the chain: {text!r}") from error
    moment = moment.replace(tzinfo=timezone.utc)
    if write_time(moment) != text:
        raise EvidenceError(f"not a time of the chain: {text!r}")
    return moment


def _time_problems(event, last_time, place):
    try:
        read_time(event.time)
    except EvidenceError:
        return [f"{place}: unreadable time"]
    return [f"{place}: time goes back"] if event.time < last_time else []


def _commitment_problems(events, persons):
    problems = []
    commitments = {event.seq: event.commitment for event in events}
    for seq, (salt, personal) in persons.items():
        if seq not in commitments:
            problems.append(f"event {seq}: personal part of no event")
            continue
        try:
            same = hmac.compare_digest(commit(personal, salt), commitments[seq] or "")
        except (EvidenceError, TypeError, ValueError):
            same = False
        if not same:
            problems.append(f"event {seq}: personal part is not the committed one")
    return problems


def _require_canonical(value):
    if value is None or isinstance(value, (bool, int)):
        return
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise NotCanonical("a text holds a lone surrogate") from error
        return
    if isinstance(value, (list, tuple)):
        for item in value:
            _require_canonical(item)
        return
    if isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str):
                raise NotCanonical(f"a key is not a text: {key!r}")
            _require_canonical(key)
            _require_canonical(item)
        return
    raise NotCanonical(f"no canonical form for a {type(value).__name__}")
