# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ResCompany(models.Model):
    """Establishment: what the business records need of it."""

    _inherit = "res.company"

    campus_uai = fields.Char(related="partner_id.campus_uai", readonly=False)
    campus_siret = fields.Char(related="partner_id.campus_siret", readonly=False)
    campus_activity_number = fields.Char(
        "Training activity number (NDA)",
        help="Number of the declaration of activity, printed on training agreements.",
    )
