# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from .ceremony_errors import CeremonyError
from .gate import unlocked

# What a person who sends may delete; archived ones are the administrator's.
UNSUCCESSFUL = ("failed", "refused", "expired", "cancelled")


class CampusSignRequest(models.Model):
    """A new circuit after a closed one, and the deletion of closed ones (A141)."""

    _inherit = "campus.sign.request"

    active = fields.Boolean(default=True, readonly=True)
    deleted_at = fields.Datetime(
        readonly=True,
        help="The content was deleted; the log says what, when and by whom.",
    )

    may_delete = fields.Boolean(compute="_compute_may_delete")

    @api.depends("state", "deleted_at")
    @api.depends_context("uid")
    def _compute_may_delete(self):
        """Tell what the buttons offer the present user; the act checks the right."""
        archived = ["archived"] if self._may_delete_archived() else []
        states = (*UNSUCCESSFUL, *archived)
        for request in self:
            request.may_delete = request.state in states and not request.deleted_at

    # === AGAIN ===#

    def action_restart(self):
        """Open the check window on the records of closed circuits, same template.

        Who was chosen to finalise is chosen again, as far as he still may.

        :raise UserError: a circuit is still open, the templates differ, or what the
            documents were made from was deleted
        """
        self._check_may_manage()
        running = self.filtered(lambda one: not one._may_restart())
        if running:
            raise UserError(
                self.env._(
                    "%(document)s is still in circulation: cancel its circuit first.",
                    document=running[0].name,
                )
            )
        if len(self.template_id) != 1 or len(set(self.mapped("res_model"))) != 1:
            raise UserError(
                self.env._("Select documents of one template to restart them.")
            )
        records = self.env[self[0].res_model].browse(
            dict.fromkeys(self.mapped("res_id"))
        )
        if not records.exists():
            raise UserError(self.env._("The record of this document was deleted."))
        return records.exists()._sign_window(
            template_id=self.template_id.id,
            finalisers=self._former_finalisers(),
            restart_ids=self.ids,
        )

    def _may_restart(self):
        """Tell whether a circuit is over; a failed one is tried again instead."""
        return self.state in ("archived", "refused", "expired", "cancelled")

    def _former_finalisers(self):
        """Return ``{record id: user id}`` of who would sign again, ids as text."""
        chosen = {}
        for request in self.sorted("id"):
            line = request.signer_ids.filtered(
                lambda one, sender=request.company_id: one.establishment_id == sender
            )[:1]
            user = line.user_id
            if user and user._may_sign_for(request.company_id, line.role_id):
                chosen[str(request.res_id)] = user.id
        return chosen

    # === DELETE ===#

    def _check_may_delete(self):
        """Check the right to delete these documents.

        :raise CeremonyError: 409 when a circuit is open, 403 without the right
        """
        self._check_may_manage()
        allowed = (*UNSUCCESSFUL, "archived")
        if any(document.state not in allowed for document in self):
            raise CeremonyError(
                409,
                "open",
                self.env._(
                    "Only closed documents are deleted: cancel the circuits first."
                ),
            )
        if "archived" in self.mapped("state") and not self._may_delete_archived():
            raise CeremonyError(
                403,
                "no_right",
                self.env._("Only a super-administrator deletes archived documents."),
            )

    @api.model
    def _may_delete_archived(self):
        return self.env.su or self.env.user.has_group("campus_sign.group_admin")

    def _act_delete(self, reason):
        """Delete the content of closed documents; the log stays and says so.

        The file, the scans of paper signatures and the lockers go. The line of the
        document remains with its log, its fingerprints and its names, out of every
        list but « Supprimés ».

        :raise CeremonyError: 422 without a reason, 409 when a circuit is open, 403
        """
        reason = (reason or "").strip()[:2000]
        if not reason:
            raise CeremonyError(
                422, "no_reason", self.env._("Please give the reason of the deletion.")
            )
        self._check_may_delete()

        def change(request):
            # Asked again behind the gate: an expired circuit may have opened again.
            request.with_env(self.env)._check_may_delete()
            if request.deleted_at:
                raise CeremonyError(
                    409,
                    "deleted",
                    self.env._("This document was deleted by the establishment."),
                )
            lines = request.signer_ids
            files = request.attachment_id | lines.paper_scan_id
            request.locker_ids.unlink()
            unlocked(request).write(
                {
                    "attachment_id": False,
                    "active": False,
                    "deleted_at": fields.Datetime.now(),
                }
            )
            unlocked(lines).write({"paper_scan_id": False})
            unlocked(files).unlink()

        for document in self:
            revision = (document.revisions or [{}])[-1]
            document._act_office(
                "deleted",
                change,
                {"reason": reason},
                state=document.state,
                length=revision.get("length", 0),
            )

    def _refresh(self, now=None):
        """A deleted document keeps the state it was deleted in."""
        return super(CampusSignRequest, self.filtered("active"))._refresh(now)
