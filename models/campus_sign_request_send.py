# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine import rendering
from ..engine.pades import SEAL_FIELD, FieldSpec, PadesError, certify
from .campus_sign_event import Chain
from .ceremony_errors import CeremonyError
from .gate import gate, unlocked
from .sentences import rendering_refusal

_logger = logging.getLogger(__name__)

# After how long a lane comes back to a document somebody was acting on.
COME_BACK = timedelta(seconds=5)


class CampusSignRequest(models.Model):
    """From the queue to the first signer: rendering, seal, notification flags."""

    _inherit = "campus.sign.request"

    @api.model
    def _check_may_send(self):
        if not self.env.su and not self.env.user.has_group("campus_sign.group_send"):
            raise CeremonyError(
                403,
                "no_right",
                self.env._("You do not hold the right to send documents to signature."),
            )

    def _check_may_manage(self):
        """Check the right to send, in the establishment that sent these documents.

        A second establishment reads what it signs, and manages nothing of it.

        :raise CeremonyError: 403
        """
        self.env["campus.sign.request"]._check_may_send()
        self.check_access("read")
        self._check_own_establishment(self.company_id)

    @api.model
    def _check_own_establishment(self, companies):
        if not self.env.su and companies - self.env.user.company_ids:
            raise CeremonyError(
                403,
                "no_right",
                self.env._("Only the establishment that sends a document manages it."),
            )

    @api.model
    def _trigger_lanes(self, kind, at=None):
        """Wake every lane of a kind of bulk work, now or ``at`` (naive UTC)."""
        lanes = self.env["ir.cron"].sudo()  # anybody's act may wake the server
        for lane in lanes.search([("campus_lane", "=", kind)]):
            lane._trigger(at=at)

    @api.model
    def _come_back(self, kind):
        """Wake the lanes again in a moment, for what somebody was acting on."""
        self._trigger_lanes(kind, at=fields.Datetime.now() + COME_BACK)

    @api.model
    def _cron_queue(self):
        """Render and seal what was queued, one document per transaction.

        Lanes share the queue: a document another lane holds is passed over.
        """
        seen, all_done = set(), True
        while True:
            todo = self.search(
                [("state", "=", "queued"), ("id", "not in", list(seen))], limit=20
            )
            if not todo:
                if not self.env["campus.sign.delivery"]._run_queue():
                    self._trigger_lanes("queue")
                if not all_done:
                    self._come_back("queue")
                return
            for request in todo:
                seen.add(request.id)
                all_done &= request._process_queued()
                if not self.env["ir.cron"]._commit_progress(1):
                    self._trigger_lanes("queue")
                    return

    def _process_queued(self):
        """Make the document and open its circuit; a failure keeps its reason.

        :return: whether the document was free
        """
        # A lane has no language of its own: what it writes is the document's.
        self = self.with_context(lang=self.lang)
        try:
            with gate(self, wait=0.001) as request:
                if request.state == "queued":
                    request._render_and_seal()
        except CeremonyError as error:
            if error.code == "busy":
                return False
            self._fail(error.message)
        except UserError as error:
            self._fail(str(error))
        except rendering.RenderingError as error:
            labels = {s.field_name: s.role_name for s in self.signer_ids}
            self._fail(rendering_refusal(self.env, error, labels))
        except PadesError:
            _logger.warning("document %s could not be sealed", self.code, exc_info=True)
            self._fail(
                self.env._(
                    "The establishment's seal could not be applied: test the service "
                    "in Settings > Electronic signature."
                )
            )
        return True

    def _fail(self, message):
        with gate(self) as request:
            if request.state == "queued":
                unlocked(request).write({"phase": "failed", "failure": message})
                request._refresh()

    def _render_and_seal(self):
        """Render, add the fields, certify; behind the gate."""
        company = self.company_id
        template = self.template_id.with_company(company).with_context(lang=self.lang)
        # A contact belongs to no establishment: the one that sends is the circuit's.
        model = self.env[self.res_model].with_company(company)
        record = model.browse(self.res_id).with_context(lang=self.lang)
        if not record.exists():
            raise CeremonyError(
                409, "gone", self.env._("The record of this document was deleted.")
            )
        signers = self.signer_ids
        rendered = self._rendered(template, record)
        authority = self.env["campus.sign.authority"]._for_company(company)
        chain = Chain(self)
        chain.append(
            "created",
            after=rendered.sha256,
            signers=[
                {"field": s.field_name, "role": s.role_name, "mandatory": s.mandatory}
                for s in signers
            ],
        )
        labels = {s.field_name: f"{s.role_name} : {s.name}" for s in signers}
        sealed = certify(
            rendered.pdf,
            [
                FieldSpec(b.name, labels[b.name], b.page, b.x1, b.y1, b.x2, b.y2)
                for b in rendered.boxes
            ],
            authority._open(),
            now=chain.now,
            texts=self._stamp_texts(signers),
            reason=self.env._("Sealed by the establishment") + f" sha256:{chain.head}",
            contact=self._verification_url(),
            location=company.city or "",
        )
        revision = self._store_revision(sealed.pdf, "seal", SEAL_FIELD)
        chain.append(
            "sealed",
            before=rendered.sha256,
            after=revision["sha256"],
            length=revision["length"],
            certificate_serial=sealed.certificate_serial,
            timestamp_serial=sealed.timestamp_serial,
        )
        deadline = fields.Datetime.now() + timedelta(days=template.deadline_days)
        chain.append(
            "sent",
            before=revision["sha256"],
            after=revision["sha256"],
            deadline=fields.Datetime.to_string(deadline),
        )
        chain.store()
        unlocked(self).write(
            {
                "phase": "open",
                "failure": False,
                "sent_at": fields.Datetime.now(),
                "deadline": deadline,
                "frozen_sha256": revision["sha256"],
                "page_count": rendered.pages,
                "authority_id": authority.id,
                "template_revision": template.revision,
            }
        )
        self._refresh()
        self._flag_turns()

    def _stamp_texts(self, signers):
        return [text for s in signers for text in (s.name, s.role_name)]

    def _flag_turns(self):
        """Mark the lines whose turn has come and that were never told."""
        lines = self._may_sign_now().filtered(
            lambda s: not s.notified_at and not s.notify_due
        )
        if lines:
            unlocked(lines).write({"notify_due": True})
            self._trigger_lanes("notify")

    def action_retry(self):
        """Put failed documents back in the queue, and say how many.

        :raise UserError: none of them failed
        """
        self._check_may_manage()
        done = 0
        for failed in self.filtered(lambda one: one.state == "failed"):
            with gate(failed.sudo()) as request:  # right checked just above
                if request.state == "failed":
                    unlocked(request).write({"phase": "queued", "failure": False})
                    request._refresh()
                    done += 1
        if not done:
            raise UserError(
                self.env._("Sending failed for none of these documents: nothing to do.")
            )
        self._trigger_lanes("queue")
        return self.env["campus.sign.outcome"]._show(
            "",
            self.env._("%(count)s document(s) will be sent again.", count=done),
            (),
        )

    def _act_unqueue(self):
        """Cancel what a lane has not taken yet; what is already made goes on."""

        def change(request):
            if request.state != "queued":
                raise CeremonyError(
                    409, "made", self.env._("This document is already made.")
                )
            reason = self.env._("Taken back before the document was made")
            unlocked(request).write({"phase": "cancelled", "close_reason": reason})

        for request in self:
            try:
                request._act_office("cancelled", change)
            except CeremonyError as error:
                if error.code not in ("made", "busy"):
                    raise
