# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The state machine: exhaustive on small circuits, random on larger ones."""

import itertools
import unittest
from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from ..circuit import (
    CLOSED_STATES,
    OPEN_STATES,
    STATES,
    Circuit,
    CircuitError,
    Phase,
    Signer,
    SignerStatus,
    can_extend,
    counter,
    may_refuse,
    may_sign,
    order_problem,
    signers_to_close,
    state,
)

NOW = datetime(2026, 11, 22, 12, 0)
PENDING, SIGNED, PAPER, REFUSED, CLOSED = (
    SignerStatus.PENDING,
    SignerStatus.SIGNED,
    SignerStatus.PAPER,
    SignerStatus.REFUSED,
    SignerStatus.CLOSED,
)


def line(key, status=PENDING, **options):
    return Signer(key=key, status=status, **options)


def put(circuit, key, status):
    """Return ``circuit`` after ``key`` acted."""
    return replace(
        circuit,
        signers=tuple(
            replace(signer, status=status) if signer.key == key else signer
            for signer in circuit.signers
        ),
    )


def every_circuit():
    """Yield all circuits of up to three ordinary lines and a finaliser."""
    statuses = (PENDING, SIGNED, PAPER, REFUSED)
    for size in range(4):
        for modalities in itertools.product((True, False), repeat=size):
            for given_statuses in itertools.product(statuses, repeat=size):
                lines = tuple(
                    line(index, status, mandatory=mandatory, order=index)
                    for index, (mandatory, status) in enumerate(
                        zip(modalities, given_statuses, strict=True)
                    )
                )
                for finaliser in (None, PENDING, SIGNED, REFUSED):
                    signers = lines
                    if finaliser is not None:
                        signers += (line("head", finaliser, finaliser=True),)
                    for ordered, over in itertools.product((True, False), repeat=2):
                        deadline = NOW + timedelta(days=-1 if over else 1)
                        yield Circuit(signers, ordered, deadline)


@st.composite
def circuits(draw):
    size = draw(st.integers(0, 8))
    groups = draw(
        st.lists(st.sampled_from([None, None, "a", "b"]), min_size=size, max_size=size)
    )
    modality = {name: draw(st.booleans()) for name in ("a", "b")}
    signers = [
        Signer(
            key=index,
            mandatory=modality[group] if group else draw(st.booleans()),
            order=draw(st.integers(0, 3)),
            status=draw(st.sampled_from(list(SignerStatus))),
            group=group,
        )
        for index, group in enumerate(groups)
    ]
    if draw(st.booleans()):
        signers.append(
            Signer(
                key="head",
                finaliser=True,
                status=draw(st.sampled_from(list(SignerStatus))),
            )
        )
    return Circuit(
        signers=tuple(signers),
        ordered=draw(st.booleans()),
        deadline=draw(
            st.sampled_from([None, NOW, NOW - timedelta(1), NOW + timedelta(1)])
        ),
        phase=draw(st.sampled_from(list(Phase))),
    )


class TestEveryCircuit(unittest.TestCase):
    def test_state_agrees_with_the_guide(self):
        """A114, A118, A119, A127, A043, A044 and decisions 1 to 3, word by word."""
        for circuit in every_circuit():
            others = [s for s in circuit.signers if not s.finaliser]
            head = circuit.finaliser
            over = circuit.deadline < NOW
            mandatory_done = all(
                s.status in (SIGNED, PAPER) for s in others if s.mandatory
            )
            optional_done = all(s.status is not PENDING for s in others)
            if any(s.status is REFUSED and s.mandatory for s in circuit.signers):
                expected = "refused"
            elif head and head.status is SIGNED:
                expected = "archived"
            elif not mandatory_done:
                expected = "expired" if over else "waiting"
            elif head:
                expected = "to_finalize" if optional_done else "finalizable"
            else:
                expected = "archived" if over or optional_done else "waiting"
            self.assertEqual(state(circuit, NOW), expected, circuit)

    def test_head_never_signs_before_the_mandatory_ones(self):
        for circuit in every_circuit():
            if "head" in may_sign(circuit, NOW):
                self.assertTrue(
                    all(
                        s.status in (SIGNED, PAPER)
                        for s in circuit.signers
                        if s.mandatory and not s.finaliser
                    ),
                    circuit,
                )

    def test_order_holds_only_behind_mandatory_signers(self):
        """Decision 17: an absent optional signer never holds those after him."""
        for circuit in every_circuit():
            if not circuit.ordered or state(circuit, NOW) not in OPEN_STATES:
                continue
            allowed = may_sign(circuit, NOW)
            for signer in circuit.signers:
                if signer.finaliser or signer.status is not PENDING:
                    continue
                held = any(
                    other.mandatory
                    and not other.finaliser
                    and other.order < signer.order
                    and other.status not in (SIGNED, PAPER)
                    for other in circuit.signers
                )
                self.assertEqual(signer.key not in allowed, held, circuit)


class TestProperties(unittest.TestCase):
    @given(circuits())
    @settings(max_examples=250, deadline=None)
    def test_total(self, circuit):
        self.assertIn(state(circuit, NOW), STATES)
        done = counter(circuit)
        self.assertLessEqual(done.done, done.total)

    @given(circuits())
    @settings(max_examples=250, deadline=None)
    def test_only_pending_lines_of_open_circuits_sign(self, circuit):
        allowed = may_sign(circuit, NOW)
        pending = {s.key for s in circuit.signers if s.status is PENDING}
        self.assertLessEqual(allowed, pending)
        self.assertEqual(allowed, may_refuse(circuit, NOW))
        if state(circuit, NOW) not in OPEN_STATES:
            self.assertFalse(allowed)

    @given(circuits())
    @settings(max_examples=250, deadline=None)
    def test_a_signature_never_goes_backwards(self, circuit):
        """Signing cannot refuse, expire or reopen; the counter grows by one."""
        for key in may_sign(circuit, NOW):
            after = put(circuit, key, SIGNED)
            self.assertIn(state(after, NOW), OPEN_STATES | {"archived"})
            self.assertEqual(counter(after).done, counter(circuit).done + 1)

    @given(circuits())
    @settings(max_examples=250, deadline=None)
    def test_an_open_circuit_has_somebody_to_act_or_a_deadline(self, circuit):
        """No document is stuck half-way."""
        if state(circuit, NOW) not in OPEN_STATES or order_problem(circuit):
            return
        if any(s.status is CLOSED for s in circuit.signers):
            return
        self.assertTrue(may_sign(circuit, NOW), circuit)

    @given(circuits())
    @settings(max_examples=250, deadline=None)
    def test_extension_reopens_what_expired(self, circuit):
        later = replace(circuit, deadline=NOW + timedelta(days=30))
        if state(circuit, NOW) == "expired":
            self.assertTrue(can_extend(circuit, NOW))
            self.assertEqual(state(later, NOW), "waiting")
            self.assertEqual(
                signers_to_close(circuit, NOW), signers_to_close(later, NOW)
            )
        if state(circuit, NOW) in CLOSED_STATES - {"expired"}:
            self.assertFalse(can_extend(circuit, NOW))

    @given(circuits())
    @settings(max_examples=250, deadline=None)
    def test_closing_lines_keeps_the_state(self, circuit):
        before = state(circuit, NOW)
        after = circuit
        for key in signers_to_close(circuit, NOW):
            after = put(after, key, CLOSED)
        if before != "archived":
            self.assertEqual(state(after, NOW), before)
        self.assertFalse(signers_to_close(after, NOW))

    @given(circuits())
    @settings(max_examples=250, deadline=None)
    def test_optional_refusal_never_ends_the_circuit_in_refusal(self, circuit):
        if state(circuit, NOW) not in OPEN_STATES:
            return
        for signer in circuit.signers:
            if signer.mandatory or signer.finaliser:
                continue
            self.assertNotEqual(
                state(put(circuit, signer.key, REFUSED), NOW), "refused"
            )


class TestRules(unittest.TestCase):
    def test_finalising_closes_optional_lines(self):
        circuit = Circuit(
            (line(1, SIGNED), line(2, mandatory=False), line(3, finaliser=True))
        )
        self.assertEqual(state(circuit, NOW), "finalizable")
        done = put(circuit, 3, SIGNED)
        self.assertEqual(state(done, NOW), "archived")
        self.assertEqual(signers_to_close(done, NOW), {2})
        self.assertEqual(str(counter(done)), "2/3*")

    def test_establishment_alone_is_to_finalise_at_once(self):
        circuit = Circuit((line(1, finaliser=True),))
        self.assertEqual(state(circuit, NOW), "to_finalize")

    def test_establishment_is_never_expired_by_the_clock(self):
        """Decision 2."""
        circuit = Circuit(
            (line(1, SIGNED), line(2, finaliser=True)), deadline=NOW - timedelta(400)
        )
        self.assertEqual(state(circuit, NOW), "to_finalize")
        self.assertEqual(may_sign(circuit, NOW), {2})

    def test_deadline_is_reached_at_its_very_moment(self):
        circuit = Circuit((line(1),), deadline=NOW)
        self.assertEqual(state(circuit, NOW), "expired")
        self.assertEqual(state(circuit, NOW - timedelta(microseconds=1)), "waiting")

    def test_single_signer_is_archived_without_establishment(self):
        """A137."""
        circuit = put(Circuit((line(1),)), 1, SIGNED)
        self.assertEqual(state(circuit, NOW), "archived")
        self.assertEqual(str(counter(circuit)), "1/1")

    def test_one_of_a_group_is_enough(self):
        circuit = Circuit((line(1, group="g"), line(2, group="g"), line(3, SIGNED)))
        self.assertEqual(may_sign(circuit, NOW), {1, 2})
        self.assertEqual(str(counter(circuit)), "1/2")
        self.assertEqual(state(put(circuit, 1, REFUSED), NOW), "waiting")
        both = put(put(circuit, 1, REFUSED), 2, REFUSED)
        self.assertEqual(state(both, NOW), "refused")
        signed = put(circuit, 2, SIGNED)
        self.assertEqual(state(signed, NOW), "archived")
        self.assertEqual(signers_to_close(signed, NOW), {1})

    def test_impossible_circuits_are_named(self):
        self.assertEqual(order_problem(Circuit(())), "empty")
        self.assertEqual(
            order_problem(Circuit((line(1, mandatory=False),))), "all_optional"
        )
        self.assertIsNone(order_problem(Circuit((line(1),))))
        for signers in (
            (line(1), line(1)),
            (line(1, finaliser=True), line(2, finaliser=True)),
            (line(1, group="g"), line(2, group="g", mandatory=False)),
        ):
            with self.assertRaises(CircuitError):
                Circuit(signers)
