# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError

_READERS = "campus_sign.group_follow,campus_sign.group_records"


class ResPartner(models.Model):
    """Whether a person has an account on the portal."""

    _inherit = "res.partner"

    campus_access = fields.Selection(
        [("none", "No account"), ("invited", "Never connected"), ("open", "Connected")],
        string="Portal access",
        compute="_compute_campus_access",
        compute_sudo=True,
        groups=_READERS,
    )

    @api.depends("user_ids.active", "user_ids.login_date")
    def _compute_campus_access(self):
        for partner in self:
            users = partner.user_ids.filtered("active")
            if not users:
                partner.campus_access = "none"
            elif any(user.login_date for user in users):
                partner.campus_access = "open"
            else:
                partner.campus_access = "invited"

    def _campus_login(self):
        """Return the login of the person's account, empty without one."""
        users = self.sudo().user_ids  # the login only, to announce it to its owner
        return users.filtered("active")[:1].login or ""

    def action_create_portal_access(self):
        """Open « Créer les accès au portail » on these contacts."""
        return self.env["campus.portal.access"]._open(self)


class CampusGuardianship(models.Model):
    _inherit = "campus.guardianship"

    campus_access = fields.Selection(related="partner_id.campus_access")

    def action_create_portal_access(self):
        """Open « Créer les accès au portail » on these guardians."""
        return self.env["campus.portal.access"]._open(self)


class CampusStudent(models.Model):
    _inherit = "campus.student"

    campus_access = fields.Selection(related="partner_id.campus_access")

    def action_create_portal_access(self):
        """Open « Créer les accès au portail » on the students and their families."""
        return self.env["campus.portal.access"]._open(self)


class ResUsers(models.Model):
    _inherit = "res.users"

    def _campus_check_may_give_access(self):
        """Refuse whoever does not manage the records of the establishment.

        :raises AccessError: the user may not
        """
        if not self.env.su and not self.has_group("campus_sign.group_records"):
            raise AccessError(
                self.env._("You do not hold the right to create portal accesses.")
            )
