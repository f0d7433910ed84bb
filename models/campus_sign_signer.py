# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize

from .gate import is_unlocked


class CampusSignSigner(models.Model):
    """One signature to give; name and address are frozen at sending."""

    _name = "campus.sign.signer"
    _description = "Signer of a document"
    _order = "request_id, finaliser, sequence, id"

    request_id = fields.Many2one(
        "campus.sign.request",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one(related="request_id.company_id", store=True)
    other_establishment_id = fields.Many2one(
        related="request_id.other_establishment_id", store=True
    )
    sequence = fields.Integer(readonly=True)
    role_id = fields.Many2one(
        "campus.sign.role", required=True, readonly=True, ondelete="restrict"
    )
    role_name = fields.Char(readonly=True)
    mandatory = fields.Boolean(readonly=True)
    finaliser = fields.Boolean(readonly=True)
    group = fields.Char(readonly=True)
    partner_id = fields.Many2one(
        "res.partner", required=True, readonly=True, ondelete="restrict", index=True
    )
    user_id = fields.Many2one(
        "res.users",
        string="Representative",
        readonly=True,
        ondelete="restrict",
        help="Only this account, holding the right, signs for the establishment.",
    )
    establishment_id = fields.Many2one(
        "res.company",
        string="Signs for",
        readonly=True,
        ondelete="restrict",
        help="Establishment the representative signs for.",
    )
    authority_id = fields.Many2one(
        "campus.sign.authority",
        readonly=True,
        ondelete="restrict",
        help="Under which the signature was given.",
    )
    name = fields.Char(required=True, readonly=True)
    email = fields.Char(readonly=True)
    lang = fields.Char(readonly=True)
    field_name = fields.Char(
        required=True, readonly=True, help="Signature field of the PDF."
    )
    status = fields.Selection(
        [
            ("pending", "To sign"),
            ("signed", "Signed"),
            ("paper", "Signed on paper"),
            ("refused", "Refused"),
            ("closed", "Closed without this signature"),
        ],
        required=True,
        default="pending",
        readonly=True,
    )
    signed_at = fields.Datetime(readonly=True)
    refused_at = fields.Datetime(readonly=True)
    refuse_reason = fields.Text(readonly=True)
    read_at = fields.Datetime(readonly=True)
    addressed_at = fields.Datetime(
        readonly=True,
        default=fields.Datetime.now,
        help="Since when this person, at this address, is asked for the signature.",
    )
    notify_due = fields.Boolean(readonly=True)
    notified_at = fields.Datetime(readonly=True)

    _pending_idx = models.Index("(partner_id) WHERE status = 'pending'")
    _due_idx = models.Index("(id) WHERE notify_due")
    _field_uniq = models.Constraint(
        "UNIQUE(request_id, field_name)", "Each signer has a field of his own."
    )

    @api.depends("name", "role_name")
    def _compute_display_name(self):
        for signer in self:
            signer.display_name = f"{signer.role_name} : {signer.name}"

    @api.model_create_multi
    def create(self, vals_list):
        self._check_unlocked()
        return super().create(vals_list)

    def write(self, vals):
        self._check_unlocked()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_unlocked(self):
        self._check_unlocked()

    def _check_unlocked(self):
        if not is_unlocked(self.env):
            raise UserError(
                self.env._("The circuit of a document that was sent cannot be changed.")
            )

    def _channel(self):
        """Return how the person of the line is told that it is his turn."""
        self.ensure_one()
        if self.user_id:
            return "activity"
        return "email" if self.email else "portal"

    # === WHO MAY SIGN THIS LINE (invariant 3) ===#

    def _belongs_to(self, actor):
        """Tell whether the actor is the person this line is addressed to.

        An account proves the person; a personal link proves the address it was
        sent to, so it opens only the lines frozen with that address. For the
        establishment only the named account, holding right 2 today, counts.
        """
        self.ensure_one()
        if actor.channel not in ("account", "link") or actor.partner != self.partner_id:
            return False
        if self.user_id:
            return (
                actor.channel == "account"
                and actor.user == self.user_id
                and self._may_represent(actor.user)
                and self._is_same_account(actor.user)
            )
        if actor.channel == "link":
            return actor.address == (self.email or "").strip().lower()
        return self._is_same_account(actor.user)

    def _may_represent(self, user):
        """Tell whether a user holds, today, what signing this line asks for."""
        return user._may_sign_for(
            self.establishment_id or self.company_id, self.role_id
        )

    def _is_same_account(self, user):
        """Tell whether an account is the one that existed when the line was addressed.

        Whoever may edit contacts could otherwise put his own address on a person,
        invite it to the portal, and sign in that person's place (invariant 3). The
        person still signs from the link sent to the frozen address.
        """
        since = self.addressed_at
        changed = user.partner_id.campus_identity_changed_at
        if changed and changed >= since:  # whole seconds: the doubt counts
            return False
        # Moments of circuits are whole seconds, those of creation are not.
        created = user.create_date.replace(microsecond=0)
        return created <= since or email_normalize(user.login) == self.email
