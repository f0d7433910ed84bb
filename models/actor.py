# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who acts, as the server knows it: never as the browser says it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Actor:
    """A person at the door, identified by an account or by a personal link."""

    partner: object
    """``res.partner``"""
    channel: str
    """``account``, ``link`` or ``office``"""
    ip: str
    agent: str
    user: object | None = None
    """``res.users`` when identified by an account"""
    address: str = ""
    """Normalised address a personal link was sent to"""

    @property
    def email(self):
        """Return the address the secret was sent to, or the account's."""
        return self.address or self.partner.email or ""

    def personal(self):
        """Return the personal part of this person's events."""
        data = {
            "name": self.partner.name or "",
            "email": self.email,
            "ip": self.ip,
            "agent": self.agent[:300],
            "channel": self.channel,
        }
        if self.user:
            data["login"] = self.user.login
        return data
