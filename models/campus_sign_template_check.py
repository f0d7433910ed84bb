# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.tools import email_normalize
from odoo.tools.misc import get_lang

from ..engine.circuit import OPEN_STATES
from ..engine.rendering import SignatureSlot, TemplateProblems, compose, missing_glyphs
from .campus_sign_event import Chain
from .ceremony_errors import CeremonyError
from .gate import unlocked
from .parties import Check, Issue
from .sentences import missing_glyphs as missing_sentence
from .sentences import template_problem


class CampusSignTemplate(models.Model):
    """The pre-send check and the sending, the one way into a circuit."""

    _inherit = "campus.sign.template"

    # === PRE-SEND CHECK (A060-A073) ===#

    def _check(self, records):
        """Return one :class:`Check` per record of a signable model."""
        self.ensure_one()
        tags = {
            tag.code: tag
            for tag in self.env["campus.sign.tag"]
            .sudo()  # the catalogue is the same for every sender
            .search([])
        }
        states = self._states_sent(records)
        services = {}
        checks = []
        for record in records:
            company = record._sign_establishment()
            check = Check(record)
            obstacle = record._sign_obstacle()
            if obstacle:
                check.issues.append(Issue("obstacle", obstacle))
            check.issues += self._sent_issues(states.get(record.id, ()))
            parties = record._sign_parties()
            for line in self.signer_ids:
                check.parties += line._resolve(record, parties, company)
            signing = [company, *(party.company for party in check.parties)]
            for one in dict.fromkeys(filter(None, signing)):
                if one not in services:
                    services[one] = self._service_issues(one)
                check.issues += services[one]
            check.issues += self._shared_address_issues(check.parties)
            check.issues += self._content_issues(record, check.parties, tags)
            checks.append(check)
        return checks

    def _states_sent(self, records):
        """Return ``{record id: states}`` of what this template was sent for."""
        found = (
            self.env["campus.sign.request"]
            .sudo()
            ._read_group(  # a fact
                [
                    ("template_id", "=", self.id),
                    ("res_model", "=", records._name),
                    ("res_id", "in", records.ids),
                ],
                ["res_id", "state"],
            )
        )
        states = {}
        for res_id, state in found:
            states.setdefault(res_id, set()).add(state)
        return states

    def _previous(self, records):
        """Return ``{record id: id}`` of the circuit each new one restarts (A141)."""
        found = (
            self.env["campus.sign.request"]
            .sudo()
            ._read_group(  # a fact
                [
                    ("template_id", "=", self.id),
                    ("res_model", "=", records._name),
                    ("res_id", "in", records.ids),
                ],
                ["res_id"],
                ["id:max"],
            )
        )
        return dict(found)

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

    def _shared_address_issues(self, parties):
        """Warn when two signers share an address (decision 16)."""
        seen = {}
        for party in parties:
            email = email_normalize(party.partner.email or "")
            if email:
                seen.setdefault(email, []).append(party)
        return [
            Issue(
                "shared_email",
                self.env._(
                    "%(names)s have the same e-mail address.",
                    names=", ".join(p.partner.display_name for p in same),
                ),
                blocking=False,
            )
            for same in seen.values()
            if len({party.partner for party in same}) > 1
        ]

    def _content_issues(self, record, parties, tags):
        """List empty required values and characters no font can draw."""
        head = next((p.partner.name for p in parties if p.finaliser), None)
        values = self._values(record, head)
        try:
            composed = compose(
                self.body or "",
                values,
                self._slots(parties),
                lang=self._lang(record),
                images=self._images(),
            )
        except TemplateProblems as error:
            return [
                Issue("template", template_problem(self.env, problem))
                for problem in error.problems
            ]
        issues = []
        empty = [
            tags[code].name
            for code in composed.missing
            if code in tags and tags[code].required
        ]
        if empty:
            issues.append(
                Issue(
                    "value",
                    self.env._("To fill in: %(values)s.", values=", ".join(empty)),
                )
            )
        texts = [composed.text, record._sign_subject()]
        texts += [party.partner.name or "" for party in parties]
        unknown = missing_glyphs("".join(texts))
        if unknown:
            issues.append(Issue("glyph", missing_sentence(self.env, unknown)))
        return issues

    # === VALUES AND SLOTS: what the rendering needs ===#

    def _lang(self, record):
        """Return the language of the document: the establishment's."""
        company = record._sign_establishment()
        return get_lang(self.env, company.partner_id.lang).code

    def _values(self, record, head):
        """Return the values of the tags.

        :param head: name of the finaliser, who replaces the record's own answer
        """
        values = dict(record._sign_tags())
        if head:
            values["establishment.head"] = head
        values.setdefault("document.date", fields.Date.context_today(self))
        return values

    def _signing_parties(self, parties):
        """Return the parties that enter the circuit.

        An optional signer nobody could reach is left out (A070); a mandatory one
        would have blocked.
        """
        return [
            party
            for party in parties
            if party.partner
            and (party.mandatory or email_normalize(party.partner.email or ""))
        ]

    def _slots(self, parties):
        return [
            SignatureSlot(
                name=f"sig-{index}",
                role=party.role.code,
                label=party.role.name,
                person=party.partner.name or "",
            )
            for index, party in enumerate(self._signing_parties(parties), start=1)
        ]

    # === SENDING ===#

    def _send(self, records):
        """Queue a document for each record; the server takes over (A080, A081).

        :param records: records of a signable model, already checked by the caller;
            checked again here because the world moves between check and click
        :return: the new requests, state ``queued``
        :raise CeremonyError: 422 ``incomplete`` naming the first record not ready
        """
        self.ensure_one()
        self.env["campus.sign.request"]._check_may_send()
        if self.sharing != "sign" or not self.active:
            raise CeremonyError(
                422,
                "not_eligible",
                self.env._("This template is not eligible for signature."),
            )
        checks = self._check(records)
        for check in checks:
            if not check.ready:
                reasons = [i.message for i in check.all_issues() if i.blocking]
                raise CeremonyError(
                    422,
                    "incomplete",
                    self.env._(
                        "%(document)s is incomplete: %(reasons)s",
                        document=check.record._sign_subject(),
                        reasons=" ".join(reasons),
                    ),
                )
        previous = self._previous(records)
        vals_list = [
            self._request_vals(check, previous.get(check.record.id)) for check in checks
        ]
        # People hold the right to send, not to write circuits: checked just above.
        requests = unlocked(self.env["campus.sign.request"].sudo()).create(vals_list)
        requests._refresh()
        actor = requests._office_actor()
        for request in requests:
            chain = Chain(request)
            chain.append(
                "requested",
                actor=actor,
                private={"title": request.name},
                template=request.template_name,
            )
            chain.store()
        requests._trigger_lanes("queue")
        return requests.with_env(self.env)

    def _request_vals(self, check, previous):
        record = check.record
        student = record._sign_student()
        promotion = record._sign_promotion()
        lang = self._lang(record)
        parties = self._signing_parties(check.parties)
        company = record._sign_establishment()
        others = [p.company for p in parties if p.company and p.company != company]
        name = self.with_context(lang=lang).name
        return {
            "name": f"{name} - {record._sign_subject()}",
            "company_id": company.id,
            "other_establishment_id": others[0].id if others else False,
            "template_id": self.id,
            "template_name": name,
            "category_id": self.category_id.id,
            "res_model": record._name,
            "res_id": record.id,
            "student_id": student.id,
            "promotion_id": promotion.id,
            "school_year_id": promotion.school_year_id.id,
            "recipient_id": record._sign_recipient().id,
            "sender_id": self.env.user.id,
            "lang": lang,
            "ordered": self.ordered,
            "nature_id": self.nature_id.id,
            "publish_student": self.publish_student,
            "publish_guardians": self.publish_guardians,
            "publish_recipient": self.publish_recipient,
            "previous_id": previous or record._sign_previous().id,
            "signer_ids": [
                fields.Command.create(self._signer_vals(party, index, lang))
                for index, party in enumerate(parties, start=1)
            ],
        }

    def _signer_vals(self, party, index, lang):
        return {
            "sequence": party.order,
            "role_id": party.role.id,
            "role_name": party.role.with_context(lang=lang).name,
            "mandatory": party.mandatory,
            "finaliser": party.finaliser,
            "group": party.group,
            "partner_id": party.partner.id,
            "user_id": party.user.id if party.user else False,
            "establishment_id": party.company.id if party.company else False,
            "name": party.partner.name,
            "email": email_normalize(party.partner.email or ""),
            "lang": get_lang(self.env, party.partner.lang or lang).code,
            "field_name": f"sig-{index}",
        }
