# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# A try that was counted must stay counted when the act it belongs to is refused.
# pylint: disable=invalid-commit
import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import consteq

from odoo.addons.auth_totp.models.totp import TOTP

from .ceremony_errors import CeremonyError
from .masks import mask_email, mask_number

METHODS = [
    ("none", "No code"),
    ("email", "Code by e-mail"),
    ("sms", "Code by SMS"),
    ("totp", "Authenticator app, else code by e-mail"),
]
# A code of a stronger kind serves documents that ask for a weaker one.
STRENGTH = {"email": 1, "sms": 2, "totp": 3}
LIFE_MINUTES = 10
MAX_TRIES = 5
DIGITS = 6


@dataclass(frozen=True)
class CodeAttempt:
    """A code as typed, and the one it is compared with: counted before it is read."""

    expected: object
    """``campus.sign.code``, empty when none was asked for"""
    text: str


class CampusSignCode(models.Model):
    """A code one person typed in before signing: single use, counted, short-lived.

    It is bound to the documents it was asked for, and each of them is signed with
    it once. Only a keyed hash is stored, under the secret that never lives in the
    database: who reads a backup learns no code.
    """

    _name = "campus.sign.code"
    _description = "Signing code"
    _order = "id desc"

    partner_id = fields.Many2one(
        "res.partner", required=True, ondelete="cascade", index=True
    )
    address = fields.Char(help="Of the personal link; empty for an account.")
    user_id = fields.Many2one("res.users", ondelete="cascade")
    method = fields.Selection(METHODS[1:], required=True)
    signer_ids = fields.Many2many("campus.sign.signer", string="Not signed yet")
    code_hash = fields.Char(groups=fields.NO_ACCESS)
    expires_at = fields.Datetime(
        required=True, default=lambda self: self._default_expires_at()
    )
    tries = fields.Integer()

    def _default_expires_at(self):
        return fields.Datetime.now() + timedelta(minutes=LIFE_MINUTES)

    # === SECRET ===#

    def _mint(self):
        """Choose the digits and return them; only their hash is kept."""
        self.ensure_one()
        digits = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
        self._keep(digits)
        return digits

    def _keep(self, digits):
        self.write({"code_hash": self._hash(digits), "tries": 0})

    def _hash(self, digits):
        """Return the keyed hash of a code.

        :raise CeremonyError: 409 ``no_secret``: without it nothing is compared
        """
        self.ensure_one()
        authorities = self.env["campus.sign.authority"]
        authorities._vault()  # refuses a missing or weak secret
        key = authorities._secret().encode()
        message = f"campus.sign.code:{self.id}:{digits}".encode()
        return hmac.new(key, message, hashlib.sha256).hexdigest()

    def _matches(self, text):
        return bool(self.code_hash) and consteq(self.code_hash, self._hash(text))

    # === ASKING FOR ONE ===#

    @api.model
    def _of(self, actor):
        """Return the code last asked for by a person, at this very door."""
        return self.search(
            [
                ("partner_id", "=", actor.partner.id),
                ("address", "=", actor.address or False),
                ("user_id", "=", actor.user.id if actor.user else False),
            ],
            limit=1,
        )

    @api.model
    def _strongest(self, lines, actor):
        """Return the method that serves all ``lines``, ``False`` for none."""
        methods = {line._code_method(actor) for line in lines} - {False}
        return max(methods, key=STRENGTH.__getitem__, default=False)

    @api.model
    def _ask(self, actor, lines):
        """Send a code for ``lines`` and say where it went.

        :return: ``{"method", "destination", "minutes"}``; no destination for an
            authenticator, to which nothing is sent
        :raise CeremonyError: 409 ``code_not_sent``, 422 ``no_code``, 429
        """
        method = self._strongest(lines, actor)
        if not method:
            raise CeremonyError(
                422, "no_code", self.env._("These documents ask for no code.")
            )
        answer = {"method": method, "destination": "", "minutes": LIFE_MINUTES}
        if method == "totp":
            return answer
        links = self.env["campus.sign.link"]
        for kind in ("code", "code_day"):
            links._throttle(kind, f"partner:{actor.partner.id}")
        name = "phone" if method == "sms" else "email"
        destination = lines[0][name]
        # Frozen at different times, addresses may differ: one code, one place.
        lines = lines.filtered(lambda line: line[name] == destination)
        code = self._renew(actor, method, lines)
        self.env.cr.commit()
        code._deliver(destination)
        mask = mask_number if method == "sms" else mask_email
        return {**answer, "destination": mask(destination)}

    @api.model
    def _renew(self, actor, method, lines):
        """Replace the person's code by a new one, still without digits."""
        self._of(actor).unlink()
        return self.create(
            {
                "partner_id": actor.partner.id,
                "address": actor.address or False,
                "user_id": actor.user.id if actor.user else False,
                "method": method,
                "signer_ids": lines.ids,
            }
        )

    # === TRYING ONE ===#

    @api.model
    def _attempt(self, actor, lines, text):
        """Count a try, then return it for the gates of the documents.

        :raise CeremonyError: 422 ``code_wrong`` for an authenticator, 429
        """
        text = "".join(text.split()) if isinstance(text, str) else ""
        code = self._of(actor)
        if not text:
            return CodeAttempt(code, "")
        if code:
            # Two tries at the same moment cannot both be the fifth: the second
            # update waits for the first, and fails on its snapshot.
            self.env.cr.execute(
                "UPDATE campus_sign_code SET tries = tries + 1 WHERE id = %s",
                [code.id],
            )
            code.invalidate_recordset(["tries"])
            self.env.cr.commit()
        if self._strongest(lines, actor) == "totp" and not (
            code._alive() and code.method == "totp" and code._matches(text)
        ):
            code = self._from_authenticator(actor, lines, text)
        return CodeAttempt(code, text)

    @api.model
    def _from_authenticator(self, actor, lines, text):
        """Check a code of the account's authenticator; keep it for ``lines``."""
        self.env["campus.sign.link"]._throttle("totp", f"user:{actor.user.id}")
        user = actor.user.sudo()  # the secret is compared here and goes nowhere
        key = base64.b32decode(user.totp_secret)
        # Python refuses to read a number of thousands of digits.
        digits = text.isdecimal() and len(text) == DIGITS
        counter = TOTP(key).match(int(text)) if digits else None
        # A code already used, here or to log in, is worth nothing.
        if counter is None or counter <= user.totp_last_counter:
            raise self._wrong()
        user.totp_last_counter = counter
        code = self._renew(actor, "totp", lines)
        code._keep(text)
        self.env.cr.commit()
        return code

    def _alive(self):
        return (
            bool(self)
            and self.expires_at > fields.Datetime.now()
            and self.tries <= MAX_TRIES
        )

    def _spend(self, signer, actor, text):
        """Use the code for one line; behind the gate of its document.

        :return: the method that was used
        :raise CeremonyError: 422; nothing is told of how near a wrong code was
        """
        code = self.exists()
        asked = signer._code_method(actor)
        if not text or not code:
            raise CeremonyError(
                422,
                "code_missing",
                self.env._("Ask for the code, then type it in."),
            )
        if not code._alive():
            raise CeremonyError(
                422,
                "code_over",
                self.env._("This code is no longer valid. Ask for a new one."),
            )
        if not code._matches(text):
            raise code._wrong()
        if signer not in code.signer_ids or STRENGTH[code.method] < STRENGTH[asked]:
            raise CeremonyError(
                422,
                "code_other",
                self.env._(
                    "This code was not asked for this document. Ask for a new one."
                ),
            )
        code.write({"signer_ids": [fields.Command.unlink(signer.id)], "tries": 0})
        return code.method

    def _wrong(self):
        left = MAX_TRIES - self.tries if self else MAX_TRIES
        message = self.env._("This code is not the right one. Check it and try again.")
        if self and left <= 0:
            message = self.env._(
                "This code is not the right one, and it was the last try. Ask for a "
                "new code."
            )
        return CeremonyError(422, "code_wrong", message)

    @api.autovacuum
    def _gc_codes(self):
        """Forget codes a day after their end."""
        limit = fields.Datetime.now() - timedelta(days=1)
        self.search([("expires_at", "<", limit)], limit=10000).unlink()
