# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

from ..engine.rendering import render
from .campus_sign_authority import aware_now
from .ceremony_errors import CeremonyError
from .file_bundle import safe_stem

#: Kinds of events a signer is told of his own signature.
ATTESTED = ("notified", "read", "consented", "signed", "paper")


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
        return self._seal_paper(
            rendered.pdf,
            "attestation",
            now,
            document.env._("Attestation sealed by the establishment"),
        )

    def _attestation_values(self, lines, now):
        return {
            "document": self,
            "title": self._attestation_title(),
            "lines": lines,
            "on_paper": set(lines.mapped("status")) == {"paper"},
            "steps": self._attestation_steps(lines),
            "made_on": self._local_time(now.replace(tzinfo=None)),
            "html_lang": (self.env.lang or "fr_FR").split("_")[0],
            "verify_url": self._verification_url(),
            "final_sha256": self.revisions[-1]["sha256"],
        }

    def _attestation_steps(self, lines):
        """Return the timeline's steps of the person who signed ``lines``, no other's.

        A line may have been somebody else's: what happened before its last
        replacement is his. A representative and his deputies share one line: what
        was done by another account, or told to the head, is the other's. A paper
        signature was recorded by the office, from its own computer.
        """
        logins, since = {}, {}
        steps = self._steps()
        for step in steps:
            if step["kind"] == "consented":
                logins[step["field"]] = step["login"]
            if step["kind"] == "replaced":
                since[step["field"]] = step["seq"]
        found = []
        by_field = {line.field_name: line for line in lines}
        for step in steps:
            field, kind = step["field"], step["kind"]
            line = by_field.get(field)
            if not line or kind not in ATTESTED or step["seq"] < since.get(field, 0):
                continue
            if kind == "notified" and line.signed_by:
                continue
            if kind == "read" and line.user_id and step["login"] != logins.get(field):
                continue
            if kind == "paper":
                step = {**step, "ip": "", "agent": ""}
            found.append(step)
        return found

    def _attestation_title(self):
        """Return the title: that of the document would name people."""
        return self.env._(
            "Attestation of signature - %(template)s - %(code)s",
            template=self.template_name or "",
            code=self.code,
        )

    def _attestation_name(self):
        return f"{safe_stem(self._attestation_title())}.pdf"
