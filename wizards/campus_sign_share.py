# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class CampusSignShare(models.TransientModel):
    """« Partager les documents »: which lockers, in or out (decision 15)."""

    _name = "campus.sign.share"
    _inherit = "campus.sign.bulk"
    _description = "Share documents"

    final_count = fields.Integer(compute="_compute_counts")
    skipped_count = fields.Integer(compute="_compute_counts")
    shared_count = fields.Integer(compute="_compute_counts")
    operation = fields.Selection(
        [("publish", "Publish"), ("withdraw", "Withdraw")],
        required=True,
        default="publish",
    )
    to_signers = fields.Boolean(string="Those who signed")
    to_student = fields.Boolean(string="Student concerned")
    to_guardians = fields.Boolean(string="Legal guardians")
    to_recipient = fields.Boolean(string="Recipient")
    partner_ids = fields.Many2many("res.partner", string="Other persons")

    @api.depends("request_ids")
    def _compute_counts(self):
        for wizard in self:
            final = wizard.request_ids.filtered("sealed_at")
            wizard.final_count = len(final)
            wizard.skipped_count = len(wizard.request_ids) - len(final)
            wizard.shared_count = len(final.filtered("shared_mark"))

    def _audiences(self):
        boxes = {
            "signer": self.to_signers,
            "student": self.to_student,
            "guardian": self.to_guardians,
            "recipient": self.to_recipient,
        }
        return {audience for audience, ticked in boxes.items() if ticked}

    def action_share(self):
        """Put the files in the lockers chosen, or take them out."""
        self.ensure_one()
        if not self._audiences() and not self.partner_ids:
            raise UserError(self.env._("Choose at least one locker."))
        return self._run()

    def _title(self):
        return self.env._("Share the documents")

    def _summary(self, count):
        if self.operation == "publish":
            return self.env._("%(count)s document(s) published.", count=count)
        return self.env._("%(count)s document(s) withdrawn.", count=count)

    def _units(self):
        return {request.id: request.name for request in self.request_ids}

    def _act(self):
        audiences, others = self._audiences(), self.partner_ids
        published = self.operation == "publish"
        return self._on_document(
            lambda request: request._act_share(audiences, others, published)
        )
