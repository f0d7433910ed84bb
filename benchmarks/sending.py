# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""``precheck`` and ``send``: the check window and the lanes."""

import json
import time

from devtools import paths
from devtools.harness import odoo_shell
from devtools.play.browser import until

from .measure import Result, Stage, milliseconds

ROWS, ROUNDS = 500, 5
MAX_QUERIES, MAX_MILLISECONDS = 40, 2000
DOCUMENTS, SAMPLE = 300, 6
# Turns of the lane and of its reference, and the least that goes in one.
TURNS, LEAST = 5, 30
LANE_RATIO, TWO_LANES = 1.4, 1.4
SCRIPT = """
import json, sys
sys.path.append({root!r})
from benchmarks import in_odoo_sending
print("MEASURED " + json.dumps(in_odoo_sending.{call}))
"""


def precheck(count=None):
    """Measure what the window asks when it opens on ``count`` rows."""
    rows = count or ROWS
    with Stage(max_cron_threads=0) as stage:
        stage.server.stop()
        found = _in_odoo(stage, f"precheck(env, {rows}, {ROUNDS})")
    met = found["queries"] <= MAX_QUERIES and found["ours"] < MAX_MILLISECONDS
    return {
        "precheck": Result(
            found["ours"],
            None,
            goal=f"{rows} rows: ≤ {MAX_QUERIES} queries, < {MAX_MILLISECONDS} ms",
            met=met,
            queries=found["queries"],
            bytes=found["bytes"],
            memory_mb=found["memory_mb"],
        ),
        "precheck-first": Result(
            found["first"],
            None,
            goal=f"the first call of a fresh process: < {MAX_MILLISECONDS} ms",
            met=found["first"] < MAX_MILLISECONDS,
            queries=found["first_queries"],
        ),
    }


def send(count=None):
    """Check, render, seal and announce ``count`` documents in one lane, then in two.

    The milliseconds are those of the whole, from the click to the last mail queued.
    """
    number = count or DOCUMENTS
    one, reference, memory = _lanes(number, 1)
    two, _none, _memory = _lanes(number, 2)
    return {
        "send": Result(
            one,
            reference,
            goal=f"{number} documents, one lane: ≤ {LANE_RATIO} × WeasyPrint and seal",
            met=one <= LANE_RATIO * reference,
            memory_mb=memory,
        ),
        "send-two-lanes": Result(
            two,
            one,
            goal=f"{number} documents, two lanes: ≥ {TWO_LANES} × faster than one",
            met=one >= TWO_LANES * two,
        ),
    }


def _lanes(number, lanes):
    """Return (milliseconds of all, of all without us, peak MB).

    One lane and its reference take turns: what else the machine does concerns both.
    """
    # With workers, each cron thread is a process of its own: the two lanes use two
    # cores, where threads of one process would share its interpreter lock.
    with Stage(workers=2, max_cron_threads=lanes) as stage:
        school = stage.school
        if lanes == 1:
            _leave_one_lane(school)
        total = alone = 0
        for size in _turns(number):
            internships = school.enrol(size)
            spent, documents = milliseconds(lambda ids=internships: _act(school, ids))
            total += spent
            until(lambda: _idle(school), 600)
            if lanes == 1:
                ids = [document.request_id for document in documents[: SAMPLE + 1]]
                alone += size * _in_odoo(stage, f"alone(env, {ids}, {len(ids) - 1})")
        return total, alone, stage.peak_memory_mb()


def _turns(number):
    """Return how many documents go in each turn."""
    turns = max(1, min(TURNS, number // LEAST))
    return [number // turns + (turn < number % turns) for turn in range(turns)]


def _act(school, internships):
    """Send from the list; return the documents once everybody's mail is queued."""
    documents = school.queue(internships)
    while not _announced(school, documents):
        time.sleep(0.25)
    return documents


def _idle(school):
    """Tell whether the mails of the turn have left."""
    return not school.admin.find(
        "mail.mail", [("state", "=", "outgoing")], "id", limit=1
    )


def _leave_one_lane(school):
    """Put the second lane of the queue to sleep."""
    lane = school.admin.ref("campus_sign.cron_queue_2")
    school.admin.call("ir.cron", "write", [lane], {"active": False})


def _announced(school, documents):
    """Tell whether every document is open and its signers were told."""
    ids = [document.request_id for document in documents]
    left = school.secretary.find(
        "campus.sign.request",
        [("id", "in", ids), ("state", "!=", "waiting")],
        *("state", "failure"),
        limit=1,
    )
    if left:
        if left[0]["state"] == "failed":
            raise RuntimeError(left[0]["failure"])
        return False
    return not school.secretary.find(
        "campus.sign.signer",
        [("request_id", "in", ids), ("notify_due", "=", True)],
        "id",
        limit=1,
    )


def _in_odoo(stage, call):
    script = SCRIPT.format(root=str(paths.ROOT), call=call)
    said = odoo_shell(stage.database, script)
    return json.loads(said.partition("MEASURED ")[2].splitlines()[0])
