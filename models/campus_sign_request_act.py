# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
from dataclasses import replace

from odoo import fields, models

from ..engine import circuit
from ..engine.pades import MissingGlyphs, PadesError, Stamp, sign
from ..engine.rendering import needs_shaping, stamp_pdf
from .campus_sign_event import Chain
from .ceremony_errors import CeremonyError
from .gate import gate, unlocked

_logger = logging.getLogger(__name__)

# Size in points of a stamp drawn outside the page, when its script needs shaping.
STAMP_SIZE = (212, 85)


class CampusSignRequest(models.Model):
    """Acts of people on a circuit: every one of them passes the gate."""

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
            many documents: it answers for the reading
        :return: naive UTC moment of the signature's timestamp
        :raise CeremonyError: when a guard refuses
        """
        with gate(self) as request:
            # One query reads all the lines, the signer's own included.
            signer = signer.with_prefetch(request.signer_ids._prefetch_ids)
            request._guard_turn(signer, actor)
            if batch_line is None:
                request._guard_read(signer)
            batch = batch_line._guard(request) if batch_line is not None else {}
            verified = request._guard_code(signer, actor, attempt)
            content = request._stored_file()
            before = request.revisions[-1]["sha256"]
            chain = Chain(request)
            chain.append(
                "consented",
                before=before,
                actor=actor,
                private=signer._signing_identity(actor),
                field=signer.field_name,
                role=signer.role_name,
                consents=consents,
                document=request.frozen_sha256,
                **verified,
                **batch,
            )
            signed = request._signature(content, signer, actor, visual, chain)
            revision = request._store_revision(
                signed.pdf, "signature", signer.field_name
            )
            chain.append(
                "signed",
                before=before,
                after=revision["sha256"],
                field=signer.field_name,
                length=revision["length"],
                certificate_serial=signed.certificate_serial,
                timestamp_serial=signed.timestamp_serial,
            )
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

    def _signing_reason(self):
        reader = self.with_context(lang=self.lang)
        return reader.env._("Read and approved, signed with consent")

    def _signature(self, content, signer, actor, visual, chain, paper=None):
        """Return the engine's signature of the line; nothing is stored here.

        :param paper: SHA-256 of the scan when the establishment attests a signature
            given on paper
        :raise CeremonyError: 409 ``service`` when keys or certificates refuse
        """
        stamp = self._stamp(signer, actor, visual, chain.now)
        identity = signer._signing_identity(actor)
        values = {
            "person_name": identity["name"],
            "person_email": identity["email"],
            "organization": signer._signs_for().name,
            "request_code": self.code,
            "now": chain.now,
            "reason": f"{self._signing_reason()} sha256:{chain.head}",
            "contact": self._verification_url(),
            "location": self.company_id.city or "",
        }
        if paper:
            values = self._paper_values(values, chain)
            stamp = self._paper_stamp(stamp, paper)
        authority = self._authority_of(signer)._open()
        try:
            try:
                return sign(
                    content, signer.field_name, authority, stamp=stamp, **values
                )
            except MissingGlyphs:
                # A replaced person whose name the document's font cannot draw.
                stamp = replace(stamp, artwork=self._stamp_artwork(stamp))
                return sign(
                    content, signer.field_name, authority, stamp=stamp, **values
                )
        except PadesError:
            _logger.warning("document %s could not be signed", self.code, exc_info=True)
            raise CeremonyError(
                409,
                "service",
                self.env._(
                    "The signature service of the establishment does not answer. "
                    "Nothing was signed; please try again later."
                ),
            ) from None

    def _authority_of(self, signer):
        """Return the authority a line is signed under: the second establishment's
        own for its representative, else that of the document.
        """
        company = signer.establishment_id
        if not company or company == self.company_id:
            return self.authority_id
        return self.env["campus.sign.authority"]._for_company(company)

    def _stamp(self, signer, actor, visual, now):
        """Return the visible stamp; its time is the establishment's, with offset."""
        name = signer._signing_identity(actor)["name"]
        zone = self.company_id.partner_id._campus_zone()
        local = fields.Datetime.context_timestamp(
            self.with_context(tz=zone), now.replace(tzinfo=None)
        )
        offset = local.strftime("%z")
        stamp = Stamp(
            name=name,
            role=signer.with_context(lang=self.lang)._acting_role(actor),
            when=f"{local:%d/%m/%Y %H:%M:%S} {offset[:3]}:{offset[3:]}",
            visual=visual,
        )
        if needs_shaping(name):
            return replace(stamp, artwork=self._stamp_artwork(stamp))
        return stamp

    def _stamp_artwork(self, stamp):
        """Return the stamp laid out by WeasyPrint, for scripts that need shaping."""
        return stamp_pdf(
            [text for text, _size in stamp.lines()],
            *STAMP_SIZE,
            stamp.visual.to_png() if stamp.visual else None,
        )

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
        """Record that the frozen bytes were read to the end (A095)."""
        with gate(self) as request:
            request._guard_turn(signer, actor)
            if signer.read_at:
                return
            chain = Chain(request)
            chain.append(
                "read",
                actor=actor,
                field=signer.field_name,
                document=request.frozen_sha256,
                served=signer.served_sha256 or "",
                pages=pages,
                seconds=seconds,
            )
            chain.store()
            unlocked(signer).write({"read_at": fields.Datetime.now()})

    # === THE OFFICE ===#

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
        :raise CeremonyError: 422 for a moment in the past, 409 when over for good
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
                    "name": partner.name,
                    "email": (partner.email_normalized or "").lower(),
                    "lang": partner.lang or request.lang,
                    "addressed_at": fields.Datetime.now(),
                    "notified_at": False,
                    "read_at": False,
                    "notify_due": False,
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

    # === THE CLOCK ===#

    def _cron_deadlines(self):
        """Close what reached its deadline (A044, decision 1); a slice at a time.

        A document somebody acts on is passed over: its state is computed on every
        act anyway, and the next run takes it again.
        """
        seen = set()
        while True:
            due = self.search(
                [
                    ("state", "=", "waiting"),
                    ("deadline", "<=", fields.Datetime.now()),
                    ("id", "not in", list(seen)),
                ],
                order="deadline, id",
                limit=200,
            )
            if not due:
                return
            for request in due:
                seen.add(request.id)
                request._reach_deadline()
                if not self.env["ir.cron"]._commit_progress(1):
                    self._trigger_lanes("deadlines")
                    return

    def _reach_deadline(self):
        try:
            with gate(self, wait=0.001) as locked:
                if locked.state == "waiting":
                    locked._expire()
        except CeremonyError as error:
            if error.code != "busy":
                raise

    def _expire(self):
        """Apply the deadline; behind the gate."""
        chain = Chain(self)
        before = self.state
        self._refresh()
        if self.state == "expired":
            sha = self.revisions[-1]["sha256"]
            chain.append("expired", before=sha, after=sha)
        elif self.state != before:
            self._on_state(chain)
        chain.store()
