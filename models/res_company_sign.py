# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    sign_authority_ids = fields.One2many(
        "campus.sign.authority", "company_id", groups="campus_sign.group_admin"
    )
    sign_finaliser_id = fields.Many2one(
        "res.users",
        string="Representative who signs",
        help="Finalises documents unless the promotion names somebody else.",
    )
    sign_visual = fields.Binary(
        string="Visual of the establishment's signature",
        attachment=True,
        groups="campus_sign.group_admin,campus_sign.group_sign",
    )
    sign_unit_price = fields.Float(
        string="Price per finalised document",
        digits=(12, 4),
        compute="_compute_sign_unit_price",
        inverse="_inverse_sign_unit_price",
        help="The price of today. A new price applies from today on: what was "
        "finalised before keeps the price of its day.",
    )
    sign_enabled = fields.Boolean(
        default=True,
        groups="campus_sign.group_admin",
        help="Switched off, nothing more is sent; what is under way goes on.",
    )
    sign_privacy_notice = fields.Html(
        string="Data protection notice",
        translate=True,
        help="Shown to signers; a general text is used when empty.",
    )
    sign_sms = fields.Boolean(
        string="Text messages",
        help="Reminders and codes leave by the SMS service of this database.",
    )

    @api.depends_context("uid")
    def _compute_sign_unit_price(self):
        for company in self:
            company.sign_unit_price = self.env["campus.rate"]._value(
                "sign_unit_price", company=company
            )

    def _inverse_sign_unit_price(self):
        """Write the price of today; the days before keep theirs."""
        today = fields.Date.context_today(self)
        for company in self:
            price = company.sign_unit_price
            if price == self.env["campus.rate"]._value(
                "sign_unit_price", company=company
            ):
                continue
            company._check_sign_admin()
            rates = self.env["campus.rate"].sudo()  # the right was checked above
            mine = rates.search(
                [
                    ("code", "=", "sign_unit_price"),
                    ("company_id", "=", company.id),
                    ("date_from", "=", today),
                ]
            )
            if mine:
                mine.value = price
            else:
                rates.create(
                    {
                        "code": "sign_unit_price",
                        "company_id": company.id,
                        "date_from": today,
                        "value": price,
                    }
                )
        # Computed for each reader: all of them read the new price.
        self.env["res.company"].invalidate_model(["sign_unit_price"])
