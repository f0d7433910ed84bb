# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import hashlib
from dataclasses import replace

from odoo import fields, models
from odoo.exceptions import AccessError

from ..engine import circuit
from .campus_sign_event import Chain
from .ceremony_errors import CeremonyError
from .gate import gate, unlocked


class CampusSignRequest(models.Model):
    """A party who signed on paper: the establishment keeps the scan and attests it.

    The third of the acts an office may make on a sent document (invariant 1). The
    party's field gets a stamp that says so, with the fingerprint of the scan, signed
    by the establishment; never its own line, which it signs itself.
    """

    _inherit = "campus.sign.request"

    def _awaits_copy(self):
        """Tell whether somebody may still sign the document on paper."""
        return self.state in circuit.OPEN_STATES

    def _check_may_attest(self):
        """Check the rights to send and to sign for the establishment, both.

        :raise AccessError: one of them is missing
        """
        self.check_access("read")
        user = self.env.user
        may = user.has_group("campus_sign.group_send") and all(
            user._may_sign_for(request.company_id) for request in self
        )
        if not may:
            raise AccessError(
                self.env._(
                    "Recording a paper signature attests it in the name of the "
                    "establishment: it needs the right to send documents and the right "
                    "to sign for it."
                )
            )

    def _guard_paper(self, line):
        """Check that a line may be given on paper now; behind the gate.

        :raise CeremonyError: 422 for an establishment's line, 409 when it is signed,
            not its turn, or the circuit over
        """
        if not line or line.finaliser or line.user_id:
            raise CeremonyError(
                422,
                "establishment",
                self.env._(
                    "An establishment signs its own line itself, never on paper."
                ),
            )
        now = fields.Datetime.now()
        view = self._circuit()
        state = circuit.state(view, now)
        if state not in circuit.OPEN_STATES:
            raise CeremonyError(409, "closed", self._closed_sentence(state))
        if line.id not in circuit.may_sign(view, now):
            raise CeremonyError(
                409,
                "not_your_turn",
                self.env._(
                    "%(name)s has already signed, or others must sign before.",
                    name=line.name,
                ),
            )
        if line.proposal_id:
            raise CeremonyError(
                409,
                "proposed",
                self.env._(
                    "%(name)s proposed somebody else for this document: decide on it "
                    "first.",
                    name=line.name,
                ),
            )

    def _act_paper(self, signer, scan, pages):
        """Record that the person of a line signed on paper.

        :param signer: a line of the document
        :param bytes scan: PDF of the signed pages, kept as it is
        :param int pages: number of its pages
        :raise AccessError: without both rights
        :raise CeremonyError: when the line cannot be given on paper now
        """
        self.ensure_one()
        self._check_may_attest()
        actor = self._office_actor()
        sha256 = hashlib.sha256(scan).hexdigest()
        with gate(self.sudo()) as request:  # the rights were checked just above
            line = request.signer_ids.filtered(lambda one: one.id == signer.id)
            request._guard_paper(line)
            chain = Chain(request)
            chain.append(
                "paper",
                before=request.revisions[-1]["sha256"],
                actor=actor,
                private={"signer": line.name},
                field=line.field_name,
                role=line.role_name,
                document=request.frozen_sha256,
                scan=sha256,
                scan_pages=pages,
            )
            signed = request._add_signature(line, actor, None, chain, sha256)
            unlocked(line).write(
                {
                    "status": "paper",
                    "signed_at": signed.signing_time.replace(tzinfo=None),
                    "notify_due": False,
                    "paper_sha256": sha256,
                    "paper_scan_id": request._keep_scan(line, scan).id,
                    "authority_id": request.authority_id.id,
                }
            )
            request._after_act(chain)
            chain.store()

    def _keep_scan(self, line, scan):
        attachments = unlocked(self.env["ir.attachment"].sudo())  # the circuit's own
        return attachments.create(
            {
                "name": self.env._("Paper signature - %(name)s", name=line.name)
                + ".pdf",
                "raw": scan,
                "mimetype": "application/pdf",
                "res_model": self._name,
                "res_id": self.id,
            }
        )

    def _paper_values(self, values, chain):
        """Return what the engine signs with when the establishment attests."""
        reader = self.with_context(lang=self.lang)
        reason = reader.env._("Signed on paper, attested by the establishment")
        return {
            **values,
            "person_name": self.company_id.name,
            "person_email": "",
            "reason": f"{reason} sha256:{chain.head}",
        }

    def _paper_stamp(self, stamp, sha256):
        stamp = replace(stamp, paper=sha256)
        if stamp.artwork:
            return replace(stamp, artwork=self._stamp_artwork(stamp))
        return stamp


class CampusSignSigner(models.Model):
    _inherit = "campus.sign.signer"

    paper_scan_id = fields.Many2one(
        "ir.attachment",
        string="Scan of the paper signature",
        readonly=True,
        ondelete="restrict",
    )
    paper_sha256 = fields.Char(string="Fingerprint of the scan", readonly=True)
