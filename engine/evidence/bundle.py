# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The proof file of one document: everything a stranger needs, one JSON."""

from dataclasses import dataclass

from .chain import Event, canonical, genesis
from .errors import EvidenceError

SCHEMA = "campus_sign/proof/1"
_ENTRIES = {
    "schema",
    "genesis",
    "request",
    "events",
    "persons",
    "certificates",
    "file_sha256",
    "revisions",
}
_REVISION = {"length": int, "sha256": str, "kind": str, "field": (str, type(None))}


@dataclass(frozen=True)
class Bundle:
    """A proof file, read and typed."""

    uid: str
    request: dict
    events: tuple[Event, ...]
    persons: dict
    """seq → (salt, personal part); erased ones are absent."""
    certificates: dict
    file_sha256: str
    revisions: tuple[dict, ...]


def build_bundle(
    request, events, persons, certificates, file_sha256, revisions
) -> dict:
    """Return the proof file as plain values, to be written with ``canonical()``.

    :param request: facts about the document; ``uid`` is the chain's identity
    :param persons: seq → (salt, personal part), erased ones left out
    :param certificates: name → PEM, ``root`` at least
    :param revisions: ``{"length", "sha256", "kind", "field"}`` in file order,
        kind as in ``engine.pades`` (seal, signature, timestamp)
    :raises EvidenceError: a part is missing or has no canonical form
    """
    if not request.get("uid"):
        raise EvidenceError("the request needs its uid")
    if "root" not in certificates:
        raise EvidenceError("the root certificate is missing")
    bundle = {
        "schema": SCHEMA,
        "genesis": genesis(request["uid"]),
        "request": dict(request),
        "events": [event.to_dict() for event in events],
        "persons": {
            str(seq): {"salt": salt.hex(), "personal": dict(personal)}
            for seq, (salt, personal) in persons.items()
        },
        "certificates": dict(certificates),
        "file_sha256": file_sha256,
        "revisions": [dict(revision) for revision in revisions],
    }
    canonical(bundle)
    read_bundle(bundle)
    return bundle


def read_bundle(values) -> Bundle:
    """Return the typed content of a proof file.

    :raises EvidenceError: another schema, missing or ill-typed entries
    """
    if not isinstance(values, dict) or values.get("schema") != SCHEMA:
        raise EvidenceError(f"not a proof file of schema {SCHEMA}")
    if set(values) != _ENTRIES:
        raise EvidenceError("the proof file has missing or foreign entries")
    request, certificates = values["request"], values["certificates"]
    if not isinstance(request, dict) or not isinstance(request.get("uid"), str):
        raise EvidenceError("the request has no uid")
    if not isinstance(certificates, dict) or not isinstance(
        certificates.get("root"), str
    ):
        raise EvidenceError("the proof file has no root certificate")
    if not isinstance(values["file_sha256"], str):
        raise EvidenceError("the proof file does not name its file")
    if not isinstance(values["events"], list) or not values["events"]:
        raise EvidenceError("the proof file has no event")
    return Bundle(
        uid=request["uid"],
        request=request,
        events=tuple(Event.from_dict(event) for event in values["events"]),
        persons=_persons(values["persons"]),
        certificates=certificates,
        file_sha256=values["file_sha256"],
        revisions=_revisions(values["revisions"]),
    )


def _persons(values):
    try:
        return {
            int(seq): (bytes.fromhex(entry["salt"]), dict(entry["personal"]))
            for seq, entry in values.items()
        }
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise EvidenceError("the personal parts are unreadable") from error


def _revisions(values):
    if not isinstance(values, list) or not values:
        raise EvidenceError("the proof file has no revision")
    for revision in values:
        if not isinstance(revision, dict) or set(revision) != set(_REVISION):
            raise EvidenceError("a revision has missing or foreign entries")
        for name, kind in _REVISION.items():
            if not isinstance(revision[name], kind) or revision[name] is True:
                raise EvidenceError(f"a revision's {name} has the wrong type")
    return tuple(values)
