# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class CampusSignRole(models.Model):
    _name = "campus.sign.role"
    _description = "Signer role"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True,
        help="Key under which a record answers who plays this role.",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    has_options = fields.Boolean(
        help="Further options are asked after the role was chosen (A032)."
    )
    is_establishment = fields.Boolean(
        string="Establishment",
        help="Signs on behalf of the establishment: needs an account with the right "
        "to do so, and finalises the circuit (A040).",
    )

    _code_uniq = models.Constraint(
        "UNIQUE(code)", "Another role already uses this code."
    )
