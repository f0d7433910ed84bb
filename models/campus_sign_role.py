# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

#: Shipped roles that sign for an establishment: kinds of records say which they know.
#: One that an administrator adds signs for the establishment that sends.
ESTABLISHMENTS = frozenset(("establishment", "origin", "host"))


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
        help="Signs on behalf of an establishment: needs an account with the right "
        "to do so.",
    )
    finalises = fields.Boolean(
        string="Finalises the circuit",
        compute="_compute_finalises",
        store=True,
        readonly=False,
        precompute=True,
        help="Signs last, and ends the circuit (A040). Of two establishments, the "
        "host.",
    )
    group_id = fields.Many2one(
        "res.groups",
        string="Right also needed",
        ondelete="restrict",
        help="Held besides the right to sign for the establishment (B006, B009).",
    )

    _code_uniq = models.Constraint(
        "UNIQUE(code)", "Another role already uses this code."
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # Whoever made them, and in whichever establishment.
        lines = self.env["campus.sign.template.signer"].sudo()
        signers = self.env["campus.sign.signer"].sudo()
        mine = [("role_id", "in", self.ids)]
        if lines.search_count(mine, limit=1) or signers.search_count(mine, limit=1):
            raise UserError(
                self.env._(
                    "This role signs in templates or in documents already sent: "
                    "archive it instead of deleting it."
                )
            )

    def _filled_by(self, res_model):
        """Return those of these roles that a kind of record may name somebody for.

        :param res_model: name of a signable model, False when none is known yet
        """
        known = self.env[res_model]._sign_roles() if res_model in self.env else None
        if known is None:
            return self
        return self.filtered(
            lambda role: (
                role.code in known
                or (role.is_establishment and role.code not in ESTABLISHMENTS)
            )
        )

    @api.depends("is_establishment")
    def _compute_finalises(self):
        for role in self:
            role.finalises = role.is_establishment
