# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Rows of « Aperçu avant envoi » as plain values."""

import hashlib

MANDATORY, OPTIONAL, FINALISER = "mandatory", "optional", "finaliser"
LONG = 1000

# What a document takes from its template: another author's change of any of them
# makes the rows shown out of date.
_TEMPLATE_FIELDS = (
    "name sharing active body page_format margin_top margin_right margin_bottom "
    "margin_left font_size show_logo header_text footer_text address_frame ordered "
    "deadline_days publish_student publish_guardians publish_recipient"
).split()


class Rows:
    """Turns the checks of one template into rows.

    :param template: the ``campus.sign.template`` they were made with
    """

    def __init__(self, template):
        self._digests = {}
        circuit = [
            (line.role_id.id, line.mandatory, line.sequence, line.finaliser)
            for line in template.signer_ids
        ]
        values = [template[name] for name in _TEMPLATE_FIELDS]
        self._revision = _digest((template.id, values, circuit))

    def rows(self, records, checks):
        """Return the row of each check: see ``campus.sign.send._check_table``.

        :param records: the records of the checks
        """
        hidden = [check.record.id for check in checks if check.reserved]
        texts = (records - records.browse(hidden))._sign_rows()
        for check in checks:
            if check.reserved:
                texts[check.record.id] = {"contact": "", "record": check.title}
        return [self._row(check, texts[check.record.id]) for check in checks]

    def _row(self, check, texts):
        record = check.record
        cells = {}
        for party in check.parties:
            key = column_key(party.role, party.mandatory, party.finaliser)
            cells.setdefault(key, []).append(
                {
                    "name": party.partner.name or "",
                    "user": party.user.id if party.user else False,
                    "issues": _issues(check, party.issues),
                }
            )
        return {
            "id": record.id,
            "title": check.title,
            "student": record._sign_student().name or "",
            "promotion": record._sign_promotion().name or "",
            "company": record._sign_establishment().id,
            **texts,
            "ready": check.ready,
            "issues": _issues(check, check.issues),
            "mark": self.mark(check),
            "cells": cells,
        }

    def mark(self, check):
        """Return a fingerprint of all that would be sent for a record."""
        if check.reserved:
            return ""
        signers = [
            (party.role.id, party.partner.id, party.partner.name, party.partner.email)
            for party in check.parties
        ]
        recipient = check.record._sign_recipient()
        # Sorted: workers read the tags in an order of their own.
        values = sorted((code, self._short(v)) for code, v in check.values.items())
        seen = (
            self._revision,
            values,
            signers,
            (recipient.id, recipient.email),
        )
        return _digest(seen)[:32]

    def _short(self, value):
        """Return a value, or the fingerprint of a long one.

        The establishment's logo is the same in every row: it is read once.
        """
        if not isinstance(value, str) or len(value) < LONG:
            return value
        if value not in self._digests:
            self._digests[value] = _digest(value)
        return self._digests[value]


def column_key(role, mandatory, finaliser):
    """Return the key of a role's column, its group first."""
    group = FINALISER if finaliser else MANDATORY if mandatory else OPTIONAL
    return f"{group}-{role.id}"


def _digest(value):
    return hashlib.sha256(repr(value).encode()).hexdigest()


def _issues(check, issues):
    return [
        {
            "message": issue.message,
            "blocking": issue.blocking,
            "consequence": issue.consequence,
            "target": _target(check, issue.target),
        }
        for issue in issues
    ]


def _target(check, record):
    if not record:
        return False
    if check.reserved and record == check.record:
        return {"model": record._name, "id": record.id, "name": check.title}
    # The full name of a contact would read its company, one query each.
    name = record.name if record._name == "res.partner" else record.display_name
    return {"model": record._name, "id": record.id, "name": name or ""}
