# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

from .counts import count_by
from .sign_values import (
    company_tags,
    establishment_tags,
    plain,
    recipient_tags,
    student_tags,
    teacher_tags,
)


class CampusMission(models.Model):
    """Mission of a teacher or an agent: what an « ordre de mission » says.

    Its mentions are those of the decree 2006-781 on travel costs: who, why,
    from where to where, when, by which means, at whose expense.
    """

    _name = "campus.mission"
    _description = "Mission"
    _inherit = [
        "campus.confined",
        "campus.signable",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "date_start desc, id desc"
    _rec_name = "subject"
    _rec_names_search = ["subject", "agent_id.name", "destination"]
    _check_company_auto = True

    agent_id = fields.Many2one(
        "res.partner",
        string="Person on mission",
        compute="_compute_from_internship",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('is_company', '=', False)]",
        tracking=True,
        help="Teacher or member of the staff.",
    )
    company_id = fields.Many2one(
        "res.company",
        string="Establishment",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    internship_id = fields.Many2one(
        "campus.internship",
        string="Internship visited",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        help="Fills in the teacher, the purpose and the place.",
    )
    subject = fields.Char(
        "Purpose of the mission",
        compute="_compute_from_internship",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        tracking=True,
    )
    destination = fields.Text(
        "Place of the mission",
        compute="_compute_from_internship",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
    )
    departure = fields.Char(
        "Place of departure and return",
        compute="_compute_departure",
        store=True,
        readonly=False,
        precompute=True,
    )
    date_start = fields.Datetime("Departure", required=True, index=True, tracking=True)
    date_end = fields.Datetime("Return", required=True, index=True, tracking=True)
    permanent = fields.Boolean(
        "Permanent order",
        help="Covers every journey between the two dates, twelve months at most.",
    )
    transport = fields.Selection(
        [
            ("own_car", "Own vehicle"),
            ("service_car", "Vehicle of the establishment"),
            ("train", "Train"),
            ("public", "Public transport"),
            ("plane", "Plane"),
            ("other", "Other"),
        ],
        string="Means of transport",
        required=True,
        default="own_car",
    )
    transport_details = fields.Char(
        "Class or vehicle", help="Class of travel, registration number, passengers…"
    )
    own_car_reason = fields.Char(
        "Why the own vehicle",
        help="For example: no public transport at those hours.",
    )
    without_cost = fields.Boolean(
        "Without cost", help="Nothing is refunded by the establishment."
    )
    cost_terms = fields.Text(
        "Costs borne",
        help="What the establishment refunds: journeys, meals, nights, parking…",
    )
    signing = fields.Selection(
        [
            ("todo", "To send"),
            ("signing", "Being signed"),
            ("signed", "Signed"),
            ("cancelled", "Cancelled"),
        ],
        compute="_compute_signing",
        search="_search_signing",
        string="Situation",
    )
    cancelled = fields.Boolean(tracking=True, copy=False)
    active = fields.Boolean(default=True)

    # Computed

    @api.depends("internship_id")
    def _compute_from_internship(self):
        for mission in self:
            internship = mission.internship_id
            if internship:
                mission.agent_id = mission.agent_id or internship.teacher_id
                # The document shows it as it stands: in its language.
                said = self.with_context(lang=mission._sign_lang())
                mission.subject = mission.subject or said.env._(
                    "Visit of the intern %(student)s",
                    student=internship.student_id.name,
                )
                place = [internship.partner_id.name, internship.location]
                mission.destination = mission.destination or "\n".join(
                    filter(None, place)
                )
            else:
                mission.agent_id = mission.agent_id
                mission.subject = mission.subject
                mission.destination = mission.destination

    @api.depends("company_id")
    def _compute_departure(self):
        for mission in self:
            company = mission.company_id
            mission.departure = mission.departure or ", ".join(
                filter(None, [company.name, company.city])
            )

    @api.depends("subject", "agent_id.name")
    def _compute_display_name(self):
        for mission in self:
            mission.display_name = " – ".join(
                filter(None, [mission.agent_id.name, mission.subject])
            )

    @api.depends("request_ids.state", "cancelled")
    def _compute_signing(self):
        states = self._sign_states()
        for mission in self:
            progress = self._sign_progress(states.get(mission.id, ()))
            mission.signing = "cancelled" if mission.cancelled else progress or "todo"

    def _search_signing(self, operator, value):
        if operator != "in":
            return NotImplemented
        alive = fields.Domain("cancelled", "=", False)
        known = {
            "cancelled": ~alive,
            "signed": alive & self._sign_progress_domain("signed"),
            "signing": alive & self._sign_progress_domain("signing"),
            "todo": alive & self._sign_progress_domain(False),
        }
        return fields.Domain.OR(known[v] for v in value if v in known)

    # Checks

    @api.constrains("date_start", "date_end", "permanent")
    def _check_dates(self):
        for mission in self:
            start, end = mission.date_start, mission.date_end
            if end < start:
                raise ValidationError(
                    self.env._(
                        "The mission of %(name)s ends before it starts: correct its "
                        "dates.",
                        name=mission.agent_id.name,
                    )
                )
            limit = start + relativedelta(months=12) + timedelta(days=1)
            if mission.permanent and end > limit:
                raise ValidationError(
                    self.env._(
                        "A permanent order is valid for twelve months at most: bring "
                        "the last day forward."
                    )
                )

    # === DOCUMENTS ===#

    def _sign_parties(self):
        self.ensure_one()
        internship = self.internship_id
        return {
            "agent": self.agent_id,
            "teacher": self.agent_id,
            "tutor": internship.tutor_id,
            "company_head": internship.company_head_id,
        }

    @api.model
    def _sign_roles(self):
        return ("agent", "teacher", "tutor", "company_head", "establishment")

    def _sign_subject(self):
        self.ensure_one()
        return " - ".join(filter(None, [self.agent_id.name, self.subject]))

    def _sign_recipient(self):
        self.ensure_one()
        return self.agent_id

    def _sign_rows(self):
        rows = super()._sign_rows()
        for one in self:
            day = format_date(self.env, one._local(one.date_start))
            rows[one.id]["record"] = f"{one.subject} · {day}"
        return rows

    def _sign_contacts(self):
        contacts = super()._sign_contacts()
        visited = self.internship_id._sign_contacts()
        for mission in self.filtered("internship_id"):
            contacts[mission.id] |= visited[mission.internship_id.id]
        return contacts

    def _sign_obstacle(self):
        if self.cancelled:
            return self.env._("This mission is cancelled.")
        return super()._sign_obstacle()

    def _sign_warning(self, template):
        if self.date_start <= fields.Datetime.now():
            return self.env._(
                "The mission has already begun: an order is signed before the "
                "departure."
            )
        return super()._sign_warning(template)

    def _local(self, moment):
        """Return a moment on the clock of the establishment."""
        zone = self.company_id.partner_id._campus_zone()
        local = fields.Datetime.context_timestamp(self.with_context(tz=zone), moment)
        return local.replace(tzinfo=None)

    def _sign_tags(self):
        """Return every tag of the catalogue as a plain value, None when empty."""
        self.ensure_one()
        internship = self.internship_id
        today = self._sign_reference_date()
        transport = dict(self._fields["transport"]._description_selection(self.env))
        return plain(
            {
                **establishment_tags(
                    self.company_id, self.company_id.sign_finaliser_id, today
                ),
                **recipient_tags(self.agent_id),
                **teacher_tags(self.agent_id),
                **company_tags(
                    internship.partner_id,
                    internship.company_head_id,
                    internship.tutor_id,
                ),
                **student_tags(internship.student_id, internship.promotion_id, today),
                "training.name": internship.training_name,
                "training.hours": internship.training_hours,
                "school_year.name": internship.school_year_id.name,
                "mission.agent": self.agent_id.name,
                "mission.agent_function": self.agent_id.function,
                "mission.subject": self.subject,
                "mission.destination": self.destination,
                "mission.departure": self.departure,
                "mission.start": self._local(self.date_start),
                "mission.end": self._local(self.date_end),
                "mission.permanent": self.permanent,
                "mission.transport": transport[self.transport],
                "mission.transport_details": self.transport_details,
                "mission.own_car": self.transport == "own_car",
                "mission.own_car_reason": self.own_car_reason,
                "mission.without_cost": self.without_cost,
                "mission.cost_terms": self.cost_terms,
                "mission.visit": bool(internship),
            },
            frozenset(
                {
                    "mission.permanent",
                    "mission.own_car",
                    "mission.without_cost",
                    "mission.visit",
                }
            ),
        )

    def action_cancel(self):
        """Cancel the missions: their order is no longer to be sent."""
        self.cancelled = True

    def action_reopen(self):
        """Take the missions back into the list of those to send."""
        self.cancelled = False


class CampusInternship(models.Model):
    _inherit = "campus.internship"

    mission_ids = fields.One2many("campus.mission", "internship_id", string="Missions")
    mission_count = fields.Integer(compute="_compute_mission_count")

    @api.depends("mission_ids")
    def _compute_mission_count(self):
        counts = count_by(self, "campus.mission", "internship_id")
        for internship in self:
            internship.mission_count = counts.get(internship, 0)

    def action_view_missions(self):
        """Open the visits of the intern, a new one already filled in."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "campus_sign.campus_mission_action"
        )
        return action | {
            "domain": [("internship_id", "=", self.id)],
            "context": {
                "default_internship_id": self.id,
                "default_company_id": self.company_id.id,
            },
        }
