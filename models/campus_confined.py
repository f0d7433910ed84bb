# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.models import LOG_ACCESS_COLUMNS


class CampusConfined(models.AbstractModel):
    """What a person writes stays where he may write, and names what he may read.

    Odoo judges a record as it was before a write, not where the write takes it: a
    guardian moved to a pupil of another establishment would be one of his guardians.
    And whoever reads a record is shown the name of all it points to.
    """

    _name = "campus.confined"
    _description = "Record confined to the rights of who writes it"

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        # Defaults too: a caller gives them in his context.
        records._check_named(records._named_fields())
        return records

    def write(self, vals):
        result = super().write(vals)
        if not self.env.su:
            # Of all his establishments, not only those ticked in the menu bar.
            self.with_context(allowed_company_ids=[]).check_access("write")
            self._check_named(self._named_fields() & set(vals))
        return result

    def _check_company(self, fnames=None):
        # Odoo's refusal says what a record is called: only to who may read it.
        named = self._named_fields()
        self._check_named(named & set(fnames) if fnames else named)
        return super()._check_company(fnames)

    @api.model
    def _named_fields(self):
        """Return the names of the stored fields that point to one record."""
        return {
            name
            for name, field in self._fields.items()
            if field.type == "many2one"
            and field.store
            and name not in LOG_ACCESS_COLUMNS
        }

    def _check_named(self, names):
        """Check that the user may read what these fields of the records point to.

        :raise AccessError: one of them is none of his business
        """
        if self.env.su:
            return
        caller = self.with_context(allowed_company_ids=[]).env
        for name in sorted(names):
            # A field closed to the caller may hold a default: its target is judged.
            self.sudo().mapped(name).with_env(caller).check_access("read")
