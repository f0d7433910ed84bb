# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.exceptions import AccessError, UserError


class CampusSignChecklistStep(models.TransientModel):  # pylint: disable=no-wizard-in-models
    _name = "campus.sign.checklist.step"
    _inherit = ["campus.confined"]
    _description = "First step"
    _order = "sequence, id"

    checklist_id = fields.Many2one(
        "campus.sign.checklist", required=True, readonly=True, ondelete="cascade"
    )
    sequence = fields.Integer(readonly=True)
    name = fields.Char(required=True, readonly=True)
    state = fields.Selection(
        [("done", "Done"), ("warning", "To check"), ("todo", "To do")],
        required=True,
        readonly=True,
    )
    message = fields.Text(readonly=True)
    label = fields.Char(readonly=True)
    method = fields.Selection(
        [
            ("action_sign_activate", "Activate the service"),
            ("action_sign_test", "Test the service"),
        ],
        readonly=True,
    )
    action = fields.Char(readonly=True)

    def action_do(self):
        """Do the step, or open the screen where it is done."""
        self.ensure_one()
        company = self.checklist_id.company_id
        company._check_sign_admin()
        if self.method == "action_sign_activate":
            return company.action_sign_activate()
        if self.method == "action_sign_test":
            return company.action_sign_test()
        return self._open()

    def _open(self):
        """Return the step's window."""
        if not self.action:
            raise UserError(self.env._("There is nothing to open for this step."))
        action = self.env["ir.actions.act_window"]._for_xml_id(self.action)
        if not self.env[action["res_model"]].has_access("read"):
            raise AccessError(
                self.env._("Ask an administrator of the server to do this step.")
            )
        if action["res_model"] == "res.company":
            return self.checklist_id.company_id._open_sign_settings()
        return action
