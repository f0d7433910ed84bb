# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

from .campus_sign_code import METHODS, STRENGTH
from .ceremony_errors import CeremonyError

# Another act holds the document or the keys do not answer: asked again later.
_PASSING = ("busy", "service")


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
