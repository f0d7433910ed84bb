# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class CampusSignCategory(models.Model):
    _name = "campus.sign.category"
    _description = "Category of documents"
    _parent_store = True
    _order = "parent_path"
    _rec_name = "complete_name"
    _rec_names_search = ("name", "parent_id.name")

    name = fields.Char(required=True, translate=True)
    code = fields.Char(help="Stable identifier used by rules of law.")
    parent_id = fields.Many2one("campus.sign.category", index=True, ondelete="restrict")
    parent_path = fields.Char(index=True)
    complete_name = fields.Char(compute="_compute_complete_name", recursive=True)
    model_id = fields.Many2one(
        "ir.model",
        string="Sent from",
        ondelete="cascade",
        domain="['|', ('model', '=like', 'campus.%'), ('model', '=', 'res.partner')]",
        help="Records from whose list documents of this category are sent (A021).",
    )
    res_model = fields.Char(
        related="model_id.model", string="Record model", related_sudo=True, store=True
    )
    can_publish = fields.Boolean(
        string="May be published without signature",
        help="When unticked, a template of this category can only be published "
        "once signed (A025).",
    )

    _code_uniq = models.UniqueIndex(
        "(code) WHERE code != ''", "Another category already uses this code."
    )

    @api.depends("name", "parent_id.complete_name")
    @api.depends_context("lang")
    def _compute_complete_name(self):
        for category in self:
            parent = category.parent_id.complete_name
            category.complete_name = (
                f"{parent} > {category.name}" if parent else category.name
            )

    def write(self, vals):
        # Odoo's own refusal is two English words.
        above = [("id", "in", self.ids), ("id", "parent_of", vals.get("parent_id"))]
        if vals.get("parent_id") and self.search_count(above, limit=1):
            raise ValidationError(
                self.env._("A category cannot be placed under itself.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # Whoever made them, and in whichever establishment.
        templates = self.env["campus.sign.template"].sudo()
        used = templates.with_context(active_test=False).search_count(
            [("category_id", "in", self.ids)]
        )
        if used:
            raise UserError(
                self.env._(
                    "Templates belong to this category (%(count)s, archived ones "
                    "included): give them another one first.",
                    count=used,
                )
            )
        if self.search_count(
            [("parent_id", "in", self.ids), ("id", "not in", self.ids)]
        ):
            raise UserError(
                self.env._("Other categories are below this one: delete them first.")
            )
