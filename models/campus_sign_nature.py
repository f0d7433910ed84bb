# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class CampusSignNature(models.Model):
    _name = "campus.sign.nature"
    _description = "Nature of a document in the locker"
    _order = "sequence, name"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        """Keep what files the documents sent, which do not change any more."""
        mine = [("nature_id", "in", self.ids)]
        # Whoever made them, and in whichever establishment.
        for model in ("request", "delivery", "template"):
            records = self.env[f"campus.sign.{model}"].sudo()
            if records.with_context(active_test=False).search_count(mine, limit=1):
                raise UserError(
                    self.env._(
                        "Documents or templates are filed under this nature: archive "
                        "it instead of deleting it."
                    )
                )
