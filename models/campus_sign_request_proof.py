# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

from ..engine import evidence
from ..engine.pades import certify
from ..engine.rendering import Enclosure, render
from .campus_sign_authority import aware_now
from .ceremony_errors import CeremonyError
from .file_bundle import safe_stem


class CampusSignRequest(models.Model):
    """The proof file: what happened, for people and for machines (A135)."""

    _inherit = "campus.sign.request"

    def _check_has_proof(self):
        """Check that there is a sealed file to prove something of.

        :raise CeremonyError: 409 ``not_sent``
        """
        self.ensure_one()
        if not self.revisions:
            raise CeremonyError(
                409,
                "not_sent",
                self.env._(
                    "This document was not sent yet: there is nothing to prove."
                ),
            )

    def _proof_json(self):
        """Return the bytes of the machine-readable bundle, in canonical JSON."""
        self._check_has_proof()
        return evidence.canonical(self._proof_bundle())

    def _proof_pdf(self):
        """Return the proof file: PDF/A-3 holding `proof.json`, sealed, timestamped.

        Made on demand, in the language of the document, and never stored: the log
        is what is kept.

        :raise CeremonyError: 409 when there is nothing to prove yet, or when the
            keys cannot be opened
        """
        self._check_has_proof()
        proof = self.with_context(lang=self.lang)
        now = aware_now()
        bundle = evidence.canonical(proof._proof_bundle())
        html = proof.env["ir.qweb"]._render(
            "campus_sign.proof_layout", proof._proof_values(now)
        )
        rendered = render(
            str(html),
            enclosures=[
                Enclosure(
                    name="proof.json",
                    content=bundle,
                    description=proof.env._("Machine-readable proof"),
                    moment=now,
                )
            ],
            identifier=f"proof {self.code} {now.isoformat()}",
        )
        return self._seal_paper(
            rendered.pdf,
            "proof",
            now,
            proof.env._("Proof file sealed by the establishment"),
        )

    def _seal_paper(self, pdf, kind, now, reason):
        """Return a paper about the document, sealed by the establishment.

        :param kind: ``proof`` or ``attestation``, by which the verification knows it
        :param reason: what the seal says of it
        """
        return certify(
            pdf,
            [],
            self.authority_id._open(),
            now=now,
            texts=[],
            reason=reason,
            contact=f"{self._verification_url()}#{kind}",
            location=self.company_id.city or "",
        ).pdf

    def _proof_values(self, now):
        """Return what the proof's layout prints."""
        states = dict(self._fields["state"]._description_selection(self.env))
        statuses = self.signer_ids._fields["status"]._description_selection(self.env)
        steps = self._steps()
        return {
            "document": self,
            "title": self._proof_title(),
            "lang": (self.lang or "fr_FR").split("_")[0],
            "made_on": self._local_time(now.replace(tzinfo=None)),
            "state": states[self.state],
            "statuses": dict(statuses),
            "verify_url": self._verification_url(),
            "steps": steps,
            "consents": {s["field"]: s for s in steps if s["kind"] == "consented"},
            "revisions": self._proof_revisions(),
            "head": self._event_context()[-1:].hash,
        }

    def _proof_revisions(self):
        """Return the revisions of the file, in words."""
        kinds = {
            "seal": self.env._("Certified by the establishment's seal"),
            "signature": self.env._("Signed"),
            "paper": self.env._("Signed on paper"),
            "timestamp": self.env._("Sealed for the long term"),
        }
        nobody = self.env["campus.sign.signer"]
        signers = {signer.field_name: signer for signer in self.signer_ids}
        return [
            {
                "label": kinds["paper"]
                if signers.get(revision.get("field"), nobody).status == "paper"
                else kinds.get(revision["kind"], revision["kind"]),
                "signer": signers[revision["field"]].display_name
                if revision.get("field") in signers
                else "",
                "length": revision["length"],
                "sha256": revision["sha256"],
            }
            for revision in self.revisions
        ]

    def _proof_title(self):
        return self.env._("Proof file - %(document)s", document=self.name)

    def _proof_file_name(self):
        return f"{safe_stem(self._proof_title())}.pdf"
