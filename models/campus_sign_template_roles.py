# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class CampusSignTemplate(models.Model):
    """Which roles the records of a category name somebody for (A031)."""

    _inherit = "campus.sign.template"

    offered_role_ids = fields.Many2many(
        "campus.sign.role", compute="_compute_offered_role_ids"
    )
    role_warning = fields.Text(compute="_compute_role_warning")

    @api.depends("res_model")
    def _compute_offered_role_ids(self):
        every = self.env["campus.sign.role"].search([("code", "!=", False)])
        for template in self:
            template.offered_role_ids = every._filled_by(template.res_model)

    @api.depends(
        "res_model", "sharing", "signer_ids.role_id", "signer_ids.teacher_option"
    )
    @api.depends_context("lang")
    def _compute_role_warning(self):
        """Say which roles of the circuit will stay empty, whatever the record."""
        for template in self:
            lines = template.signer_ids.filtered(
                lambda line: not line._names_its_teacher()
            )
            roles = lines.role_id
            empty = roles - roles._filled_by(template.res_model)
            template.role_warning = False
            if template.sharing == "sign" and empty:
                template.role_warning = self.env._(
                    "From the category “%(category)s”, nobody is ever named for: "
                    "%(roles)s. A mandatory role without signer holds every document "
                    "back: remove it from the circuit, or choose another category.",
                    category=template.category_id.complete_name,
                    roles=", ".join(empty.mapped("name")),
                )


class CampusSignTemplateSigner(models.Model):
    _inherit = "campus.sign.template.signer"

    def _names_its_teacher(self):
        """Tell whether the teacher comes from the line or the class, not the record."""
        return self.role_code == "teacher" and self.teacher_option != "internship"
