# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import html

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..engine import rendering
from ..engine.pades import (
    FieldSpec,
    PadesError,
    Stamp,
    certify,
    sign,
    validate,
)
from .campus_sign_authority import aware_now
from .ceremony_errors import CeremonyError


class ResCompany(models.Model):
    """Electronic signature as a service of the establishment (A004, A005)."""

    _inherit = "res.company"

    sign_service_state = fields.Selection(
        [
            ("no_secret", "Key secret missing"),
            ("inactive", "Not activated"),
            ("off", "Switched off"),
            ("broken", "Out of order"),
            ("active", "Active"),
        ],
        string="Electronic signature",
        compute="_compute_sign_service",
        groups="campus_sign.group_admin",
    )
    sign_active = fields.Boolean(
        string="Activate the service",
        compute="_compute_sign_active",
        inverse="_inverse_sign_active",
        groups="campus_sign.group_admin",
    )
    sign_service_message = fields.Text(
        compute="_compute_sign_service", groups="campus_sign.group_admin"
    )
    sign_service_ends_at = fields.Datetime(
        string="Certificates valid until",
        compute="_compute_sign_service",
        groups="campus_sign.group_admin",
    )

    @api.depends("sign_authority_ids.active", "sign_enabled")
    def _compute_sign_service(self):
        for company in self:
            authority = company._sign_authority()
            state, message = company._sign_service(authority)
            company.sign_service_state = state
            company.sign_service_message = message
            company.sign_service_ends_at = authority.ends_at

    @api.depends("sign_authority_ids.active", "sign_enabled")
    def _compute_sign_active(self):
        for company in self:
            company.sign_active = company.sign_enabled and company._sign_authority()

    def _inverse_sign_active(self):
        """Switch the service on or off: the box « Activer le service » (A005).

        The first time, the certificates are made. Off, nothing more is sent; circuits
        under way go on and signed documents stay verifiable.
        """
        self._check_sign_admin()
        for company in self:
            wanted = company.sign_active
            if wanted and not company._sign_authority():
                # Keys are made by the server: nobody holds the right to write them.
                self.env["campus.sign.authority"].sudo()._activate(company)
            # Never activated stays so: there is nothing to switch off.
            company.sign_enabled = wanted or not company._sign_authority()

    def _sign_authority(self):
        """Return the authority in force, an empty recordset before activation."""
        self.ensure_one()
        authorities = self.env["campus.sign.authority"].sudo()  # its state only
        return authorities.search([("company_id", "=", self.id)], limit=1)

    def _sign_service(self, authority):
        try:
            self.env["campus.sign.authority"]._vault()
        except CeremonyError as error:
            return "no_secret", error.message
        if not authority:
            return "inactive", self.env._(
                "Activating creates the certificates of the establishment. It takes a "
                "few seconds and nothing is sent to anybody."
            )
        problems = authority._problems()
        if problems:
            return "broken", " ".join(problems)
        if not self.sudo().sign_enabled:  # a switch, shown to administrators only
            return "off", self.env._(
                "Switched off: nothing more can be sent. Documents under way can still "
                "be signed."
            )
        return "active", False

    def _check_sign_admin(self):
        """Check that the user is a super-administrator of these establishments.

        :raise AccessError: another profile, or another establishment
        """
        user = self.env.user
        if not self.env.su and (
            not user.has_group("campus_sign.group_admin") or self - user.company_ids
        ):
            raise AccessError(
                self.env._(
                    "Only a super-administrator of the establishment configures "
                    "electronic signature."
                )
            )

    # === ACTIONS ===#

    def action_sign_activate(self):
        """Activate the service: « Activer le service » (A005).

        :raise UserError: already active
        :raise CeremonyError: 409 when the server has no key secret
        """
        self.ensure_one()
        self._check_sign_admin()
        if self._sign_authority():
            raise UserError(
                self.env._(
                    "Electronic signature is already active for %(company)s.",
                    company=self.name,
                )
            )
        # Keys are created by the server: nobody holds the right to write them.
        self.env["campus.sign.authority"].sudo()._activate(self)
        self.invalidate_recordset()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "Electronic signature is active for %(company)s.", company=self.name
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_sign_test(self):
        """Try every part of the service and open the report (A005)."""
        self.ensure_one()
        self._check_sign_admin()
        return self.env["campus.sign.service.test"]._run(self)

    @api.model
    def action_sign_settings(self):
        """Open the settings of the establishment, or the list when there are several.

        :raise AccessError: not a super-administrator
        """
        companies = self.env.companies
        companies._check_sign_admin()
        if len(companies) == 1:
            return companies._open_sign_settings()
        return self.env["ir.actions.act_window"]._for_xml_id(
            "campus_sign.res_company_action_sign"
        )

    def _open_sign_settings(self):
        """Return the window of one establishment's settings."""
        self.ensure_one()
        form = self.env.ref("campus_sign.res_company_view_form_sign")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "campus_sign.res_company_action_sign"
        )
        return {**action, "res_id": self.id, "views": [(form.id, "form")]}

    def _sign_test(self):
        """Return what stops a whole signature from working, ``None`` when it works."""
        self.ensure_one()
        now = aware_now()
        authority = self._sign_authority()
        try:
            if not authority:
                self.env["campus.sign.authority"]._for_company(self)
            rendered = rendering.render(
                self._sign_test_html(), expected=["sig-1"], identifier=f"test {now}"
            )
            box = rendered.boxes[0]
            opened = authority._open()
            name = self.env._("Test")
            spec = FieldSpec(box.name, name, box.page, box.x1, box.y1, box.x2, box.y2)
            sealed = certify(rendered.pdf, [spec], opened, now=now, texts=[name])
            signed = sign(
                sealed.pdf,
                box.name,
                opened,
                person_name=name,
                person_email="",
                organization=self.name,
                request_code="test",
                stamp=Stamp(
                    name=name, role=name, when=f"{now:%d/%m/%Y %H:%M:%S}", visual=None
                ),
                now=now,
                reason=name,
                contact="",
                location="",
            )
            roots = [authority.certificates["root_cert"]]
            report = validate(signed.pdf, roots, now=aware_now())
        except CeremonyError as error:
            return error.message
        except (PadesError, rendering.RenderingError, ValueError) as error:
            return self.env._(
                "The test signature failed: %(reason)s", reason=str(error)
            )
        if not report.ok:
            return self.env._(
                "The test signature was made but is not valid: %(reason)s",
                reason=", ".join(report.problems),
            )
        return None

    def _sign_test_html(self):
        """Return a page with one signature box, through the engine's own markup."""
        slot = rendering.SignatureSlot("sig-1", "test", self.env._("Test"), "Test")
        composed = rendering.compose(f"<p>{html.escape(self.name)}</p>", {}, [slot])
        title = html.escape(self.env._("Test of electronic signature"))
        return (
            f'<html lang="fr"><head><title>{title}</title></head>'
            f"<body><h1>{title}</h1>{composed.html}</body></html>"
        )
