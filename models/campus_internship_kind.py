# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

KINDS = [
    ("internship", "Internship"),
    ("pfmp", "Training in a professional environment (PFMP)"),
]


class CampusPromotion(models.Model):
    _inherit = "campus.promotion"

    internship_kind = fields.Selection(
        KINDS,
        string="Kind of internships",
        required=True,
        default="internship",
        help="Vocational schools have PFMP, with an agreement of their own.",
    )


class CampusInternship(models.Model):
    """Internship of a vocational school: PFMP, with its two annexes."""

    _inherit = "campus.internship"

    kind = fields.Selection(
        KINDS,
        compute="_compute_kind",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
    )
    assessment = fields.Text(help="Educational annex of a PFMP.")
    lodging_costs = fields.Char("Lodging", help="Financial annex: who bears it.")
    meal_costs = fields.Char("Meals", help="Financial annex: who bears them.")
    travel_costs = fields.Char("Travel", help="Financial annex: who bears it.")

    @api.depends("promotion_id")
    def _compute_kind(self):
        for internship in self:
            internship.kind = internship.promotion_id.internship_kind or "internship"

    def _sign_warning(self, template):
        code = template.category_id.code
        if self.kind == "pfmp" and code == "internship_agreement":
            return self.env._("This internship is a PFMP: its agreement is another.")
        if self.kind == "internship" and code == "internship_pfmp":
            return self.env._("This internship is not a PFMP.")
        return super()._sign_warning(template)
