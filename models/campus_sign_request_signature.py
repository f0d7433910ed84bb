# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
from dataclasses import replace

from odoo import fields, models

from ..engine.pades import MissingGlyphs, PadesError, Stamp, sign
from ..engine.rendering import needs_shaping, stamp_pdf
from .ceremony_errors import CeremonyError

_logger = logging.getLogger(__name__)

# Size in points of a stamp drawn outside the page, when its script needs shaping.
STAMP_SIZE = (212, 85)


class CampusSignRequest(models.Model):
    """What the engine is given to sign a line: authority, values, visible stamp."""

    _inherit = "campus.sign.request"

    def _signing_reason(self):
        reader = self.with_context(lang=self.lang)
        return reader.env._("Read and approved, signed with consent")

    def _add_signature(self, signer, actor, visual, chain, paper=None):
        """Sign the present file for a line, store the revision, write the event.

        :param paper: see :meth:`_signature`
        :return: the engine's signature
        :raise CeremonyError: 409 ``altered``, 410 ``deleted``, 409 ``service``
        """
        content = self._stored_file()
        before = self.revisions[-1]["sha256"]
        signed = self._signature(content, signer, actor, visual, chain, paper)
        revision = self._store_revision(signed.pdf, "signature", signer.field_name)
        chain.append(
            "signed",
            before=before,
            after=revision["sha256"],
            field=signer.field_name,
            length=revision["length"],
            certificate_serial=signed.certificate_serial,
            timestamp_serial=signed.timestamp_serial,
        )
        return signed

    def _signature(self, content, signer, actor, visual, chain, paper=None):
        """Return the engine's signature of the line; nothing is stored here.

        :param paper: SHA-256 of the scan when the establishment attests a signature
            given on paper
        :raise CeremonyError: 409 ``service`` when keys or certificates refuse
        """
        stamp = self._stamp(signer, actor, visual, chain.now)
        identity = signer._signing_identity(actor)
        values = {
            "person_name": identity["name"],
            "person_email": identity["email"],
            "organization": signer._signs_for().name,
            "request_code": self.code,
            "now": chain.now,
            "reason": f"{self._signing_reason()} sha256:{chain.head}",
            "contact": self._verification_url(),
            "location": self.company_id.city or "",
        }
        if paper:
            values = self._paper_values(values, chain)
            stamp = self._paper_stamp(stamp, paper)
        authority = self._authority_of(signer)._open()
        try:
            try:
                return sign(
                    content, signer.field_name, authority, stamp=stamp, **values
                )
            except MissingGlyphs:
                # A replaced person whose name the document's font cannot draw.
                stamp = replace(stamp, artwork=self._stamp_artwork(stamp))
                return sign(
                    content, signer.field_name, authority, stamp=stamp, **values
                )
        except PadesError:
            _logger.warning("document %s could not be signed", self.code, exc_info=True)
            raise CeremonyError(
                409,
                "service",
                self.env._(
                    "The signature service of the establishment does not answer. "
                    "Nothing was signed; please try again later."
                ),
            ) from None

    def _authority_of(self, signer):
        """Return the authority a line is signed under: the second establishment's
        own for its representative, else that of the document.
        """
        company = signer.establishment_id
        if not company or company == self.company_id:
            return self.authority_id
        return self.env["campus.sign.authority"]._for_company(company)

    def _stamp(self, signer, actor, visual, now):
        """Return the visible stamp; its time is the establishment's, with offset."""
        name = signer._signing_identity(actor)["name"]
        zone = self.company_id.partner_id._campus_zone()
        local = fields.Datetime.context_timestamp(
            self.with_context(tz=zone), now.replace(tzinfo=None)
        )
        offset = local.strftime("%z")
        stamp = Stamp(
            name=name,
            role=signer.with_context(lang=self.lang)._acting_role(actor),
            when=f"{local:%d/%m/%Y %H:%M:%S} {offset[:3]}:{offset[3:]}",
            visual=visual,
        )
        if needs_shaping(name):
            return replace(stamp, artwork=self._stamp_artwork(stamp))
        return stamp

    def _stamp_artwork(self, stamp):
        """Return the stamp laid out by WeasyPrint, for scripts that need shaping."""
        return stamp_pdf(
            [text for text, _size in stamp.lines()],
            *STAMP_SIZE,
            stamp.visual.to_png() if stamp.visual else None,
        )
