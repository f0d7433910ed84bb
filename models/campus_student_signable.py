# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models

from .sign_values import (
    company_tags,
    establishment_tags,
    plain,
    recipient_tags,
    student_tags,
    teacher_tags,
)


class CampusStudentSignable(models.Model):
    """Letters and authorisations made from the student's own record."""

    _inherit = "campus.student"

    def _sign_parties(self):
        self.ensure_one()
        return {
            "student": self.partner_id,
            "guardian": self._legal_guardians(),
            "teacher": self.promotion_id.class_teacher_id,
        }

    @api.model
    def _sign_roles(self):
        return ("student", "guardian", "teacher", "establishment")

    def _sign_subject(self):
        self.ensure_one()
        return self.name or ""

    def _sign_student(self):
        self.ensure_one()
        return self

    def _sign_recipient(self):
        """Return the first legal guardian of a minor, else the student."""
        self.ensure_one()
        if self._is_minor(self._sign_reference_date()):
            return self._legal_guardians()[:1] or self.partner_id
        return self.partner_id

    def _sign_rows(self):
        # The student's own column says it.
        rows = super()._sign_rows()
        return {res_id: {**texts, "record": ""} for res_id, texts in rows.items()}

    def _sign_contacts(self):
        contacts = super()._sign_contacts()
        for student in self:
            contacts[student.id].add(student.promotion_id.class_teacher_id.id)
        return contacts

    def _sign_warning(self, template):
        roles = template.signer_ids.mapped("role_code")
        if "guardian" in roles and not self._is_minor(self._sign_reference_date()):
            return self.env._(
                "%(name)s is of age: no guardian needs to sign.", name=self.name
            )
        return super()._sign_warning(template)

    def _sign_tags(self):
        """Return every tag of the catalogue as a plain value, None when empty."""
        self.ensure_one()
        nobody = self.env["res.partner"]
        today = self._sign_reference_date()
        promotion = self.promotion_id
        head = promotion.head_id or self.company_id.sign_finaliser_id
        return plain(
            {
                **establishment_tags(self.company_id, head, today),
                **recipient_tags(self._sign_recipient()),
                **teacher_tags(promotion.class_teacher_id),
                **company_tags(nobody, nobody, nobody),
                **student_tags(self, promotion, today),
                "training.name": promotion.training_name,
                "training.hours": promotion.training_hours,
                "school_year.name": self.school_year_id.name,
            }
        )
