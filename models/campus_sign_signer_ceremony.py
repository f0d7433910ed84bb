# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

# Whoever signs in these roles signs for himself, or by law: nobody stands in for
# him on a proposal of his own. The office may still replace the line.
PERSONAL_ROLES = ("student", "guardian", "establishment")


class CampusSignSigner(models.Model):
    """What the signing page knows of a line: code, opening, proposal, wrong person."""

    _inherit = "campus.sign.signer"

    phone = fields.Char(readonly=True, help="Number a code is sent to, as at sending.")
    served_at = fields.Datetime(readonly=True)
    served_sha256 = fields.Char(
        readonly=True, help="Fingerprint of the bytes this signer was shown."
    )
    disowned_at = fields.Datetime(
        string="Wrong person since",
        readonly=True,
        help="The holder of the link said that he is not this person: links to this "
        "address open nothing until the office replaces or confirms the signer.",
    )
    delegation_ids = fields.One2many("campus.sign.delegation", "signer_id")
    proposal_id = fields.Many2one(
        "campus.sign.delegation", compute="_compute_proposal_id"
    )

    @api.depends("delegation_ids.state")
    def _compute_proposal_id(self):
        for signer in self:
            # Signers see their own line through the ceremony only; a plain fact.
            proposals = signer.sudo().delegation_ids
            signer.proposal_id = proposals.filtered(lambda p: p.state == "proposed")[:1]

    def _is_held(self):
        """Tell whether the office decides first who signs this line."""
        self.ensure_one()
        return bool(self.disowned_at or self.proposal_id)

    def _forget_vals(self, partner):
        """Return what starts anew when ``partner`` takes the line over."""
        return {
            "phone": partner.phone or False,
            "served_at": False,
            "served_sha256": False,
            "disowned_at": False,
        }

    def _may_delegate(self):
        """Tell whether the person may propose somebody else for the line."""
        self.ensure_one()
        if self.finaliser or self.user_id or self.group:
            return False
        return self.role_id.code not in PERSONAL_ROLES

    def _code_method(self, actor):
        """Return the code this line asks its signer for, ``False`` for none.

        An authenticator serves who has one; the others get an e-mail.
        """
        self.ensure_one()
        method = self.request_id.code_method
        if method in (False, "none"):
            return False
        if method == "totp" and not self._has_authenticator(actor):
            return "email"
        return method

    def _has_authenticator(self, actor):
        # A yes or no of the actor's own account; the secret stays where it is.
        return bool(actor.user) and actor.user.sudo().totp_enabled
