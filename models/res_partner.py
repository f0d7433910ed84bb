# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import RedirectWarning, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import email_normalize

from .counts import count_by
from .identifiers import compact, naf_problem, siret_problem, uai_problem

_CODES = ("campus_siret", "campus_naf", "campus_uai")
_READERS = "campus_sign.group_follow,campus_sign.group_records"

#: Of an establishment that says none.
DEFAULT_ZONE = "Europe/Paris"


class ResPartner(models.Model):
    """Contact: company, tutor, manager, teacher, guardian or student."""

    _inherit = "res.partner"

    campus_siret = fields.Char("SIRET", help="14 digits. Spaces are accepted.")
    campus_siren = fields.Char(
        "SIREN", compute="_compute_campus_siren", store=True, index="btree_not_null"
    )
    campus_naf = fields.Char("NAF code", help="4 digits and a letter.")
    campus_uai = fields.Char(
        "UAI", help="National number of a school: 7 digits and a letter."
    )
    campus_public_body = fields.Boolean(
        "Public body",
        help="State, local authority, hospital… Other rules on the gratification.",
    )
    campus_function = fields.Selection(
        [
            ("tutor", "Internship tutor"),
            ("company_head", "Company manager"),
            ("both", "Internship tutor and company manager"),
        ],
        string="Part in internships",
        index="btree_not_null",
    )
    is_campus_teacher = fields.Boolean("Teacher", index=True)
    campus_student_ids = fields.One2many(
        "campus.student", "partner_id", string="Students", groups=_READERS
    )
    campus_guardianship_ids = fields.One2many(
        "campus.guardianship", "partner_id", string="Guardian of", groups=_READERS
    )
    campus_internship_count = fields.Integer(
        "Internships", compute="_compute_campus_internship_count", groups=_READERS
    )
    campus_code_warning = fields.Text(compute="_compute_campus_code_warning")
    campus_same_siret_id = fields.Many2one(
        "res.partner",
        string="Company of the same SIRET",
        compute="_compute_campus_same_siret",
    )

    _campus_siret_uniq = models.UniqueIndex(
        "(campus_siret, COALESCE(company_id, 0)) WHERE campus_siret IS NOT NULL",
        "A company already has this SIRET: open it instead of creating another one.",
    )

    # Computed

    @api.depends("campus_siret")
    def _compute_campus_siren(self):
        for partner in self:
            siret = compact(partner.campus_siret)
            partner.campus_siren = siret[:9] if len(siret) == 14 else False

    @api.depends("campus_siret", "company_id")
    def _compute_campus_same_siret(self):
        for partner in self:
            partner.campus_same_siret_id = self._campus_siret_owner(
                compact(partner.campus_siret),
                partner.company_id.id,
                partner._origin.ids,
            )

    @api.depends("campus_siret", "campus_naf", "campus_uai")
    def _compute_campus_code_warning(self):
        for partner in self:
            lines = []
            if partner.campus_siret and siret_problem(compact(partner.campus_siret)):
                lines.append(partner._campus_siret_message())
            if partner.campus_uai and uai_problem(compact(partner.campus_uai)) == "key":
                lines.append(
                    self.env._(
                        "The letter of the UAI %(uai)s does not match its digits: "
                        "check it.",
                        uai=partner.campus_uai,
                    )
                )
            partner.campus_code_warning = "\n".join(lines) or False

    def _compute_campus_internship_count(self):
        counts = count_by(self, "campus.internship", "partner_id")
        for partner in self:
            partner.campus_internship_count = counts.get(partner, 0)

    def _campus_zone(self):
        """Return the time zone of a place."""
        return self.tz or DEFAULT_ZONE

    def _campus_address(self, without_company=True):
        """Return the postal address on several lines, without the name.

        A country is written abroad only, as on an envelope.
        """
        if not self:
            return ""
        text = self._display_address(without_company=without_company)
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        country = self.country_id
        if country == self.env.company.country_id and lines[-1:] == [country.name]:
            lines.pop()
        return "\n".join(lines)

    def _campus_people(self, function):
        """Return the contacts of a company who hold a function, or both."""
        return self.child_ids.filtered(
            lambda person: person.campus_function in (function, "both")
        )

    # Identifiers

    @api.model
    def _campus_siret_owner(self, siret, company_id, but=()):
        """Return another contact of the same SIRET in the same scope, if any.

        Contacts reserved to two different establishments do not meet. Archived
        ones count: they are to be restored, not typed again.

        :param company_id: id of the establishment that owns the contact, if any
        :param but: ids of the contacts that do not count
        """
        if not siret:
            return self.browse()
        domain = Domain("campus_siret", "=", siret) & Domain("id", "not in", but)
        if company_id:
            domain &= Domain("company_id", "in", [False, company_id])
        found = self.sudo().with_context(active_test=False).search(domain, limit=1)
        return found.sudo(self.env.su)

    def _campus_siret_message(self):
        """Say in one sentence what is wrong with the SIRET and what to do."""
        self.ensure_one()
        siret = compact(self.campus_siret)
        if siret_problem(siret) == "length":
            return self.env._(
                "The SIRET %(siret)s is not one: it has 14 digits, this one has "
                "%(count)s characters. Complete it or leave it empty.",
                siret=siret,
                count=len(siret),
            )
        return self.env._(
            "The SIRET %(siret)s is wrong, at least one of its digits is mistyped: "
            "compare it with the company's papers.",
            siret=siret,
        )

    @api.constrains("campus_siret")
    def _check_campus_siret(self):
        for partner in self.filtered("campus_siret"):
            if siret_problem(partner.campus_siret):
                raise ValidationError(partner._campus_siret_message())

    @api.model
    def _campus_refuse_duplicate(self, siret, company_id, but=()):
        """Raise when the SIRET is taken, before the database does.

        :raises RedirectWarning: with a button that opens the owner
        :raises ValidationError: during an import, which only shows sentences
        """
        owner = self._campus_siret_owner(siret, company_id, but)
        if not owner:
            return
        message = self.env._(
            "%(company)s already has the SIRET %(siret)s: open it instead of "
            "creating it again.",
            company=owner.sudo().display_name,
            siret=siret,
        )
        if self.env.context.get("import_file"):
            raise ValidationError(message)
        action = {
            "type": "ir.actions.act_window",
            "res_model": "res.partner",
            "res_id": owner.id,
            "views": [(False, "form")],
        }
        raise RedirectWarning(message, action, self.env._("Open the company"))

    @api.constrains("campus_uai")
    def _check_campus_uai(self):
        for partner in self.filtered("campus_uai"):
            if uai_problem(partner.campus_uai) == "format":
                raise ValidationError(
                    self.env._(
                        "The UAI %(uai)s is not one: it has 7 digits and a "
                        "letter. Correct it or leave it empty.",
                        uai=partner.campus_uai,
                    )
                )

    @api.constrains("campus_naf")
    def _check_campus_naf(self):
        for partner in self.filtered("campus_naf"):
            if naf_problem(partner.campus_naf):
                raise ValidationError(
                    self.env._(
                        "The NAF code %(naf)s is not one: it has 4 digits and a "
                        "letter. Correct it or leave it empty.",
                        naf=partner.campus_naf,
                    )
                )

    @api.constrains("company_id")
    def _check_campus_families(self):
        """Keep pupils and guardians readable where they are known.

        Reserved to another establishment, one contact would make whole lists of
        this one unreadable.
        """
        # Whether there is one elsewhere; the sentence names nobody there.
        for partner in self.sudo().with_context(active_test=False):
            companies = partner.campus_student_ids.company_id
            companies |= partner.campus_guardianship_ids.company_id
            if not all(
                partner.filtered_domain(self._check_company_domain(company))
                for company in companies
            ):
                raise ValidationError(
                    self.env._(
                        "%(name)s is a student or a guardian of another "
                        "establishment: leave the contact's establishment empty.",
                        name=partner.name,
                    )
                )

    # Create, write, delete

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [self._campus_compact_codes(vals) for vals in vals_list]
        for vals in vals_list:
            self._campus_refuse_duplicate(
                vals.get("campus_siret"), vals.get("company_id")
            )
        return super().create(vals_list)

    def write(self, vals):
        vals = self._campus_compact_codes(vals)
        if "campus_siret" in vals or "company_id" in vals:
            for partner in self:
                self._campus_refuse_duplicate(
                    vals.get("campus_siret", partner.campus_siret),
                    vals.get("company_id", partner.company_id.id),
                    partner.ids,
                )
        return super().write(vals)

    @api.model
    def _campus_compact_codes(self, vals):
        """Return the values with their codes as they are stored."""
        codes = {name: compact(vals[name]) or False for name in _CODES if name in vals}
        return {**vals, **codes} if codes else vals

    @api.ondelete(at_uninstall=False)
    def _unlink_except_campus_people(self):
        self._campus_refuse_students(
            self.env._(
                "%(names)s is a student: archive the student's record instead of "
                "deleting the contact."
            )
        )
        guardianships = self.sudo().with_context(active_test=False)
        guardianships = guardianships.campus_guardianship_ids
        if guardianships:
            raise UserError(
                self.env._(
                    "%(guardian)s is a guardian of %(student)s: remove this link "
                    "from the student's record first.",
                    guardian=guardianships[:1].partner_id.name,
                    student=guardianships[:1].student_id.name,
                )
            )

    def _campus_refuse_students(self, message):
        """Raise UserError with the message when one of the contacts is a student."""
        students = (
            self.env["campus.student"]
            .sudo()
            .with_context(active_test=False)
            .search([("partner_id", "in", self.ids)])
        )
        if students:
            raise UserError(message % {"names": ", ".join(students.mapped("name"))})

    @api.model
    def _campus_create_missing(self, vals_list, field_names, nameless, reuse=False):
        """Give a contact to each dictionary of values that has none, in place.

        :param field_names: the contact's own fields, moved from the values
        :param nameless: the error message when there is no name either
        :param reuse: take the existing person of the same name and e-mail
            (the same parent of two students)
        :raises ValidationError: neither a contact nor a name
        """
        known = {}
        for vals in vals_list:
            if vals.get("partner_id"):
                continue
            contact = {name: vals.pop(name) for name in field_names if name in vals}
            contact["name"] = (contact.get("name") or "").strip()
            if not contact["name"]:
                raise ValidationError(nameless)
            key = (
                contact["name"].casefold(),
                email_normalize(contact.get("email") or ""),
            )
            partner = known.get(key) if reuse and key[1] else None
            if partner is None and reuse and key[1]:
                partner = self.search(
                    [
                        ("email_normalized", "=", key[1]),
                        ("name", "=ilike", contact["name"]),
                        ("is_company", "=", False),
                    ],
                    limit=1,
                )
            partner = partner or self.create(contact)
            known[key] = partner
            vals["partner_id"] = partner.id

    # Search

    @api.model
    def _search_display_name(self, operator, value):
        """Also find a company by its SIRET, spaces or not: what files hold."""
        domain = super()._search_display_name(operator, value)
        if operator in Domain.NEGATIVE_OPERATORS:
            return domain
        values = [value] if isinstance(value, str) else value or []
        sirets = [compact(text) for text in values if isinstance(text, str)]
        sirets = [siret for siret in sirets if len(siret) == 14 and siret.isdigit()]
        return Domain.OR([domain, Domain("campus_siret", "in", sirets)])

    @api.model
    def get_import_templates(self):
        return [
            *super().get_import_templates(),
            {
                "label": self.env._("Import template for companies"),
                "template": "/campus_sign/static/import/companies.xlsx",
            },
            {
                "label": self.env._("Import template for the contacts of companies"),
                "template": "/campus_sign/static/import/company_contacts.xlsx",
            },
            {
                "label": self.env._("Import template for teachers"),
                "template": "/campus_sign/static/import/teachers.xlsx",
            },
        ]

    def action_view_campus_internships(self):
        self.ensure_one()
        self.env["campus.internship"].check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "campus_sign.campus_internship_action"
        )
        return action | {
            "domain": [("partner_id", "=", self.id)],
            "context": {"default_partner_id": self.id},
        }
