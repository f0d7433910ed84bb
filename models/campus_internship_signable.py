# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import format_date

from .campus_internship_terms import TERMS
from .sign_values import (
    company_tags,
    establishment_tags,
    plain,
    recipient_tags,
    student_tags,
    teacher_tags,
)

#: Tags whose False is a value ("no"), not an empty field.
_BOOLEANS = frozenset(
    {
        "internship.night",
        "internship.sunday",
        "internship.holidays",
        "internship.gratified",
        "internship.confidential",
        "internship.abroad",
    }
)


class CampusInternshipSignable(models.Model):
    """What documents read of an internship, and who signs them.

    Everything is read through fields, so that a list of internships is
    prefetched together: no query per record.
    """

    _inherit = "campus.internship"

    def _sign_parties(self):
        self.ensure_one()
        nobody = self.env["res.partner"]
        return {
            "student": self.student_id.partner_id,
            "guardian": self.student_id._legal_guardians(),
            "teacher": self.teacher_id,
            "tutor": self.tutor_id,
            "company_head": self.company_head_id,
            "establishment": nobody,
        }

    @api.model
    def _sign_roles(self):
        return (
            "student",
            "guardian",
            "teacher",
            "tutor",
            "company_head",
            "establishment",
        )

    def _sign_subject(self):
        self.ensure_one()
        people = [self.student_id.name, self.tutor_id.name or self.partner_id.name]
        return " - ".join(filter(None, people))

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

    def _sign_establishment(self):
        self.ensure_one()
        return self.company_id

    def _sign_reference_date(self):
        """Count ages on the day of signature, today."""
        return fields.Date.context_today(self)

    @api.model
    def _sign_row_labels(self):
        return {
            "contact": self.env._("Master / tutor"),
            "record": self.env._("Internship"),
        }

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

    def _sign_tags(self):
        """Return every tag of the catalogue as a plain value, None when empty."""
        self.ensure_one()
        today = self._sign_reference_date()
        head = self.promotion_id.head_id or self.company_id.sign_finaliser_id
        return plain(
            {
                **establishment_tags(self.company_id, head, today),
                **recipient_tags(self._sign_recipient()),
                **teacher_tags(self.teacher_id),
                **company_tags(self.partner_id, self.company_head_id, self.tutor_id),
                **student_tags(self.student_id, self.promotion_id, today),
                "training.name": self.training_name,
                "training.hours": self.training_hours,
                "school_year.name": self.school_year_id.name,
                **self._tags_of_internship(),
                **self._tags_of_terms(),
            },
            _BOOLEANS,
        )

    def _tags_of_internship(self):
        return {
            "internship.subject": self.subject,
            "internship.skills": self.skills,
            "internship.activities": self.activities,
            "internship.location": self.location,
            "internship.start": self.date_start,
            "internship.end": self.date_end,
            "internship.interruptions": self.interruption_ids.mapped("display_name"),
            "internship.weekly_hours": self.weekly_hours,
            "internship.hours_total": self.hours_total,
            "internship.days_total": self.days_total,
            "internship.months_total": self.months_total,
            "internship.night": self.night,
            "internship.sunday": self.sunday,
            "internship.holidays": self.holidays,
            "internship.gratified": self.gratified,
            # An amount keeps its two decimals in the document.
            "internship.gratification_amount": Decimal(
                f"{self.gratification_amount:.2f}"
            ),
            "internship.confidential": self.confidential,
            "internship.ects": self.ects,
            "internship.abroad": self.abroad,
            "internship.assessment": self.assessment,
            "internship.lodging_costs": self.lodging_costs,
            "internship.meal_costs": self.meal_costs,
            "internship.travel_costs": self.travel_costs,
        }

    def _tags_of_terms(self):
        return {f"internship.{name}": self[name] for name in TERMS}
