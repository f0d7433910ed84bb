# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from markupsafe import Markup

from odoo import api, models

from ..engine import rendering


class CampusSignRequest(models.Model):
    """What a request prints, whether it is kept or only in memory."""

    _inherit = "campus.sign.request"

    def _rendered(self, template, record, paper_code=""):
        """Return the :class:`rendering.Rendered` of the document.

        :param record: the record whose values it shows
        :param paper_code: what the code of each page says of a paper no circuit
            follows; without it, and with a code, the address to verify it
        :raise RenderingError: what the engine refuses
        """
        self.ensure_one()
        template = template.with_context(lang=self.lang)
        record = record.with_context(lang=self.lang)
        slots = self._signature_slots()
        address = self._verification_url() if self.code and not paper_code else ""
        return rendering.render(
            self._document_html(template, record, slots, address),
            expected=[slot.name for slot in slots],
            identifier=self.code or f"{record._name}-{record.id}",
            page_code=paper_code or address,
        )

    def _signature_slots(self):
        """Return the :class:`rendering.SignatureSlot` list of the signers."""
        return [
            rendering.SignatureSlot(
                name=signer.field_name,
                role=signer.role_id.code,
                label=signer.role_name,
                person=signer.name or "",
            )
            for signer in self.signer_ids
        ]

    def _document_html(self, template, record, slots, address=""):
        """Return the whole HTML page of the document, ready for the engine.

        :param address: where it is verified, printed at the foot of each page
        """
        head = self.signer_ids.filtered(
            lambda line: line.establishment_id == self.company_id
        )[:1].name
        composed = rendering.compose(
            template.body or "",
            template._values(record, head),
            slots,
            lang=self.lang,
            images=template._images(),
        )
        layout = self.env["campus.sign.layout"]
        return layout._page(self, template, composed.html, address)


class CampusSignLayout(models.AbstractModel):
    """Lay a composed body out on the establishment's paper."""

    _name = "campus.sign.layout"
    _description = "Page layout of documents"

    @api.model
    def _page(self, request, template, body, address):
        """Return the HTML of the document of ``request``."""
        company = request.company_id
        logo = False
        if template.show_logo and company.logo and not company.uses_default_logo:
            logo = f"data:image/png;base64,{company.logo.decode()}"
        html = self.env["ir.qweb"]._render(
            "campus_sign.document_layout",
            {
                "document_lang": (request.lang or "fr_FR").split("_")[0],
                "title": request.name,
                "heading": template.name,
                "print_title": template.print_title,
                "body": Markup(body),
                "header_text": template.header_text,
                "footer_text": template.footer_text,
                "logo": logo,
                "verify_url": address.split("://", 1)[-1],
                "page_format": template.page_format,
                "margin_top": template.margin_top,
                "margin_right": template.margin_right,
                "margin_bottom": template.margin_bottom,
                "margin_left": template.margin_left,
                "font_size": template.font_size,
                "address_frame": template.address_frame and self._postal_lines(request),
                "establishment": company.name,
                "reference": request.code,
            },
        )
        return str(html)

    def _postal_lines(self, request):
        """Return the lines of the recipient's address, False without recipient.

        Families are written to where the student lives, unless they say where.
        """
        recipient = request.recipient_id
        if not recipient:
            return False
        home = request.student_id.partner_id if not recipient.street else None
        postal = (home or recipient).with_company(request.company_id)
        lines = postal._campus_address(without_company=False).splitlines()
        return [recipient.name, *lines]
