# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize

from ..engine import rendering
from .one_line import one_line
from .parties import Check
from .sentences import rendering_refusal

#: Printed at once, in the request itself; the lanes make what is more.
PRINT_AT_ONCE = 10


class CampusSignTemplate(models.Model):
    """A document of the template without a circuit: preview, print, e-mail, paper."""

    _inherit = "campus.sign.template"

    def _may_publish(self):
        """Tell whether it may be published without signature (A025)."""
        self.ensure_one()
        return self.sharing == "publish" and self.category_id.can_publish

    def _locker_owners(self, record):
        """Return ``{partner: reason}``: who would receive the document of a record."""
        lockers = self.env["campus.locker.document"]
        student, recipient = record._sign_student(), record._sign_recipient()
        return lockers._owners(self, student, recipient)

    def _no_owner_sentence(self):
        return self.env._(
            "The document would be published to nobody: tick whom it is published to "
            "in the “Sharing” tab of the template."
        )

    def _print(self, record, boxes=True, code=False, finaliser=None):
        """Return the PDF bytes of the document ``record`` would give.

        :param boxes: with the boxes of the signers, to be signed by hand
        :param code: verification code to show, none by default
        :param finaliser: ``res.users`` chosen by the sender
        :raise UserError: what the engine refuses, in one sentence
        """
        request = self._draft(record, boxes, code, finaliser)
        return self._render_draft(request, record).pdf

    def _draft(self, record, boxes=True, code=False, finaliser=None):
        """Return in memory the request a sending would make.

        Unlike a sending, it keeps a place for a signer who is still to be named.
        """
        self.ensure_one()
        parties = []
        if boxes:
            parties = [party for _line, party in self._asked(record, finaliser)]
        check = Check(record, parties=parties)
        self._hide_reserved(record, [check])
        if check.reserved:
            raise UserError(self._reserved_sentence())
        check.parties = [party for party in parties if party.partner]
        vals = self._request_vals(check, None)
        signers = [
            fields.Command.create(self._signer_vals(party, index, vals["lang"]))
            for index, party in enumerate(parties, start=1)
        ]
        vals.update(code=code, signer_ids=signers)
        return self.env["campus.sign.request"].new(vals)

    def _render_draft(self, request, record, paper_code=""):
        """Return what :meth:`_rendered` makes of a request in memory.

        :raise UserError: what the engine refuses, in one sentence
        """
        try:
            return request._rendered(self, record, paper_code)
        except rendering.RenderingError as error:
            labels = {s.field_name: s.role_name for s in request.signer_ids}
            raise UserError(rendering_refusal(self.env, error, labels)) from None

    # === SENDING WITHOUT A CIRCUIT (A025, A058) ===#

    def _deliver(self, checks, output, bundle=False):
        """Queue prints, e-mails, publications; a few prints are made at once.

        :param bundle: how several prints are given, see ``campus.sign.sending``
        :return: their ``campus.sign.sending``
        :raise CeremonyError: see :meth:`_guard_ready`; 403 without the right to send
        """
        self.env["campus.sign.request"]._check_may_send()
        self._guard_ready(checks)
        records = [check.record for check in checks]
        sending = self.env["campus.sign.sending"]._open(
            self, records, output, bundle if output == "pdf" else False
        )
        # People hold the right to send, checked above, not to write these.
        deliveries = self.env["campus.sign.delivery"].sudo()
        deliveries = deliveries.create(
            [self._delivery_vals(sending, record) for record in records]
        )
        if output == "pdf" and len(records) <= PRINT_AT_ONCE:
            for delivery in deliveries:
                delivery._process()
        else:
            self.env["campus.sign.request"]._trigger_lanes("queue")
        return sending.with_env(self.env)

    def _delivery_vals(self, sending, record):
        recipient = record._sign_recipient()
        vals = {}
        if sending.output == "publish":
            vals = {
                "nature_id": self.nature_id.id,
                "student_id": record._sign_student().id,
                "school_year_id": record._sign_promotion().school_year_id.id,
            }
        return {
            **vals,
            "sending_id": sending.id,
            "company_id": record._sign_establishment().id,
            "name": one_line(f"{self.name} - {record._sign_subject()}"),
            "res_model": record._name,
            "res_id": record.id,
            "partner_id": recipient.id,
            "email": email_normalize(recipient.email or ""),
        }
