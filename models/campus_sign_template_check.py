# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dataclasses import replace

from odoo import fields, models
from odoo.fields import Domain

from ..engine.circuit import OPEN_STATES
from ..engine.rendering import Outline, TemplateProblems, missing_glyphs
from .ceremony_errors import CeremonyError
from .parties import Check, Issue
from .people import People
from .sentences import missing_glyphs as missing_sentence
from .sentences import template_problem

#: How the tags that describe the person of a role begin.
TAGS_OF_ROLES = {
    "tutor": "tutor.",
    "teacher": "teacher.",
    "company_head": "company.head",
    "guardian": "guardian",
}

#: Outputs that show who signs, on screen or on paper.
SIGNED_OUTPUTS = ("signature", "pdf")


class CampusSignTemplate(models.Model):
    """The pre-send check: what is red, orange, ready."""

    _inherit = "campus.sign.template"

    # === PRE-SEND CHECK (A060-A073) ===#

    def _check(self, records, output="signature", finalisers=None):
        """Return one :class:`Check` per record of a signable model.

        The number of queries does not depend on the number of records.

        :param output: ``signature``, ``pdf``, ``mail`` (A058) or ``publish`` (A025)
        :param finalisers: ``{record id: res.users}`` chosen by the sender
        """
        self.ensure_one()
        finalisers = finalisers or {}
        checks = [Check(record) for record in records]
        asked = []
        for check in checks:
            if output in SIGNED_OUTPUTS:
                found = self._asked(check.record, finalisers.get(check.record.id))
                check.parties = [party for _line, party in found]
                asked += [line for line, _party in found]
        self._hide_reserved(records, checks)
        people = self._people(checks)
        if output == "signature":
            self._add_circuit_issues(records, checks, asked, people)
        else:
            self._add_print_issues(checks, output, people)
        self._add_content_issues(checks, output)
        return checks

    def _asked(self, record, finaliser=None):
        """Return ``[(line of the circuit, Party)]``: whom it asks to sign.

        :param finaliser: ``res.users`` chosen by the sender
        """
        parties = record._sign_parties()
        company = record._sign_establishment()
        return [
            (line, party)
            for line in self.signer_ids
            for party in line._resolve(record, parties, company, finaliser)
        ]

    def _hide_reserved(self, records, checks):
        """Take out of the checks the contacts the sender may not read.

        Another establishment reserved them since they were named: nothing is shown of
        them, and the document, which would speak of them, does not leave.
        """
        if self.env.su:
            return
        named = records.sudo()._sign_contacts()  # which ones, nothing of them
        for check in checks:
            named[check.record.id] |= {party.partner.id for party in check.parties}
        partners = self.env["res.partner"].browse(
            set().union(*named.values()) - {False}
        )
        parents = {one.id: one.parent_id.id for one in partners.sudo()}
        partners |= partners.browse(set(parents.values()) - {False})
        reserved = set((partners - partners._filtered_access("read")).ids)
        for check in checks if reserved else ():
            ids = named[check.record.id]
            ids |= {parents.get(one) for one in ids}
            check.reserved = frozenset(ids & reserved)
            if check.reserved:
                self._add_reserved_issues(check)

    def _add_reserved_issues(self, check):
        """Say in the cell of a signer, else of the document, that it names one."""

        def hidden(party):
            return party.partner.id in check.reserved

        if not any(map(hidden, check.parties)):
            issue = Issue("reserved", self._reserved_sentence(), target=check.record)
            check.issues.append(issue)
        check.parties = [
            replace(
                party,
                partner=party.partner[:0],
                issues=(*party.issues, self._reserved_issue(party, check.record)),
            )
            if hidden(party)
            else party
            for party in check.parties
        ]

    def _reserved_issue(self, party, record):
        return Issue(
            "reserved",
            self.env._(
                "%(role)s: the person named is reserved to another establishment. Name "
                "somebody else, or have the contact's establishment emptied.",
                role=party.role.name,
            ),
            target=record,
        )

    def _reserved_sentence(self):
        return self.env._(
            "A contact of this document is reserved to another establishment. Name "
            "somebody else, or have the contact's establishment emptied."
        )

    def _people(self, checks):
        """Read every person of the checks at once."""
        ids = {party.partner.id for check in checks for party in check.parties}
        ids |= {check.record._sign_recipient().id for check in checks}
        ids = ids.difference(*(check.reserved for check in checks))
        students = self.env["campus.student"].union(
            *(check.record._sign_student() for check in checks)
        )
        partners = self.env["res.partner"].browse(sorted(ids - {False}))
        return People(partners, students)

    def _add_circuit_issues(self, records, checks, asked, people):
        """Say what is wrong with the signers and with the sending itself."""
        states = records._sign_states(Domain("template_id", "=", self.id))
        services = {}
        lines = iter(asked)
        for check in checks:
            record = check.record
            company = record._sign_establishment()
            signing = [company, *(party.company for party in check.parties)]
            for one in dict.fromkeys(filter(None, signing)):
                if one not in services:
                    services[one] = self._service_issues(one)
                check.issues += services[one]
            if not check.reserved:
                check.issues += self._record_issues(record)
            check.issues += self._sent_issues(states.get(record.id, ()))
            check.parties = [
                replace(
                    party,
                    issues=(
                        *party.issues,
                        *next(lines)._person_issues(party, record, people),
                    ),
                )
                for party in check.parties
            ]
            check.issues += self._shared_address_issues(check.parties, people)

    def _record_issues(self, record):
        """Return what the record itself says against a sending."""
        found = []
        if obstacle := record._sign_obstacle():
            found.append(Issue("obstacle", obstacle, target=record))
        if warning := record._sign_warning(self):
            found.append(Issue("warning", warning, blocking=False, target=record))
        return found

    def _add_print_issues(self, checks, output, people):
        """Say who could not receive the document (A025, A058)."""
        for check in checks:
            if check.reserved:
                continue
            if output == "publish" and not self._locker_owners(check.record):
                check.issues.append(
                    Issue("publish", self._no_owner_sentence(), target=self)
                )
            if output != "mail":
                continue
            recipient = check.record._sign_recipient()
            if not recipient:
                check.issues.append(
                    Issue(
                        "recipient",
                        self.env._("The document is addressed to nobody."),
                        target=check.record,
                    )
                )
            elif not people.email(recipient):
                check.issues.append(
                    Issue(
                        "email",
                        self.env._(
                            "%(name)s has no e-mail address.",
                            name=recipient.name or "",
                        ),
                        target=people.source(recipient),
                    )
                )

    def _sent_issues(self, states):
        """Refuse a second circuit beside an open one; warn after an archived one."""
        if set(states) & {"queued", "failed", *OPEN_STATES}:
            return [
                Issue(
                    "circulating",
                    self.env._(
                        "This document is already in circulation: cancel its "
                        "circuit before sending it again."
                    ),
                )
            ]
        if "archived" in states:
            return [
                Issue(
                    "archived",
                    self.env._("This document was already signed and archived."),
                    blocking=False,
                )
            ]
        return []

    def _service_issues(self, company):
        try:
            problems = (
                self.env["campus.sign.authority"]._for_company(company)._problems()
            )
        except CeremonyError as error:
            problems = [error.message]
        return [Issue("service", problem) for problem in problems]

    def _shared_address_issues(self, parties, people):
        """Warn when two signers share an address (decision 16)."""
        seen = {}
        for party in parties:
            email = people.email(party.partner)
            if email:
                seen.setdefault(email, []).append(party)
        return [
            Issue(
                "shared_email",
                self.env._(
                    "%(names)s have the same e-mail address.",
                    names=", ".join(p.partner.name or "" for p in same),
                ),
                blocking=False,
            )
            for same in seen.values()
            if len({party.partner for party in same}) > 1
        ]

    # === CONTENT: what the document would lack ===#

    def _add_content_issues(self, checks, output):
        """Say what the documents lack, from one reading of the body.

        An empty required value holds a signature back, not a print; nor when it
        speaks of an optional signer, who may be nobody (A076).
        """
        optional = self.signer_ids.filtered(lambda line: not line.mandatory)
        lenient = tuple(
            TAGS_OF_ROLES[code]
            for code in optional.mapped("role_code")
            if code in TAGS_OF_ROLES
        )
        tags = {
            tag.code: tag
            for tag in self.env["campus.sign.tag"]
            .sudo()  # the catalogue is the same for every sender
            .search([("required", "=", True)])
        }
        images = self._images()
        outlines, langs = {}, {}
        for check in checks:
            if check.reserved:
                continue
            company = check.record._sign_establishment()
            if company not in langs:
                langs[company] = check.record._sign_lang()
            head = next(
                (p.partner.name for p in check.parties if p.company == company), None
            )
            check.values = self._values(check.record, head)
            known = frozenset(check.values)
            try:
                if known not in outlines:
                    outlines[known] = Outline(self.body or "", known, images)
                reading = outlines[known].read(check.values, langs[company])
            except TemplateProblems as error:
                check.issues += [
                    Issue("template", template_problem(self.env, problem))
                    for problem in error.problems
                ]
                continue
            empty = [tags[code] for code in reading.missing if code in tags]
            for blocking in (True, False):
                some = [
                    tag
                    for tag in empty
                    if blocking
                    is (output == "signature" and not tag.code.startswith(lenient))
                ]
                check.issues += self._empty_issues(check.record, some, blocking)
            check.issues += self._glyph_issues(check, reading.unknown)

    def _empty_issues(self, record, tags, blocking):
        """Return an issue for each record where required values are to be typed."""
        sources = {}
        for tag in tags:
            sources.setdefault(record._sign_tag_source(tag.code), []).append(tag.name)
        return [
            Issue(
                "value",
                self.env._("To fill in: %(values)s.", values=", ".join(names)),
                blocking,
                target=source or None,
            )
            for source, names in sources.items()
        ]

    def _glyph_issues(self, check, unknown):
        texts = [check.record._sign_subject()]
        texts += [party.partner.name or "" for party in check.parties]
        text = "".join(texts)
        found = dict.fromkeys(unknown)
        if not text.isascii():
            found |= dict.fromkeys(missing_glyphs(text))
        if not found:
            return []
        sentence = missing_sentence(self.env, tuple(found))
        return [Issue("glyph", sentence, target=check.record)]

    # === VALUES: what the rendering needs ===#

    def _values(self, record, head):
        """Return the values of the tags.

        :param head: name of who signs for the establishment, before the record's own
            answer
        """
        # What a record says nothing of stays empty: the check then says so.
        values = {**dict.fromkeys(self._catalogue()), **record._sign_tags()}
        if head:
            values["establishment.head"] = head
        values.setdefault("document.date", fields.Date.context_today(self))
        return values
