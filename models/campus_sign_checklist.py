# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from urllib.parse import urlsplit

from odoo import Command, api, fields, models
from odoo.tools import config, format_date

from .ceremony_errors import CeremonyError

LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1", None)


class CampusSignChecklist(models.TransientModel):  # pylint: disable=no-wizard-in-models
    """First steps: what is configured, what is missing, one click each."""

    _name = "campus.sign.checklist"
    _inherit = ["campus.confined"]
    _description = "First steps"

    company_id = fields.Many2one("res.company", required=True, readonly=True)
    step_ids = fields.One2many("campus.sign.checklist.step", "checklist_id")
    todo_count = fields.Integer(compute="_compute_todo_count")
    warning_count = fields.Integer(compute="_compute_todo_count")

    @api.depends("company_id.name")
    def _compute_display_name(self):
        for checklist in self:
            checklist.display_name = self.env._("First steps")

    @api.depends("step_ids.state")
    def _compute_todo_count(self):
        for checklist in self:
            states = checklist.step_ids.mapped("state")
            checklist.todo_count = states.count("todo")
            checklist.warning_count = states.count("warning")

    @api.model
    def action_open(self):
        """Open the first steps of the establishment."""
        self.env.company._check_sign_admin()
        checklist = self.create({"company_id": self.env.company.id})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("First steps"),
            "res_model": self._name,
            "res_id": checklist.id,
            "view_mode": "form",
            "target": "current",
        }

    def action_refresh(self):
        """Have the screen read again, which looks at everything again."""
        self.company_id._check_sign_admin()

    def web_read(self, specification):
        """Look again whenever the screen is read: steps are done on other screens."""
        for checklist in self:
            checklist._look()
        return super().web_read(specification)

    def _look(self):
        """Bring the steps up to date; they keep their place and their identifiers.

        :raise AccessError: not a super-administrator of the establishment
        """
        self.ensure_one()
        self.company_id._check_sign_admin()
        steps = self._steps()
        if self.step_ids:
            for step, vals in zip(self.step_ids, steps, strict=True):
                step.write(vals)
        else:
            self.step_ids = [
                Command.create({"sequence": sequence, **vals})
                for sequence, vals in enumerate(steps, start=1)
            ]

    def _steps(self):
        """Return the values of every step, in the order a new school takes them."""
        company = self.company_id
        return [
            self._secret_step(),
            self._authority_step(company),
            self._test_step(company),
            self._identity_step(company),
            self._representative_step(company),
            self._visual_step(company),
            self._mail_step(company),
            self._address_step(company),
            self._template_step(),
            self._count_step(
                "campus.school.year",
                self.env._("Current school year"),
                self.env._("Promotions belong to a school year: create this year's."),
                "campus_sign.campus_school_year_action",
                self._current_year_domain(),
            ),
            self._count_step(
                "campus.promotion",
                self.env._("Promotions"),
                self.env._("Create the promotions of the year, with their heads."),
                "campus_sign.campus_promotion_action",
            ),
            self._count_step(
                "campus.student",
                self.env._("Students"),
                self.env._("Create a student, or import your list."),
                "campus_sign.campus_student_action",
            ),
            self._count_step(
                "res.partner",
                self.env._("Companies"),
                self.env._("Create a company with its manager and its tutors."),
                "campus_sign.res_partner_action_company",
                [
                    ("is_company", "=", True),
                    ("campus_siret", "!=", False),
                    ("id", "not in", self.env.companies.partner_id.ids),
                ],
            ),
            self._count_step(
                "campus.internship",
                self.env._("Internships"),
                self.env._("Create an internship, then send its agreement."),
                "campus_sign.campus_internship_action",
            ),
        ]

    # === STEPS ===#

    def _step(self, name, problem, done="", *, warning=False, label="", **where):
        """Return the values of a step.

        :param problem: what to do, false when the step is done
        :param where: ``method`` of the establishment or ``action`` xmlid of the button
        """
        state = ("warning" if warning else "todo") if problem else "done"
        return {
            "name": name,
            "state": state,
            "message": problem or done,
            "label": label,
            "method": where.get("method", False),
            "action": where.get("action", False),
        }

    def _secret_step(self):
        problem = False
        try:
            self.env["campus.sign.authority"]._vault()
        except CeremonyError as error:
            problem = error.message
        return self._step(
            self.env._("Key secret of the server"),
            problem,
            self.env._("Set outside the database, strong enough."),
        )

    def _authority_step(self, company):
        authority = company._sign_authority()
        if not authority:
            return self._step(
                self.env._("Service activated"),
                self.env._(
                    "Activate the service: it creates the certificates of %(company)s.",
                    company=company.name,
                ),
                label=self.env._("Activate the service"),
                method="action_sign_activate",
            )
        return self._step(
            self.env._("Service activated"),
            " ".join(authority._problems()),
            self.env._(
                "Certificates valid until %(date)s.",
                date=format_date(self.env, authority.ends_at),
            ),
        )

    def _test_step(self, company):
        name = self.env._("Test signature and timestamp")
        if company.sign_service_state != "active":
            return self._step(name, self.env._("Activate the service first."))
        return self._step(
            name,
            company._sign_test(),
            self.env._(
                "A test document was made, sealed, signed, timestamped and verified."
            ),
            label=self.env._("Test the service"),
            method="action_sign_test",
        )

    def _identity_step(self, company):
        known = {
            self.env._("street"): company.street,
            self.env._("city"): company.city,
            self.env._("SIRET"): company.campus_siret,
            self.env._("UAI"): company.campus_uai,
            self.env._("e-mail"): company.email,
        }
        missing = [label for label, value in known.items() if not value]
        return self._step(
            self.env._("Identity of the establishment"),
            missing
            and self.env._("To fill in: %(values)s.", values=", ".join(missing)),
            company.name,
            warning=True,
            label=self.env._("Open the establishment"),
            action="campus_sign.res_company_action_sign",
        )

    def _representative_step(self, company):
        user = company.sign_finaliser_id
        problem = False
        if not user:
            problem = self.env._("Choose who signs for the establishment.")
        elif not user._may_sign_for(company):
            problem = self.env._(
                "%(name)s does not hold the right to sign for the establishment: give "
                "it to his account.",
                name=user.name,
            )
        return self._step(
            self.env._("Representative who signs"),
            problem,
            user.name,
            label=self.env._("Choose"),
            action="campus_sign.res_company_action_sign",
        )

    def _visual_step(self, company):
        return self._step(
            self.env._("Visual of the establishment's signature"),
            not company.sign_visual
            and self.env._("Without an image, the representative draws his signature."),
            self.env._("An image is configured."),
            warning=True,
            label=self.env._("Choose an image"),
            action="campus_sign.res_company_action_sign",
        )

    def _mail_step(self, company):
        servers = self.env["ir.mail_server"].sudo()  # whether there is one, no more
        configured = servers.search_count([], limit=1) or (
            config["smtp_server"] and config["smtp_server"] != "localhost"
        )
        problem = False
        if not configured:
            problem = self.env._(
                "No outgoing mail server: signers would never be told. Configure one "
                "in Settings › Technical › Outgoing mail servers."
            )
        elif not company.email:
            problem = self.env._(
                "The establishment has no e-mail address to write from."
            )
        return self._step(
            self.env._("Outgoing e-mail"),
            problem,
            self.env._("An outgoing mail server is configured."),
            label=self.env._("Mail servers"),
            action="base.action_ir_mail_server_list",
        )

    def _address_step(self, company):
        url = company.get_base_url()
        parts = urlsplit(url)
        problem = False
        if parts.hostname in LOCAL_HOSTS:
            problem = self.env._(
                "Links and QR codes name %(url)s, which only this machine can open: "
                "set the system parameter web.base.url to the public address.",
                url=url,
            )
        elif parts.scheme != "https":
            problem = self.env._(
                "Links name %(url)s: without https, whoever listens on the way reads "
                "the documents.",
                url=url,
            )
        return self._step(
            self.env._("Public address"),
            problem,
            url,
            warning=True,
            label=self.env._("System parameters"),
            action="base.ir_config_list_action",
        )

    def _template_step(self):
        count = self.env["campus.sign.template"].search_count(
            [("sharing", "=", "sign"), ("signer_ids", "!=", False)]
        )
        return self._step(
            self.env._("Template eligible for signature"),
            not count
            and self.env._(
                "Open a template and choose “Make eligible for signature” in its "
                "“Sharing” tab."
            ),
            self.env._("%(count)s template(s).", count=count),
            label=self.env._("Templates"),
            action="campus_sign.campus_sign_template_action",
        )

    def _current_year_domain(self):
        today = fields.Date.context_today(self)
        return [("date_start", "<=", today), ("date_end", ">=", today)]

    def _count_step(self, model, name, problem, action, domain=()):
        count = self.env[model].search_count(list(domain))
        return self._step(
            name,
            not count and problem,
            self.env._("%(count)s recorded.", count=count),
            label=self.env._("Open"),
            action=action,
        )
