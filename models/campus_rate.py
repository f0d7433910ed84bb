# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models, tools
from odoo.exceptions import MissingError


class CampusRate(models.Model):
    """Rule of law or amount of money that changes with time.

    The value that applies on a date is the one with the latest start before
    or on it. An establishment's own value goes before the common one.
    """

    _name = "campus.rate"
    _inherit = ["campus.confined"]
    _description = "Dated legal rate"
    _order = "code, date_from desc"
    _rec_name = "code"

    code = fields.Selection(
        [
            ("gratification_hour", "Minimum gratification (€ per hour)"),
            ("gratification_hours", "Hours without gratification"),
            ("hours_per_day", "Hours that make one day"),
            ("days_per_month", "Days that make one month"),
            ("hours_maximum", "Longest internship (hours)"),
            ("majority_age", "Age of majority (years)"),
            ("minor_week_hours", "Longest week of a minor (hours)"),
            ("tutor_internships", "Internships per tutor at the same time"),
            ("teacher_internships", "Internships per teacher at the same time"),
            ("sign_unit_price", "Price per finalised document (excluding tax)"),
        ],
        string="Rate",
        required=True,
        index=True,
    )
    date_from = fields.Date("Applies from", required=True)
    value = fields.Float(required=True, digits=(12, 4), aggregator=None)
    source = fields.Char(help="Article or official text that sets the value.")
    company_id = fields.Many2one(
        "res.company", string="Establishment", help="Empty: every establishment."
    )

    _code_date_uniq = models.UniqueIndex(
        "(code, date_from, COALESCE(company_id, 0))",
        "This rate already has a value from that day.",
    )

    @api.model
    def _value(self, code, on_date=None, company=None):
        """Return the value of a rate on a date (today by default).

        Before the first known day, the oldest value counts.

        :raises MissingError: the rate has no value at all
        """
        on_date = on_date or fields.Date.context_today(self)
        company_id = company.id if company else False
        rows = self._values(code, company_id)
        for start, value in rows:
            if start <= on_date:
                return value
        if rows:
            return rows[-1][1]
        labels = dict(self._fields["code"]._description_selection(self.env))
        raise MissingError(
            self.env._(
                "The rate « %(rate)s » has no value: add it in the dated rates.",
                rate=labels.get(code, code),
            )
        )

    @api.model
    @tools.ormcache("code", "company_id")
    def _values(self, code, company_id):
        """Return (start, value) rows: own values first, then latest."""
        rates = self.sudo().search(
            [("code", "=", code), ("company_id", "in", [company_id, False])]
        )
        rows = [(bool(rate.company_id), rate.date_from, rate.value) for rate in rates]
        rows.sort(reverse=True)
        return tuple((start, value) for _own, start, value in rows)

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
