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


class ResPartnerSignable(models.Model):
    """Letters to the contacts of companies, made from their own record.

    A contact usually belongs to no establishment: the one that sends is the one the
    user works for.
    """

    _name = "res.partner"
    _inherit = ["res.partner", "campus.signable"]

    def _sign_parties(self):
        self.ensure_one()
        return {
            "company_head": self._sign_company_head(),
            "tutor": self if self.campus_function in ("tutor", "both") else self[:0],
            "teacher": self if self.is_campus_teacher else self[:0],
        }

    def _sign_company(self):
        """Return the company of the contact, himself when he is one."""
        return self if self.is_company else self._sign_parent()

    def _sign_parent(self):
        """Return what the contact belongs to, nothing when it may not be read."""
        return self.parent_id._filtered_access("read")

    def _sign_company_head(self):
        if self.campus_function in ("company_head", "both"):
            return self
        return self._sign_company()._campus_people("company_head")[:1]

    @api.model
    def _sign_roles(self):
        return ("company_head", "tutor", "teacher", "establishment")

    def _sign_subject(self):
        self.ensure_one()
        return " - ".join(filter(None, [self.name, self._sign_parent().name]))

    def _sign_recipient(self):
        self.ensure_one()
        return self

    def _sign_establishment(self):
        self.ensure_one()
        return self.company_id or self.env.company

    def _sign_example_domain(self):
        return [("parent_id.is_company", "=", True)]

    def _sign_tags(self):
        """Return every tag of the catalogue as a plain value, None when empty."""
        self.ensure_one()
        today = self._sign_reference_date()
        establishment = self._sign_establishment()
        student = self.env["campus.student"]
        tutor = self if self.campus_function in ("tutor", "both") else self[:0]
        return plain(
            {
                **establishment_tags(
                    establishment, establishment.sign_finaliser_id, today
                ),
                **recipient_tags(self),
                **teacher_tags(self if self.is_campus_teacher else self[:0]),
                **company_tags(self._sign_company(), self._sign_company_head(), tutor),
                **student_tags(student, student.promotion_id, today),
                "training.name": None,
                "training.hours": None,
                "school_year.name": None,
                "access.login": self._campus_login(),
            }
        )
