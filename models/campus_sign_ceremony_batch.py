# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64

from odoo import fields, models

from .campus_sign_batch import AWAY, LIFE, MAX_DOCUMENTS
from .ceremony_errors import CeremonyError


class CampusSignCeremony(models.AbstractModel):
    """What the batch screen may ask (A121-A126); decided by the actor, as always."""

    _inherit = "campus.sign.ceremony"

    def _overview(self, actor):
        overview = super()._overview(actor)
        running = self.env["campus.sign.batch"]._running(actor)[:1]
        overview["batch"] = running._summary() if running else None
        overview["declaration"] = self._declaration()
        return overview

    def _declaration(self):
        """Return the single sentence of the batch (A124)."""
        return self.env._(
            "I have read the document(s) and I accept the conditions without reserve."
        )

    def _batch_start(
        self, actor, documents, consents, visual, save_visual=False, code=""
    ):
        """Freeze what the person consents to; nothing is signed here.

        :param list documents: ``{"signer_id", "sha256"}`` as the page showed them
        :param dict consents: ``{code: version}`` of the texts accepted
        :param code: as typed, for documents that ask for one
        :return: the summary of the batch; the same click twice gives the same one
        :raise CeremonyError: 404 for a line that is not his, 409 when the reading
            of a single document was not recorded, 422 when consent, visual or code
            is refused
        """
        shown = self._shown(documents)
        accepted = self._accepted(consents)
        lines = self.env["campus.sign.signer"].search([("id", "in", list(shown))])
        if len(lines) != len(shown) or not all(s._belongs_to(actor) for s in lines):
            raise CeremonyError(
                404, "not_found", self.env._("This document is not among yours.")
            )
        lines = lines.browse(shown)  # signed in the order of the screen
        batches = self.env["campus.sign.batch"]
        fingerprint = batches._list_hash(shown.values())
        for batch in batches._running(actor):
            if (
                batch.list_sha256 == fingerprint
                and set(batch.line_ids.signer_id) == set(lines)
                and batch.consents == accepted
            ):
                return batch._summary()
        declared = self._may_declare(lines)
        if not declared:
            lines.request_id._guard_read(lines)
        normalised = self._visual(visual)
        png = base64.b64encode(normalised.to_png())
        if save_visual:
            self.env["campus.sign.visual"]._save(actor.partner, png)
        methods = self._spend_code(actor, lines, code)
        batch = batches.with_context(image_no_postprocess=True).create(
            self._batch_vals(actor, lines, shown, accepted, png, methods)
        )
        batches._wake(AWAY)
        return batch._summary()

    def _shown(self, documents):
        """Return ``{signer id: sha256}`` of what the page sent."""
        shown = {}
        for one in documents if isinstance(documents, list) else []:
            signer_id = one.get("signer_id") if isinstance(one, dict) else None
            sha256 = one.get("sha256") if isinstance(one, dict) else None
            if type(signer_id) is not int or not isinstance(sha256, str):
                break
            shown[signer_id] = sha256[:64]
        else:
            if 0 < len(shown) <= MAX_DOCUMENTS:
                return shown
        raise CeremonyError(
            400,
            "documents",
            self.env._(
                "Choose the documents to sign, %(count)s at most.", count=MAX_DOCUMENTS
            ),
        )

    def _may_declare(self, lines):
        """Tell whether the consent may declare the reading instead of recording it.

        The representative of the establishment, and whoever has several documents:
        the batch screen opens each of them. A single document of anybody else is
        read on the signing page, to its end (A095).
        """
        return len(lines) > 1 or all(line.user_id for line in lines)

    def _spend_code(self, actor, lines, code):
        """Use the code once for all the lines that ask for one.

        It is checked with the consent it belongs to: each line keeps by which method,
        and each signature asks for it again behind its gate.

        :return: ``{line: method}``
        :raise CeremonyError: 422; then no document of the batch is signed
        """
        attempt = self._code_attempt(actor, lines.ids, code)
        if not attempt:
            return {}
        expected = self.env["campus.sign.code"].browse(attempt.expected.ids)
        return {
            line: expected._spend(line, actor, attempt.text)
            for line in lines
            if line._code_method(actor)
        }

    def _batch_vals(self, actor, lines, shown, accepted, png, methods):
        now = fields.Datetime.now()
        return {
            "partner_id": actor.partner.id,
            "user_id": actor.user.id if actor.user else False,
            "channel": actor.channel,
            "address": actor.address or False,
            "ip": actor.ip,
            "agent": actor.agent,
            "lang": self.env.lang,
            "consents": accepted,
            "declaration": self._declaration(),
            "visual": png,
            "list_sha256": self.env["campus.sign.batch"]._list_hash(shown.values()),
            "document_count": len(lines),
            "consented_at": now,
            "expires_at": now + LIFE,
            "line_ids": [
                (
                    0,
                    0,
                    {
                        "signer_id": line.id,
                        "sha256": shown[line.id],
                        "declared": not line.read_at,
                        "code_method": methods.get(line),
                    },
                )
                for line in lines
            ],
        }

    def _batch_run(self, actor, batch_id):
        """Sign the next documents of one of the actor's batches.

        :return: the summary, with the results of this slice; all of them once over
        :raise CeremonyError: 404 whether it does not exist or is not his
        """
        batches = self.env["campus.sign.batch"]
        batch = batches.search([("id", "=", batch_id)], limit=1)
        same = (
            batch.partner_id == actor.partner
            and batch.channel == actor.channel
            and (batch.address or "") == actor.address
            and (not batch.user_id or batch.user_id == actor.user)
        )
        if not batch or not same:
            raise CeremonyError(
                404, "not_found", self.env._("This document is not among yours.")
            )
        settled = batch._run()
        return batch._summary(settled if batch.state == "running" else None)
