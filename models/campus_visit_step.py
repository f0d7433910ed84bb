# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class CampusVisitStep(models.Model):
    """A step of the paper process that was recorded: when, and by whom.

    What was recorded in error is taken back and stays here, with who took it back.
    """

    _name = "campus.visit.step"
    _description = "Orientation visit: recorded step"
    _order = "id"
    _rec_name = "code"

    agreement_id = fields.Many2one(
        "campus.visit.agreement",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one(related="agreement_id.company_id", store=True)
    host_company_id = fields.Many2one(
        related="agreement_id.host_company_id", store=True
    )
    code = fields.Char(required=True, readonly=True)
    label = fields.Char(string="Step", compute="_compute_label")
    done_at = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    user_id = fields.Many2one(
        "res.users", string="By", required=True, readonly=True, ondelete="restrict"
    )
    implied = fields.Boolean(
        readonly=True,
        help="Not recorded when it happened: shown by the signed copy that came back.",
    )

    undone_at = fields.Datetime(string="Taken back on", readonly=True)
    undone_by_id = fields.Many2one(
        "res.users", string="Taken back by", readonly=True, ondelete="restrict"
    )

    _recorded_once = models.UniqueIndex(
        "(agreement_id, code) WHERE undone_at IS NULL", "This step is already recorded."
    )

    @api.depends("code")
    @api.depends_context("lang")
    def _compute_label(self):
        labels = self.env["campus.visit.agreement"]._step_labels()
        for step in self:
            step.label = labels.get(step.code, step.code)
