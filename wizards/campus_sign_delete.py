# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class CampusSignDelete(models.TransientModel):
    """Ask for the reason of « Supprimer les documents » (A111).

    Deleting archived documents asks the administrator to type how many they are.
    """

    _name = "campus.sign.delete"
    _inherit = "campus.sign.bulk"
    _description = "Delete documents"

    request_ids = fields.Many2many(context={"active_test": False})
    deletable_count = fields.Integer(compute="_compute_counts")
    archived_count = fields.Integer(compute="_compute_counts")
    skipped_count = fields.Integer(compute="_compute_counts")
    confirmation = fields.Integer(
        string="Number of archived documents to delete",
        help="Type the number to confirm.",
    )
    reason = fields.Text(required=True)

    def _deletable(self):
        """Return what the user may delete among the selection."""
        return self.request_ids.filtered("may_delete")

    @api.depends("request_ids")
    def _compute_counts(self):
        for wizard in self:
            requests = wizard._deletable()
            wizard.deletable_count = len(requests)
            wizard.archived_count = len(
                requests.filtered(lambda r: r.state == "archived")
            )
            wizard.skipped_count = len(wizard.request_ids) - len(requests)

    def action_delete_documents(self):
        """Delete what may be, one act each; the act checks the right again."""
        self.ensure_one()
        if not self._deletable():
            raise UserError(self.env._("None of these documents can be deleted."))
        if self.archived_count and self.confirmation != self.archived_count:
            raise UserError(
                self.env._(
                    "Type the number of archived documents, %(count)s, to confirm.",
                    count=self.archived_count,
                )
            )
        return self._run()

    def _title(self):
        return self.env._("Delete documents")

    def _summary(self, count):
        return self.env._("%(count)s document(s) deleted.", count=count)

    def _units(self):
        return {request.id: request.name for request in self._deletable()}

    def _act(self):
        reason = self.reason
        return self._on_document(lambda request: request._act_delete(reason))
