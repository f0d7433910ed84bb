# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import float_compare

#: Fields an agreement cannot do without: missing code -> field (D124-4).
_REQUIRED = {
    "company": "partner_id",
    "training": "training_name",
    "training_hours": "training_hours",
    "teacher": "teacher_id",
    "tutor": "tutor_id",
    "company_head": "company_head_id",
    "subject": "subject",
    "skills": "skills",
    "activities": "activities",
    "date_start": "date_start",
    "date_end": "date_end",
    "weekly_hours": "weekly_hours",
    "hours_total": "hours_total",
    "supervision_school": "supervision_school",
    "supervision_company": "supervision_company",
    "social_protection": "social_protection",
    "liability_insurance": "liability_insurance",
    "leave_terms": "leave_terms",
    "suspension_terms": "suspension_terms",
    "interruption_validation": "interruption_validation",
    "certificate_terms": "certificate_terms",
}
_PEOPLE = {
    "teacher_email": "teacher_id",
    "tutor_email": "tutor_id",
    "company_head_email": "company_head_id",
}
#: Situations in which the internship's own record may still change.
_UNSIGNED = ("draft", "ready")


class CampusInternshipSituation(models.Model):
    """What an internship still misses, and where it stands."""

    _inherit = "campus.internship"

    missing_codes = fields.Char(
        compute="_compute_missing_codes",
        store=True,
        help="Codes of what is missing, between commas, for the filters.",
    )
    missing_text = fields.Text("To complete", compute="_compute_missing_text")
    warning_text = fields.Text("Warnings", compute="_compute_warning_text")
    situation = fields.Selection(
        [
            ("draft", "To complete"),
            ("ready", "Complete"),
            ("signing", "Being signed"),
            ("signed", "Signed"),
            ("running", "Running"),
            ("finished", "Finished"),
            ("cancelled", "Cancelled"),
        ],
        compute="_compute_situation",
        store=True,
        index=True,
        group_expand=True,
        tracking=True,
    )

    # Missing values

    @api.depends(
        "student_id.birth_date",
        "student_id.partner_id.email",
        "student_id.guardianship_ids.legal",
        "student_id.guardianship_ids.sequence",
        "student_id.guardianship_ids.partner_id.email",
        "teacher_id.email",
        "tutor_id.email",
        "company_head_id.email",
        "gratified",
        "gratification_amount",
        *_REQUIRED.values(),
    )
    def _compute_missing_codes(self):
        for internship in self:
            codes = internship._missing()
            internship.missing_codes = f",{','.join(codes)}," if codes else False

    def _missing(self):
        """Return the codes of what the agreement cannot do without."""
        self.ensure_one()
        codes = self._missing_of_student()
        codes += [code for code, name in _REQUIRED.items() if not self[name]]
        codes += [
            code
            for code, name in _PEOPLE.items()
            if self[name] and not self[name].email
        ]
        if self.gratified and not self.gratification_amount:
            codes.append("gratification")
        return codes

    def _missing_of_student(self):
        student = self.student_id
        if not student.birth_date:
            return ["birth_date"]
        if not student._is_minor(self._sign_reference_date()):
            return [] if student.partner_id.email else ["student_email"]
        guardians = student._legal_guardians()
        if not guardians:
            return ["guardian"]
        return [] if guardians[:1].email else ["guardian_email"]

    @api.depends("missing_codes")
    @api.depends_context("lang")
    def _compute_missing_text(self):
        labels = self._missing_labels()
        for internship in self:
            codes = (internship.missing_codes or "").strip(",").split(",")
            internship.missing_text = "\n".join(
                labels[code] for code in codes if code in labels
            )

    def _missing_labels(self):
        """Return the text of each code: its own, else the field's label."""
        fields_get = self.fields_get(_REQUIRED.values(), ["string"])
        labels = {code: fields_get[name]["string"] for code, name in _REQUIRED.items()}
        return labels | {
            "birth_date": self.env._("Student's birth date"),
            "student_email": self.env._("Student's e-mail"),
            "guardian": self.env._("Legal guardian of the minor student"),
            "guardian_email": self.env._("Guardian's e-mail"),
            "teacher_email": self.env._("Internship teacher's e-mail"),
            "tutor_email": self.env._("Internship tutor's e-mail"),
            "company_head_email": self.env._("Company manager's e-mail"),
            "gratification": self.env._("Amount of the gratification"),
        }

    # Warnings

    @api.depends(
        "missing_codes",
        "student_id.birth_date",
        "partner_id.campus_siret",
        "partner_id.campus_public_body",
        "abroad",
        "hours_total",
        "weekly_hours",
        "night",
        "holidays",
        "gratified",
        "gratification_due",
        "gratification_amount",
        "date_start",
        "date_end",
        "tutor_id",
        "teacher_id",
        "school_year_id",
    )
    @api.depends_context("lang")
    def _compute_warning_text(self):
        for internship in self:
            lines = (
                internship._warnings_of_length()
                + internship._warnings_of_minor()
                + internship._warnings_of_money()
                + internship._warnings_of_people()
            )
            internship.warning_text = "\n".join(lines) or False

    def _warnings_of_length(self):
        lines = []
        maximum = self._rate("hours_maximum")
        if float_compare(self.hours_total, maximum, precision_digits=2) > 0:
            lines.append(
                self.env._(
                    "%(hours)g hours: an internship cannot exceed %(maximum)g hours "
                    "(6 months) in the same company and school year (L124-5).",
                    hours=self.hours_total,
                    maximum=maximum,
                )
            )
        year = self.school_year_id
        if year and self.date_start and self.date_end:
            if self.date_start < year.date_start or self.date_end > year.date_end:
                lines.append(
                    self.env._(
                        "The dates are outside the school year %(year)s.",
                        year=year.name,
                    )
                )
        return lines

    def _warnings_of_minor(self):
        if not self.date_start or not self.student_id._is_minor(self.date_start):
            return []
        lines = []
        maximum = self._rate("minor_week_hours")
        if float_compare(self.weekly_hours, maximum, precision_digits=2) > 0:
            lines.append(
                self.env._(
                    "A minor works at most %(maximum)g hours per week.",
                    maximum=maximum,
                )
            )
        if self.night:
            lines.append(self.env._("A minor does not work at night."))
        if self.holidays:
            lines.append(
                self.env._(
                    "A minor works on public holidays in a few sectors only: check "
                    "that this one is among them."
                )
            )
        return lines

    def _warnings_of_money(self):
        if not self.gratified:
            if self.gratification_due:
                return [
                    self.env._(
                        "Over %(hours)g hours the gratification is mandatory (L124-6).",
                        hours=self._rate("gratification_hours"),
                    )
                ]
            return []
        minimum = self._rate("gratification_hour")
        difference = float_compare(
            self.gratification_amount, minimum, precision_digits=2
        )
        if difference < 0 and self.gratification_due:
            return [
                self.env._(
                    "The gratification is below the legal minimum, %(minimum).2f € "
                    "per hour.",
                    minimum=minimum,
                )
            ]
        if difference > 0 and self.partner_id.campus_public_body:
            return [
                self.env._(
                    "A public body cannot pay more than the legal minimum, "
                    "%(minimum).2f € per hour (D124-8).",
                    minimum=minimum,
                )
            ]
        return []

    def _warnings_of_people(self):
        lines = []
        if self.partner_id and not self.partner_id.campus_siret and not self.abroad:
            lines.append(self.env._("The company has no SIRET."))
        for name, code in (
            ("tutor_id", "tutor_internships"),
            ("teacher_id", "teacher_internships"),
        ):
            person, maximum = self[name], self._rate(code)
            count = self._count_at_the_same_time(name)
            if count > maximum:
                lines.append(
                    self.env._(
                        "%(person)s already follows %(count)s other internships at "
                        "the same time, %(maximum)d in all is the most.",
                        person=person.name,
                        count=count - 1,
                        maximum=maximum,
                    )
                )
        return lines

    def _count_at_the_same_time(self, name):
        """Count this internship and those of the same person that overlap it."""
        if not (self[name] and self.date_start and self.date_end):
            return 0
        others = Domain(
            [
                (name, "=", self[name].id),
                ("id", "!=", self._origin.id),
                ("cancelled", "=", False),
                ("date_start", "<=", self.date_end),
                ("date_end", ">=", self.date_start),
            ]
        )
        return 1 + self.search_count(others)

    # Situation

    @api.depends(lambda self: self._situation_dependencies())
    def _compute_situation(self):
        today = fields.Date.context_today(self)
        signatures = self._situations_from_requests()
        for internship in self:
            internship.situation = internship._situation(
                today, signatures.get(internship.id)
            )

    def _situation_dependencies(self):
        """Name the fields the situation comes from, for other files to extend."""
        return [
            "missing_codes",
            "cancelled",
            "paper_signed_on",
            "date_start",
            "date_end",
        ]

    def _situations_from_requests(self):
        """Map internship ids to "signing" or "signed" from their circuits.

        Without circuits the answer is empty and only the record's own data
        count.
        """
        return {}

    def _situation(self, today, signature):
        self.ensure_one()
        if self.cancelled:
            return "cancelled"
        if signature == "signed" or self.paper_signed_on:
            if self.date_end and self.date_end < today:
                return "finished"
            if self.date_start and self.date_start <= today:
                return "running"
            return "signed"
        if signature:
            return signature
        return "draft" if self.missing_codes else "ready"

    @api.model
    def _cron_refresh_situations(self, limit=500):
        """Move on the internships that the new day changes.

        They start, end, or their student comes of age.
        """
        today = fields.Date.context_today(self)
        adult = today - relativedelta(
            years=int(self.env["campus.rate"]._value("majority_age"))
        )
        starting = Domain("situation", "=", "signed") & Domain(
            "date_start", "<=", today
        )
        ending = Domain("situation", "in", ("signed", "running")) & Domain(
            "date_end", "<", today
        )
        # Only those whose missing guardian or guardian's e-mail no longer counts.
        of_age = (
            Domain("situation", "in", _UNSIGNED)
            & Domain("student_id.birth_date", "<=", adult)
            & Domain("student_id.birth_date", ">", adult - relativedelta(days=31))
        )
        done = self.search(starting | ending, limit=limit)
        coming_of_age = self.search(of_age)
        self.env.add_to_compute(self._fields["missing_codes"], coming_of_age)
        self.env.add_to_compute(self._fields["situation"], done | coming_of_age)
        self.flush_model(["situation", "missing_codes"])
        left = self.search_count(starting | ending)
        self.env["ir.cron"]._commit_progress(len(done), remaining=left)
