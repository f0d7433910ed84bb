# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dataclasses import replace

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..engine.rendering import check_template
from .sentences import template_problem

#: What a number of a template lies between: the database, a file, a preview.
RANGES = {
    "margin_top": (8, 80),
    "margin_right": (5, 80),
    # Each page has its footer, with a code people scan.
    "margin_bottom": (27, 80),
    "margin_left": (5, 80),
    "font_size": (6, 24),
    "deadline_days": (1, 730),
    "reminder_every": (1, 90),
    "reminder_max": (1, 20),
}
#: Categories whose documents article D124-4 rules.
INTERNSHIP_AGREEMENTS = ("internship_agreement", "internship_pfmp")
LEGAL_FIVE = ("establishment", "company_head", "student", "teacher", "tutor")
#: Sentences a window shows at once.
SHOWN_PROBLEMS = 8


def _between(*names):
    """Return the SQL check of some numbers."""
    checks = [
        f"{name} BETWEEN {RANGES[name][0]} AND {RANGES[name][1]}" for name in names
    ]
    return f"CHECK({' AND '.join(checks)})"


class CampusSignTemplate(models.Model):
    _name = "campus.sign.template"
    _inherit = ["campus.confined"]
    _description = "Document template"
    _order = "recipient, name, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        string="Establishment",
        help="Empty: usable by every establishment.",
    )
    category_id = fields.Many2one(
        "campus.sign.category", required=True, ondelete="restrict", index=True
    )
    res_model = fields.Char(related="category_id.res_model")
    recipient = fields.Selection(
        [
            ("company_contact", "Company contact"),
            ("student", "Student"),
            ("guardian", "Guardian"),
            ("teacher", "Teacher"),
            ("establishment", "Establishment"),
        ],
        required=True,
        default="company_contact",
        help="Kind of person the document is addressed to (A018, A020).",
    )
    can_publish = fields.Boolean(related="category_id.can_publish")
    # Content
    body = fields.Html(
        sanitize_overridable=False,
        help="Tags, signature blocks and conditional sections are names of the "
        "catalogue; nothing written here is ever evaluated.",
    )
    # Page layout
    page_format = fields.Selection(
        [("A4", "A4"), ("Letter", "Letter")], required=True, default="A4"
    )
    margin_top = fields.Integer(string="Top margin (mm)", default=25)
    margin_right = fields.Integer(string="Right margin (mm)", default=18)
    margin_bottom = fields.Integer(string="Bottom margin (mm)", default=27)
    margin_left = fields.Integer(string="Left margin (mm)", default=18)
    font_size = fields.Float(string="Font size (pt)", default=9.5)
    show_logo = fields.Boolean(string="Logo of the establishment", default=True)
    print_title = fields.Boolean(
        string="Print the title", default=True, help="Untick it for a letter."
    )
    header_text = fields.Char(string="Header", translate=True)
    footer_text = fields.Char(string="Footer", translate=True)
    address_frame = fields.Boolean(
        help="Print the recipient's address where a window envelope shows it (A050)."
    )
    # E-mail
    mail_subject = fields.Char(string="E-mail subject", translate=True)
    mail_body = fields.Html(string="E-mail text", translate=True)
    # Sharing
    sharing = fields.Selection(
        [
            ("none", "Do not share"),
            ("publish", "Publish on the portals"),
            (
                "sign",
                "Make eligible for signature (the document will be published once "
                "signed)",
            ),
        ],
        required=True,
        default="none",
    )
    signer_ids = fields.One2many(
        "campus.sign.template.signer", "template_id", string="Circuit", copy=True
    )
    ordered = fields.Boolean(
        string="Impose the order of the signers",
        help="The establishment's representative always signs last (A038, A040).",
    )
    deadline_days = fields.Integer(
        string="Deadline (days)",
        default=30,
        help="Without establishment among the signers, the circuit ends that many "
        "days after sending, ignoring optional signers (A044).",
    )
    nature_id = fields.Many2one(
        "campus.sign.nature",
        string="Nature in the locker",
        default=lambda self: self._default_nature_id(),
    )
    publish_student = fields.Boolean(
        string="Publish to the student concerned even if not a signer"
    )
    publish_guardians = fields.Boolean(
        string="Publish to the guardians concerned even if not signers"
    )
    publish_recipient = fields.Boolean(
        string="Publish to the recipient even if not a signer"
    )
    eligible = fields.Boolean(
        string="Eligible for signature",
        compute="_compute_eligible",
        help="Green tick of the list: may be sent to signature (A055).",
    )
    legal_warning = fields.Text(compute="_compute_legal_warning")
    request_count = fields.Integer(compute="_compute_request_count")

    _margins = models.Constraint(
        _between("margin_top", "margin_right", "margin_bottom", "margin_left"),
        "Margins are between 5 and 80 mm, 8 mm at least above; below, 27 mm at least "
        "hold the footer of each page.",
    )
    _font = models.Constraint(
        _between("font_size"), "The font size is between 6 and 24 pt."
    )
    _deadline = models.Constraint(
        _between("deadline_days"),
        "The deadline is between 1 and 730 days after sending.",
    )

    def _default_nature_id(self):
        return self.env.ref("campus_sign.nature_misc", raise_if_not_found=False)

    # === COMPUTE METHODS ===#

    @api.depends("name", "recipient")
    @api.depends_context("lang")
    def _compute_display_name(self):
        recipients = dict(self._fields["recipient"]._description_selection(self.env))
        for template in self:
            recipient = recipients.get(template.recipient, "")
            # Without a label yet, the form says that it is new.
            name = template.name
            template.display_name = f"{recipient} - {name}" if name else ""

    @api.depends("sharing", "signer_ids")
    def _compute_eligible(self):
        for template in self:
            template.eligible = template.sharing == "sign" and bool(template.signer_ids)

    @api.depends("sharing", "category_id", "signer_ids.role_id", "signer_ids.mandatory")
    @api.depends_context("lang")
    def _compute_legal_warning(self):
        """Warn about French internships (Code de l'éducation D124-4, decision 11)."""
        for template in self:
            mandatory = template.signer_ids.filtered("mandatory").role_id
            missing = set(LEGAL_FIVE) - set(mandatory.mapped("code"))
            concerned = (
                template.sharing == "sign"
                and template.category_id.code in INTERNSHIP_AGREEMENTS
            )
            template.legal_warning = False
            if concerned and missing:
                names = self.env["campus.sign.role"].search(
                    [("code", "in", sorted(missing))]
                )
                template.legal_warning = self.env._(
                    "Article D124-4 of the Code de l'éducation wants the signatures "
                    "of the establishment, the host organisation, the student or a "
                    "legal representative, the referent teacher and the tutor. "
                    "Missing or optional here: %(roles)s.",
                    roles=", ".join(names.mapped("name")),
                )

    def _compute_request_count(self):
        counts = dict(
            self.env["campus.sign.request"]._read_group(
                [("template_id", "in", self.ids)], ["template_id"], ["__count"]
            )
        )
        for template in self:
            template.request_count = counts.get(template, 0)

    # === CHECKS ON SAVING ===#

    def _check_content(self):
        """Refuse what cannot work, once a saving has settled the whole template."""
        for template in self:
            problems = template._content_problems()
            if problems:
                raise ValidationError(template._some_of(problems))

    @api.model
    def _some_of(self, problems):
        """Return the first sentences of a list, and how many more there are.

        Another category may disown every tag of a four-page agreement at once.
        """
        more = len(problems) - SHOWN_PROBLEMS
        shown = problems[:SHOWN_PROBLEMS]
        if more > 0:
            shown.append(self.env._("… and %(count)s more.", count=more))
        return "\n".join(shown)

    def _catalogue(self):
        """Return the codes of the tags a template of this category may show."""
        return self.env["campus.sign.tag"]._codes_for(self.res_model)

    def _content_problems(self):
        """Return sentences naming what cannot work and where (A026, A052)."""
        self.ensure_one()
        roles = set(
            self.env["campus.sign.role"].search([("code", "!=", False)]).mapped("code")
        )
        problems = [
            template_problem(self.env, self._explained(problem))
            for problem in check_template(self.body or "", self._catalogue(), roles)
        ]
        if self.sharing == "sign":
            if not self.signer_ids:
                problems.append(
                    self.env._("Add at least one signer role to the circuit.")
                )
            elif not self.signer_ids.filtered("mandatory"):
                problems.append(self.env._("At least one signer must be mandatory."))
        if self.sharing == "publish" and not self.category_id.can_publish:
            problems.append(
                self.env._("The category of this document does not allow publication.")
            )
        if len(self.signer_ids.filtered("finaliser")) > 1:
            problems.append(
                self.env._("Only one establishment can finalise the circuit.")
            )
        return problems

    def _explained(self, problem):
        """Tell a tag of another kind of record from one that does not exist."""
        if problem.code not in ("unknown_tag", "unknown_condition"):
            return problem
        tags = self.env["campus.sign.tag"].sudo()  # the same for everybody
        tag = tags.search([("code", "=", problem.value)])
        return replace(problem, code="foreign_tag", value=tag.name) if tag else problem

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        if (
            self.env["campus.sign.request"]
            .sudo()
            .search_count(  # whoever sent it
                [("template_id", "in", self.ids)], limit=1
            )
        ):
            raise UserError(
                self.env._(
                    "Documents were sent from this template: archive it instead of "
                    "deleting it."
                )
            )

    def copy_data(self, default=None):
        copies = super().copy_data(default)
        if "name" not in (default or {}):
            for template, vals in zip(self, copies, strict=True):
                vals["name"] = self.env._("%(name)s (copy)", name=template.name)
            if "body" not in (default or {}):
                # The pictures of a template are read by no other one.
                vals["body"] = template._portable_body()
            vals["library_key"] = template._origin_key()
        return copies

    # === ACTIONS ===#

    def action_duplicate(self):
        """« Dupliquer » and open the copy (A016)."""
        copies = self.copy()
        action = self._list_action()
        if len(copies) == 1:
            return {
                **action,
                "views": [(False, "form")],
                "view_mode": "form",
                "res_id": copies.id,
            }
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_export(self):
        """« Enregistrer sur son poste » (A016)."""
        self._check_may_export()
        ids = ",".join(map(str, self.ids))
        return {
            "type": "ir.actions.act_url",
            "url": f"/campus_sign/template/{ids}/file.json",
            "target": "download",
        }

    def _check_may_export(self):
        """Ask for the right to configure; a template he only uses may leave too."""
        self.browse().check_access("write")
        self.check_access("read")

    def action_delete(self):
        """« Supprimer », refused while a document was sent from it (A016)."""
        self.unlink()
        return {**self._list_action(), "target": "main"}

    def _list_action(self):
        return self.env["ir.actions.act_window"]._for_xml_id(
            "campus_sign.campus_sign_template_action"
        )

    def action_view_requests(self):
        """Open the documents sent from the template."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "campus_sign.campus_sign_request_action"
        )
        action["domain"] = [("template_id", "in", self.ids)]
        action["context"] = {}
        return action

    def _mail_introduction(self):
        """Return the author's text for the e-mail to the signers."""
        self.ensure_one()
        return self.mail_body or Markup()
