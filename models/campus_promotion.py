# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from .counts import count_by


class CampusPromotion(models.Model):
    _name = "campus.promotion"
    _description = "Promotion"
    _inherit = ["campus.confined", "mail.thread"]
    _order = "school_year_id, name"
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True)
    company_id = fields.Many2one(
        "res.company",
        string="Establishment",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    school_year_id = fields.Many2one(
        "campus.school.year",
        required=True,
        index=True,
        check_company=True,
        default=lambda self: self._default_school_year(),
        tracking=True,
    )
    head_id = fields.Many2one(
        "res.users",
        string="Promotion head",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        tracking=True,
        help="Signs for the establishment; empty: its usual representative signs.",
    )
    class_teacher_id = fields.Many2one(
        "res.partner",
        string="Class teacher",
        domain="[('is_campus_teacher', '=', True)]",
        tracking=True,
    )
    training_name = fields.Char(
        "Full title of the training",
        help="As it must read on the internship agreement (D124-4, 1°).",
    )
    training_hours = fields.Float(
        "Training hours per year",
        aggregator=None,
        help="Volume of teaching in hours per school year (D124-4, 1°).",
    )
    level = fields.Char(help="For example: Bac pro, BTS, Licence professionnelle.")
    active = fields.Boolean(default=True)
    student_ids = fields.One2many("campus.student", "promotion_id", string="Students")
    student_count = fields.Integer(compute="_compute_student_count")
    internship_count = fields.Integer(compute="_compute_internship_count")

    _name_uniq = models.Constraint(
        "UNIQUE(name, school_year_id)",
        "This school year already has a promotion of that name.",
    )

    def _default_school_year(self):
        today = fields.Date.context_today(self)
        return self.env["campus.school.year"].search(
            [
                ("company_id", "=", self.env.company.id),
                ("date_start", "<=", today),
                ("date_end", ">=", today),
            ],
            limit=1,
        )

    @api.depends("name", "school_year_id.name")
    def _compute_display_name(self):
        for promotion in self:
            promotion.display_name = " – ".join(
                filter(None, [promotion.name, promotion.school_year_id.name])
            )

    @api.depends("student_ids")
    def _compute_student_count(self):
        counts = count_by(self, "campus.student", "promotion_id")
        for promotion in self:
            promotion.student_count = counts.get(promotion, 0)

    def _compute_internship_count(self):
        counts = count_by(self, "campus.internship", "promotion_id")
        for promotion in self:
            promotion.internship_count = counts.get(promotion, 0)

    def action_view_students(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "campus_sign.campus_student_action"
        )
        return action | {
            "domain": [("promotion_id", "=", self.id)],
            "context": {
                "default_promotion_id": self.id,
                "default_company_id": self.company_id.id,
            },
        }

    def action_view_internships(self):
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "campus_sign.campus_internship_action"
        )
        return action | {"domain": [("promotion_id", "=", self.id)], "context": {}}
