# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

EXTENSIBLE = ("waiting", "finalizable", "to_finalize", "expired")


class CampusSignExtend(models.TransientModel):
    """Ask for a new deadline; an expired circuit opens again (decision 1)."""

    _name = "campus.sign.extend"
    _description = "Extend the deadline of circuits"

    request_ids = fields.Many2many(
        "campus.sign.request",
        string="Documents",
        required=True,
        default=lambda self: self._default_request_ids(),
    )
    extensible_count = fields.Integer(compute="_compute_counts")
    skipped_count = fields.Integer(compute="_compute_counts")
    expired_count = fields.Integer(compute="_compute_counts")
    deadline = fields.Datetime(
        string="New deadline",
        required=True,
        default=lambda self: self._default_deadline(),
    )

    def _default_request_ids(self):
        return self.env["campus.sign.request"].browse(
            self.env.context.get("active_ids", [])
        )

    def _default_deadline(self):
        """Return the latest known deadline, or now, plus fifteen days."""
        known = self._default_request_ids().mapped("deadline")
        start = max([fields.Datetime.now(), *filter(None, known)])
        return start + timedelta(days=15)

    def _extensible(self):
        return self.request_ids.filtered(lambda r: r.state in EXTENSIBLE)

    @api.depends("request_ids")
    def _compute_counts(self):
        for wizard in self:
            requests = wizard._extensible()
            wizard.extensible_count = len(requests)
            wizard.skipped_count = len(wizard.request_ids) - len(requests)
            wizard.expired_count = len(
                requests.filtered(lambda r: r.state == "expired")
            )

    def action_extend(self):
        """Move the deadline of the circuits that are not over for good."""
        self.ensure_one()
        requests = self._extensible()
        if not requests:
            raise UserError(self.env._("None of these circuits can be extended."))
        requests._check_may_send()
        deadline = self.deadline
        done, refused = requests._each(lambda request: request._act_extend(deadline))
        summary = self.env._("The deadline of %(count)s document(s) moved.", count=done)
        outcome = self.env["campus.sign.outcome"]
        return outcome._show(self.env._("Extend the deadline"), summary, refused)
