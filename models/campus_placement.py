# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.tools import format_date

from .sign_values import (
    company_tags,
    establishment_tags,
    recipient_tags,
    student_tags,
    teacher_tags,
)


class CampusPlacement(models.AbstractModel):
    """A student in a company: who signs, and what documents read of the people.

    Everything is read through fields, so that a list is prefetched together: no
    query per record.
    """

    _name = "campus.placement"
    _inherit = "campus.signable"
    _description = "Student in a company"

    def _sign_parties(self):
        self.ensure_one()
        return {
            "student": self.student_id.partner_id,
            "guardian": self.student_id._legal_guardians(),
            "teacher": self.teacher_id,
            "tutor": self.tutor_id,
            "company_head": self.company_head_id,
            "establishment": self.env["res.partner"],
        }

    @api.model
    def _sign_roles(self):
        return (
            *("student", "guardian", "teacher", "tutor", "company_head"),
            "establishment",
        )

    def _sign_student(self):
        self.ensure_one()
        return self.student_id

    def _sign_promotion(self):
        self.ensure_one()
        return self.promotion_id

    def _sign_recipient(self):
        """Return the contact of the company: manager, else tutor, else company."""
        self.ensure_one()
        return self.company_head_id or self.tutor_id or self.partner_id

    def _sign_rows(self):
        days = {*self.mapped("date_start"), *self.mapped("date_end")} - {False}
        says = {day: format_date(self.env, day) for day in days}
        rows = {}
        for one in self:
            dates = [says[day] for day in (one.date_start, one.date_end) if day]
            texts = [one.partner_id.name, " – ".join(dates)]
            rows[one.id] = {
                "contact": one.tutor_id.name or "",
                "record": " · ".join(filter(None, texts)),
            }
        return rows

    def _sign_tag_source(self, code):
        company = {
            "company": self.partner_id,
            "tutor": self.tutor_id,
            "teacher": self.teacher_id,
        }
        if code.startswith("company.head"):
            return self.company_head_id or self
        return company.get(code.partition(".")[0]) or super()._sign_tag_source(code)

    def _tags_of_people(self):
        """Return the tags of the establishment, the company, the student and theirs."""
        today = self._sign_reference_date()
        head = self.promotion_id.head_id or self.company_id.sign_finaliser_id
        return {
            **establishment_tags(self.company_id, head, today),
            **recipient_tags(self._sign_recipient()),
            **teacher_tags(self.teacher_id),
            **company_tags(self.partner_id, self.company_head_id, self.tutor_id),
            **student_tags(self.student_id, self.promotion_id, today),
            "school_year.name": self.school_year_id.name,
        }
