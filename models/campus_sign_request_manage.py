# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

from ..engine import circuit
from .campus_sign_event import Chain
from .ceremony_errors import CeremonyError
from .gate import gate, unlocked
from .one_line import one_line


class CampusSignRequest(models.Model):
    """Acts of the office: cancel, extend, replace; each asks ``_check_may_manage``."""

    _inherit = "campus.sign.request"

    def _act_office(self, kind, change, private=None, **payload):
        """Write an act of the office in the log, then make it (invariant 1)."""
        self._check_may_manage()
        actor = self._office_actor()
        for record in self:
            with gate(record.sudo()) as request:  # the right was checked just above
                sha = (request.revisions or [{}])[-1].get("sha256")
                chain = Chain(request)
                chain.append(
                    kind,
                    before=sha,
                    after=sha,
                    actor=actor,
                    private=private,
                    **payload,
                )
                change(request)
                request._after_act(chain)
                chain.store()

    def _act_cancel(self, reason):
        """Cancel circuits: « Signatures annulées » (A139, A140).

        :raise CeremonyError: 422 without a reason, 409 when a circuit is over
        """
        reason = (reason or "").strip()[:2000]
        if not reason:
            raise CeremonyError(
                422,
                "no_reason",
                self.env._("Please give the reason of the cancellation."),
            )

        def change(request):
            if request.state in ("archived", "cancelled"):
                raise CeremonyError(
                    409, "closed", request._closed_sentence(request.state)
                )
            waiting = request.signer_ids.filtered(
                lambda s: s.status in ("signed", "paper") or s.notified_at
            )
            unlocked(request).write({"phase": "cancelled", "close_reason": reason})
            request._note_news("cancelled", waiting, reason=reason)

        self._act_office("cancelled", change, {"reason": reason})

    def _act_extend(self, deadline):
        """Move the deadline; an expired circuit opens again (decision 1).

        :param deadline: naive UTC datetime in the future
        :raise CeremonyError: 422 for a moment in the past, 409 when over for good or
            replaced by a new circuit
        """
        if not deadline or deadline <= fields.Datetime.now():
            raise CeremonyError(
                422, "past", self.env._("The new deadline must be in the future.")
            )

        def change(request):
            if not circuit.can_extend(request._circuit(), fields.Datetime.now()):
                raise CeremonyError(
                    409, "closed", request._closed_sentence(request.state)
                )
            taken = request.next_ids.filtered(lambda one: not one._may_restart())
            if taken:
                raise CeremonyError(
                    409,
                    "restarted",
                    self.env._(
                        "%(document)s replaces this document: cancel its circuit "
                        "before you open this one again.",
                        document=taken[0].name,
                    ),
                )
            pending = request.signer_ids.filtered(lambda s: s.status == "pending")
            unlocked(request).write({"deadline": deadline})
            unlocked(pending).write({"notified_at": False})

        self._act_office(
            "extended", change, deadline=fields.Datetime.to_string(deadline)
        )

    def _act_replace(self, signer, partner):
        """Replace the person of an unsigned line (invariant 1).

        :raise CeremonyError: 409 when the line is signed or the circuit over, 422
            when the new person cannot be reached
        """
        self.ensure_one()
        self._check_replacement(signer, partner)
        self._replace(signer, partner.name, lambda: partner)

    def _check_replacement(self, signer, partner):
        reached = partner.email_normalized and (
            self.code_method != "sms" or partner.phone
        )
        if not reached:
            raise CeremonyError(
                422,
                "unreachable",
                self.env._(
                    "%(name)s cannot be reached: add the e-mail address, and the "
                    "telephone number when a code is sent to it.",
                    name=partner.name or signer.role_name,
                ),
            )
        if signer.finaliser or signer.user_id:
            raise CeremonyError(
                422,
                "finaliser",
                self.env._("Choose the representative of the establishment instead."),
            )

    def _replace(self, signer, name, find):
        """Write another person on a line.

        :param name: the new person's, for the log
        :param find: returns the new ``res.partner``; called behind the gate
        """
        old_name, old_partner, old_email = signer.name, signer.partner_id, signer.email

        def change(request):
            # An id of another document leaves nothing here, and nothing to change.
            line = request.signer_ids.filtered(lambda one: one.id == signer.id)
            if line.status != "pending" or request.state not in circuit.OPEN_STATES:
                raise CeremonyError(
                    409, "closed", self.env._("This line can no longer change.")
                )
            partner = find()
            unlocked(line).write(
                {
                    "partner_id": partner.id,
                    "name": one_line(partner.name),
                    "email": (partner.email_normalized or "").lower(),
                    "lang": partner.lang or request.lang,
                    "addressed_at": fields.Datetime.now(),
                    "notified_at": False,
                    "read_at": False,
                    "notify_due": False,
                    "reminder_at": False,
                    **line._forget_vals(partner),
                }
            )
            line.delegation_ids._settle(partner)
            self.env["campus.sign.link"]._revoke_idle(old_partner, old_email)

        self._act_office(
            "replaced",
            change,
            {"old": old_name, "new": name},
            field=signer.field_name,
        )
