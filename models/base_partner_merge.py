# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


# It guards the merge of contacts beside the guards of their model.
class BasePartnerMerge(models.TransientModel):  # pylint: disable=no-wizard-in-models
    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """Refuse to merge students: their records would change person.

        :raises UserError: one of the contacts is a student
        """
        partners = self.env["res.partner"].browse(partner_ids).exists()
        partners._campus_refuse_students(
            self.env._(
                "%(names)s cannot be merged, students are never merged: correct "
                "the student's record instead."
            )
        )
        return super()._merge(partner_ids, dst_partner, extra_checks)

    def _update_values(self, src_partners, dst_partner):
        # A SIRET has one owner: take it from the source before giving it.
        siret = dst_partner.campus_siret or next(
            filter(None, src_partners.mapped("campus_siret")), False
        )
        src_partners.write({"campus_siret": False})
        super()._update_values(src_partners, dst_partner)
        dst_partner.campus_siret = siret
