# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class PortalWizardUser(models.TransientModel):
    _inherit = "portal.wizard.user"

    def _send_email(self):
        """Put the invitation in the queue when hundreds are made at once.

        Odoo sends each one during the click: 300 families would wait for 300 mails.
        """
        if not self.env.context.get("campus_queue_invitation"):
            return super()._send_email()
        self.ensure_one()
        user = self.user_id.sudo()  # Odoo's own: the account that was just given
        user.partner_id.signup_prepare()
        template = self.env.ref("auth_signup.portal_set_password_email")
        template.with_context(
            dbname=self.env.cr.dbname,
            lang=user.lang,
            welcome_message=self.wizard_id.welcome_message,
            medium="portalinvite",
        ).send_mail(user.id, force_send=False)
        cron = self.env.ref("mail.ir_cron_mail_scheduler_action")
        cron.sudo()._trigger()  # anybody's invitation may wake the mail queue
        return True
