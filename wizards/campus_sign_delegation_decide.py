# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class CampusSignDelegationDecide(models.TransientModel):
    """The office confirms or declines the replacement a signer proposed."""

    _name = "campus.sign.delegation.decide"
    _inherit = ["campus.confined"]
    _description = "Decide on a proposed replacement"

    delegation_id = fields.Many2one(
        "campus.sign.delegation", required=True, readonly=True
    )
    # With the caller's own rights: he may name any proposal.
    request_id = fields.Many2one(related="delegation_id.request_id", related_sudo=False)
    role_name = fields.Char(related="delegation_id.role_name", related_sudo=False)
    proposer_name = fields.Char(
        related="delegation_id.proposer_name", related_sudo=False
    )
    name = fields.Char(related="delegation_id.name", related_sudo=False)
    email = fields.Char(related="delegation_id.email", related_sudo=False)
    reason = fields.Text(related="delegation_id.reason", related_sudo=False)
    partner_id = fields.Many2one(
        "res.partner",
        string="Contact",
        compute="_compute_partner_id",
        compute_sudo=False,
        store=True,
        readonly=False,
        help="Empty: a contact is created from what was proposed.",
    )
    answer = fields.Text(string="Reason, if you decline")

    @api.depends("delegation_id")
    def _compute_partner_id(self):
        for wizard in self:
            wizard.partner_id = (
                wizard.delegation_id.has_access("read")
                and wizard.delegation_id._known_contact()
            )

    @api.model_create_multi
    def create(self, vals_list):
        wizards = super().create(vals_list)
        wizards.delegation_id.check_access("read")
        return wizards

    def action_confirm(self):
        """Confirm: the new signer receives his link; the act checks the right."""
        self.env["campus.sign.request"]._check_may_send()
        self.ensure_one()
        # Read before the gate, which drops what this transaction wrote.
        request, proposal = self.request_id, self.delegation_id.sudo()  # act checks
        request._act_confirm(proposal, self.partner_id)
        return {"type": "ir.actions.act_window_close"}

    def action_decline(self):
        """Decline with a reason: the line is its signer's again."""
        self.env["campus.sign.request"]._check_may_send()
        self.ensure_one()
        request, proposal = self.request_id, self.delegation_id.sudo()  # act checks
        request._act_decline(proposal, self.answer)
        return {"type": "ir.actions.act_window_close"}
