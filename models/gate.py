# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The gate: every act on a circuit passes here, one at a time per document.

A row lock is not a queue under REPEATABLE READ: who waited would act on an old
snapshot or be told to retry at random. Here the lock is an advisory one on a
second connection, and the act starts on a snapshot taken after it was obtained.
"""

from contextlib import contextmanager

from psycopg2.errors import LockNotAvailable

from odoo.sql_db import db_connect

from .ceremony_errors import CeremonyError

# First key of the advisory locks, by what is held; the second is the record's id.
_LOCK_SPACE = 0x5167
_LOCK_SPACES = {"campus.sign.request": _LOCK_SPACE, "res.partner": 0x5168}
_UNLOCK = object()


def unlocked(records):
    """Return ``records`` with which frozen fields may be written.

    The mark is an object of this process: no RPC context can carry it.
    """
    return records.with_context(campus_sign_unlock=_UNLOCK, tracking_disable=True)


def is_unlocked(env):
    """Tell whether the caller is the circuit itself and not a person's write."""
    return env.context.get("campus_sign_unlock") is _UNLOCK


def busy(env):
    """Return the error of an act that came at the same moment as another one."""
    return CeremonyError(
        409,
        "busy",
        env._(
            "Somebody is acting on this document at this very moment. "
            "Please try again in a few seconds."
        ),
    )


@contextmanager
def gate(record, wait=10.0):
    """Hold a document alone, or what a person keeps; act on a fresh snapshot, commit.

    What the current transaction wrote before is rolled back: the gate is the
    first thing an act does, and each act is one transaction. The lock is
    released after the commit, or the rollback when the act raises.

    :param record: a single ``campus.sign.request`` or ``res.partner``
    :param wait: seconds to wait for the acts before this one
    :raise CeremonyError: 409 ``busy`` when the wait was too long
    """
    record.ensure_one()
    cr = record.env.cr
    with db_connect(cr.dbname).cursor() as lock:
        lock.execute(
            "SELECT set_config('lock_timeout', %s, true)", [f"{wait * 1000:.0f}ms"]
        )
        try:
            lock.execute(
                "SELECT pg_advisory_xact_lock(%s, %s)",
                [_LOCK_SPACES[record._name], record.id],
                log_exceptions=False,
            )
        except LockNotAvailable:
            lock.rollback()
            raise busy(record.env) from None
        with _one_transaction(cr):
            yield record


@contextmanager
def gate_each(requests):
    """Hold those of ``requests`` nobody acts on, act on all of them at once, commit.

    For what a lane does alike to many documents: one transaction instead of one each.
    Nobody is waited for, so that two lanes never wait for each other.

    :return: those that are held; the next run takes the others
    """
    cr = requests.env.cr
    with db_connect(cr.dbname).cursor() as lock:
        lock.execute(
            "SELECT id FROM unnest(%s::int[]) id "
            "WHERE pg_try_advisory_xact_lock(%s, id)",
            [requests.ids, _LOCK_SPACE],
        )
        held = {request_id for (request_id,) in lock.fetchall()}
        with _one_transaction(cr):
            yield requests.filtered(lambda request: request.id in held)


@contextmanager
def _one_transaction(cr):
    """Start on a fresh snapshot; commit at the end, or roll back."""
    cr.rollback()
    try:
        yield
        cr.commit()  # pylint: disable=invalid-commit
    except BaseException:
        cr.rollback()
        raise
