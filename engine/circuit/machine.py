# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""State machine of a signature circuit.

The state is never written from a button: it is always :func:`state` of the
signers, the rules and the clock. Sources: features A035-A044, A113-A119,
decisions 1-5 and 17.
"""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from .errors import CircuitError


class Phase(str, Enum):
    """Part of the life of a circuit that signers do not decide."""

    QUEUED = "queued"
    FAILED = "failed"
    OPEN = "open"
    CANCELLED = "cancelled"


class SignerStatus(str, Enum):
    """What became of one line of the circuit."""

    PENDING = "pending"
    SIGNED = "signed"
    PAPER = "paper"
    REFUSED = "refused"
    CLOSED = "closed"
    """The circuit ended, or another of the same group signed, without this line."""


GIVEN = frozenset({SignerStatus.SIGNED, SignerStatus.PAPER})
OPEN_STATES = frozenset({"waiting", "finalizable", "to_finalize"})
CLOSED_STATES = frozenset({"archived", "refused", "expired", "cancelled"})
STATES = frozenset({"queued", "failed"}) | OPEN_STATES | CLOSED_STATES


@dataclass(frozen=True)
class Signer:
    """One signature to give."""

    key: Hashable
    """Identifier of the line, unique in its circuit."""
    mandatory: bool = True
    finaliser: bool = False
    """The establishment's representative who ends the circuit (invariant 11)."""
    order: int = 0
    """Rank; only looked at when the circuit imposes its order."""
    status: SignerStatus = SignerStatus.PENDING
    group: Hashable | None = None
    """Lines sharing a group ask for one signature between them (decision 6)."""


@dataclass(frozen=True)
class Circuit:
    """Signers, rules and clock of one document."""

    signers: tuple[Signer, ...]
    ordered: bool = False
    deadline: datetime | None = None
    """Moment (aware or naive, like ``now``) at which the circuit is over."""
    phase: Phase = Phase.OPEN

    def __post_init__(self):
        keys = [signer.key for signer in self.signers]
        if len(set(keys)) != len(keys):
            raise CircuitError("two signers of one circuit share a key")
        if sum(signer.finaliser for signer in self.signers) > 1:
            raise CircuitError("a circuit has at most one finalising establishment")
        modalities = {}
        for signer in self.signers:
            if signer.group is None:
                continue
            if modalities.setdefault(signer.group, signer.mandatory) != (
                signer.mandatory
            ):
                raise CircuitError("lines of one group differ in modality")

    @property
    def finaliser(self) -> Signer | None:
        return next((signer for signer in self.signers if signer.finaliser), None)


@dataclass(frozen=True)
class Counter:
    """« Signature(s) effectuée(s) : 1/3* » (A113, decision 4)."""

    done: int
    total: int
    starred: bool
    """At least one optional signature is in the circuit."""

    def __str__(self):
        return f"{self.done}/{self.total}{'*' if self.starred else ''}"


def _units(signers: Iterable[Signer]) -> list[tuple[Signer, ...]]:
    """Group the lines: one unit is one signature asked for."""
    units: dict[Hashable, list[Signer]] = {}
    for signer in signers:
        name = ("line", signer.key)
        if signer.group is not None:
            name = ("group", signer.group)
        units.setdefault(name, []).append(signer)
    return [tuple(unit) for unit in units.values()]


def _given(unit: tuple[Signer, ...]) -> bool:
    return any(signer.status in GIVEN for signer in unit)


def _refused(unit: tuple[Signer, ...]) -> bool:
    """Tell whether nobody of the unit can give its signature any more."""
    return not _given(unit) and all(
        signer.status is SignerStatus.REFUSED for signer in unit
    )


def _mandatory(unit: tuple[Signer, ...]) -> bool:
    return unit[0].mandatory or unit[0].finaliser


def _is_over(circuit: Circuit, now: datetime) -> bool:
    return circuit.deadline is not None and now >= circuit.deadline


def state(circuit: Circuit, now: datetime) -> str:
    """Return the state of ``circuit`` at ``now``, one of :data:`STATES`.

    Total: every combination of signers, phase and clock has exactly one state.
    """
    if circuit.phase is not Phase.OPEN:
        return circuit.phase.value
    units = _units(circuit.signers)
    if any(_mandatory(unit) and _refused(unit) for unit in units):
        return "refused"
    finaliser = circuit.finaliser
    if finaliser is not None and finaliser.status in GIVEN:
        return "archived"
    others = [unit for unit in units if not unit[0].finaliser]
    missing = any(unit[0].mandatory and not _given(unit) for unit in others)
    pending = any(
        not unit[0].mandatory and not _given(unit) and not _refused(unit)
        for unit in others
    )
    over = _is_over(circuit, now)
    if missing:
        return "expired" if over else "waiting"
    if finaliser is not None:
        return "finalizable" if pending else "to_finalize"
    return "archived" if over or not pending else "waiting"


def may_sign(circuit: Circuit, now: datetime) -> frozenset:
    """Return the keys of the signers whose signature is accepted at ``now``.

    The finaliser comes last, ordered or not (A040). With an imposed order
    (A038) only mandatory signers hold those after them (decision 17).
    """
    current = state(circuit, now)
    if current not in OPEN_STATES:
        return frozenset()
    units = _units(circuit.signers)
    allowed = set()
    for unit in units:
        if _given(unit):
            continue
        for signer in unit:
            if signer.status is not SignerStatus.PENDING:
                continue
            if signer.finaliser:
                if current in ("finalizable", "to_finalize"):
                    allowed.add(signer.key)
            elif not circuit.ordered or not _held(units, unit, signer):
                allowed.add(signer.key)
    return frozenset(allowed)


def _held(units, unit, signer) -> bool:
    """Tell whether a mandatory signature of a lower rank is still missing."""
    return any(
        other is not unit
        and other[0].mandatory
        and not other[0].finaliser
        and min(line.order for line in other) < signer.order
        and not _given(other)
        for other in units
    )


def may_refuse(circuit: Circuit, now: datetime) -> frozenset:
    """Return the keys of the signers whose refusal is accepted at ``now``.

    Whoever may sign may refuse instead (decision 3).
    """
    return may_sign(circuit, now)


def can_extend(circuit: Circuit, now: datetime) -> bool:
    """Tell whether the deadline may move: open circuits and expired ones."""
    return state(circuit, now) in OPEN_STATES | {"expired"}


def signers_to_close(circuit: Circuit, now: datetime) -> frozenset:
    """Return the pending lines that no act can complete any more.

    Lines of a group in which another signed, and every pending line of a
    circuit that ended for good; an expired one can be extended (decision 1).
    """
    ended = state(circuit, now) in CLOSED_STATES - {"expired"}
    return frozenset(
        signer.key
        for unit in _units(circuit.signers)
        for signer in unit
        if signer.status is SignerStatus.PENDING and (ended or _given(unit))
    )


def counter(circuit: Circuit) -> Counter:
    """Count the signatures given among all those asked for (decision 4)."""
    units = _units(circuit.signers)
    return Counter(
        done=sum(_given(unit) for unit in units),
        total=len(units),
        starred=any(not _mandatory(unit) for unit in units),
    )


def order_problem(circuit: Circuit) -> str | None:
    """Return why nobody could ever complete ``circuit``, or ``None``.

    Codes: ``empty`` (no signer) and ``all_optional`` (nothing would have to be
    signed). The finaliser needs no rank: he is last by rule.
    """
    if not circuit.signers:
        return "empty"
    if not any(_mandatory(unit) for unit in _units(circuit.signers)):
        return "all_optional"
    return None
