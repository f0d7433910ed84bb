# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

from ..engine import rendering
from .parties import Check


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
