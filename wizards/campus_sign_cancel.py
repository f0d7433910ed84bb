# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

CANCELLABLE = ("queued", "failed", "waiting", "finalizable", "to_finalize", "expired")


class CampusSignCancel(models.TransientModel):
    """Ask for the reason of « Annuler les parcours » (A139, A140)."""

    _name = "campus.sign.cancel"
    _description = "Cancel circuits"

    request_ids = fields.Many2many(
        "campus.sign.request",
        string="Documents",
        required=True,
        default=lambda self: self._default_request_ids(),
    )
    cancellable_count = fields.Integer(compute="_compute_counts")
    skipped_count = fields.Integer(compute="_compute_counts")
    signed_count = fields.Integer(compute="_compute_counts")
    reason = fields.Text(required=True)

    def _default_request_ids(self):
        return self.env["campus.sign.request"].browse(
            self.env.context.get("active_ids", [])
        )

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
        """Cancel the circuits that are not over; the right is checked by the act."""
        self.ensure_one()
        requests = self._cancellable()
        if not requests:
            raise UserError(
                self.env._("None of these circuits can still be cancelled.")
            )
        requests._check_may_send()
        reason = self.reason
        done, refused = requests._each(lambda request: request._act_cancel(reason))
        summary = self.env._("%(count)s circuit(s) cancelled.", count=done)
        outcome = self.env["campus.sign.outcome"]
        return outcome._show(self.env._("Cancel circuits"), summary, refused)
