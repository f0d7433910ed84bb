# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class CampusGuardianship(models.Model):
    """Link between a student and one of his guardians.

    The contact is made from the name when it is left empty, so that a
    secretary types both parents on the student's screen or imports them.
    """

    _name = "campus.guardianship"
    _inherit = ["campus.confined"]
    _description = "Guardian of a student"
    _order = "student_id, sequence, id"
    _rec_name = "partner_id"
    _check_company_auto = True

    student_id = fields.Many2one(
        "campus.student", required=True, index=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Guardian",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain="[('is_company', '=', False)]",
    )
    company_id = fields.Many2one(
        related="student_id.company_id", store=True, index=True
    )
    sequence = fields.Integer(default=10)
    legal = fields.Boolean(
        "Legal guardian",
        default=True,
        help="Holds parental authority: signs for a minor.",
    )
    relation = fields.Selection(
        [
            ("mother", "Mother"),
            ("father", "Father"),
            ("parent", "Parent"),
            ("guardian", "Appointed guardian"),
            ("institution", "Institution"),
            ("other", "Other"),
        ]
    )
    name = fields.Char(related="partner_id.name", readonly=False)
    # Read as the reader: a contact reserved to another establishment says nothing.
    email = fields.Char(related="partner_id.email", related_sudo=False, readonly=False)
    phone = fields.Char(related="partner_id.phone", related_sudo=False, readonly=False)

    _partner_uniq = models.Constraint(
        "UNIQUE(student_id, partner_id)",
        "This person is already a guardian of the student.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        self.check_access("create")  # before looking for the contact
        vals_list = [dict(vals) for vals in vals_list]
        self.env["res.partner"]._campus_create_missing(
            vals_list,
            ["name", "email", "phone"],
            self.env._("Give the guardian's name, or choose an existing contact."),
            reuse=True,
        )
        return super().create(vals_list)

    @api.model
    def get_import_templates(self):
        return [
            {
                "label": self.env._("Import template for guardians"),
                "template": "/campus_sign/static/import/guardians.xlsx",
            }
        ]
