# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Plain values between a template, a record and its circuit."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Issue:
    """One point of the pre-send check (A069, A070)."""

    code: str
    message: str
    blocking: bool = True
    consequence: str = ""
    """What may happen when a warning is left alone."""
    target: object | None = None
    """Record to open to correct it, ``None`` when no screen does"""


@dataclass(frozen=True)
class Party:
    """One signature asked for, with the person found for it, if any."""

    role: object
    """``campus.sign.role`` record"""
    partner: object
    """``res.partner`` record, empty when nobody was found"""
    mandatory: bool
    finaliser: bool
    order: int
    group: str | None = None
    user: object | None = None
    """``res.users`` record of an establishment's representative"""
    company: object | None = None
    """``res.company`` record he signs for"""
    issues: tuple[Issue, ...] = ()

    @property
    def blocking(self):
        return any(issue.blocking for issue in self.issues)


@dataclass
class Check:
    """What the pre-send check says of one record."""

    record: object
    parties: list[Party] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    values: dict = field(default_factory=dict)
    """Values of the tags the document would show"""
    reserved: frozenset = frozenset()
    """Ids of contacts the document would speak of, reserved to another establishment"""

    @property
    def title(self):
        """Title of the document, naming nobody reserved to another establishment."""
        record = self.record
        return record._sign_number() if self.reserved else record._sign_subject()

    def all_issues(self):
        """Return the issues of the record, then those of its signers."""
        return self.issues + [i for party in self.parties for i in party.issues]

    @property
    def ready(self):
        """« Prêt à envoyer » (A067) as opposed to « Incomplet » (A068)."""
        return not any(issue.blocking for issue in self.all_issues())
