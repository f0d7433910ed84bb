# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models, tools

from .res_partner import DEFAULT_ZONE

_VIEW = """
SELECT request.id,
       request.company_id,
       company.currency_id,
       day.date,
       request.template_id,
       request.category_id,
       request.promotion_id,
       request.school_year_id,
       request.sender_id,
       1 AS documents,
       COALESCE(price.value, oldest.value, 0) AS unit_price,
       COALESCE(price.value, oldest.value, 0) AS amount
  FROM campus_sign_request request
  JOIN res_company company ON company.id = request.company_id
  JOIN res_partner place ON place.id = company.partner_id
 CROSS JOIN LATERAL (
       SELECT (request.closed_at AT TIME ZONE 'UTC'
               AT TIME ZONE COALESCE(place.tz, %s))::date AS date
       ) day
  LEFT JOIN LATERAL (
       SELECT rate.value
         FROM campus_rate rate
        WHERE rate.code = 'sign_unit_price'
          AND rate.date_from <= day.date
          AND (rate.company_id IS NULL OR rate.company_id = request.company_id)
        ORDER BY rate.company_id IS NULL, rate.date_from DESC
        LIMIT 1
       ) price ON true
  LEFT JOIN LATERAL (
       SELECT rate.value
         FROM campus_rate rate
        WHERE rate.code = 'sign_unit_price'
          AND (rate.company_id IS NULL OR rate.company_id = request.company_id)
        ORDER BY rate.company_id IS NULL DESC, rate.date_from
        LIMIT 1
       ) oldest ON true
 WHERE request.state = 'archived'
"""


class CampusSignUsage(models.Model):
    """Finalised circuits and what they cost: nothing else is counted (A007, A008).

    The price is the one in force on the day the circuit was finalised, in the
    establishment's time (same rule as ``campus.rate._value``).
    """

    _name = "campus.sign.usage"
    _description = "Usage of electronic signature"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "template_id"

    company_id = fields.Many2one("res.company", string="Establishment", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    date = fields.Date(string="Finalised on", readonly=True)
    template_id = fields.Many2one("campus.sign.template", readonly=True)
    category_id = fields.Many2one("campus.sign.category", readonly=True)
    promotion_id = fields.Many2one("campus.promotion", readonly=True)
    school_year_id = fields.Many2one("campus.school.year", readonly=True)
    sender_id = fields.Many2one("res.users", string="Sent by", readonly=True)
    documents = fields.Integer(
        string="Finalised documents", readonly=True, aggregator="sum"
    )
    unit_price = fields.Float(
        string="Unit price", digits=(12, 4), readonly=True, aggregator="avg"
    )
    amount = fields.Monetary(
        string="Amount excluding tax", readonly=True, aggregator="sum"
    )

    def init(self):
        tools.drop_view_if_exists(self.env.cr, self._table)
        self.env.cr.execute(
            tools.SQL(
                "CREATE VIEW %s AS %s",
                tools.SQL.identifier(self._table),
                tools.SQL(_VIEW, DEFAULT_ZONE),
            )
        )
