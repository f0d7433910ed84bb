# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.exceptions import UserError


class CampusSignReplace(models.TransientModel):
    """Choose the person who signs instead of another (invariant 1)."""

    _name = "campus.sign.replace"
    _inherit = ["campus.confined"]
    _description = "Replace a signer"

    signer_id = fields.Many2one("campus.sign.signer", required=True, readonly=True)
    # Read with the user's own rights: the id of a line is anybody's guess.
    request_id = fields.Many2one(related="signer_id.request_id", related_sudo=False)
    role_name = fields.Char(related="signer_id.role_name", related_sudo=False)
    name = fields.Char(
        related="signer_id.name", related_sudo=False, string="Present signer"
    )
    partner_id = fields.Many2one("res.partner", string="New signer", required=True)
    email = fields.Char(related="partner_id.email", related_sudo=False, string="E-mail")

    def action_replace(self):
        """Replace the person of the line; the act checks the right and the state."""
        self.ensure_one()
        # The same person again is of use where his address was wrong.
        if self.partner_id == self.signer_id.partner_id and not (
            self.signer_id.disowned_at
            or self.partner_id.email_normalized != self.signer_id.email
        ):
            raise UserError(
                self.env._("This person is already the signer of this line.")
            )
        # Lines are written by nobody's right; the act checks right and state.
        signer = self.signer_id.sudo()
        self.request_id._act_replace(signer, self.partner_id)
        return {"type": "ir.actions.act_window_close"}
