# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools.misc import format_date


class CampusAbsence(models.Model):
    """Hours a student was absent; those of a training period stand on its list."""

    _name = "campus.absence"
    _description = "Absence of a student"
    _inherit = ["campus.confined", "mail.thread"]
    _order = "date_start desc, id desc"
    _check_company_auto = True

    student_id = fields.Many2one(
        "campus.student",
        compute="_compute_student_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    company_id = fields.Many2one(
        related="student_id.company_id",
        store=True,
        index=True,
        string="Establishment",
    )
    promotion_id = fields.Many2one(related="student_id.promotion_id", store=True)
    period_id = fields.Many2one(
        "campus.training.period",
        string="Training period",
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
        domain="[('student_id', '=', student_id)]",
    )
    date_start = fields.Date("From", required=True, index=True, tracking=True)
    date_end = fields.Date(
        "To",
        compute="_compute_date_end",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        tracking=True,
    )
    hours = fields.Float(required=True, tracking=True)
    justified = fields.Boolean("Justified absence", tracking=True)
    reason = fields.Char("Reason given")

    _hours = models.Constraint(
        "CHECK(hours > 0)", "An absence lasts more than zero hours."
    )

    @api.depends("period_id")
    def _compute_student_id(self):
        for absence in self:
            absence.student_id = absence.period_id.student_id or absence.student_id

    @api.depends("date_start")
    def _compute_date_end(self):
        for absence in self:
            start, end = absence.date_start, absence.date_end
            absence.date_end = max(start, end) if start and end else end or start

    @api.depends("student_id.name", "date_start")
    def _compute_display_name(self):
        for absence in self:
            day = format_date(self.env, absence.date_start)
            absence.display_name = " – ".join(
                filter(None, [absence.student_id.name, day])
            )

    @api.constrains("date_start", "date_end", "period_id", "student_id")
    def _check_dates(self):
        for absence in self:
            name = absence.student_id.name
            if absence.date_end < absence.date_start:
                raise ValidationError(
                    self.env._(
                        "The absence of %(name)s ends before it starts: correct its "
                        "dates.",
                        name=name,
                    )
                )
            period = absence.period_id
            if not period:
                continue
            if period.student_id != absence.student_id:
                raise ValidationError(
                    self.env._(
                        "This training period is not one of %(name)s.", name=name
                    )
                )
            if not (
                period.date_start <= absence.date_start
                and absence.date_end <= period.date_end
            ):
                raise ValidationError(
                    self.env._(
                        "The absence of %(name)s is outside the training period: "
                        "correct its dates.",
                        name=name,
                    )
                )

    def _line(self):
        """Return the absence as one line of the statement, in the reader's language."""
        self.ensure_one()
        start = format_date(self.env, self.date_start)
        end = format_date(self.env, self.date_end)
        kind = (
            self.env._("justified") if self.justified else self.env._("not justified")
        )
        hours = f"{self.hours:.2f}".rstrip("0").rstrip(".")
        if (self.env.lang or "")[:2] == "fr":
            hours = hours.replace(".", ",")
        if start == end:
            line = self.env._(
                "%(day)s: %(hours)s h, %(kind)s", day=start, hours=hours, kind=kind
            )
        else:
            line = self.env._(
                "from %(start)s to %(end)s: %(hours)s h, %(kind)s",
                start=start,
                end=end,
                hours=hours,
                kind=kind,
            )
        return f"{line} ({self.reason})" if self.reason else line
