# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""``parallel`` and ``contend``: many signers at the same moment, and one by one."""

import statistics
import threading

from .measure import Result, Stage, milliseconds

SIGNERS = 20
PARALLEL_RATIO = 0.7
# Roles of one signer each: the order of the rounds favours neither side, as the
# files grow from one to the next.
PARALLEL_ROUNDS = (
    ("student", True),
    ("guardian", False),
    ("tutor", False),
    ("company_head", True),
)

CONTEND_RATIO = 1.3
CONTEND_ROLES = ("student", "guardian", "guardian2", "tutor", "company_head", "teacher")
CONTEND_ROUNDS = 3


def parallel():
    """Twenty signers on twenty documents, four workers."""
    walls = {True: [], False: []}
    with Stage(workers=4, max_cron_threads=1) as stage:
        documents = stage.school.send(stage.school.enrol(SIGNERS))
        for role, together in PARALLEL_ROUNDS:
            clicks = [stage.ready(document, role) for document in documents]
            walls[together].append(
                milliseconds(lambda c=clicks, t=together: _play(c, t))[0]
            )
        queries = statistics.median(stage.queries("/sign/api/sign"))
        lengths = [stage.revisions(document) for document in documents]
        memory = stage.peak_memory_mb()
    lost = sum(len(one) != 1 + len(PARALLEL_ROUNDS) for one in lengths)
    ours, alone = statistics.median(walls[True]), statistics.median(walls[False])
    return {
        "parallel": Result(
            ours,
            alone,
            goal=f"0 failures; ≤ {PARALLEL_RATIO} × one after another",
            met=not lost and ours <= PARALLEL_RATIO * alone,
            queries=queries,
            bytes=_growth(lengths),
            memory_mb=memory,
        )
    }


def contend():
    """Six signers of one document."""
    walls = {True: [], False: []}
    with Stage(workers=4, max_cron_threads=1) as stage:
        school = stage.school
        template = school.template_for_all_guardians()
        documents = school.send(school.enrol(2 * CONTEND_ROUNDS, guardians=2), template)
        for index, document in enumerate(documents):
            together = index % 2 == 0
            clicks = [stage.ready(document, role) for role in CONTEND_ROLES]
            walls[together].append(
                milliseconds(lambda c=clicks, t=together: _play(c, t))[0]
            )
        queries = statistics.median(stage.queries("/sign/api/sign"))
        lengths = [stage.revisions(document) for document in documents]
        memory = stage.peak_memory_mb()
    lost = sum(len(one) != 1 + len(CONTEND_ROLES) for one in lengths)
    ours, alone = statistics.median(walls[True]), statistics.median(walls[False])
    return {
        "contend": Result(
            ours,
            alone,
            goal=f"0 failures; ≤ {CONTEND_RATIO} × one after another",
            met=not lost and ours <= CONTEND_RATIO * alone,
            queries=queries,
            bytes=_growth(lengths),
            memory_mb=memory,
        )
    }


def _play(clicks, together):
    """Click everything, at the same moment or in turn; any failure is raised."""
    if not together:
        for click in clicks:
            click()
        return
    failures = []
    barrier = threading.Barrier(len(clicks))

    def play(click):
        barrier.wait()
        try:
            click()
        except Exception as error:  # noqa: BLE001 - raised below, in the main thread
            failures.append(error)

    threads = [threading.Thread(target=play, args=[click]) for click in clicks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise RuntimeError(f"{len(failures)} of {len(clicks)} failed: {failures[0]}")


def _growth(lengths):
    """Return the median number of bytes a signature added."""
    return round(
        statistics.median(
            after - before
            for one in lengths
            for before, after in zip(one, one[1:], strict=False)
        )
    )
