# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64

from odoo import fields, models
from odoo.exceptions import UserError


class CampusSignTemplateFetch(models.TransientModel):
    """« Récupérer des modèles »: from the shipped library or from a file (A016)."""

    _name = "campus.sign.template.fetch"
    _inherit = ["campus.confined"]
    _description = "Get templates"

    source = fields.Selection(
        [("library", "From the shipped library"), ("file", "From a file")],
        required=True,
        default="library",
    )
    line_ids = fields.One2many(
        "campus.sign.template.fetch.line",
        "fetch_id",
        string="Shipped templates",
        default=lambda self: self._default_line_ids(),
    )
    file = fields.Binary(attachment=False)
    file_name = fields.Char()
    company_id = fields.Many2one(
        "res.company",
        string="Establishment",
        default=lambda self: self.env["campus.sign.template"]._own_establishment(),
        domain=lambda self: [("id", "in", self.env.companies.ids)],
        help="Empty: usable by every establishment.",
    )

    def _default_line_ids(self):
        catalogue = self.env["campus.sign.template"]._catalogue_of_library()
        return [fields.Command.create(entry) for entry in catalogue]

    def action_fetch(self):
        """Create a template for each ticked original, or for each one of the file.

        :raise UserError: nothing chosen, or a file that is not one of ours
        """
        self.ensure_one()
        templates = self.env["campus.sign.template"]
        templates.check_access("create")
        if self.source == "file":
            if not self.file:
                raise UserError(self.env._("Choose the file to import."))
            content = base64.b64decode(self.with_context(bin_size=False).file)
            found = templates._read_file(content)
            note = self.env._("Imported from %(file)s", file=self.file_name or "?")
            made = []
            for values in found:
                with templates._naming(values, found):
                    made.append(templates._create_from(values, note))
        else:
            chosen = self.line_ids.filtered("chosen")
            if not chosen:
                raise UserError(self.env._("Tick at least one template."))
            made = []
            for line in chosen:
                values = templates._original(line.key)
                template = templates._create_from(
                    values, self.env._("From the shipped library")
                )
                template.library_key = line.key
                made.append(template)
        made = templates.union(*made)
        made.company_id = self.company_id
        action = templates._list_action()
        if len(made) == 1:
            return {
                **action,
                "views": [(False, "form")],
                "view_mode": "form",
                "res_id": made.id,
            }
        return {**action, "target": "main"}


class CampusSignTemplateFetchLine(models.TransientModel):
    _name = "campus.sign.template.fetch.line"
    _inherit = ["campus.confined"]
    _description = "Shipped template to get"

    fetch_id = fields.Many2one(
        "campus.sign.template.fetch", required=True, ondelete="cascade"
    )
    chosen = fields.Boolean(string="Get")
    key = fields.Char(required=True)
    name = fields.Char(string="Label")
    category = fields.Char()
    recipient = fields.Char()
