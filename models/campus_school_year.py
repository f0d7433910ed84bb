# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CampusSchoolYear(models.Model):
    _name = "campus.school.year"
    _inherit = ["campus.confined"]
    _description = "School year"
    _order = "date_start desc, name"

    name = fields.Char(required=True)
    date_start = fields.Date("First day", required=True)
    date_end = fields.Date("Last day", required=True)
    company_id = fields.Many2one(
        "res.company",
        string="Establishment",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    active = fields.Boolean(default=True)

    _name_uniq = models.Constraint(
        "UNIQUE(name, company_id)",
        "This establishment already has a school year of that name.",
    )

    @api.constrains("date_start", "date_end")
    def _check_dates(self):
        for year in self:
            if year.date_end <= year.date_start:
                raise ValidationError(
                    self.env._(
                        "The school year %(name)s must end after it starts: "
                        "correct its dates.",
                        name=year.name,
                    )
                )
