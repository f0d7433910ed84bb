# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64
import hashlib
import secrets
import time
from datetime import timedelta

from odoo import api, fields, models

from ..engine.pades import normalise_visual
from .actor import Actor

MAX_DOCUMENTS = 500
LIFE = timedelta(hours=1)
"""After the consent, for how long its documents may still be signed."""
AWAY = timedelta(seconds=30)
"""Silence of the page after which the server goes on by itself."""
SLICE_SECONDS = 1.5
"""Between two steps of the progress bar."""
SLICE_DOCUMENTS = 25


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
        lines = settled.search(
            [("batch_id", "=", self.id), ("status", "=", "pending")], limit=documents
        )
        for line in lines:
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
