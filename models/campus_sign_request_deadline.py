# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

from .campus_sign_event import Chain
from .gate import gate_each

#: Documents closed in one transaction: signers wait no longer than for that.
SLICE = 100


class CampusSignRequest(models.Model):
    """What the clock does to a circuit: its deadline (A044, decisions 1 and 2)."""

    _inherit = "campus.sign.request"

    def _cron_deadlines(self):
        """Close what reached its deadline (A044, decision 1); a slice at a time.

        A document somebody acts on is passed over: its state is computed on every
        act anyway, and the next run takes it again.
        """
        seen = set()
        while due := self.search(
            [
                ("state", "=", "waiting"),
                ("deadline", "<=", fields.Datetime.now()),
                ("id", "not in", list(seen)),
            ],
            order="deadline, id",
            limit=SLICE,
        ):
            seen.update(due.ids)
            with gate_each(due) as held:
                held.filtered(lambda request: request.state == "waiting")._expire()
            if not self.env["ir.cron"]._commit_progress(len(due)):
                self._trigger_lanes("deadlines")
                return

    def _expire(self):
        """Apply the deadline; behind the gates."""
        chains = Chain.of_each(self)
        self._refresh()
        for chain in chains:
            request = chain.request
            if request.state == "expired":
                sha = request.revisions[-1]["sha256"]
                chain.append("expired", before=sha, after=sha)
            elif request.state != "waiting":
                request._on_state(chain)
        Chain.store_all(chains)
