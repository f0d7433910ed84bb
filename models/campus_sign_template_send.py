# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import email_normalize
from odoo.tools.misc import get_lang

from .campus_sign_event import Chain
from .ceremony_errors import CeremonyError
from .gate import unlocked
from .one_line import one_line


class CampusSignTemplate(models.Model):
    """The sending, the one way into a circuit."""

    _inherit = "campus.sign.template"

    def _send(self, records, finalisers=None):
        """Queue a document for each record; the server takes over (A080, A081).

        :param records: records of a signable model, already checked by the caller;
            checked again here because the world moves between check and click
        :param finalisers: ``{record id: res.users}`` chosen by the sender
        :return: the new requests, state ``queued``
        :raise CeremonyError: 422 ``incomplete`` naming the first record not ready
        """
        self.ensure_one()
        self._guard_eligible()
        return self._queue(self._check(records, finalisers=finalisers))

    def _guard_eligible(self):
        """Check the sender's right and the template's (A010, A059).

        :raise CeremonyError: 403 ``no_right``, 422 ``not_eligible``
        """
        self.env["campus.sign.request"]._check_may_send()
        if self.sharing != "sign" or not self.active:
            raise CeremonyError(
                422,
                "not_eligible",
                self.env._("This template is not eligible for signature."),
            )

    @api.model
    def _guard_ready(self, checks):
        """Check that every document may leave.

        :raise CeremonyError: 403 of another establishment, 422 ``incomplete`` naming
            the first record not ready
        """
        for check in checks:
            self.env["campus.sign.request"]._check_own_establishment(
                check.record._sign_establishment()
            )
            if not check.ready:
                reasons = [i.message for i in check.all_issues() if i.blocking]
                raise CeremonyError(
                    422,
                    "incomplete",
                    self.env._(
                        "%(document)s is incomplete: %(reasons)s",
                        document=check.title,
                        reasons=" ".join(reasons),
                    ),
                )

    def _queue(self, checks, restarted=None):
        """Queue what was just checked, all of it or nothing.

        :param restarted: ``{record id: id}`` of closed circuits that start again;
            else the last one of the same template (A141)
        :raise CeremonyError: see :meth:`_guard_eligible`, :meth:`_guard_ready`
        """
        self._guard_eligible()
        self._guard_ready(checks)
        records = [check.record for check in checks]
        previous = {**self._previous(records), **(restarted or {})}
        sending = self.env["campus.sign.sending"]._open(self, records, "signature")
        vals_list = [
            {
                **self._request_vals(check, previous.get(check.record.id)),
                "sending_id": sending.id,
            }
            for check in checks
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

    def _previous(self, records):
        """Return ``{record id: id}`` of the last circuit of each (A141).

        :param records: list of records of one model
        """
        if not records:
            return {}
        found = (
            self.env["campus.sign.request"]
            .sudo()
            ._read_group(  # a fact
                [
                    ("template_id", "=", self.id),
                    ("res_model", "=", records[0]._name),
                    ("res_id", "in", [record.id for record in records]),
                ],
                ["res_id"],
                ["id:max"],
            )
        )
        return dict(found)

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

    def _request_vals(self, check, previous):
        record = check.record
        student = record._sign_student()
        promotion = record._sign_promotion()
        lang = record._sign_lang()
        parties = self._signing_parties(check.parties)
        company = record._sign_establishment()
        others = [p.company for p in parties if p.company and p.company != company]
        name = self.with_context(lang=lang).name
        return {
            "name": one_line(f"{name} - {record._sign_subject()}"),
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
            "name": one_line(party.partner.name) or party.role.name,
            "email": email_normalize(party.partner.email or ""),
            "lang": get_lang(self.env, party.partner.lang or lang).code,
            "field_name": f"sig-{index}",
        }
