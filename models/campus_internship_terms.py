# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

#: Texts an establishment writes once and each internship takes over.
TERMS = (
    "schedule_terms",
    "supervision_school",
    "supervision_company",
    "gratification_terms",
    "social_protection",
    "liability_insurance",
    "company_insurance",
    "benefits",
    "leave_terms",
    "suspension_terms",
    "interruption_validation",
    "house_rules",
    "certificate_terms",
    "confidentiality_terms",
)


class CampusInternshipTermsMixin(models.AbstractModel):
    """Texts of an agreement (D124-4, 6° to 15°)."""

    _name = "campus.internship.terms.mixin"
    _description = "Terms of an internship"

    schedule_terms = fields.Text("Schedule")
    supervision_school = fields.Text("Follow-up by the teacher")
    supervision_company = fields.Text("Supervision by the tutor")
    gratification_terms = fields.Text("Payment of the gratification")
    social_protection = fields.Text("Social protection and work accidents")
    liability_insurance = fields.Text("Liability insurance of the student")
    company_insurance = fields.Text("Liability insurance of the company")
    benefits = fields.Text()
    leave_terms = fields.Text("Leave and authorised absences")
    suspension_terms = fields.Text("Suspension and termination")
    interruption_validation = fields.Text("Validation in case of interruption")
    house_rules = fields.Text("Applicable house rules")
    certificate_terms = fields.Text("Delivery of the certificate")
    confidentiality_terms = fields.Text("Confidentiality clause")


class CampusInternshipTerms(models.Model):
    """Default terms of an establishment, or of all of them."""

    _name = "campus.internship.terms"
    _description = "Default terms of internships"
    _inherit = ["campus.confined", "campus.internship.terms.mixin"]
    _order = "sequence, id"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company",
        string="Establishment",
        index=True,
        help="Empty: offered to every establishment.",
    )
    active = fields.Boolean(default=True)

    @api.model
    def _default_for(self, company):
        """Return the terms new internships of an establishment start with.

        The establishment's own come before the shared ones.
        """
        found = self.search([("company_id", "in", [company.id, False])])
        own = found.filtered("company_id")
        return (own or found)[:1]

    def _values(self):
        """Return the texts as values of an internship."""
        return {name: self[name] for name in TERMS} if self else {}
