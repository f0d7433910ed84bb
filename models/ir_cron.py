# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class IrCron(models.Model):
    _inherit = "ir.cron"

    campus_lane = fields.Char(
        help="Kind of bulk work this lane shares with the others of the same kind; "
        "copy a lane to add one."
    )
