# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class CampusVisitStep(models.Model):
    """A step of the paper process that was recorded: when, and by whom."""

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
    done_at = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    user_id = fields.Many2one(
        "res.users", string="By", required=True, readonly=True, ondelete="restrict"
    )
    implied = fields.Boolean(
        readonly=True,
        help="Not recorded when it happened: shown by the signed copy that came back.",
    )

    _once = models.Constraint(
        "UNIQUE(agreement_id, code)", "This step is already recorded."
    )
