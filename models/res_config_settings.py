# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

ADMIN = "campus_sign.group_admin"


class ResConfigSettings(models.TransientModel):
    """« Paramètres › Signature électronique » of the current establishment (A005)."""

    _inherit = "res.config.settings"

    sign_service_state = fields.Selection(
        related="company_id.sign_service_state", groups=ADMIN
    )
    sign_service_message = fields.Text(
        related="company_id.sign_service_message", groups=ADMIN
    )
    sign_service_ends_at = fields.Datetime(
        related="company_id.sign_service_ends_at", groups=ADMIN
    )
    sign_active = fields.Boolean(
        related="company_id.sign_active", readonly=False, groups=ADMIN
    )
    sign_sms = fields.Boolean(
        related="company_id.sign_sms", readonly=False, groups=ADMIN
    )
    sign_finaliser_id = fields.Many2one(
        related="company_id.sign_finaliser_id", readonly=False, groups=ADMIN
    )
    sign_visual = fields.Binary(
        related="company_id.sign_visual", readonly=False, groups=ADMIN
    )
    sign_unit_price = fields.Float(
        related="company_id.sign_unit_price", readonly=False, groups=ADMIN
    )
    sign_privacy_notice = fields.Html(
        related="company_id.sign_privacy_notice", readonly=False, groups=ADMIN
    )

    def action_sign_activate(self):
        """Activate the service of the current establishment; it checks the right."""
        return self.company_id.action_sign_activate()

    def action_sign_test(self):
        """Try a whole signature; the establishment checks the right."""
        return self.company_id.action_sign_test()

    def action_sign_checklist(self):
        """Open the first steps; they check the right."""
        return self.env["campus.sign.checklist"].action_open()
