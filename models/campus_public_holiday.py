# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models, tools


class CampusPublicHoliday(models.Model):
    """Day off by law, not counted as presence unless the student works it."""

    _name = "campus.public.holiday"
    _inherit = ["campus.confined"]
    _description = "Public holiday"
    _order = "date"

    name = fields.Char(required=True, translate=True)
    date = fields.Date(required=True, index=True)
    company_id = fields.Many2one(
        "res.company",
        string="Establishment",
        help="Empty: everywhere. Set for local holidays (Alsace-Moselle, overseas).",
    )

    @api.model
    def _days(self, company):
        """Return the set of public holidays of an establishment."""
        return {
            day for day, owner in self._all_days() if not owner or owner == company.id
        }

    @api.model
    @tools.ormcache()
    def _all_days(self):
        return tuple((day.date, day.company_id.id) for day in self.sudo().search([]))

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        self.env.registry.clear_cache()
        return records

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result
