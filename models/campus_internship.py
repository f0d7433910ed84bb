# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import float_compare

from .internship_length import legal_days, legal_months, presence_ratio


class CampusInternship(models.Model):
    """Internship of a student, with the fifteen mentions of D124-4.

    This file holds the data; what is missing and the situation are in
    `campus_internship_situation.py`, what documents read in
    `campus_internship_signable.py`.
    """

    _name = "campus.internship"
    _description = "Internship"
    _inherit = [
        "campus.confined",
        "campus.placement",
        "campus.internship.terms.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "date_start desc, id desc"
    _rec_names_search = ["student_id.name", "partner_id.complete_name", "subject"]
    _check_company_auto = True

    # Who

    student_id = fields.Many2one(
        "campus.student",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        tracking=True,
    )
    company_id = fields.Many2one(
        "res.company",
        string="Establishment",
        compute="_compute_company_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
    )
    promotion_id = fields.Many2one(
        "campus.promotion",
        compute="_compute_promotion_id",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
        check_company=True,
        help="The student's promotion when the internship was recorded.",
    )
    school_year_id = fields.Many2one(
        related="promotion_id.school_year_id", store=True, index=True
    )
    training_name = fields.Char(
        "Training",
        compute="_compute_training_name",
        store=True,
        readonly=False,
        precompute=True,
    )
    training_hours = fields.Float(
        "Training hours per year",
        aggregator=None,
        compute="_compute_training_hours",
        store=True,
        readonly=False,
        precompute=True,
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Company",
        index=True,
        ondelete="restrict",
        domain="[('is_company', '=', True)]",
        tracking=True,
        help="Host organisation: company, public body or association.",
    )
    company_head_id = fields.Many2one(
        "res.partner",
        string="Company manager",
        compute="_compute_company_head_id",
        store=True,
        readonly=False,
        index=True,
        ondelete="restrict",
        domain="[('is_company', '=', False), ('id', 'child_of', partner_id)]",
        tracking=True,
    )
    tutor_id = fields.Many2one(
        "res.partner",
        string="Internship tutor",
        compute="_compute_tutor_id",
        store=True,
        readonly=False,
        index=True,
        ondelete="restrict",
        domain="[('is_company', '=', False), ('id', 'child_of', partner_id)]",
        tracking=True,
    )
    teacher_id = fields.Many2one(
        "res.partner",
        string="Internship teacher",
        index=True,
        ondelete="restrict",
        domain="[('is_campus_teacher', '=', True)]",
        tracking=True,
    )

    # What

    subject = fields.Char(tracking=True)
    skills = fields.Text("Skills to acquire or develop")
    activities = fields.Text("Activities entrusted")
    location = fields.Text(
        "Place",
        compute="_compute_location",
        store=True,
        readonly=False,
        help="Where the student works, when it is not the company's address.",
    )
    abroad = fields.Boolean(compute="_compute_abroad", store=True, readonly=False)
    ects = fields.Float("ECTS credits")
    confidential = fields.Boolean("Confidentiality applies")

    # When

    date_start = fields.Date("First day", index=True, tracking=True)
    date_end = fields.Date("Last day", index=True, tracking=True)
    interruption_ids = fields.One2many(
        "campus.internship.interruption", "internship_id", string="Interruptions"
    )
    weekly_hours = fields.Float("Hours per week", default=35.0, aggregator="avg")
    days_per_week = fields.Integer("Days per week", default=5, aggregator="avg")
    night = fields.Boolean("Presence at night")
    sunday = fields.Boolean("Presence on Sundays")
    holidays = fields.Boolean("Presence on public holidays")
    hours_total = fields.Float(
        "Duration in hours",
        compute="_compute_hours_total",
        store=True,
        readonly=False,
        help="Effective presence: interruptions and public holidays are left out. "
        "Correct it when the schedule is irregular.",
    )
    days_total = fields.Integer(
        "Duration in days", compute="_compute_legal_length", store=True
    )
    months_total = fields.Float(
        "Duration in months", compute="_compute_legal_length", store=True
    )

    # Money

    gratification_due = fields.Boolean(
        "Gratification mandatory", compute="_compute_legal_length", store=True
    )
    gratified = fields.Boolean(
        "Gratification", compute="_compute_gratified", store=True, readonly=False
    )
    gratification_amount = fields.Float(
        "Gratification (€ per hour)",
        compute="_compute_gratification_amount",
        store=True,
        readonly=False,
        digits=(12, 2),
        aggregator="avg",
    )

    # Terms and follow-up

    terms_id = fields.Many2one(
        "campus.internship.terms",
        string="Default terms",
        check_company=True,
        help="Choosing other terms replaces the texts below.",
    )
    paper_signed_on = fields.Date(
        "Signed on paper on",
        tracking=True,
        help="For an agreement signed before or outside the application.",
    )
    cancelled = fields.Boolean(tracking=True, copy=False)
    active = fields.Boolean(default=True)

    _days_per_week = models.Constraint(
        "CHECK(days_per_week BETWEEN 1 AND 7)",
        "An internship has 1 to 7 days per week.",
    )
    _weekly_hours = models.Constraint(
        "CHECK(weekly_hours BETWEEN 0 AND 168)",
        "The hours per week must be between 0 and 168.",
    )

    # Computed: who

    @api.depends("student_id")
    def _compute_company_id(self):
        for internship in self:
            internship.company_id = (
                internship.student_id.company_id
                or internship.company_id
                or self.env.company
            )

    @api.depends("student_id")
    def _compute_promotion_id(self):
        for internship in self:
            internship.promotion_id = internship.student_id.promotion_id

    @api.depends("promotion_id")
    def _compute_training_name(self):
        for internship in self:
            internship.training_name = internship.promotion_id.training_name

    @api.depends("promotion_id")
    def _compute_training_hours(self):
        for internship in self:
            internship.training_hours = internship.promotion_id.training_hours

    @api.depends("partner_id")
    def _compute_company_head_id(self):
        for internship in self:
            people = internship.partner_id._campus_people("company_head")
            internship.company_head_id = people[:1]

    @api.depends("partner_id")
    def _compute_tutor_id(self):
        for internship in self:
            people = internship.partner_id._campus_people("tutor")
            internship.tutor_id = people if len(people) == 1 else False

    @api.depends("partner_id")
    def _compute_location(self):
        for internship in self:
            # Documents show it as it stands: in their language, not the writer's.
            place = internship.partner_id.with_company(internship.company_id)
            place = place.with_context(lang=internship._sign_lang())
            internship.location = place._campus_address() or False

    @api.depends("partner_id")
    def _compute_abroad(self):
        for internship in self:
            country = internship.partner_id.country_id
            home = internship.company_id.country_id
            internship.abroad = bool(country and home and country != home)

    @api.depends("student_id", "partner_id")
    def _compute_display_name(self):
        for internship in self:
            internship.display_name = " – ".join(
                filter(None, [internship.student_id.name, internship.partner_id.name])
            )

    # Computed: when and money

    @api.depends(
        "date_start",
        "date_end",
        "weekly_hours",
        "days_per_week",
        "holidays",
        "interruption_ids.date_start",
        "interruption_ids.date_end",
    )
    def _compute_hours_total(self):
        for internship in self:
            start, end = internship.date_start, internship.date_end
            if not (start and end and start <= end):
                internship.hours_total = 0.0
                continue
            off = set()
            if not internship.holidays:
                off = self.env["campus.public.holiday"]._days(internship.company_id)
            absences = [
                (absence.date_start, absence.date_end)
                for absence in internship.interruption_ids
                if absence.date_start and absence.date_end
            ]
            weeks = presence_ratio(start, end, internship.days_per_week, absences, off)
            internship.hours_total = round(weeks * internship.weekly_hours, 2)

    @api.depends("hours_total", "date_start", "abroad", "company_id")
    def _compute_legal_length(self):
        for internship in self:
            rate = internship._rate
            days = legal_days(internship.hours_total, rate("hours_per_day"))
            internship.days_total = days
            internship.months_total = legal_months(days, rate("days_per_month"))
            # From the first hour after two months (L124-6); foreign law abroad.
            free = rate("gratification_hours")
            internship.gratification_due = (
                not internship.abroad
                and float_compare(internship.hours_total, free, precision_digits=2) > 0
            )

    @api.depends("gratification_due")
    def _compute_gratified(self):
        for internship in self:
            internship.gratified = internship.gratified or internship.gratification_due

    @api.depends("gratified")
    def _compute_gratification_amount(self):
        for internship in self:
            if not internship.gratified:
                internship.gratification_amount = 0.0
            elif not internship.gratification_amount:
                internship.gratification_amount = internship._rate("gratification_hour")

    def _rate(self, code):
        """Return the legal rate that applies on the first day (or today)."""
        return self.env["campus.rate"]._value(
            code, self.date_start or None, self.company_id
        )

    # Checks, terms, actions

    @api.constrains("date_start", "date_end")
    def _check_dates(self):
        for internship in self:
            start, end = internship.date_start, internship.date_end
            if start and end and end < start:
                raise ValidationError(
                    self.env._(
                        "The internship of %(student)s ends before it starts: "
                        "correct its dates.",
                        student=internship.student_id.name,
                    )
                )

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        if "terms_id" in fields and not values.get("terms_id"):
            company_id = values.get("company_id") or self.env.context.get(
                "default_company_id"
            )
            company = self.env["res.company"].browse(company_id) or self.env.company
            terms = self.env["campus.internship.terms"]._default_for(company)
            values["terms_id"] = terms.id
            texts = terms._values()
            values |= {name: texts[name] for name in texts if name in fields}
        return values

    @api.onchange("terms_id")
    def _onchange_terms_id(self):
        self.update(self.terms_id._values())

    @api.onchange("company_id")
    def _onchange_company_id(self):
        if self.company_id not in (self.terms_id.company_id, self.env.company):
            terms = self.env["campus.internship.terms"]._default_for(self.company_id)
            self.terms_id = terms or self.terms_id

    @api.model_create_multi
    def create(self, vals_list):
        Terms = self.env["campus.internship.terms"]
        Student = self.env["campus.student"]
        values = []
        for vals in vals_list:
            company = Student.browse(vals.get("student_id")).company_id
            terms = Terms.browse(vals.get("terms_id")) or Terms._default_for(
                company or self.env.company
            )
            values.append({"terms_id": terms.id, **terms._values(), **vals})
        return super().create(values)

    @api.model
    def get_import_templates(self):
        return [
            {
                "label": self.env._("Import template for internships"),
                "template": "/campus_sign/static/import/internships.xlsx",
            }
        ]

    def action_cancel(self):
        """Cancel the internships: nothing more is expected of them.

        :raises UserError: one of them is already over
        """
        for internship in self:
            if internship.situation == "finished":
                raise UserError(
                    self.env._(
                        "The internship of %(student)s is finished: it can no "
                        "longer be cancelled.",
                        student=internship.student_id.name,
                    )
                )
        self.cancelled = True

    def action_reopen(self):
        """Take the internships back into the list of those to sign."""
        self.cancelled = False
