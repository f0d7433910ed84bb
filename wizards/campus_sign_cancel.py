# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine.circuit import OPEN_STATES

CANCELLABLE = OPEN_STATES | {"queued", "failed", "expired"}


class CampusSignCancel(models.TransientModel):
    """Ask for the reason of « Annuler les parcours » (A139, A140)."""

    _name = "campus.sign.cancel"
    _inherit = "campus.sign.bulk"
    _description = "Cancel circuits"

    cancellable_count = fields.Integer(compute="_compute_counts")
    skipped_count = fields.Integer(compute="_compute_counts")
    signed_count = fields.Integer(compute="_compute_counts")
    reason = fields.Text(required=True)

    def _cancellable(self):
        return self.request_ids.filtered(lambda r: r.state in CANCELLABLE)

    @api.depends("request_ids")
    def _compute_counts(self):
        for wizard in self:
            requests = wizard._cancellable()
            wizard.cancellable_count = len(requests)
            wizard.skipped_count = len(wizard.request_ids) - len(requests)
            wizard.signed_count = sum(requests.mapped("signature_done"))

    def action_cancel_circuits(self):
        """Cancel the circuits that are not over; the right is checked by each act."""
        self.ensure_one()
        if not self._cancellable():
            raise UserError(
                self.env._("None of these circuits can still be cancelled.")
            )
        return self._run()

    def _title(self):
        return self.env._("Cancel circuits")

    def _summary(self, count):
        return self.env._("%(count)s circuit(s) cancelled.", count=count)

    def _units(self):
        return {request.id: request.name for request in self._cancellable()}

    def _act(self):
        reason = self.reason
        return self._on_document(lambda request: request._act_cancel(reason))
