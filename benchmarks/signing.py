# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""``sign``: one signature over HTTP, the whole request."""

import statistics

from .measure import Result, Stage, milliseconds
from .pyhanko_alone import Reference

PATH = "/sign/api/sign"
DOCUMENTS = 16
RATIO, QUERIES, KILOBYTES = 1.8, 30, 14


def sign():
    """Measure it against pyHanko signing the same file without anything around it."""
    with Stage(workers=2, max_cron_threads=1) as stage:
        school = stage.school
        warm, *documents = school.send(school.enrol(DOCUMENTS))
        stage.ready(warm, "student")()
        signed = school.pdf(warm)
        frozen = signed[: stage.revisions(warm)[0]]
        times, references, sizes = [], [], []
        skipped = len(stage.queries(PATH))
        with Reference(signed, "sig-1") as reference:
            reference.sign(frozen, "sig-1")
            for document in documents:
                click = stage.ready(document, "student")
                times.append(milliseconds(click)[0])
                references.append(
                    milliseconds(lambda: reference.sign(frozen, "sig-1"))[0]
                )
                before, after = stage.revisions(document)
                sizes.append(after - before)
        queries = statistics.median(stage.queries(PATH)[skipped:])
        memory = stage.peak_memory_mb()
    ours, alone = statistics.median(times), statistics.median(references)
    added = round(statistics.median(sizes))
    return {
        "sign": Result(
            ours,
            alone,
            goal=f"≤ {RATIO} × raw pyHanko; ≤ {QUERIES} queries; ≤ {KILOBYTES} KB",
            met=ours <= RATIO * alone
            and queries <= QUERIES
            and added <= KILOBYTES * 1024,
            queries=queries,
            bytes=added,
            memory_mb=memory,
        )
    }
