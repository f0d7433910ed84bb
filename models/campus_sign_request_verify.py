# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import hashlib
import re

from odoo import api, models
from odoo.tools import format_datetime

from ..engine.evidence.verify import verify_bundle
from ..engine.pades import NotAPdf, validate
from .campus_sign_authority import aware_now
from .ceremony_errors import CeremonyError

_CODE = re.compile(r"[0-9A-Z]{16}")
# Address a seal carries: of the document, or of a paper about it.
_ADDRESS = re.compile(r"/verify/([0-9A-Z]{16})(?:#(proof|attestation))?$")


class CampusSignRequest(models.Model):
    """Public verification: by the printed code, without names; by the file itself."""

    _inherit = "campus.sign.request"

    @api.model
    def _by_code(self, code):
        code = (code or "").strip().upper()
        if not _CODE.fullmatch(code):
            return self.browse()
        # A deleted document keeps its log: copies people hold can still be judged.
        every = self.with_context(active_test=False)
        return every.sudo().search(  # the code is public and leads to no content
            [("code", "=", code), ("state", "not in", ("queued", "failed"))], limit=1
        )

    @api.model
    def _verify_code(self, code):
        """Return what anybody may know of a printed code, ``None`` if unknown."""
        request = self._by_code(code)
        if not request:
            return None
        return {
            "state": request.state,
            "state_label": request._state_label(),
            "signed": request.signature_done,
            "total": request.signature_total,
            "optional": request.signature_starred,
            # The template's name: the document's own title names people.
            "title": request.template_name,
            "establishment": request.company_id.name,
            "sent_on": request._local(request.sent_at),
            "archived_on": request._local(request.closed_at)
            if request.state == "archived"
            else False,
        }

    def _state_label(self):
        if self.deleted_at:
            return self.env._("Deleted by the establishment")
        labels = dict(self._fields["state"]._description_selection(self.env))
        return labels[self.state]

    def _local(self, moment):
        """Return a moment as people of the establishment read it."""
        if not moment:
            return False
        zone = self.company_id.partner_id._campus_zone()
        return format_datetime(self.env, moment, tz=zone, dt_format="long")

    @api.model
    def _verify_upload(self, pdf):
        """Judge a file somebody holds: who signed, when, whether a byte changed.

        :raise CeremonyError: 422 when it is not a PDF
        """
        now = aware_now()
        try:
            report = validate(pdf, self.env["campus.sign.authority"]._roots(), now=now)
        except NotAPdf:
            raise CeremonyError(
                422, "not_a_pdf", self.env._("This file is not a PDF.")
            ) from None
        request, paper, trusted = self._of_report(report)
        problems = []
        unchanged = False
        if not request:
            if report.problems:
                problems = [
                    self.env._("This file cannot be read as a signed document.")
                ]
        elif not report.ok or not trusted:
            problems = [
                self.env._(
                    "The content or a signature was changed after the signatures."
                )
            ]
        elif paper:
            unchanged = True
        else:
            last = request.revisions[-1]
            unchanged = hashlib.sha256(pdf).hexdigest() == last["sha256"]
            problems = request._upload_problems(pdf, report, unchanged, now)
        # Whoever made a file may write any code into it: nothing is told for that.
        told = request if trusted else request.browse()
        titles = {
            "proof": self.env._("Proof file"),
            "attestation": self.env._("Attestation of signature"),
        }
        roles = (
            {s.field_name: s.role_name for s in told.signer_ids} if not paper else {}
        )
        return {
            "known": bool(request),
            "ok": report.ok and not problems,
            "unchanged": unchanged,
            "problems": problems,
            "signatures": [
                {
                    "name": one.signer_name,
                    "role": roles.get(one.field, ""),
                    "signed_at": (request or self)._local(
                        one.signed_at and one.signed_at.replace(tzinfo=None)
                    ),
                    "ok": one.ok,
                    "kind": one.kind,
                }
                for one in report.signatures
            ],
            # The title of the document names people whom an attestation leaves out.
            "title": (titles.get(paper) or told.name) if told else "",
            "state_label": told._state_label() if told else "",
            "long_term": report.long_term,
        }

    @api.model
    def _of_report(self, report):
        """Return ``(document, paper, trusted)`` by the address in a file's seal.

        ``paper`` is « proof » or « attestation », ``None`` for the document itself;
        ``trusted`` is false where the file only says so: it was altered, or forged.
        """
        for trusted in (True, False):
            for one in report.signatures:
                match = _ADDRESS.search(one.contact or "")
                if match and one.trusted == trusted:
                    return self._by_code(match[1]), match[2], trusted
        return self.browse(), None, False

    def _upload_problems(self, pdf, report, unchanged, now):
        """List, in people's words, why a sound file of ours does not hold."""
        if not unchanged:
            known = {revision["sha256"] for revision in self.revisions}
            if hashlib.sha256(pdf).hexdigest() in known:
                # Valid by itself: the page says it is an older copy.
                return []
            return [self.env._("This file is not one the establishment ever made.")]
        root = self._root_pem()
        # The report serves again only if it trusted these very roots. It trusted those
        # of every authority: where there are several, the file is judged once more.
        if not verify_bundle(pdf, self._proof_bundle(), root, now, report).ok:
            return [self.env._("The log of this document does not match its file.")]
        return []
