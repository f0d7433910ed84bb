# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class ResGroups(models.Model):
    _inherit = "res.groups"

    @api.model
    def _get_view_group_hierarchy(self):
        """Say « no profile » and « no right » in the reader's language (A009).

        Odoo translates neither the placeholder nor the description of a privilege.
        """
        found = super()._get_view_group_hierarchy()
        category = self.env.ref("campus_sign.module_category_campus")
        profile = self.env.ref("campus_sign.privilege_profile")
        own = {
            id_: {**values, "placeholder": self.env._("No right")}
            for id_, values in found["privileges"].items()
            if values["category_id"] == category.id
        }
        own[profile.id] |= {
            "placeholder": self.env._("No profile"),
            "description": self.env._(
                "Ready-made sets of rights. The single rights below add to the profile."
            ),
        }
        # The answer of Odoo is cached: it is not changed, but copied.
        return {**found, "privileges": {**found["privileges"], **own}}
