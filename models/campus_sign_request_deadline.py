# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.fields import Domain

from .campus_sign_event import Chain
from .gate import gate_each


class CampusSignRequest(models.Model):
    """What the clock does to a circuit: its deadline (A044, decisions 1 and 2)."""

    _inherit = "campus.sign.request"

    def _cron_deadlines(self):
        """Close what reached its deadline (A044, decision 1); a slice at a time.

        A document somebody acts on is passed over: its state is computed on every
        act anyway, and the next run takes it again.
        """
        self.env["ir.cron"]._in_slices(
            "deadlines",
            self,
            Domain("state", "=", "waiting")
            & Domain("deadline", "<=", fields.Datetime.now()),
            lambda due: due._meet_deadline(),
            order="deadline, id",
        )

    def _meet_deadline(self):
        """Apply the deadline to those of these documents nobody acts on."""
        with gate_each(self) as held:
            held.filtered(lambda request: request.state == "waiting")._expire()

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
