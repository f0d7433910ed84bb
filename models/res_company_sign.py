# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


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
        string="Price per finalised document", default=0.8, digits=(12, 4)
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
