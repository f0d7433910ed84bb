# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.exceptions import UserError

from .gate import is_unlocked

_CONTENT = {
    "raw",
    "datas",
    "db_datas",
    "store_fname",
    "checksum",
    "mimetype",
    "type",
    "url",
    "res_model",
    "res_id",
    "res_field",
    "public",
    "access_token",
}


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    def _is_circuit_file(self):
        """Tell whether one of the files belongs to a circuit.

        Files attached by people to the chatter of a circuit stay theirs.
        """
        candidates = self.sudo().filtered(  # asks a fact, gives nothing
            lambda attachment: attachment.res_model == "campus.sign.request"
        )
        if not candidates:
            return False
        requests = self.env["campus.sign.request"].sudo()  # a fact, like below
        signers = self.env["campus.sign.signer"].sudo()
        return bool(
            requests.search_count([("attachment_id", "in", candidates.ids)], limit=1)
            or signers.search_count([("paper_scan_id", "in", candidates.ids)], limit=1)
        )

    def write(self, vals):
        if (
            _CONTENT & set(vals)
            and not is_unlocked(self.env)
            and self._is_circuit_file()
        ):
            raise UserError(
                self.env._("The file of a document that was sent cannot be changed.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_circuit_file(self):
        if not is_unlocked(self.env) and self._is_circuit_file():
            raise UserError(
                self.env._("The file of a document that was sent cannot be deleted.")
            )
