# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import format_date, formatLang

from .campus_training_period import CONTRACTS
from .sign_values import (
    company_tags,
    establishment_tags,
    plain,
    recipient_tags,
    student_tags,
    teacher_tags,
)


class CampusTrainingPeriodSignable(models.Model):
    """What documents read of a training period, and who signs them."""

    _inherit = "campus.training.period"

    def _sign_parties(self):
        self.ensure_one()
        return {
            "student": self.student_id.partner_id,
            "guardian": self.student_id._legal_guardians(),
            "teacher": self.teacher_id,
            "tutor": self.tutor_id,
            "company_head": self.company_head_id,
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
        people = [self.student_id.name, self.partner_id.name]
        return " - ".join(filter(None, people))

    def _sign_student(self):
        self.ensure_one()
        return self.student_id

    def _sign_promotion(self):
        self.ensure_one()
        return self.promotion_id

    def _sign_recipient(self):
        self.ensure_one()
        return self.company_head_id or self.tutor_id or self.partner_id

    def _sign_rows(self):
        rows = super()._sign_rows()
        for one in self:
            dates = [
                format_date(self.env, day) for day in (one.date_start, one.date_end)
            ]
            texts = [one.partner_id.name, " – ".join(filter(None, dates))]
            rows[one.id]["record"] = " · ".join(filter(None, texts))
        return rows

    def _sign_obstacle(self):
        if self.cancelled:
            return self.env._("This training period is cancelled.")
        return super()._sign_obstacle()

    def _sign_warning(self, template):
        """Warn when the template's words are for the other kind of contract."""
        if template.contract_kind and template.contract_kind != self.contract_kind:
            contracts = dict(
                self._fields["contract_kind"]._description_selection(self.env)
            )
            return self.env._(
                "This template is for the other kind of contract: %(kind)s.",
                kind=contracts[template.contract_kind],
            )
        return super()._sign_warning(template)

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
                "training.name": self.diploma,
                "training.hours": self.promotion_id.training_hours,
                "school_year.name": self.school_year_id.name,
                **self._tags_of_period(),
                **self._tags_of_hours(),
            },
            frozenset({"period.remote", "period.apprenticeship"}),
        )

    def _tags_of_period(self):
        kinds = dict(self._fields["contract_kind"]._description_selection(self.env))
        return {
            "period.contract": kinds[self.contract_kind],
            "period.apprenticeship": self.contract_kind == "apprenticeship",
            "period.contract_number": self.contract_number,
            "period.diploma": self.diploma,
            "period.rncp": self.rncp_code,
            "period.start": self.date_start,
            "period.end": self.date_end,
            "period.place": self.place,
            "period.remote": self.remote,
            "period.objectives": self.objectives,
            "period.programme": self.programme,
            "period.means": self.means,
            "period.follow_up": self.follow_up,
            "period.sanction": self.sanction,
            # Zero is an amount: nothing is left to the employer.
            "period.price": formatLang(self.env, self.price, digits=2),
            "period.funder": self.funder,
            "period.price_terms": self.price_terms,
        }

    def _tags_of_hours(self):
        absences = self.absence_ids.sorted("date_start")
        return {
            "period.hours": self.hours_total,
            "period.hours_done": self.hours_done,
            "period.hours_absent": self.hours_absent,
            "period.hours_unjustified": self.hours_unjustified,
            "period.absences": "\n".join(absence._line() for absence in absences),
        }


class CampusSignTemplate(models.Model):
    _inherit = "campus.sign.template"

    contract_kind = fields.Selection(
        CONTRACTS,
        string="For contracts of",
        help="Whoever sends it for another kind of contract is warned.",
    )
