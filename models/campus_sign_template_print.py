# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.tools import email_normalize

from ..engine import rendering
from .parties import Check

#: Printed at once, in the request itself; the lanes make what is more.
PRINT_AT_ONCE = 10


class CampusSignTemplate(models.Model):
    """A document of the template without a circuit: preview of a row, print, e-mail."""

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
        :raise RenderingError: what the engine refuses
        """
        self.ensure_one()
        request = self._printed_request(record, boxes, code, finaliser)
        slots = [
            rendering.SignatureSlot(
                name=signer.field_name,
                role=signer.role_id.code,
                label=signer.role_name,
                person=signer.name or "",
            )
            for signer in request.signer_ids
        ]
        html = request._document_html(
            self.with_context(lang=request.lang),
            record.with_context(lang=request.lang),
            slots,
        )
        rendered = rendering.render(
            html,
            expected=[slot.name for slot in slots],
            identifier=code or f"{record._name}-{record.id}",
        )
        return rendered.pdf

    def _printed_request(self, record, boxes, code, finaliser):
        """Return a request in memory, for the page around the body."""
        found = record._sign_parties()
        company = record._sign_establishment()
        parties = []
        for line in self.signer_ids if boxes else ():
            parties += line._resolve(record, found, company, finaliser)
        vals = self._request_vals(Check(record), None)
        vals.update(
            code=code,
            signer_ids=[
                fields.Command.create(
                    {
                        "role_id": party.role.id,
                        "role_name": party.role.with_context(lang=vals["lang"]).name,
                        "finaliser": party.finaliser,
                        "establishment_id": party.company and party.company.id,
                        "name": party.partner.name or "",
                        "field_name": f"sig-{index}",
                    }
                )
                for index, party in enumerate(parties, start=1)
            ],
        )
        return self.env["campus.sign.request"].new(vals)

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
            "name": f"{self.name} - {record._sign_subject()}",
            "res_model": record._name,
            "res_id": record.id,
            "partner_id": recipient.id,
            "email": email_normalize(recipient.email or ""),
        }
