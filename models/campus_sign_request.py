# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import hashlib
import secrets

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.http import request as http_request

from ..engine import circuit
from .actor import Actor
from .ceremony_errors import CeremonyError
from .file_bundle import safe_stem
from .gate import is_unlocked, unlocked

# Crockford's base 32: no letter that a reader could take for a digit.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CODE_LENGTH = 16

STATES = [
    ("queued", "Sending"),
    ("failed", "Sending failed"),
    ("waiting", "Waiting for signature"),
    ("finalizable", "Can be finalised"),
    ("to_finalize", "To finalise"),
    ("archived", "Archived"),
    ("refused", "Refused"),
    ("expired", "Expired"),
    ("cancelled", "Signatures cancelled"),
]


class CampusSignRequest(models.Model):
    """A document sent round a circuit of signers.

    Its fields are frozen: only acts behind the gate write them.
    """

    _name = "campus.sign.request"
    _description = "Document sent to signature"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "sent_at desc, id desc"
    _mail_post_access = "read"

    name = fields.Char(required=True, readonly=True)
    code = fields.Char(
        string="Verification code",
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: self._default_code(),
        help="Public identifier printed on every page; it gives access to nothing.",
    )
    company_id = fields.Many2one(
        "res.company", string="Establishment", required=True, readonly=True
    )
    other_establishment_id = fields.Many2one(
        "res.company",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
        help="Second establishment of the circuit, when there is one.",
    )
    template_id = fields.Many2one(
        "campus.sign.template", readonly=True, ondelete="restrict", index=True
    )
    template_name = fields.Char(readonly=True)
    template_revision = fields.Integer(
        string="Revision of the template",
        readonly=True,
        aggregator=None,
        help="Number of the revision the document was made from.",
    )
    category_id = fields.Many2one(
        "campus.sign.category", readonly=True, ondelete="restrict"
    )
    res_model = fields.Char(readonly=True)
    res_id = fields.Many2oneReference(model_field="res_model", readonly=True)
    student_id = fields.Many2one(
        "campus.student",
        string="Student concerned",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
    )
    promotion_id = fields.Many2one(
        "campus.promotion", readonly=True, ondelete="restrict"
    )
    school_year_id = fields.Many2one(
        "campus.school.year", readonly=True, ondelete="restrict"
    )
    recipient_id = fields.Many2one("res.partner", readonly=True, ondelete="restrict")
    sender_id = fields.Many2one("res.users", string="Sent by", readonly=True)
    sending_id = fields.Many2one(
        "campus.sign.sending", readonly=True, ondelete="restrict", index=True
    )
    lang = fields.Char(readonly=True)
    state = fields.Selection(STATES, required=True, default="queued", readonly=True)
    phase = fields.Selection(
        [
            ("queued", "Queued"),
            ("failed", "Failed"),
            ("open", "Open"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="queued",
        readonly=True,
    )
    failure = fields.Text(string="Reason of the failure", readonly=True)
    ordered = fields.Boolean(readonly=True)
    queued_at = fields.Datetime(readonly=True, default=fields.Datetime.now)
    sent_at = fields.Datetime(string="Sent on", readonly=True)
    deadline = fields.Datetime(readonly=True)
    closed_at = fields.Datetime(string="Closed on", readonly=True)
    sealed_at = fields.Datetime(string="Long-term sealed on", readonly=True)
    close_reason = fields.Text(string="Reason", readonly=True)
    signer_ids = fields.One2many("campus.sign.signer", "request_id", readonly=True)
    signature_done = fields.Integer(readonly=True)
    signature_total = fields.Integer(readonly=True)
    signature_starred = fields.Boolean(readonly=True)
    signature_count = fields.Char(
        string="Signature status", compute="_compute_signature_count"
    )
    attachment_id = fields.Many2one("ir.attachment", readonly=True, ondelete="restrict")
    revisions = fields.Json(
        readonly=True,
        help="Length in bytes, SHA-256, kind and field of every revision of the file.",
    )
    frozen_sha256 = fields.Char(
        string="Fingerprint", readonly=True, help="What the signers consent to."
    )
    page_count = fields.Integer(readonly=True)
    authority_id = fields.Many2one(
        "campus.sign.authority", readonly=True, ondelete="restrict"
    )
    previous_id = fields.Many2one(
        "campus.sign.request",
        string="Restarted from",
        readonly=True,
        index="btree_not_null",
    )
    next_ids = fields.One2many(
        "campus.sign.request", "previous_id", string="Restarted as", readonly=True
    )
    nature_id = fields.Many2one("campus.sign.nature", readonly=True)
    publish_student = fields.Boolean(readonly=True)
    publish_guardians = fields.Boolean(readonly=True)
    publish_recipient = fields.Boolean(readonly=True)
    locker_ids = fields.One2many("campus.locker.document", "request_id", readonly=True)

    _code_uniq = models.Constraint("UNIQUE(code)", "This code is already used.")
    # Two senders at the same moment do not see each other's circuits: the check
    # before sending cannot hold the second one back.
    _circulating_uniq = models.UniqueIndex(
        "(template_id, res_model, res_id) WHERE state IN "
        "('queued', 'failed', 'waiting', 'finalizable', 'to_finalize')",
        "Somebody else has just sent one of these documents: nothing was sent twice. "
        "Close the window and open it again.",
    )
    _record_idx = models.Index("(res_model, res_id)")
    _open_idx = models.Index(
        "(company_id, sent_at DESC, id DESC) WHERE state IN "
        "('queued', 'failed', 'waiting', 'finalizable', 'to_finalize') "
        "AND active IS TRUE"
    )
    _deadline_idx = models.Index("(deadline) WHERE state = 'waiting'")
    _queue_idx = models.Index("(id) WHERE state = 'queued'")
    _to_seal_idx = models.Index("(id) WHERE state = 'archived' AND sealed_at IS NULL")
    # In the order of the list, for any selection of states and of establishments.
    _recent_idx = models.Index("(sent_at DESC, id DESC) WHERE active IS TRUE")
    # With both columns of the record rules: a state is counted from the index alone,
    # as far as vacuum has passed.
    _list_idx = models.Index(
        "(company_id, state, sent_at DESC, id DESC) INCLUDE (other_establishment_id) "
        "WHERE active IS TRUE"
    )

    def _default_code(self):
        return "".join(secrets.choice(_ALPHABET) for _ in range(_CODE_LENGTH))

    @api.depends("signature_done", "signature_total", "signature_starred")
    def _compute_signature_count(self):
        for request in self:
            count = circuit.Counter(
                request.signature_done,
                request.signature_total,
                request.signature_starred,
            )
            request.signature_count = str(count) if count.total else ""

    # === FROZEN (invariant 1) ===#

    def _open_fields(self):
        """Return the fields a person may write: those of chatter and activities."""
        return {
            name
            for name in self._fields
            if name.startswith(("message_", "activity_", "my_activity_", "rating_"))
        }

    @api.model_create_multi
    def create(self, vals_list):
        if not is_unlocked(self.env):
            raise UserError(
                self.env._("Documents are sent from the list of their records.")
            )
        return super().create(vals_list)

    def write(self, vals):
        if not is_unlocked(self.env) and set(vals) - self._open_fields():
            raise UserError(
                self.env._(
                    "A document that was sent cannot be changed: cancel the circuit "
                    "and start it again."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_unlocked(self):
        if not is_unlocked(self.env):
            raise UserError(self.env._("A document that was sent cannot be deleted."))

    # === STATE: one place decides (architecture, States) ===#

    def _circuit(self):
        """Return the engine's view of the circuit."""
        self.ensure_one()
        return circuit.Circuit(
            signers=tuple(
                circuit.Signer(
                    key=signer.id,
                    mandatory=signer.mandatory,
                    finaliser=signer.finaliser,
                    order=signer.sequence,
                    status=circuit.SignerStatus(signer.status),
                    group=signer.group or None,
                )
                for signer in self.signer_ids
            ),
            ordered=self.ordered,
            deadline=self.deadline or None,
            phase=circuit.Phase(self.phase),
        )

    def _refresh(self, now=None):
        """Recompute the state from the signers, the rules and the clock."""
        now = now or fields.Datetime.now()
        for request in self:
            view = request._circuit()
            closing = circuit.signers_to_close(view, now)
            if closing:
                lines = request.signer_ids.filtered(lambda s, ids=closing: s.id in ids)
                unlocked(lines).write({"status": "closed", "notify_due": False})
            count = circuit.counter(view)
            vals = {
                "state": circuit.state(view, now),
                "signature_done": count.done,
                "signature_total": count.total,
                "signature_starred": count.starred,
            }
            if vals["state"] in circuit.CLOSED_STATES:
                vals["closed_at"] = request.closed_at or now
            elif request.closed_at:
                vals["closed_at"] = False
            changed = {k: v for k, v in vals.items() if request[k] != v}
            if changed:
                unlocked(request).write(changed)
        self._drop_activities()

    def _may_sign_now(self, now=None):
        """Return the lines whose turn it is."""
        self.ensure_one()
        keys = circuit.may_sign(self._circuit(), now or fields.Datetime.now())
        return self.signer_ids.filtered(lambda signer: signer.id in keys)

    # === FILE: one place stores (invariant 2) ===#

    def _stored_file(self):
        """Return the bytes of the current revision.

        :raise CeremonyError: 409 ``altered`` when the storage does not hold what the
            last revision recorded
        """
        self.ensure_one()
        if self.deleted_at:
            raise CeremonyError(
                410,
                "deleted",
                self.env._("This document was deleted by the establishment."),
            )
        attachment = self.attachment_id.sudo()  # the predicate was asked before
        content = attachment.with_context(bin_size=False).raw or b""
        last = (self.revisions or [{}])[-1]
        if (
            len(content) != last.get("length")
            or hashlib.sha256(content).hexdigest() != last["sha256"]
        ):
            self._alert_altered()
            raise CeremonyError(
                409,
                "altered",
                self.env._(
                    "The stored file is not the one that was signed: nobody can sign "
                    "it any more. Please tell the establishment."
                ),
            )
        return content

    def _frozen_file(self):
        """Return the sealed revision, without any person's signature.

        Signers read exactly what they consent to, and no half-signed copy leaves
        (invariant 10).
        """
        sealed = next(r for r in self.revisions if r["kind"] == "seal")
        return self._stored_file()[: sealed["length"]]

    def _store_revision(self, content, kind, field_name):
        """Append a revision; behind the gate only.

        :param kind: ``seal``, ``signature`` or ``timestamp``
        :param field_name: signature field the revision fills
        :raise CeremonyError: 409 ``not_incremental`` when it is not an extension of
            the stored one
        """
        self.ensure_one()
        stored = self._stored_file() if self.attachment_id else b""
        if not content.startswith(stored) or len(content) == len(stored):
            raise CeremonyError(
                409,
                "not_incremental",
                self.env._("The new revision of the file does not extend the old one."),
            )
        revision = {
            "length": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
            "kind": kind,
            "field": field_name,
        }
        vals = {"revisions": (self.revisions or []) + [revision]}
        if self.attachment_id:
            unlocked(self.attachment_id.sudo()).write({"raw": content})
        else:
            vals["attachment_id"] = self._create_attachment(content).id
        unlocked(self).write(vals)
        return revision

    def _create_attachment(self, content):
        attachments = unlocked(self.env["ir.attachment"].sudo())  # the circuit's own
        return attachments.create(
            {
                "name": self._file_name(),
                "raw": content,
                "mimetype": "application/pdf",
                "res_model": self._name,
                "res_id": self.id,
            }
        )

    def _file_name(self):
        return f"{safe_stem(self.name, self.code)}.pdf"

    # === WHO ACTS ===#

    def _office_actor(self):
        """Return the current user as an actor of the log."""
        http = http_request.httprequest if http_request else None
        return Actor(
            partner=self.env.user.sudo().partner_id,
            channel="office",
            ip=http.remote_addr if http else "",
            agent=http.user_agent.string if http else "",
            user=self.env.user.sudo(),
        )

    def _verification_url(self):
        return f"{self.company_id.get_base_url()}/verify/{self.code}"

    def _event_context(self):
        """Return the events for the office's timeline, oldest first."""
        self.ensure_one()
        events = self.env["campus.sign.event"].sudo()  # read with the request's right
        return events.search([("request_ref", "=", self.id)])
