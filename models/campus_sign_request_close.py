# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..engine import evidence
from ..engine.pades import seal_long_term
from .campus_sign_event import Chain
from .ceremony_errors import CeremonyError
from .gate import gate, unlocked


class CampusSignRequest(models.Model):
    """After the last signature: long-term seal, lockers, proof."""

    _inherit = "campus.sign.request"

    @api.model
    def _cron_seal(self):
        """Give archived documents their long-term seal, one per transaction."""
        seen, all_done = set(), True
        while True:
            todo = self.search(
                [
                    ("state", "=", "archived"),
                    ("sealed_at", "=", False),
                    ("id", "not in", list(seen)),
                ],
                limit=20,
            )
            if not todo:
                if not all_done:
                    self._come_back("seal")
                return
            for request in todo:
                seen.add(request.id)
                all_done &= request._seal()
                if not self.env["ir.cron"]._commit_progress(1):
                    self._trigger_lanes("seal")
                    return

    def _seal(self):
        """Add revocation lists and a document timestamp (B-LTA), then publish.

        :return: whether the document was free
        """
        try:
            with gate(self, wait=0.001) as request:
                if request.state == "archived" and not request.sealed_at:
                    request._seal_and_publish()
        except CeremonyError as error:
            # Somebody acts on it: the document waits, visibly, for its seal.
            if error.code != "busy":
                raise
            return False
        return True

    def _seal_and_publish(self):
        content = self._stored_file()
        before = self.revisions[-1]["sha256"]
        authority = self.authority_id
        engine_authority = authority._open()
        chain = Chain(self)
        others = self.signer_ids.authority_id - authority
        sealed = seal_long_term(
            content,
            engine_authority,
            now=chain.now,
            revoked=authority._revocations(),
            extra_crls=[der for one in others for der in one._final_crls(chain.now)],
        )
        revision = self._store_revision(
            sealed.pdf, "timestamp", f"timestamp-{len(self.revisions)}"
        )
        chain.append(
            "long_term_sealed",
            before=before,
            after=revision["sha256"],
            length=revision["length"],
            timestamp_serial=sealed.timestamp_serial,
        )
        unlocked(self).write(
            {
                "sealed_at": fields.Datetime.now(),
                "sealed_until": authority._timestamp_end(engine_authority),
            }
        )
        self._publish(chain)
        chain.store()

    # === LOCKERS (A042, A045-A048, invariant 10) ===#

    def _locker_partners(self):
        """Return ``{partner: reason}``: who receives the final file and why."""
        lockers = self.env["campus.locker.document"]
        found = lockers._owners(self, self.student_id, self.recipient_id)
        signers = self.signer_ids.filtered(lambda s: s.status in ("signed", "paper"))
        found.update(dict.fromkeys(signers.partner_id, "signer"))
        found.update(dict.fromkeys(signers.signed_by_id, "signer"))
        return {partner: reason for partner, reason in found.items() if partner}

    def _publish(self, chain):
        """Put the final file in the lockers; behind the gate."""
        lockers = self.env["campus.locker.document"].sudo()  # the circuit's own act
        partners = self._locker_partners()
        lockers.create(
            [
                {"request_id": self.id, "partner_id": partner.id, "reason": reason}
                for partner, reason in partners.items()
            ]
        )._tell_owners()
        sha = self.revisions[-1]["sha256"]
        chain.append("published", before=sha, after=sha, count=len(partners))

    # === PROOF (A135) ===#

    def _proof_bundle(self):
        """Return the machine-readable proof of this document.

        Anybody checks it offline with ``engine/evidence/verify.py``.
        """
        self.ensure_one()
        events = [event._to_engine() for event in self._event_context()]
        people = (
            self.env["campus.sign.event.person"]
            .sudo()
            .search(  # office's right
                [("request_ref", "=", self.id)]
            )
        )
        certificates = dict(
            self.authority_id.sudo().certificates,  # public by nature
            root_cert=self._root_pem(),
        )
        return evidence.build_bundle(
            request={
                "uid": self.code,
                "title": self.name,
                "template": self.template_name,
                "establishment": self.company_id.name,
                "state": self.state,
                "verification_url": self._verification_url(),
                "signatures_given": len(
                    self.signer_ids.filtered(lambda s: s.status in ("signed", "paper"))
                ),
            },
            events=events,
            persons={p.seq: (bytes.fromhex(p.salt), p.data) for p in people},
            certificates={
                name.removesuffix("_cert"): pem
                for name, pem in certificates.items()
                if name.endswith("_cert")
            },
            file_sha256=self.revisions[-1]["sha256"],
            revisions=self.revisions,
        )

    def _root_pem(self):
        """Return the root certificates the signatures end at: one per establishment
        that signed.
        """
        lines = self.sudo().signer_ids  # certificates are public by nature
        authorities = self.sudo().authority_id | lines.authority_id
        return "".join(authority.certificates["root_cert"] for authority in authorities)

    def _check_may_follow(self):
        """Check right 3 on the records, with their rules (A012)."""
        self.check_access("read")
        if not self.env.user.has_group("campus_sign.group_follow") and not self.env.su:
            raise CeremonyError(
                403, "no_right", self.env._("You may not consult these documents.")
            )
