# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64
import hashlib
import logging
import secrets
import time
from datetime import timedelta

from odoo import api, fields, models

from ..engine.pades import normalise_visual
from .actor import Actor
from .campus_sign_code import METHODS, STRENGTH
from .ceremony_errors import CeremonyError

_logger = logging.getLogger(__name__)

MAX_DOCUMENTS = 500
LIFE = timedelta(hours=1)
"""After the consent, for how long its documents may still be signed."""
AWAY = timedelta(seconds=30)
"""Silence of the page after which the server goes on by itself."""
SLICE_SECONDS = 1.5
"""Between two steps of the progress bar."""
SLICE_DOCUMENTS = 25
# Another act holds the document or the keys do not answer: asked again later.
_PASSING = ("busy", "service")


class CampusSignBatch(models.Model):
    """One consent over many documents (A121-A126).

    What was consented to is frozen here: each line with the fingerprint of the
    bytes, the versions of the texts, the visual, the person and the moment. Then
    documents are signed one by one, each behind its own gate. The page asks for
    slices; once it is silent the lane takes over, until the consent expires.
    """

    _name = "campus.sign.batch"
    _description = "One consent over many documents"
    _order = "id desc"
    _rec_name = "code"

    code = fields.Char(
        required=True, readonly=True, default=lambda self: self._default_code()
    )
    partner_id = fields.Many2one(
        "res.partner", required=True, readonly=True, ondelete="cascade", index=True
    )
    user_id = fields.Many2one("res.users", readonly=True, ondelete="cascade")
    channel = fields.Char(required=True, readonly=True)
    address = fields.Char(readonly=True)
    ip = fields.Char(readonly=True)
    agent = fields.Char(readonly=True)
    lang = fields.Char(readonly=True)
    consents = fields.Json(required=True, readonly=True)
    declaration = fields.Text(
        required=True, readonly=True, help="The sentence of the single box."
    )
    visual = fields.Binary(attachment=True, readonly=True)
    list_sha256 = fields.Char(
        required=True,
        readonly=True,
        help="Of the fingerprints of all its documents, sorted, one per line.",
    )
    document_count = fields.Integer(required=True, readonly=True)
    consented_at = fields.Datetime(
        required=True, readonly=True, default=fields.Datetime.now
    )
    expires_at = fields.Datetime(required=True, readonly=True)
    touched_at = fields.Datetime(
        required=True, readonly=True, default=fields.Datetime.now
    )
    state = fields.Selection(
        [("running", "Running"), ("done", "Done"), ("expired", "Expired")],
        required=True,
        default="running",
        readonly=True,
    )
    line_ids = fields.One2many("campus.sign.batch.line", "batch_id", readonly=True)

    _running_idx = models.Index("(touched_at) WHERE state = 'running'")

    def _default_code(self):
        return secrets.token_hex(8)

    @api.model
    def _list_hash(self, hashes):
        return hashlib.sha256("\n".join(sorted(hashes)).encode()).hexdigest()

    # === WHOSE ===#

    @api.model
    def _running(self, actor):
        """Return the batches of an actor that still have documents to sign."""
        return self.search(
            [
                ("partner_id", "=", actor.partner.id),
                ("user_id", "=", actor.user.id if actor.user else False),
                ("channel", "=", actor.channel),
                ("address", "=", actor.address or False),
                ("state", "=", "running"),
            ],
            order="id",
        )

    def _actor(self):
        """Return the person who consented, as he was identified then."""
        self.ensure_one()
        return Actor(
            self.partner_id,
            self.channel,
            self.ip or "",
            self.agent or "",
            user=self.user_id or None,
            address=self.address or "",
        )

    # === SIGNING, SLICE BY SLICE ===#

    def _run(self, seconds=SLICE_SECONDS, documents=SLICE_DOCUMENTS):
        """Sign the next documents; commits after each. Safe to call at any time.

        :return: the lines that were settled by this call
        """
        self.ensure_one()
        settled = self.env["campus.sign.batch.line"]
        if self.state != "running":
            return settled
        self.touched_at = fields.Datetime.now()
        self.env.cr.commit()  # pylint: disable=invalid-commit
        if self.expires_at <= fields.Datetime.now():
            return self._expire()
        actor, visual, consents = self._actor(), self._open_visual(), self.consents
        until = time.monotonic() + seconds
        lines = self.line_ids.filtered(lambda line: line.status == "pending")
        for line in lines[:documents]:
            if line._sign(actor, visual, consents):
                settled |= line
            if time.monotonic() > until:
                break
        self._finish_when_over()
        return settled

    def _open_visual(self):
        data = base64.b64decode(self.with_context(bin_size=False).visual)
        # Judged when it was given; what was kept is its own normal form.
        return normalise_visual(data, kind="image")

    def _finish_when_over(self):
        pending = self.env["campus.sign.batch.line"].search_count(
            [("batch_id", "=", self.id), ("status", "=", "pending")], limit=1
        )
        if not pending and self.state == "running":
            self._close("done")

    def _expire(self):
        """Give up what is left: the consent is too old to sign with."""
        left = self.line_ids.filtered(lambda line: line.status == "pending")
        for line in left:
            line._note_failed("batch_expired", self._expired_sentence())
        self._close("expired")
        return left

    def _close(self, state):
        """End the batch; what identified the person stays in the events only."""
        self.write({"state": state, "visual": False, "ip": False, "agent": False})
        self.env.cr.commit()  # pylint: disable=invalid-commit

    def _expired_sentence(self):
        return self.env._(
            "Your consent is more than one hour old: this document was not signed. "
            "Select it and sign again."
        )

    @api.model
    def _cron_batch(self):
        """Go on with the batches whose page fell silent."""
        cron = self.env["ir.cron"]
        waiting = fields.Datetime.now() - AWAY
        for batch in self.search([("state", "=", "running")], order="id"):
            if batch.touched_at > waiting:
                continue
            batch = batch.with_context(lang=batch.lang)
            while batch.state == "running":
                settled = batch._run()
                time_left = cron._commit_progress(len(settled))
                if not settled or not time_left:
                    break
        if self.search_count([("state", "=", "running")], limit=1):
            self._wake(AWAY)

    @api.model
    def _wake(self, delay):
        """Ask the lane to look again after ``delay``."""
        lanes = self.env["ir.cron"].sudo()  # any signer's act may wake the server
        for lane in lanes.search([("campus_lane", "=", "batch")]):
            lane._trigger(at=fields.Datetime.now() + delay + timedelta(seconds=5))

    @api.autovacuum
    def _gc_batches(self):
        """Forget batches a month after their end: the proof is in the events."""
        limit = fields.Datetime.now() - timedelta(days=30)
        self.search(
            [("state", "!=", "running"), ("consented_at", "<", limit)], limit=1000
        ).unlink()

    # === FOR THE PAGE ===#

    def _summary(self, lines=None):
        """Return plain values: counts, and the result of ``lines`` (all settled)."""
        self.ensure_one()
        if lines is None:
            lines = self.line_ids.filtered(lambda line: line.status != "pending")
        left = self.env["campus.sign.batch.line"].search_count(
            [("batch_id", "=", self.id), ("status", "=", "pending")]
        )
        return {
            "batch": self.id,
            "state": self.state,
            "total": self.document_count,
            "left": left,
            "expires_at": f"{self.expires_at.isoformat()}Z",
            "results": [line._result() for line in lines],
        }


class CampusSignBatchLine(models.Model):
    """One document of a batch, with the fingerprint the person consented to."""

    _name = "campus.sign.batch.line"
    _description = "Document of a batch"
    _order = "batch_id, id"
    _rec_name = "title"

    batch_id = fields.Many2one(
        "campus.sign.batch", required=True, ondelete="cascade", index=True
    )
    signer_id = fields.Many2one(
        "campus.sign.signer", required=True, ondelete="cascade", index=True
    )
    title = fields.Char(related="signer_id.request_id.name")
    sha256 = fields.Char(required=True, readonly=True)
    declared = fields.Boolean(
        readonly=True, help="Reading declared in the consent, not recorded on screen."
    )
    code_method = fields.Selection(
        METHODS[1:], readonly=True, help="Code typed in when the consent was given."
    )
    status = fields.Selection(
        [("pending", "To sign"), ("signed", "Signed"), ("failed", "Not signed")],
        required=True,
        default="pending",
    )
    error_code = fields.Char()
    message = fields.Text()
    signed_at = fields.Datetime()

    _signer_uniq = models.Constraint(
        "UNIQUE(batch_id, signer_id)", "A document stands once in a batch."
    )
    _pending_idx = models.Index("(batch_id, id) WHERE status = 'pending'")

    def _sign(self, actor, visual, consents):
        """Sign one document; tell whether the line is settled."""
        request = self.signer_id.request_id
        try:
            request._act_sign(self.signer_id, actor, visual, consents, batch_line=self)
        except CeremonyError as error:
            if error.code in _PASSING:
                return False
            # Another worker on the same batch may have signed it meanwhile.
            if self.status == "pending":
                self._note_failed(error.code, error.message)
        return True

    def _guard(self, request, actor):
        """Check, behind the gate, that the consent still covers the document.

        :return: what the « consented » event says of the batch
        :raise CeremonyError: 409 ``batch_expired``, ``changed`` or ``not_read``, 422
            ``code_missing``
        """
        batch = self.batch_id
        if batch.state != "running" or batch.expires_at <= fields.Datetime.now():
            raise CeremonyError(409, "batch_expired", batch._expired_sentence())
        if self.sha256 != request.frozen_sha256:
            raise CeremonyError(
                409,
                "changed",
                self.env._(
                    "This document is not the one you saw: open it again before "
                    "signing it."
                ),
            )
        if not self.declared:
            request._guard_read(self.signer_id)
        asked = self.signer_id._code_method(actor)
        if asked and STRENGTH.get(self.code_method, 0) < STRENGTH[asked]:
            raise CeremonyError(
                422,
                "code_missing",
                self.env._("Ask for the code, then type it in."),
            )
        return {
            **({"code": self.code_method} if asked else {}),
            "batch": {
                "code": batch.code,
                "consented_at": f"{batch.consented_at.isoformat()}.000000Z",
                "documents": batch.document_count,
                "list_sha256": batch.list_sha256,
            },
            "reading": "declared" if self.declared else "recorded",
            "declaration": batch.declaration,
        }

    def _note_signed(self, signed_at):
        """Settle the line in the transaction of its signature."""
        self.write({"status": "signed", "signed_at": signed_at})

    def _note_failed(self, code, message):
        """Settle a line that cannot be signed; nothing of it was written before."""
        self.write({"status": "failed", "error_code": code, "message": message})
        self.env.cr.commit()  # pylint: disable=invalid-commit

    def _result(self):
        """Return the result of a line as the page shows it."""
        return {
            "signer_id": self.signer_id.id,
            "ok": self.status == "signed",
            "code": "signed" if self.status == "signed" else self.error_code or "",
            "message": self.message or "",
            "signed_at": f"{self.signed_at.isoformat()}Z" if self.signed_at else None,
        }
