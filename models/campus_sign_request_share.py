# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

from .ceremony_errors import CeremonyError

AUDIENCES = ("signer", "student", "guardian", "recipient")


class CampusSignRequest(models.Model):
    """« Partager les documents »: in and out of lockers (A111, A129, decision 15)."""

    _inherit = "campus.sign.request"

    def _share_partners(self, audiences, others):
        """Return ``{partner: reason}`` of the lockers chosen."""
        self.ensure_one()
        given = self.signer_ids.filtered(lambda s: s.status in ("signed", "paper"))
        guardians = self.student_id.guardianship_ids.filtered("legal")
        known = {
            "signer": given.partner_id,
            "student": self.student_id.partner_id,
            "guardian": guardians.partner_id,
            "recipient": self.recipient_id,
        }
        found = dict.fromkeys(others, "office")
        for audience in reversed(AUDIENCES):
            if audience in audiences:
                found.update(dict.fromkeys(known[audience], audience))
        return found

    def _act_share(self, audiences, others, published):
        """Put the final file in lockers, or take it out; one event per document.

        :param audiences: among ``AUDIENCES``
        :param others: ``res.partner``, further persons chosen by the office
        :param bool published: in, or out
        :raise CeremonyError: 409 when the file is not final, or nothing would change
        """
        self.ensure_one()
        self._check_may_manage()
        record = self.sudo()  # the right was checked just above
        if record.state != "archived" or not record.sealed_at:
            raise CeremonyError(
                409,
                "not_final",
                self.env._("Only a finalised document can be shared."),
            )
        found = record._share_partners(audiences, others)
        lockers = record.locker_ids.filtered(lambda one: one.partner_id in found)
        there = lockers.filtered("published").partner_id
        if published:
            changed = [one for one in found if one not in there]
        else:
            changed = list(there)
        if not changed:
            raise CeremonyError(
                409,
                "unchanged",
                self.env._("It is already in these lockers.")
                if published
                else self.env._("It is in none of these lockers."),
            )

        def change(request):
            old = request.locker_ids.filtered(lambda one: one.partner_id in changed)
            old.write({"published": published})
            if published:
                request.locker_ids.create(
                    [
                        {
                            "request_id": request.id,
                            "partner_id": partner.id,
                            "reason": found[partner],
                        }
                        for partner in changed
                        if partner not in old.partner_id
                    ]
                )
                request.locker_ids.filtered(
                    lambda one: one.partner_id in changed
                )._tell_owners()
            request._announce()

        record._act_office(
            "published" if published else "withdrawn",
            change,
            {"people": ", ".join(partner.name or "" for partner in changed)},
            count=len(changed),
        )

    def _event_labels(self):
        return {
            **super()._event_labels(),
            "withdrawn": self.env._("Taken out of lockers"),
        }

    def _event_detail(self, payload, person):
        detail = super()._event_detail(payload, person)
        return " · ".join(filter(None, [detail, person.get("people")]))
