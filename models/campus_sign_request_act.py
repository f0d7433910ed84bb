# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

from ..engine import circuit
from .campus_sign_event import Chain
from .ceremony_errors import CeremonyError
from .gate import gate, unlocked


class CampusSignRequest(models.Model):
    """Acts of signers on a circuit: every one of them passes the gate.

    Those of the office are in ``campus_sign_request_manage.py``, the clock's in
    ``campus_sign_request_deadline.py``.
    """

    _inherit = "campus.sign.request"

    # === GUARDS, ON THE ACT (invariant 3) ===#

    def _guard_turn(self, signer, actor):
        """Check that ``actor`` may act on ``signer`` now; behind the gate.

        :raise CeremonyError: 403 not his line, 409 already signed, closed, or not
            his turn
        """
        if signer not in self.signer_ids or not signer._belongs_to(actor):
            raise CeremonyError(
                403,
                "not_yours",
                self.env._("This signature is not asked from you."),
            )
        if signer.status in ("signed", "paper"):
            raise CeremonyError(
                409, "already_signed", self.env._("You have already signed it.")
            )
        now = fields.Datetime.now()
        state = circuit.state(self._circuit(), now)
        if signer.status == "refused" or state not in circuit.OPEN_STATES:
            raise CeremonyError(409, "closed", self._closed_sentence(state))
        if signer.id not in circuit.may_sign(self._circuit(), now):
            raise CeremonyError(
                409,
                "not_your_turn",
                self.env._(
                    "Other people must sign before you. You will receive an e-mail "
                    "when your turn comes."
                ),
            )
        if signer.proposal_id:
            raise CeremonyError(
                409,
                "proposed",
                self.env._(
                    "You proposed somebody else for this document: the establishment "
                    "decides first."
                ),
            )

    def _closed_sentence(self, state):
        sentences = {
            "archived": self.env._(
                "This document is finalised: it can be signed no more."
            ),
            "refused": self.env._("This document was refused by one of its signers."),
            "expired": self.env._(
                "The deadline for signing this document has passed. Ask the "
                "establishment to extend it."
            ),
            "cancelled": self.env._("The establishment cancelled this document."),
        }
        return sentences.get(
            state, self.env._("This document cannot be signed at the moment.")
        )

    def _guard_read(self, signer):
        """Check that the document was read to its end (A095); behind the gate."""
        if not signer.read_at:
            raise CeremonyError(
                409,
                "not_read",
                self.env._("Read the document to the end before signing it."),
            )

    # === SIGN ===#

    def _act_sign(self, signer, actor, visual, consents, attempt=None, batch_line=None):
        """Sign the line ``signer``: one act, one transaction (invariants 3, 4, 7).

        :param visual: engine ``Visual``, already normalised
        :param list consents: the accepted texts, as recorded in the proof
        :param attempt: ``CodeAttempt`` of a document that asks for a code
        :param batch_line: ``campus.sign.batch.line`` when one consent was given to
            many documents: it answers for the reading and the code
        :return: naive UTC moment of the signature's timestamp
        :raise CeremonyError: when a guard refuses
        """
        with gate(self) as request:
            # Odoo need not look for the company of a signer without account.
            request = request.with_company(request.company_id)
            # One query reads all the lines, the signer's own included.
            lines = request.signer_ids
            signer = signer.with_env(request.env).with_prefetch(lines._prefetch_ids)
            request._guard_turn(signer, actor)
            if batch_line is None:
                request._guard_read(signer)
                answers = request._guard_code(signer, actor, attempt)
            else:
                answers = batch_line._guard(request, actor)
            chain = Chain(request)
            chain.append(
                "consented",
                before=request.revisions[-1]["sha256"],
                actor=actor,
                private=signer._signing_identity(actor),
                field=signer.field_name,
                role=signer.role_name,
                consents=consents,
                document=request.frozen_sha256,
                **answers,
            )
            signed = request._add_signature(signer, actor, visual, chain)
            signed_at = signed.signing_time.replace(tzinfo=None)
            unlocked(signer).write(
                {
                    "status": "signed",
                    "signed_at": signed_at,
                    **signer._deputy_vals(actor),
                    "authority_id": request._authority_of(signer).id,
                    "notify_due": False,
                }
            )
            if batch_line is not None:
                batch_line._note_signed(signed_at)
            request._after_act(chain)
            chain.store()
        return signed_at

    def _after_act(self, chain):
        """Recompute the state, and start what the new state asks for."""
        before = self.state
        self._refresh()
        if self.state in circuit.OPEN_STATES:
            self._flag_turns()
        if self.state != before:
            self._on_state(chain)

    def _on_state(self, chain):
        """Write the end of a circuit in its log and wake what follows."""
        if self.state == "archived":
            sha = self.revisions[-1]["sha256"]
            chain.append("archived", before=sha, after=sha)
            self._trigger_lanes("seal")
        if self.state in circuit.CLOSED_STATES:
            self.activity_ids.sudo().unlink()

    # === REFUSE (decision 3) ===#

    def _act_refuse(self, signer, actor, reason):
        """Refuse the line ``signer`` with a reason.

        :raise CeremonyError: 422 without a reason, or when a guard refuses
        """
        reason = (reason or "").strip()[:2000]
        if len(reason) < 3:
            raise CeremonyError(
                422, "no_reason", self.env._("Please give the reason of your refusal.")
            )
        with gate(self) as request:
            request._guard_turn(signer, actor)
            sha = request.revisions[-1]["sha256"]
            chain = Chain(request)
            chain.append(
                "refused",
                before=sha,
                after=sha,
                actor=actor,
                private={"reason": reason},
                field=signer.field_name,
                mandatory=signer.mandatory,
            )
            unlocked(signer).write(
                {
                    "status": "refused",
                    "refused_at": fields.Datetime.now(),
                    "refuse_reason": reason,
                    "notify_due": False,
                }
            )
            if signer.mandatory:
                unlocked(request).write({"close_reason": reason})
            request._after_act(chain)
            chain.store()
            request._tell_refusal(signer, reason)

    # === READ ===#

    def _act_read(self, signer, actor, pages, seconds):
        """Record that the frozen bytes were read to the end (A095).

        Who signs in two roles was shown the same bytes for either.
        """
        with gate(self) as request:
            request._guard_turn(signer, actor)
            if signer.read_at:
                return
            mine = request.signer_ids.filtered(lambda line: line._belongs_to(actor))
            shown = (signer | mine).filtered("served_sha256")[:1]
            chain = Chain(request)
            chain.append(
                "read",
                actor=actor,
                field=signer.field_name,
                document=request.frozen_sha256,
                served=shown.served_sha256 or "",
                pages=pages,
                seconds=seconds,
            )
            chain.store()
            unlocked(signer).write({"read_at": fields.Datetime.now()})
