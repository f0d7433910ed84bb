# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging

from odoo import api, fields, models

from .ceremony_errors import CeremonyError
from .gate import gate

_logger = logging.getLogger(__name__)


class CampusSignVisual(models.Model):
    """The visual a person saved as default (« Enregistrer comme signature par
    défaut »); nobody else ever reads it."""

    _name = "campus.sign.visual"
    _description = "Saved visual of a signature"

    partner_id = fields.Many2one("res.partner", required=True, ondelete="cascade")
    image = fields.Binary(attachment=True, required=True)

    _partner_uniq = models.Constraint(
        "UNIQUE(partner_id)", "One saved visual per person."
    )

    @api.model
    def _load(self, partner):
        """Return the base64 PNG of a person, ``None`` when nothing was saved."""
        saved = self.search([("partner_id", "=", partner.id)], limit=1)
        image = saved.with_context(bin_size=False).image
        return image.decode() if image else None

    @api.model
    def _save(self, partner, image):
        """Keep a normalised base64 PNG for a person, in a transaction of its own.

        What was signed before is committed and must neither fail nor be asked again:
        tabs that save at once do so one after the other, the last one's stays.
        """
        try:
            with gate(partner):
                self._write_or_create(partner, image)
        except CeremonyError:
            _logger.info("Another tab saves the visual of %s: left to it", partner)

    def _write_or_create(self, partner, image):
        saved = self.search([("partner_id", "=", partner.id)], limit=1)
        keep = {"image": image}
        # The picture is small and must stay what the person drew.
        if saved:
            saved.with_context(image_no_postprocess=True).write(keep)
        else:
            self.with_context(image_no_postprocess=True).create(
                {"partner_id": partner.id, **keep}
            )
