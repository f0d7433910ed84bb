# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class CampusVisitAgreementLine(models.Model):
    """A pupil on the list of a convention, as written when it was frozen.

    What the host sees of a pupil is here and nowhere else: name, class, slot.
    """

    _name = "campus.visit.agreement.line"
    _description = "Orientation visit: pupil of a convention"
    _order = "id"

    agreement_id = fields.Many2one(
        "campus.visit.agreement",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one(related="agreement_id.company_id", store=True)
    host_company_id = fields.Many2one(
        related="agreement_id.host_company_id", store=True
    )
    registration_id = fields.Many2one(
        "campus.visit.registration",
        required=True,
        readonly=True,
        ondelete="restrict",
        index=True,
        groups="campus_sign.group_offers",
    )
    name = fields.Char(string="Pupil", required=True, readonly=True)
    class_name = fields.Char(string="Class", readonly=True)
    slot_name = fields.Char(string="Slot", readonly=True)
    present = fields.Boolean(
        string="To be received",
        compute="_compute_present",
        help="No when the agreement was withdrawn or the registration cancelled since.",
    )

    _once = models.Constraint(
        "UNIQUE(agreement_id, registration_id)", "This pupil is already on the list."
    )

    @api.depends("registration_id.state", "registration_id.parental_state")
    def _compute_present(self):
        for line in self:
            registration = line.sudo().registration_id  # only whether it still counts
            line.present = bool(registration._agreed())

    def _text(self):
        """Return the line of the annex."""
        self.ensure_one()
        return " - ".join(filter(None, (self.name, self.class_name, self.slot_name)))


class CampusVisitRegistration(models.Model):
    _inherit = "campus.visit.registration"

    def _list_vals(self):
        """Return what a convention writes of the pupil, and nothing more."""
        self.ensure_one()
        return {
            "registration_id": self.id,
            "name": self.student_id.name,
            "class_name": self.promotion_id.name,
            "slot_name": self.slot_id._when(),
        }
