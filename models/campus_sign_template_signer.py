# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from .parties import Issue, Party

#: Company people have no space to look at: the e-mail tells them (A084).
TOLD_BY_MAIL = frozenset({"tutor", "company_head"})


class CampusSignTemplateSigner(models.Model):
    _name = "campus.sign.template.signer"
    _inherit = ["campus.confined"]
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
    options_summary = fields.Char(string="Details", compute="_compute_options_summary")

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

    @api.depends(
        "role_id", "student_option", "guardian_option", "teacher_option", "teacher_id"
    )
    @api.depends_context("lang")
    def _compute_options_summary(self):
        """Say in a few words who signs for the role (A034, A037, A040)."""
        for line in self:
            line.options_summary = line._options_text()

    def _options_text(self):
        if self.role_id.finalises:
            return self.env._("Always signs last and finalises the document")
        name = f"{self.role_code}_option"
        if self.role_code not in ("student", "guardian", "teacher"):
            return False
        if self.role_code == "teacher" and self.teacher_option == "named":
            return self.teacher_id.name or self.env._("Choose the teacher")
        return dict(self._fields[name]._description_selection(self.env))[self[name]]

    def _inverse_modality(self):
        for line in self:
            line.mandatory = line.modality == "mandatory"

    @api.onchange("modality")
    def _onchange_modality(self):
        # The inverse waits for the saving; the legal warning must not.
        self._inverse_modality()

    # === A CHANGE OF THE CIRCUIT IS A CHANGE OF THE TEMPLATE ===#

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.template_id._circuit_changed()
        return lines

    def write(self, vals):
        templates = self.template_id
        codes = {code for template in templates for code in template._block_roles()}
        result = super().write(vals)
        (templates | self.template_id)._circuit_changed(drop=codes)
        return result

    def unlink(self):
        templates = self.template_id
        codes = {code for template in templates for code in template._block_roles()}
        result = super().unlink()
        templates.exists()._circuit_changed(drop=codes)
        return result

    # === WHO SIGNS ===#

    def _resolve(self, record, parties, company, finaliser=None):
        """Return the :class:`Party` list this line asks for on ``record``.

        What is wrong with the persons found is said by :meth:`_person_issues`.

        :param record: a record of a model inheriting ``campus.signable``
        :param dict parties: the answer of its ``_sign_parties()``
        :param company: the establishment that sends
        :param finaliser: ``res.users`` chosen by the sender (decision 7)
        """
        self.ensure_one()
        if self.role_id.is_establishment:
            return [self._establishment_party(record, parties, company, finaliser)]
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
        # `env.ref` would ask the database for each record that it still exists.
        known = self.env["ir.model.data"]._xmlid_to_res_id
        role = self.env["campus.sign.role"].browse(known("campus_sign.role_guardian"))
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

    def _establishment_party(self, record, parties, company, chosen=None):
        """Name who signs for an establishment: chosen by the sender, else the
        promotion's head, else its own (decision 7); outside the database, the person
        the record names.

        :param company: the establishment that sends, the only one the sender
            chooses for
        """
        place = record._sign_establishments().get(self.role_code, company)
        if not place:
            partner = parties.get(self.role_code, self.env["res.partner"])[:1]
            return self._party(partner)
        chosen = chosen if place == company else None
        company = place.sudo()  # the other establishment's head, nothing else
        user = chosen or record._sign_promotion().head_id
        if not chosen and not self._may_finalise(user, company):
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
        return Party(
            role=role or self.role_id,
            partner=partner,
            mandatory=self.mandatory,
            finaliser=self.finaliser,
            order=self.sequence,
            group=group,
            user=user,
            company=company,
            issues=tuple(issues),
        )

    # === WHAT IS WRONG WITH A PERSON: red blocks, orange does not (A069-A072) ===#

    def _person_issues(self, party, record, people):
        """Return the :class:`Issue` list of one signer.

        :param people: the :class:`People` of the whole check
        """
        if not party.partner:
            # Somebody is named who may not be shown: that was said.
            named = any(issue.code == "reserved" for issue in party.issues)
            return [] if named else [self._missing_issue(party, record)]
        issues = self._address_issues(party.partner, people)
        if not party.partner.phone:
            issues.append(
                Issue(
                    "phone",
                    self.env._("The phone number is missing"),
                    blocking=False,
                    target=people.source(party.partner),
                )
            )
        never = party.partner.id in people.never_connected
        # So does a head whose establishment is outside the database.
        outside = party.role.is_establishment and not party.company
        if never and not outside and party.role.code not in TOLD_BY_MAIL:
            issues.append(
                Issue(
                    "never_connected",
                    self.env._("This person has never connected to the portal"),
                    blocking=False,
                    consequence=self.env._(
                        "There is a risk of not seeing that a document is to be signed"
                    ),
                    target=people.source(party.partner),
                )
            )
        return issues

    def _missing_issue(self, party, record):
        source = record._sign_role_source(party.role.code)
        if party.role.code == "teacher" and self.teacher_option == "class":
            source = record._sign_promotion() or source
        if party.company or (
            party.role.code == "teacher" and self.teacher_option == "named"
        ):
            # Chosen in the window itself, or in the template.
            source = None
        return Issue(
            "missing",
            self.env._("%(role)s: nobody is named.", role=party.role.name),
            blocking=self.mandatory,
            target=source,
        )

    def _address_issues(self, partner, people):
        name, source = partner.name or "", people.source(partner)
        email = people.email(partner)
        if not email:
            message = self.env._("%(name)s has no e-mail address.", name=name)
            if partner.email:
                message = self.env._(
                    "The e-mail address of %(name)s is not valid: %(email)s.",
                    name=name,
                    email=partner.email[:80],
                )
            return [Issue("email", message, self.mandatory, target=source)]
        if email in people.blacklisted or partner.id in people.bounced:
            return [
                Issue(
                    "bounced",
                    self.env._(
                        "Messages to %(email)s come back or are blocked.", email=email
                    ),
                    blocking=False,
                    consequence=self.env._("The e-mail may not arrive."),
                    target=source,
                )
            ]
        return []
