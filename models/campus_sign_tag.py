# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models, tools


class CampusSignTag(models.Model):
    _name = "campus.sign.tag"
    _description = "Tag of the catalogue"
    _order = "group, sequence, name"
    _rec_names_search = ("name", "code", "group")

    code = fields.Char(required=True)
    name = fields.Char(required=True, translate=True)
    group = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    model = fields.Char(
        string="Record model", help="Empty: available for every kind of record."
    )
    value_type = fields.Selection(
        [
            ("text", "Text"),
            ("number", "Number"),
            ("date", "Date"),
            ("bool", "Yes/No"),
            ("list", "List"),
        ],
        required=True,
        default="text",
    )
    required = fields.Boolean(
        help="A document that shows this tag cannot be sent while it is empty."
    )
    sample = fields.Char(translate=True)

    _code_uniq = models.Constraint(
        "UNIQUE(code)", "Another tag already uses this code."
    )

    @api.model
    @tools.ormcache("res_model")
    def _codes_for(self, res_model):
        """Return the codes a document made from records of a model may show.

        :param res_model: False for those every kind of record may show
        """
        tags = self.sudo()  # the catalogue is the same for everybody
        found = tags.search([("model", "in", (False, res_model))])
        return frozenset(found.mapped("code"))

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()
