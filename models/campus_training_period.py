# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

CONTRACTS = [
    ("apprenticeship", "Apprenticeship"),
    ("professionalisation", "Professionalisation"),
]
_RNCP = re.compile(r"RNCP\d{1,6}")


class CampusTrainingPeriod(models.Model):
    """Training of an apprentice or an employee beside the work in a company.

    What the agreements of article L6353-1 of the Code du travail, the certificate of
    completion and the statement of absences read; they read it in
    `campus_training_period_signable.py`.
    """

    _name = "campus.training.period"
    _description = "Training period"
    _inherit = [
        "campus.confined",
        "campus.placement",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "date_start desc, id desc"
    _rec_names_search = ["student_id.name", "partner_id.complete_name", "diploma"]
    _check_company_auto = True

    student_id = fields.Many2one(
        "campus.student",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        tracking=True,
    )
    company_id = fields.Many2one(
        related="student_id.company_id",
        store=True,
        index=True,
        string="Establishment",
    )
    promotion_id = fields.Many2one(
        "campus.promotion",
        compute="_compute_from_student",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
        check_company=True,
    )
    school_year_id = fields.Many2one(related="promotion_id.school_year_id", store=True)
    teacher_id = fields.Many2one(
        "res.partner",
        string="Referent teacher",
        compute="_compute_from_student",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="restrict",
        domain="[('is_campus_teacher', '=', True)]",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Employer",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('is_company', '=', True)]",
        tracking=True,
    )
    company_head_id = fields.Many2one(
        "res.partner",
        string="Company manager",
        compute="_compute_from_partner",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="restrict",
        domain="[('is_company', '=', False), ('id', 'child_of', partner_id)]",
    )
    tutor_id = fields.Many2one(
        "res.partner",
        string="Apprenticeship master or tutor",
        compute="_compute_from_partner",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="restrict",
        domain="[('is_company', '=', False), ('id', 'child_of', partner_id)]",
    )
    contract_kind = fields.Selection(
        CONTRACTS,
        string="Contract",
        required=True,
        default="apprenticeship",
        tracking=True,
    )
    contract_number = fields.Char()
    diploma = fields.Char(
        "Diploma or title prepared",
        compute="_compute_from_student",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
    )
    rncp_code = fields.Char("RNCP code", help="For example RNCP38878.")
    date_start = fields.Date("First day", required=True, index=True, tracking=True)
    date_end = fields.Date("Last day", required=True, index=True, tracking=True)
    hours_total = fields.Float("Hours of training planned", tracking=True)
    absence_ids = fields.One2many("campus.absence", "period_id", string="Absences")
    hours_absent = fields.Float(
        "Hours of absence", compute="_compute_hours", store=True
    )
    hours_unjustified = fields.Float(
        "Hours of absence not justified", compute="_compute_hours", store=True
    )
    hours_done = fields.Float(
        "Hours of training done",
        compute="_compute_hours_done",
        store=True,
        readonly=False,
        help="Planned hours less the absences; correct it if need be.",
    )
    place = fields.Char(
        "Place of the training",
        compute="_compute_place",
        store=True,
        readonly=False,
        precompute=True,
    )
    remote = fields.Boolean("Partly at a distance")
    objectives = fields.Text("Objectives and skills")
    programme = fields.Text("Content of the training")
    means = fields.Text("Educational and technical means")
    follow_up = fields.Text("Follow-up and assessment")
    sanction = fields.Char("What sanctions the training")
    currency_id = fields.Many2one(related="company_id.currency_id")
    price = fields.Monetary("Price of the training")
    funder = fields.Char("Funder (OPCO…)")
    price_terms = fields.Text("Terms of payment")
    cancelled = fields.Boolean(tracking=True, copy=False)
    active = fields.Boolean(default=True)

    _hours = models.Constraint(
        "CHECK(hours_total >= 0)", "The hours of training cannot be negative."
    )
    _price = models.Constraint("CHECK(price >= 0)", "The price cannot be negative.")

    # Computed

    @api.depends("student_id")
    def _compute_from_student(self):
        for period in self:
            promotion = period.student_id.promotion_id
            period.promotion_id = promotion
            period.teacher_id = promotion.class_teacher_id or period.teacher_id
            period.diploma = promotion.training_name or period.diploma

    @api.depends("partner_id")
    def _compute_from_partner(self):
        for period in self:
            employer = period.partner_id
            period.company_head_id = employer._campus_people("company_head")[:1]
            period.tutor_id = employer._campus_people("tutor")[:1]

    @api.depends("absence_ids.hours", "absence_ids.justified")
    def _compute_hours(self):
        for period in self:
            absences = period.absence_ids
            period.hours_absent = sum(absences.mapped("hours"))
            period.hours_unjustified = sum(
                absences.filtered(lambda absence: not absence.justified).mapped("hours")
            )

    @api.depends("hours_total", "hours_absent")
    def _compute_hours_done(self):
        for period in self:
            period.hours_done = max(period.hours_total - period.hours_absent, 0.0)

    @api.depends("student_id")
    def _compute_place(self):
        for period in self:
            company = period.student_id.company_id
            period.place = period.place or ", ".join(
                filter(None, [company.name, company.city])
            )

    @api.depends("student_id.name", "partner_id.name")
    def _compute_display_name(self):
        for period in self:
            period.display_name = " – ".join(
                filter(None, [period.student_id.name, period.partner_id.name])
            )

    # Checks

    @api.constrains("date_start", "date_end")
    def _check_dates(self):
        for period in self:
            if period.date_end < period.date_start:
                raise ValidationError(
                    self.env._(
                        "The training of %(name)s ends before it starts: correct its "
                        "dates.",
                        name=period.student_id.name,
                    )
                )

    @api.constrains("rncp_code")
    def _check_rncp_code(self):
        for period in self.filtered("rncp_code"):
            if not _RNCP.fullmatch(period.rncp_code):
                raise ValidationError(
                    self.env._(
                        "The RNCP code %(code)s is not one: it is RNCP and 1 to 6 "
                        "digits. Correct it or leave it empty.",
                        code=period.rncp_code,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._with_compact_code(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._with_compact_code(vals))

    @api.model
    def _with_compact_code(self, vals):
        """Return the values with « 38878 » and « rncp 38878 » as they are stored."""
        code = "".join((vals.get("rncp_code") or "").split()).upper()
        if not code:
            return vals
        return {**vals, "rncp_code": f"RNCP{code}" if code.isdigit() else code}

    def action_cancel(self):
        """Cancel the periods: their documents are no longer to be sent."""
        self.cancelled = True

    def action_reopen(self):
        """Take the periods back into the list."""
        self.cancelled = False
