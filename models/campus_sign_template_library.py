# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from lxml import etree

from odoo import api, fields, models, tools
from odoo.exceptions import UserError
from odoo.modules import Manifest
from odoo.tools.convert import xml_import
from odoo.tools.misc import file_open

MODULE = "campus_sign"


class CampusSignTemplate(models.Model):
    """The shipped library: the templates of the module's own data files.

    They are read again from the files each time: what was changed or deleted in the
    database can always be recovered, and a new version of the module brings new
    originals without touching anybody's templates.
    """

    _inherit = "campus.sign.template"

    library_key = fields.Char(
        readonly=True,
        copy=False,
        help="Name of the shipped original this template comes from.",
    )
    has_original = fields.Boolean(compute="_compute_has_original")

    @api.depends("library_key")
    def _compute_has_original(self):
        shipped = self._shipped()
        for template in self:
            template.has_original = template._origin_key() in shipped

    def _origin_key(self):
        """Return the name of the shipped original, empty when there is none."""
        self.ensure_one()
        if self.library_key or not self.ids:
            return self.library_key or ""
        module, _dot, name = self._origin.get_external_id()[self._origin.id].partition(
            "."
        )
        return name if module == MODULE else ""

    @api.model
    @tools.ormcache()
    def _shipped(self):
        """Return ``{name: file}`` of the templates in the module's data files."""
        found = {}
        for file in Manifest.for_addon(MODULE)["data"]:
            if file.startswith("data/") and file.endswith(".xml"):
                with file_open(f"{MODULE}/{file}", "rb") as stream:
                    tree = etree.parse(stream)
                for record in tree.iter("record"):
                    if record.get("model") == "campus.sign.template":
                        found[record.get("id")] = file
        return found

    @api.model
    def _original(self, key):
        """Return the plain values of a shipped template.

        Odoo's own reader of data files makes the record, which is then undone: the
        values go the same way as those of a file or a revision.

        :raise UserError: nothing of that name is shipped, or what it names (a
            category, a role) was deleted here
        """
        file = self._shipped().get(key)
        if not file:
            raise UserError(
                self.env._("This template does not come from the shipped library.")
            )
        with file_open(f"{MODULE}/{file}", "rb") as stream:
            tree = etree.parse(stream)
        [record] = tree.xpath("//record[@id=$key]", key=key)
        del record.attrib["id"]
        reader = xml_import(
            # The module's own data, whoever asks to see it.
            self.sudo().with_context(lang=None).env,
            MODULE,
            {},
            "init",
        )
        savepoint = self.env.cr.savepoint()
        try:
            made = self.browse(reader._tag_record(record)[1]).sudo()  # just made
            return made._snapshot(portable=True)
        except ValueError as error:
            raise UserError(
                self.env._(
                    "The shipped template cannot be read here: something it needs "
                    "was deleted (%(reason)s).",
                    reason=str(error)[:120],
                )
            ) from None
        finally:
            savepoint.close(rollback=True)

    @api.model
    def _catalogue_of_library(self):
        """Return ``[{key, name, category, recipient}]`` of the shipped templates."""
        found = []
        recipients = dict(self._fields["recipient"]._description_selection(self.env))
        for key in self._shipped():
            values = self._original(key)
            texts = values["name"]
            category = self._category_of(values["category"])
            found.append(
                {
                    "key": key,
                    "name": texts.get(self.env.lang) or next(iter(texts.values()), key),
                    "category": category.complete_name,
                    "recipient": recipients[values["recipient"]],
                }
            )
        return found

    def action_restore_original(self):
        """« Restaurer l'original »: the shipped content, as a new revision (A016)."""
        self.check_access("write")
        for template in self:
            values = template._original(template._origin_key())
            # It keeps the name the establishment gave it.
            values["name"] = template._snapshot()["name"]
            template._apply(values, self.env._("Shipped original restored"))
        return {"type": "ir.actions.client", "tag": "soft_reload"}
