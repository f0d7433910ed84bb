# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

NEW, INVITED, OPEN, BLOCKED = "new", "invited", "open", "blocked"


class CampusPortalAccessLine(models.TransientModel):
    _name = "campus.portal.access.line"
    _inherit = ["campus.confined"]
    _description = "Person who may get a portal access"
    _order = "status_order, id"

    wizard_id = fields.Many2one(
        "campus.portal.access", required=True, ondelete="cascade", index=True
    )
    partner_id = fields.Many2one("res.partner", required=True, ondelete="cascade")
    email = fields.Char(related="partner_id.email")
    part = fields.Char(readonly=True)
    status = fields.Selection(
        [
            (NEW, "Will get an account"),
            (INVITED, "Invited"),
            (OPEN, "Has an account"),
            (BLOCKED, "Impossible"),
        ],
        required=True,
    )
    status_order = fields.Integer(compute="_compute_status_order", store=True)
    reason = fields.Char("Explanation")
    selected = fields.Boolean()
    todo = fields.Boolean(readonly=True)

    @api.depends("status")
    def _compute_status_order(self):
        order = [BLOCKED, NEW, INVITED, OPEN]
        for line in self:
            line.status_order = order.index(line.status or NEW)

    def _give(self, invitation, status):
        """Create the account or invite again; return the reason of a refusal."""
        self.ensure_one()
        invitation = invitation.with_context(campus_queue_invitation=True)
        try:
            with self.env.cr.savepoint():
                if status == NEW:
                    invitation.action_grant_access()
                else:
                    invitation.action_invite_again()
                user = invitation.user_id.sudo()  # the account just given
                if not user._is_portal() or user._is_internal():
                    raise UserError(
                        self.env._("The account would not be a portal account.")
                    )
        except (UserError, ValidationError) as error:
            return str(error)
        return ""

    def action_open_contact(self):
        """Open the contact to correct it."""
        self.ensure_one()
        action = self.partner_id.get_formview_action()
        return {**action, "target": "new"}
