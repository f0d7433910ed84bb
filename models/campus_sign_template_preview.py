# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine import rendering
from .parties import Check
from .sentences import rendering_refusal

PREVIEW_CODE = "0" * 16


class CampusSignTemplate(models.Model):
    """What the template's screen shows besides its fields (A022-A055)."""

    _inherit = "campus.sign.template"

    # === PREVIEW ===#

    def action_preview(self):
        """Show the document made from a real record, in a new tab (A049)."""
        self.ensure_one()
        self.env["campus.sign.request"]._check_may_send()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/campus_sign/template/{self.id}/preview.pdf",
            "target": "new",
        }

    def _preview_record(self, res_id=None):
        """Return the record to preview, by default the last one the user may read.

        :param res_id: what the author chose, of the category's model
        :raise UserError: there is none, or the category names no kind of record
        :raise AccessError: the user may not read the one he names
        """
        if not self.res_model or self.res_model not in self.env:
            raise UserError(
                self.env._(
                    "The category of this template does not say from which records it "
                    "is sent: choose another category."
                )
            )
        if res_id:
            record = self.env[self.res_model].browse(res_id).exists()
            record.check_access("read")
        else:
            record = self.env[self.res_model].search([], order="id desc", limit=1)
        if not record:
            raise UserError(
                self.env._(
                    "The preview shows a real record, and there is none yet: create "
                    "the first one (%(kind)s).",
                    kind=self.category_id.model_id.sudo().name,
                )
            )
        return record

    def _preview_pdf(self, res_id=None):
        """Return the PDF the template would give, never stored, never sealed.

        :raise UserError: no record to show, or a layout the engine refuses
        """
        self.ensure_one()
        record = self._preview_record(res_id)
        request = self._preview_request(record)
        slots = [
            rendering.SignatureSlot(
                name=signer.field_name,
                role=signer.role_id.code,
                label=signer.role_name,
                person=signer.name or "",
            )
            for signer in request.signer_ids
        ]
        template = self.with_context(lang=request.lang)
        record = record.with_context(lang=request.lang)
        try:
            html = request._document_html(template, record, slots)
            rendered = rendering.render(
                html,
                expected=[slot.name for slot in slots],
                identifier=PREVIEW_CODE,
                page_code=request._verification_url(),
            )
        except rendering.RenderingError as error:
            labels = {slot.name: slot.label for slot in slots}
            raise UserError(rendering_refusal(self.env, error, labels)) from None
        return rendered.pdf

    def _preview_request(self, record):
        """Return a request in memory, with a place for every signer of the circuit."""
        company = record._sign_establishment()
        found = record._sign_parties()
        parties = []
        for line in self.signer_ids:
            parties += line._resolve(record, found, company)
        named = [party for party in parties if party.partner]
        check = Check(record, parties=named)
        vals = self._request_vals(check, None)
        signers = [
            {
                "role_id": party.role.id,
                "role_name": party.role.with_context(lang=vals["lang"]).name,
                "finaliser": party.finaliser,
                "establishment_id": party.company and party.company.id,
                "name": party.partner.name or "",
                "field_name": f"sig-{index}",
            }
            for index, party in enumerate(parties, start=1)
        ]
        vals.update(
            code=PREVIEW_CODE,
            signer_ids=[fields.Command.create(signer) for signer in signers],
        )
        return self.env["campus.sign.request"].new(vals)


class CampusSignTemplateSigner(models.Model):
    _inherit = "campus.sign.template.signer"

    @api.onchange("modality")
    def _onchange_modality(self):
        # The inverse waits for the saving; the legal warning must not.
        for line in self:
            line.mandatory = line.modality == "mandatory"
