# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CampusInternshipInterruption(models.Model):
    """Days within an internship on which the student is not present."""

    _name = "campus.internship.interruption"
    _inherit = ["campus.confined"]
    _description = "Interruption of an internship"
    _order = "internship_id, date_start"

    internship_id = fields.Many2one(
        "campus.internship", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="internship_id.company_id", store=True, index=True
    )
    date_start = fields.Date("From", required=True)
    date_end = fields.Date("To", required=True)
    reason = fields.Char()

    @api.constrains("date_start", "date_end")
    def _check_dates(self):
        for interruption in self:
            if interruption.date_end < interruption.date_start:
                raise ValidationError(
                    self.env._(
                        "An interruption cannot end before it starts: correct its "
                        "dates."
                    )
                )

    @api.depends("date_start", "date_end", "reason")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for interruption in self:
            text = self.env._(
                "from %(start)s to %(end)s",
                start=self._format(interruption.date_start),
                end=self._format(interruption.date_end),
            )
            if interruption.reason:
                text = f"{text} ({interruption.reason})"
            interruption.display_name = text

    @api.model
    def _format(self, day):
        return day.strftime("%d/%m/%Y") if day else "…"
