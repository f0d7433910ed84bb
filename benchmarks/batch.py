# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""``batch``: a head finalises many documents in one act, in Odoo."""

import json

from devtools import paths
from devtools.harness import odoo_shell
from devtools.play.browser import until

from .measure import Result, Stage

COUNT = 500
RATIO = 1.6
FLAT_MB = 25
SCRIPT = """
import json, sys
sys.path.append({root!r})
from benchmarks.in_odoo_batch import batch
print("MEASURED " + json.dumps(batch(env)))
"""


def batch(count=COUNT):
    """Measure it against a loop of pyHanko alone over the same files."""
    with Stage(max_cron_threads=2) as stage:
        school = stage.school
        template = school.small_template(["establishment"])
        documents = school.queue(school.enrol(count), template)
        ids = [document.request_id for document in documents]
        ready = [("id", "in", ids), ("state", "=", "to_finalize")]
        until(
            lambda: (
                school.secretary.call("campus.sign.request", "search_count", ready)
                == count
            ),
            120 + 4 * count,
            every=1,
        )
        stage.server.stop()
        said = odoo_shell(stage.database, SCRIPT.format(root=str(paths.ROOT)))
    found = json.loads(said.partition("MEASURED ")[2].splitlines()[0])
    ours, reference = found["ours"], found["reference"]
    return {
        f"batch-{count}": Result(
            ours,
            reference,
            goal=f"≤ {RATIO} × raw pyHanko; memory grows by ≤ {FLAT_MB} MB",
            met=found["signed"] == count
            and ours <= RATIO * reference
            and found["growth_mb"] <= FLAT_MB,
            queries=found["queries"],
            bytes=found["bytes"],
            memory_mb=found["growth_mb"],
        )
    }
