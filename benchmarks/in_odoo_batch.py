# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What runs inside Odoo's shell: one batch of all documents, and pyHanko alone."""

import os
from pathlib import Path

from devtools.play.browser import drawing

from .measure import milliseconds
from .pyhanko_alone import Reference

WARM = 5


def batch(env):
    """Sign everything that waits for the head, slice by slice as the page asks.

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
    resident = []

    def ours():
        summary = ceremony._batch_start(actor, shown, consents, visual)
        env.cr.commit()
        while summary["state"] == "running":
            summary = ceremony._batch_run(actor, summary["batch"])
            resident.append(_resident_mb())
        return summary

    spent, summary = milliseconds(ours)
    queries = (env.cr.sql_log_count - before) / len(shown)
    signed = lines[:1].request_id._stored_file()
    sizes = [
        one["length"] - two["length"]
        for two, one in [line.request_id.revisions[:2] for line in lines[:WARM]]
    ]
    with Reference(signed, lines[:1].field_name) as reference:
        reference.sign(frozen[0], "sig-1")
        alone, _done = milliseconds(
            lambda: [
                reference.sign(frozen[index % WARM], "sig-1")
                for index in range(len(shown))
            ]
        )
    return {
        "ours": spent,
        "reference": alone,
        "signed": sum(one["ok"] for one in summary["results"]),
        "queries": round(queries, 1),
        "bytes": round(sum(sizes) / len(sizes)),
        "growth_mb": resident[-1] - resident[len(resident) // 10],
    }


def _resident_mb():
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
