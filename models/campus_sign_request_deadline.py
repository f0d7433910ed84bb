# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

from .campus_sign_event import Chain
from .ceremony_errors import CeremonyError
from .gate import gate


class CampusSignRequest(models.Model):
    """What the clock does to a circuit: its deadline (A044, decisions 1 and 2)."""

    _inherit = "campus.sign.request"

    def _cron_deadlines(self):
        """Close what reached its deadline (A044, decision 1); a slice at a time.

        A document somebody acts on is passed over: its state is computed on every
        act anyway, and the next run takes it again.
        """
        seen = set()
        while True:
            due = self.search(
                [
                    ("state", "=", "waiting"),
                    ("deadline", "<=", fields.Datetime.now()),
                    ("id", "not in", list(seen)),
                ],
                order="deadline, id",
                limit=200,
            )
            if not due:
                return
            for request in due:
                seen.add(request.id)
                request._reach_deadline()
                if not self.env["ir.cron"]._commit_progress(1):
                    self._trigger_lanes("deadlines")
                    return

    def _reach_deadline(self):
        try:
            with gate(self, wait=0.001) as locked:
                if locked.state == "waiting":
                    locked._expire()
        except CeremonyError as error:
            if error.code != "busy":
                raise

    def _expire(self):
        """Apply the deadline; behind the gate."""
        chain = Chain(self)
        before = self.state
        self._refresh()
        if self.state == "expired":
            sha = self.revisions[-1]["sha256"]
            chain.append("expired", before=sha, after=sha)
        elif self.state != before:
            self._on_state(chain)
        chain.store()
