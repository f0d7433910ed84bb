# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class CampusVisitRegistration(models.Model):
    """The parental authorisation of one registration, as a document to sign."""

    _inherit = "campus.visit.registration"

    def _sign_parties(self):
        self.ensure_one()
        student = self.student_id
        return {
            "student": student.partner_id,
            "guardian": student._legal_guardians(),
            "establishment": self.env["res.partner"],
        }

    @api.model
    def _sign_roles(self):
        return ("student", "guardian", "establishment")

    def _sign_subject(self):
        self.ensure_one()
        offer = self.sudo().offer_id  # what the pupil is registered for
        return f"{self.student_id.name} - {offer.name}"

    def _sign_student(self):
        self.ensure_one()
        return self.student_id

    def _sign_recipient(self):
        self.ensure_one()
        return self.student_id._legal_guardians()[:1] or self.student_id.partner_id

    def _sign_obstacle(self):
        self.ensure_one()
        if self.state == "cancelled":
            return self.env._("This registration is cancelled.")
        if self.withdrawn_at:
            return self.env._("The parents have withdrawn their agreement.")
        return super()._sign_obstacle()

    def _sign_tags(self):
        self.ensure_one()
        student, company = self.student_id, self.company_id
        offer, slot = self.sudo().offer_id, self.sudo().slot_id  # what he goes to
        tags = {
            "establishment.name": company.name,
            "establishment.address": company.partner_id._campus_address(),
            "establishment.city": company.city,
            "establishment.phone": company.phone,
            "establishment.email": company.email,
            "establishment.uai": company.campus_uai,
            "establishment.siret": company.campus_siret,
            "establishment.head": company.sign_finaliser_id.name,
            "registration.pupil": student.name,
            "registration.class": self.promotion_id.name,
            "registration.birth_date": student.birth_date,
            "registration.visit": offer.name,
            "registration.slot": slot._when(),
            "registration.place": offer.place,
            "registration.host": offer.host_id.name,
            "document.date": fields.Date.context_today(self),
            "document.place": company.city,
        }
        # Tags of every kind of record that a registration says nothing about.
        others = dict.fromkeys(self.env["campus.sign.tag"]._codes_for(False))
        return others | {code: value or None for code, value in tags.items()}
