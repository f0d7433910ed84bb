# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.exceptions import UserError

from ..engine import rendering
from .parties import Check
from .sentences import rendering_refusal


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
        check = Check(record, parties=[party for party in parties if party.partner])
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
