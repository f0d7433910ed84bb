# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from .counts import count_by
from .identifiers import compact, ine_problem

#: Age of majority (Code civil, art. 414). Dated in `campus.rate`; this code names it.
MAJORITY = "majority_age"


class CampusStudent(models.Model):
    """A student of one establishment.

    A record of its own, which points to a contact: `_inherits` would AND the
    contact's record rules and let a contact merge delete students.
    """

    _name = "campus.student"
    _description = "Student"
    _inherit = [
        "campus.confined",
        "campus.signable",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "name, id"
    _rec_names_search = ["name", "ine"]
    _check_company_auto = True

    partner_id = fields.Many2one(
        "res.partner",
        string="Contact",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        help="Left empty at creation, the contact is made from the name below.",
    )
    company_id = fields.Many2one(
        "res.company",
        string="Establishment",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    active = fields.Boolean(default=True)
    name = fields.Char(
        related="partner_id.name", store=True, readonly=False, index="trigram"
    )
    # Read as the reader: a contact reserved to another establishment says nothing.
    email = fields.Char(related="partner_id.email", related_sudo=False, readonly=False)
    phone = fields.Char(related="partner_id.phone", related_sudo=False, readonly=False)
    street = fields.Char(
        related="partner_id.street", related_sudo=False, readonly=False
    )
    street2 = fields.Char(
        related="partner_id.street2", related_sudo=False, readonly=False
    )
    zip = fields.Char(related="partner_id.zip", related_sudo=False, readonly=False)
    city = fields.Char(related="partner_id.city", related_sudo=False, readonly=False)
    country_id = fields.Many2one(
        related="partner_id.country_id", related_sudo=False, readonly=False
    )
    image_128 = fields.Image(related="partner_id.image_128", related_sudo=False)
    avatar_128 = fields.Image(related="partner_id.avatar_128", related_sudo=False)
    ine = fields.Char(
        "INE",
        index="btree_not_null",
        tracking=True,
        help="National student number: 11 characters, also used to import.",
    )
    birth_date = fields.Date(tracking=True)
    promotion_id = fields.Many2one(
        "campus.promotion", index=True, check_company=True, tracking=True
    )
    school_year_id = fields.Many2one(related="promotion_id.school_year_id", store=True)
    cpam = fields.Char(
        "Health insurance fund (CPAM)",
        help="Fund of the student's home, to be named on the agreement.",
    )
    guardianship_ids = fields.One2many(
        "campus.guardianship", "student_id", string="Guardians"
    )
    internship_ids = fields.One2many(
        "campus.internship", "student_id", string="Internships"
    )
    internship_count = fields.Integer(compute="_compute_internship_count")
    is_minor = fields.Boolean(
        "Minor", compute="_compute_is_minor", search="_search_is_minor"
    )

    _partner_uniq = models.Constraint(
        "UNIQUE(partner_id, company_id)",
        "This contact is already a student of the establishment.",
    )
    _ine_uniq = models.UniqueIndex(
        "(ine, company_id) WHERE ine IS NOT NULL AND ine != ''",
        "Another student of the establishment already has this INE.",
    )

    # Minority

    def _majority_dates(self):
        """Map each student to the day of majority, None without a birth date."""
        age = self.env["campus.rate"]._value(MAJORITY)
        return {
            student: student.birth_date + relativedelta(years=int(age))
            if student.birth_date
            else None
            for student in self
        }

    def _is_minor(self, on_date=None):
        """Tell whether the student is under age on a date (today by default).

        Without a birth date nobody is taken for a minor: the internship says
        that the date is missing.
        """
        self.ensure_one()
        on_date = on_date or fields.Date.context_today(self)
        majority = self._majority_dates()[self]
        return bool(majority and on_date < majority)

    @api.depends("birth_date")
    @api.depends_context("tz")
    def _compute_is_minor(self):
        today = fields.Date.context_today(self)
        for student, majority in self._majority_dates().items():
            student.is_minor = bool(majority and today < majority)

    def _search_is_minor(self, operator, value):
        if operator != "in":
            return NotImplemented
        age = self.env["campus.rate"]._value(MAJORITY)
        limit = fields.Date.context_today(self) - relativedelta(years=int(age))
        minor = Domain("birth_date", ">", limit)
        domain = Domain.FALSE
        if True in value:
            domain |= minor
        if False in value:
            domain |= ~minor
        return domain

    # Computed

    @api.depends("internship_ids")
    def _compute_internship_count(self):
        counts = count_by(self, "campus.internship", "student_id")
        for student in self:
            student.internship_count = counts.get(student, 0)

    def _legal_guardians(self):
        """Return the contacts of the legal guardians, in their order."""
        self.ensure_one()
        return self.guardianship_ids.filtered("legal").partner_id

    # Checks

    @api.constrains("ine")
    def _check_ine(self):
        for student in self.filtered("ine"):
            if ine_problem(student.ine):
                raise ValidationError(
                    self.env._(
                        "The INE %(ine)s of %(name)s is not one: it has 11 "
                        "characters, 9 digits and 2 letters or 10 digits and "
                        "1 letter. Correct it or leave it empty.",
                        ine=student.ine,
                        name=student.name,
                    )
                )

    @api.constrains("birth_date")
    def _check_birth_date(self):
        today = fields.Date.context_today(self)
        for student in self.filtered("birth_date"):
            if student.birth_date > today:
                raise ValidationError(
                    self.env._(
                        "%(name)s cannot be born in the future: correct the "
                        "birth date.",
                        name=student.name,
                    )
                )

    # Create, write, search

    @api.model_create_multi
    def create(self, vals_list):
        self.check_access("create")  # before making the contact
        vals_list = [dict(self._prepare_student_values(vals)) for vals in vals_list]
        self.env["res.partner"]._campus_create_missing(
            vals_list,
            self._partner_fields(),
            self.env._("Give the student's name, or choose an existing contact."),
        )
        return super().create(vals_list)

    def write(self, vals):
        return super().write(self._prepare_student_values(vals))

    @api.model
    def _prepare_student_values(self, vals):
        if vals.get("ine"):
            return dict(vals, ine=compact(vals["ine"]))
        return vals

    @api.model
    def _partner_fields(self):
        return ["name", "email", "phone", "street", "street2", "zip", "city"] + [
            "country_id"
        ]

    @api.model
    def name_search(self, name="", domain=None, operator="ilike", limit=100):
        found = super().name_search(name, domain, operator, limit)
        if self.env.context.get("import_file") and operator == "=" and len(found) > 1:
            # Odoo would take the first namesake: a guardian would receive the
            # papers of somebody else's child.
            raise ValueError(
                self.env._(
                    "Several students are called %(name)s: give the INE instead.",
                    name=name.replace("%", "%%"),
                )
            )
        return found

    @api.model
    def get_import_templates(self):
        return [
            {
                "label": self.env._("Import template for students"),
                "template": "/campus_sign/static/import/students.xlsx",
            }
        ]

    def action_view_internships(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "campus_sign.campus_internship_action"
        )
        return action | {
            "domain": [("student_id", "=", self.id)],
            "context": {
                "default_student_id": self.id,
                "default_company_id": self.company_id.id,
            },
        }
