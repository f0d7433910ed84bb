# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import formatLang

from .campus_training_period import CONTRACTS
from .sign_values import plain


class CampusTrainingPeriodSignable(models.Model):
    """What documents read of a training period."""

    _inherit = "campus.training.period"

    def _sign_subject(self):
        self.ensure_one()
        people = [self.student_id.name, self.partner_id.name]
        return " - ".join(filter(None, people))

    @api.model
    def _sign_row_labels(self):
        return {**super()._sign_row_labels(), "contact": self.env._("Master / tutor")}

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
        return plain(
            {
                **self._tags_of_people(),
                "training.name": self.diploma,
                "training.hours": self.promotion_id.training_hours,
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
