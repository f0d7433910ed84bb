# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
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
    signed_by = fields.Char(
        readonly=True,
        help="The deputy who signed for the representative, by his own name.",
    )
    signed_by_id = fields.Many2one(
        "res.partner", string="Deputy", readonly=True, ondelete="restrict"
    )
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
    _user_pending_idx = models.Index("(user_id) WHERE status = 'pending'")
    _due_idx = models.Index("(id) WHERE notify_due")
    _field_uniq = models.Constraint(
        "UNIQUE(request_id, field_name)", "Each signer has a field of his own."
    )

    @api.depends("name", "role_name")
    def _compute_display_name(self):
        for signer in self:
            signer.display_name = self.env._(
                "%(role)s: %(name)s", role=signer.role_name, name=signer.name
            )

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

    def _told_users(self):
        """Return the internal accounts that find these lines in their activities.

        An activity opens the document: only for who may follow it. The others have
        the counter of the menu bar, and everybody without right of his own the mail.
        """
        users = self.env["res.users"]
        deputies = self.env["campus.sign.deputy"]
        for line in self:
            head = line.user_id
            place = line._signs_for()
            heads = head and head | deputies._deputies_of(head, place, line.role_id)
            for user in heads or line.partner_id.user_ids:
                if (
                    user.active
                    and user._is_internal()
                    and place in user.company_ids
                    and user.has_group("campus_sign.group_follow")
                ):
                    users |= user
        return users

    # === WHO MAY SIGN THIS LINE (invariant 3) ===#

    def _belongs_to(self, actor):
        """Tell whether the actor is the person this line is addressed to.

        An account proves the person; a personal link proves the address it was
        sent to, so it opens only the lines frozen with that address. For the
        establishment only the named account, holding right 2 today, counts, or
        today's deputy of that account (decision 7).
        """
        self.ensure_one()
        if self.user_id:
            return actor.channel == "account" and self._represents(actor.user)
        if actor.channel not in ("account", "link") or actor.partner != self.partner_id:
            return False
        if actor.channel == "link":
            known = actor.address == (self.email or "").strip().lower()
            return known and not self.disowned_at
        return self._is_same_account(actor.user)

    def _signs_for(self):
        """Return the establishment a representative's line is signed for."""
        return self.establishment_id or self.company_id

    def _represents(self, user):
        """Tell whether an account signs this line for the establishment today."""
        company = self._signs_for()
        if not user._may_sign_for(company, self.role_id):
            return False
        if user == self.user_id:
            return self._is_same_account(user)
        deputy = self.env["campus.sign.deputy"]._of(self.user_id, company, user)
        changed = user.partner_id.campus_identity_changed_at
        # Named after this document was sent or before: what counts is that the
        # deputy's account is still the one that was named.
        return bool(deputy) and not (changed and changed >= deputy.named_at)

    def _is_deputy(self, actor):
        """Tell whether who acts on this line is not the person it names."""
        return bool(self.user_id) and actor.user != self.user_id

    def _signing_identity(self, actor):
        """Return ``{"name", "email"}`` of who signs; ``for`` names the head replaced.

        A signer is who the circuit names; a deputy signs in his own name.
        """
        if self._is_deputy(actor):
            return {
                "name": actor.partner.name,
                "email": actor.email,
                "for": self.name,
            }
        return {"name": self.name, "email": self.email or actor.email}

    def _deputy_vals(self, actor):
        """Return what a line keeps of the deputy who signs it, if he is one."""
        if not self._is_deputy(actor):
            return {}
        return {"signed_by": actor.partner.name, "signed_by_id": actor.partner.id}

    def _acting_role(self, actor):
        """Return in which quality the actor acts: « role, pour head » of a deputy."""
        if not self._is_deputy(actor):
            return self.role_name
        return self.env._("%(role)s, for %(head)s", role=self.role_name, head=self.name)

    @api.model
    def _addressed_to(self, actor):
        """Return the domain of the lines an actor may be asked for.

        Wider than :meth:`_belongs_to`, which decides; it only spares reading all.
        """
        mine = Domain("partner_id", "=", actor.partner.id)
        heads = actor.user and self.env["campus.sign.deputy"]._heads_of(actor.user)
        return mine | Domain("user_id", "in", heads.ids) if heads else mine

    def _signed_name(self):
        """Return who stands on the line, for people: a deputy « pour » the head."""
        self.ensure_one()
        if not self.signed_by:
            return self.name
        return self.env._(
            "%(deputy)s for %(head)s", deputy=self.signed_by, head=self.name
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
