# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import format_date

from .campus_internship_terms import TERMS

#: Tags whose False is a value ("no"), not an empty field.
_BOOLEANS = frozenset(
    {
        "company.public",
        "student.minor",
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

    def _sign_row(self):
        self.ensure_one()
        days = [self.date_start, self.date_end]
        dates = " – ".join(format_date(self.env, day) for day in days if day)
        return {
            "contact": self.tutor_id.name or "",
            "record": " · ".join(filter(None, [self.partner_id.name, dates])),
        }

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
        tags = {
            **self._tags_of_establishment(),
            **self._tags_of_company(),
            **self._tags_of_student(),
            **self._tags_of_internship(),
            **self._tags_of_terms(),
        }
        return {
            code: value if value or code in _BOOLEANS else None
            for code, value in tags.items()
        }

    def _tags_of_establishment(self):
        company = self.company_id
        partner = company.partner_id
        head = self.promotion_id.head_id or company.sign_finaliser_id
        return {
            "establishment.name": company.name,
            "establishment.address": partner._campus_address(),
            "establishment.city": company.city,
            "establishment.phone": company.phone,
            "establishment.email": company.email,
            "establishment.uai": partner.campus_uai,
            "establishment.siret": partner.campus_siret,
            "establishment.head": head.name,
            "training.name": self.training_name,
            "training.hours": self.training_hours,
            "school_year.name": self.school_year_id.name,
            "teacher.name": self.teacher_id.name,
            "teacher.email": self.teacher_id.email,
            "teacher.phone": self.teacher_id.phone,
            "document.date": self._sign_reference_date(),
            "document.place": company.city,
        }

    def _tags_of_company(self):
        company, head, tutor = self.partner_id, self.company_head_id, self.tutor_id
        return {
            "company.name": company.name,
            "company.address": company._campus_address(),
            "company.siret": company.campus_siret,
            "company.naf": company.campus_naf,
            "company.phone": company.phone,
            "company.email": company.email,
            "company.public": company.campus_public_body,
            "company.head": head.name,
            "company.head_function": head.function,
            "tutor.name": tutor.name,
            "tutor.function": tutor.function,
            "tutor.email": tutor.email,
            "tutor.phone": tutor.phone,
        }

    def _tags_of_student(self):
        student = self.student_id
        tags = {
            "student.name": student.name,
            "student.birth_date": student.birth_date,
            "student.ine": student.ine,
            "student.address": student.partner_id._campus_address(),
            "student.email": student.email,
            "student.phone": student.phone,
            "student.promotion": self.promotion_id.name,
            "student.minor": student._is_minor(self._sign_reference_date()),
            "student.cpam": student.cpam,
        }
        guardians = student._legal_guardians()
        for rank in (1, 2):
            guardian = guardians[rank - 1 : rank]
            for name in ("name", "email", "phone"):
                tags[f"guardian{rank}.{name}"] = guardian[name]
        return tags

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
        }

    def _tags_of_terms(self):
        return {f"internship.{name}": self[name] for name in TERMS}
