# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import email_normalize

from .parties import Issue, Party


class CampusSignTemplateSigner(models.Model):
    _name = "campus.sign.template.signer"
    _description = "Signer of a template's circuit"
    _order = "finaliser, sequence, id"

    template_id = fields.Many2one(
        "campus.sign.template", required=True, ondelete="cascade", index=True
    )
    role_id = fields.Many2one(
        "campus.sign.role", string="Signer", required=True, ondelete="restrict"
    )
    role_code = fields.Char(related="role_id.code")
    sequence = fields.Integer(default=10)
    mandatory = fields.Boolean(default=True)
    modality = fields.Selection(
        [("mandatory", "Mandatory"), ("optional", "Optional")],
        string="Signature modality",
        compute="_compute_modality",
        inverse="_inverse_modality",
    )
    finaliser = fields.Boolean(
        string="Finalises", related="role_id.finalises", store=True
    )
    student_option = fields.Selection(
        [
            ("self", "The student"),
            ("guardian_if_minor", "A guardian instead of a minor"),
            ("both", "The student, and a guardian of a minor"),
        ],
        default="both",
        required=True,
    )
    guardian_option = fields.Selection(
        [
            ("first", "Legal guardian 1"),
            ("second", "Legal guardian 2"),
            ("any", "Any one of the legal guardians"),
            ("all", "All legal guardians"),
        ],
        default="first",
        required=True,
    )
    teacher_option = fields.Selection(
        [
            ("internship", "Internship teacher"),
            ("class", "Class teacher"),
            ("named", "A named teacher"),
        ],
        default="internship",
        required=True,
    )
    teacher_id = fields.Many2one("res.partner", string="Named teacher")

    _role_uniq = models.Constraint(
        "UNIQUE(template_id, role_id)", "This role is already in the circuit."
    )
    _finaliser_mandatory = models.Constraint(
        "CHECK(mandatory OR NOT finaliser)",
        "The establishment's representative is always mandatory.",
    )

    @api.depends("mandatory")
    def _compute_modality(self):
        for line in self:
            line.modality = "mandatory" if line.mandatory else "optional"

    def _inverse_modality(self):
        for line in self:
            line.mandatory = line.modality == "mandatory"

    # === WHO SIGNS ===#

    def _resolve(self, record, parties, company):
        """Return the :class:`Party` list this line asks for on ``record``.

        :param record: a record of a model inheriting ``campus.signable``
        :param dict parties: the answer of its ``_sign_parties()``
        :param company: the establishment that sends
        """
        self.ensure_one()
        if self.role_id.is_establishment:
            return [self._establishment_party(record, parties, company)]
        if self.role_code == "student":
            return self._student_parties(record, parties)
        if self.role_code == "guardian":
            guardians = parties.get("guardian", self.env["res.partner"])
            return self._guardian_parties(guardians, self.guardian_option)
        if self.role_code == "teacher":
            return [self._party(self._teacher(record, parties))]
        return [self._party(parties.get(self.role_code, self.env["res.partner"])[:1])]

    def _student_parties(self, record, parties):
        student = record._sign_student()
        minor = bool(student) and student._is_minor(record._sign_reference_date())
        found = []
        if not (minor and self.student_option == "guardian_if_minor"):
            found.append(self._party(parties.get("student", self.env["res.partner"])))
        if minor and self.student_option != "self":
            # The template's own guardian line already asks for that signature.
            lines = self.template_id.signer_ids
            if "guardian" not in lines.mapped("role_code"):
                guardians = parties.get("guardian", self.env["res.partner"])
                found += self._guardian_parties(guardians, "first")
        return found

    def _guardian_parties(self, guardians, option):
        role = self.env.ref("campus_sign.role_guardian")
        if option in ("all", "any") and guardians:
            group = (
                f"line-{self.id}" if option == "any" and len(guardians) > 1 else None
            )
            return [self._party(partner, role, group=group) for partner in guardians]
        index = 1 if option == "second" else 0
        return [self._party(guardians[index : index + 1], role)]

    def _teacher(self, record, parties):
        if self.teacher_option == "named":
            return self.teacher_id
        if self.teacher_option == "class":
            return record._sign_promotion().class_teacher_id
        return parties.get("teacher", self.env["res.partner"])[:1]

    def _establishment_party(self, record, parties, company):
        """Name who signs for an establishment: promotion's head, else its own head
        (decision 7); outside the database, the person the record names.
        """
        company = record._sign_establishments().get(self.role_code, company)
        if not company:
            partner = parties.get(self.role_code, self.env["res.partner"])[:1]
            return self._party(partner)
        company = company.sudo()  # the other establishment's head, nothing else
        user = record._sign_promotion().head_id
        if not self._may_finalise(user, company):
            user = company.sign_finaliser_id
        issues = []
        if user and not self._may_finalise(user, company):
            issues.append(Issue("right", self._right_sentence(user, company)))
        return self._party(
            user.partner_id, user=user, company=company.sudo(False), issues=issues
        )

    def _may_finalise(self, user, company):
        return bool(user) and user._may_sign_for(company, self.role_id)

    def _right_sentence(self, user, company):
        """Say which right the head lacks (decision 8)."""
        if user._may_sign_for(company):
            return self.env._(
                "%(name)s does not hold the right “%(right)s” of %(company)s.",
                name=user.name,
                right=self.role_id.sudo().group_id.name,  # a group's own name
                company=company.name,
            )
        return self.env._(
            "%(name)s does not hold the right to sign on behalf of %(company)s.",
            name=user.name,
            company=company.name,
        )

    def _party(
        self, partner, role=None, group=None, user=None, company=None, issues=()
    ):
        role = role or self.role_id
        return Party(
            role=role,
            partner=partner,
            mandatory=self.mandatory,
            finaliser=self.finaliser,
            order=self.sequence,
            group=group,
            user=user,
            company=company,
            issues=(*issues, *self._person_issues(partner, role)),
        )

    def _person_issues(self, partner, role):
        """List what is wrong with a person: red blocks, orange does not (A069-A072)."""
        if not partner:
            return [
                Issue(
                    "missing",
                    self.env._("%(role)s: nobody is named.", role=role.name),
                    blocking=self.mandatory,
                )
            ]
        issues = []
        if not email_normalize(partner.email or ""):
            message = self.env._(
                "%(name)s has no e-mail address.", name=partner.display_name
            )
            if partner.email:
                message = self.env._(
                    "The e-mail address of %(name)s is not valid: %(email)s.",
                    name=partner.display_name,
                    email=partner.email[:80],
                )
            issues.append(Issue("email", message, blocking=self.mandatory))
        if not partner.phone:
            issues.append(
                Issue(
                    "phone", self.env._("The phone number is missing"), blocking=False
                )
            )
        return issues
