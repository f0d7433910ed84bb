# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""``render``: one convention, from the record to the PDF bytes, in Odoo."""

import json

from devtools import paths
from devtools.harness import odoo_shell

from .measure import Result, Stage

ROUNDS = 15
SCRIPT = """
import json, sys
sys.path.append({root!r})
from benchmarks.in_odoo import render
print("MEASURED " + json.dumps(render(env, {request_id}, {rounds})))
"""


def render():
    """Measure it against WeasyPrint alone and, where it is, Odoo's wkhtmltopdf."""
    with Stage(max_cron_threads=2) as stage:
        [document] = stage.school.send(stage.school.enrol(1))
        stage.server.stop()
        script = SCRIPT.format(
            root=str(paths.ROOT), request_id=document.request_id, rounds=ROUNDS
        )
        said = odoo_shell(stage.database, script)
    found = json.loads(said.partition("MEASURED ")[2].splitlines()[0])
    odoo = found.pop("odoo")
    ours, reference = found["ours"], found["reference"]
    results = {
        "render": Result(
            **found,
            goal="≤ 1.25 × WeasyPrint alone",
            met=ours <= 1.25 * reference,
        )
    }
    if odoo:
        results["render-wkhtmltopdf"] = Result(
            **{**found, "reference": odoo},
            goal="≥ 10 × faster than Odoo's path",
            met=10 * ours <= odoo,
        )
    return results
