# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

from ..engine.pades import certify
from ..engine.rendering import render
from .campus_sign_authority import aware_now
from .ceremony_errors import CeremonyError


class CampusSignRequest(models.Model):
    """What one signer may prove of his own act, without the data of the others."""

    _inherit = "campus.sign.request"

    def _attestation_line(self, partner):
        """Return the lines a person signed on this document, himself or as deputy."""
        self.ensure_one()
        return self.signer_ids.filtered(
            lambda s: (
                s.status in ("signed", "paper")
                and (s.signed_by_id or s.partner_id) == partner
            )
        )

    def _attestation_pdf(self, partner):
        """Return the attestation of a signer: PDF/A-3 sealed by the establishment.

        The title of the document names other people and is left out; so are their
        lines, their events and everything the log says of them.

        :raise CeremonyError: 404 when the person signed nothing here, 409 before the
            document is archived or when the keys cannot be opened
        """
        lines = self._attestation_line(partner)
        if not lines:
            raise CeremonyError(
                404, "not_found", self.env._("This document is not among yours.")
            )
        if self.state != "archived":
            raise CeremonyError(
                409,
                "not_archived",
                self.env._("The attestation exists once everybody has signed."),
            )
        document = self.with_context(lang=lines[:1].lang or self.lang)
        now = aware_now()
        html = document.env["ir.qweb"]._render(
            "campus_sign.attestation_layout",
            document._attestation_values(lines.with_env(document.env), now),
        )
        rendered = render(
            str(html), identifier=f"attestation {self.code} {now.isoformat()}"
        )
        sealed = certify(
            rendered.pdf,
            [],
            self.authority_id._open(),
            now=now,
            texts=[],
            reason=document.env._("Attestation sealed by the establishment"),
            contact=self._verification_url(),
            location=self.company_id.city or "",
        )
        return sealed.pdf

    def _attestation_values(self, lines, now):
        fields_signed = set(lines.mapped("field_name"))
        steps = [
            step
            for step in self._steps_of(fields_signed)
            if step["kind"] in ("notified", "read", "consented", "signed", "paper")
        ]
        return {
            "document": self,
            "lines": lines,
            "steps": steps,
            "made_on": self._local_time(now.replace(tzinfo=None)),
            "html_lang": (self.env.lang or "fr_FR").split("_")[0],
            "verify_url": self._verification_url(),
            "final_sha256": self.revisions[-1]["sha256"],
        }

    def _steps_of(self, field_names):
        """Return the timeline's steps of some lines only."""
        events = {
            event.seq: event._to_engine().payload.get("field")
            for event in self._event_context()
        }
        return [step for step in self._steps() if events[step["seq"]] in field_names]

    def _attestation_name(self):
        """Return the file name: the title of the document would name people."""
        return (
            self.env._(
                "Attestation of signature - %(template)s - %(code)s",
                template="".join(
                    c if c.isalnum() or c in " -_'" else "_"
                    for c in self.template_name or ""
                ),
                code=self.code,
            )
            + ".pdf"
        )
