# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What runs inside Odoo's shell: one batch of all documents, and pyHanko alone."""

import contextlib
import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from devtools.play.browser import drawing

from .measure import milliseconds
from .pyhanko_alone import Reference

WARM = 5
# What the process beside holds between two slices.
_own = {}


def batch(env):
    """Sign everything that waits for the head, slice by slice as the page asks.

    After each slice pyHanko alone signs as many files, so that a machine which grows
    busier or calmer meanwhile weighs on both alike.

    :return: total milliseconds of both, queries per document, bytes added per
        document, growth of the resident memory after the first tenth
    """
    ceremony = env["campus.sign.ceremony"].sudo()
    lines = env["campus.sign.signer"].search([("status", "=", "pending")])
    actor = ceremony._actor_from_user(lines[:1].user_id, "192.0.2.1", "benchmark")
    texts = env["campus.sign.consent"]._current()
    consents = {text.code: text.version for text in texts}
    frozen = [line.request_id._frozen_file() for line in lines[:WARM]]
    shown = [
        {"signer_id": line.id, "sha256": line.request_id.frozen_sha256}
        for line in lines
    ]
    visual = {"kind": "drawn", "data": drawing("head")}
    before = env.cr.sql_log_count
    ours, summary = milliseconds(
        lambda: ceremony._batch_start(actor, shown, consents, visual)
    )
    env.cr.commit()
    batch_id, done, alone, resident = summary["batch"], 0, 0.0, []
    with contextlib.ExitStack() as stack:
        while summary["state"] == "running":
            spent, summary = milliseconds(lambda: ceremony._batch_run(actor, batch_id))
            ours += spent
            if not done:
                signed = lines[:1].request_id._stored_file()
                beside = stack.enter_context(_beside(signed, lines[:1].field_name))
            now = summary["total"] - summary["left"]
            alone += beside.submit(_sign_alone, frozen, range(done, now)).result()
            done = now
            resident.append(_resident_mb())
    queries = (env.cr.sql_log_count - before) / len(shown)
    sizes = [
        one["length"] - two["length"]
        for two, one in [line.request_id.revisions[:2] for line in lines[:WARM]]
    ]
    return {
        "ours": ours,
        "reference": alone,
        "signed": sum(one["ok"] for one in summary["results"]),
        "queries": round(queries, 1),
        "bytes": round(sum(sizes) / len(sizes)),
        "growth_mb": resident[-1] - resident[len(resident) // 10],
    }


def _beside(signed, field):
    """Return pyHanko alone in a process of its own: its memory is not ours."""
    return ProcessPoolExecutor(
        1, multiprocessing.get_context("fork"), _open_reference, (signed, field)
    )


def _open_reference(signed, field):
    _own["reference"] = Reference(signed, field)


def _sign_alone(files, numbers):
    """Return the milliseconds pyHanko takes for as many files, once warm."""
    reference = _own["reference"]
    if not numbers.start:
        reference.sign(files[0], "sig-1")
    spent, _signed = milliseconds(
        lambda: [reference.sign(files[n % len(files)], "sig-1") for n in numbers]
    )
    return spent


def _resident_mb():
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
