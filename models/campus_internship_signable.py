# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from decimal import Decimal

from odoo import api, models

from .campus_internship_terms import TERMS
from .sign_values import plain

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
    """What documents read of an internship."""

    _inherit = "campus.internship"

    def _sign_subject(self):
        self.ensure_one()
        people = [self.student_id.name, self.tutor_id.name or self.partner_id.name]
        return " - ".join(filter(None, people))

    @api.model
    def _sign_row_labels(self):
        return {
            "contact": self.env._("Master / tutor"),
            "record": self.env._("Internship"),
        }

    def _sign_tags(self):
        """Return every tag of the catalogue as a plain value, None when empty."""
        self.ensure_one()
        return plain(
            {
                **self._tags_of_people(),
                "training.name": self.training_name,
                "training.hours": self.training_hours,
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
