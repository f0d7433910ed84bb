# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import hashlib
import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import email_normalize

from .actor import Actor
from .ceremony_errors import CeremonyError

LIFE_DAYS = 45
PLACEHOLDER = "campus-sign-personal-link"
# (attempts, seconds) by kind of attempt.
LIMITS = {
    "token": (20, 600),
    "verify": (30, 600),
    "code": (3, 900),
    "code_day": (10, 86400),
    "totp": (5, 600),
}


class CampusSignLink(models.Model):
    """A person's personal link: opens all the lines addressed to one address.

    Only the hash of the secret is stored; the secret is minted while the mail is
    being sent, so that no queue and no log ever holds it (invariant 9).
    """

    _name = "campus.sign.link"
    _description = "Personal link"
    _order = "id desc"

    partner_id = fields.Many2one(
        "res.partner", required=True, ondelete="cascade", index=True
    )
    email = fields.Char(required=True)
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    purpose = fields.Selection([("sign", "Sign")], required=True, default="sign")
    lang = fields.Char()
    token_hash = fields.Char(index="btree_not_null", groups=fields.NO_ACCESS)
    expires_at = fields.Datetime(
        required=True, default=lambda self: self._default_expires_at()
    )
    revoked_at = fields.Datetime()
    last_used_at = fields.Datetime()

    def _default_expires_at(self):
        return fields.Datetime.now() + timedelta(days=LIFE_DAYS)

    @api.model
    def _hash(self, token):
        return hashlib.sha256(token.encode()).hexdigest()

    def _mint(self):
        """Create the secret of the link and return it; the former one dies."""
        self.ensure_one()
        token = secrets.token_urlsafe(32)
        self.write({"token_hash": self._hash(token)})
        return token

    def _actor(self, ip, agent):
        """Return the person a link identifies."""
        self.ensure_one()
        return Actor(self.partner_id, "link", ip, agent, address=self.email)

    @api.model
    def _find(self, token, ip):
        """Return the link of a secret.

        :raise CeremonyError: 404 unknown, 410 expired or revoked, 429 too many tries
        """
        link = self.browse()
        if isinstance(token, str) and 20 <= len(token) <= 100:
            link = self.sudo().search_fetch(  # the secret itself is the right
                [("token_hash", "=", self._hash(token))],
                ["partner_id", "email", "expires_at", "revoked_at"],
                limit=1,
            )
        if not link:
            self._throttle("token", ip)
            raise CeremonyError(
                404,
                "unknown_link",
                self.env._("This link is not valid."),
            )
        now = fields.Datetime.now()
        if link.revoked_at or link.expires_at <= now:
            raise CeremonyError(
                410,
                "expired_link",
                self.env._("This link is no longer valid."),
            )
        return link

    @api.model
    def _throttle(self, kind, key):
        """Count an attempt; it is kept even when the caller's transaction fails.

        :raise CeremonyError: 429 beyond the limit of the kind
        """
        limit, seconds = LIMITS[kind]
        since = fields.Datetime.now() - timedelta(seconds=seconds)
        with self.env.registry.cursor() as cr:
            attempts = self.with_env(self.env(cr=cr, su=True))  # a counter, no data
            attempts = attempts.env["campus.sign.attempt"]
            count = attempts.search_count(
                [("kind", "=", kind), ("key", "=", key), ("create_date", ">", since)],
                limit=limit,
            )
            if count < limit:
                attempts.create({"kind": kind, "key": key})
        if count >= limit:
            raise CeremonyError(
                429,
                "too_many",
                self.env._("Too many attempts. Please wait a few minutes."),
            )

    @api.model
    def _revoke_idle(self, partner, email):
        """Kill the links sent to an address that nothing more is asked from."""
        email = email_normalize(email or "")
        pending = (
            self.env["campus.sign.signer"]
            .sudo()
            .search_count(  # a fact
                [
                    ("partner_id", "=", partner.id),
                    ("email", "=", email),
                    ("status", "=", "pending"),
                ],
                limit=1,
            )
        )
        if not pending:
            self.sudo().search(  # called by acts that checked their right
                [
                    ("partner_id", "=", partner.id),
                    ("email", "=", email),
                    ("revoked_at", "=", False),
                ]
            ).write({"revoked_at": fields.Datetime.now()})

    @api.model
    def _revoke_all(self, partner, email):
        """Kill every link to an address whose reader is not this person."""
        self.sudo().search(  # called by an act of the link's own holder
            [
                ("partner_id", "=", partner.id),
                ("email", "=", email),
                ("revoked_at", "=", False),
            ]
        ).write({"revoked_at": fields.Datetime.now()})


class CampusSignAttempt(models.TransientModel):  # pylint: disable=no-wizard-in-models
    """Counter of attempts at a door, shared by all workers."""

    _name = "campus.sign.attempt"
    _description = "Attempt"
    _transient_max_hours = 24

    kind = fields.Char(required=True)
    key = fields.Char(required=True)

    _window_idx = models.Index("(kind, key, create_date)")
