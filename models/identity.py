# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""When somebody else changed what proves who a person is (invariant 3)."""

from odoo import api, fields, models

from .gate import is_unlocked, unlocked


class ResPartner(models.Model):
    _inherit = "res.partner"

    campus_identity_changed_at = fields.Datetime(
        readonly=True,
        copy=False,
        help="Last time another person changed the e-mail or the account: documents "
        "sent before are signed from the personal link only.",
    )

    def write(self, vals):
        if not is_unlocked(self.env):
            vals = {k: v for k, v in vals.items() if k != "campus_identity_changed_at"}
        changed = self.browse()
        if "email" in vals:
            changed = self.filtered(
                lambda partner: (
                    partner.email != vals["email"]
                    and partner != self.env.user.partner_id
                )
            )
        result = super().write(vals)
        changed._note_identity_change()
        return result

    def _note_identity_change(self):
        """Remember the moment; nobody writes this field by hand."""
        if self:
            moment = fields.Datetime.now()
            partners = unlocked(self.sudo())  # a trace, whoever made the change
            partners.write({"campus_identity_changed_at": moment})


class ResUsers(models.Model):
    _inherit = "res.users"

    @api.model_create_multi
    def create(self, vals_list):
        users = super().create(vals_list)
        if not self.env.su:
            # A password chosen by its maker opens the account to him too.
            chosen = [bool(vals.get("password")) for vals in vals_list]
            users.browse(
                user.id for user, known in zip(users, chosen, strict=True) if known
            ).partner_id._note_identity_change()
        return users

    def write(self, vals):
        moved = self.filtered(
            lambda user: (
                "partner_id" in vals and user.partner_id.id != vals["partner_id"]
            )
        )
        result = super().write(vals)
        if self.env.su:
            return result
        # A person who resets his own password does it by the address that was frozen.
        changed = self.filtered(
            lambda user: (
                {"login", "password", "new_password"} & set(vals)
                and user.id != self.env.uid
            )
        )
        # Nobody becomes somebody else, not even by moving his own account.
        (changed | moved).partner_id._note_identity_change()
        return result
