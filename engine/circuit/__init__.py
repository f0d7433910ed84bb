# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The circuit: who may sign now, what the state is, what a deadline does.

Pure functions over plain values, standard library only. Everything that decides
a state in the product calls :func:`state`; everything that lets somebody sign
calls :func:`may_sign`.
"""

from .errors import CircuitError
from .machine import (
    CLOSED_STATES,
    OPEN_STATES,
    STATES,
    Circuit,
    Counter,
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

__all__ = [
    "CLOSED_STATES",
    "OPEN_STATES",
    "STATES",
    "Circuit",
    "CircuitError",
    "Counter",
    "Phase",
    "Signer",
    "SignerStatus",
    "can_extend",
    "counter",
    "may_refuse",
    "may_sign",
    "order_problem",
    "signers_to_close",
    "state",
]
