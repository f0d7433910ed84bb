# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64
import binascii

from odoo import models

from ..engine.pades import VisualRefused, normalise_visual
from .campus_sign_batch import MAX_DOCUMENTS
from .campus_sign_ceremony import iso
from .campus_sign_code import STRENGTH
from .ceremony_errors import CeremonyError

MAX_AT_ONCE = 50
# What a browser says of a reading is kept within reason, not judged.
MAX_PAGES = 10_000
MAX_SECONDS = 24 * 3600


class CampusSignCeremony(models.AbstractModel):
    """What the signing page may do: read, sign, refuse, propose, disown."""

    _inherit = "campus.sign.ceremony"

    def _record_read(self, actor, signer_id, pages, seconds):
        """Record that a document was read to its last page (A095)."""
        line = self._line(actor, signer_id)
        line.request_id._act_read(
            line, actor, min(pages, MAX_PAGES), min(seconds, MAX_SECONDS)
        )

    def _chosen(self, signer_ids, maximum=MAX_AT_ONCE):
        """Return the ids of lines an act is about, each once.

        :raise CeremonyError: 400 for none, too many, or what is no id
        """
        if (
            isinstance(signer_ids, list)
            and 0 < len(signer_ids) <= maximum
            and all(type(one) is int for one in signer_ids)
        ):
            return list(dict.fromkeys(signer_ids))
        raise CeremonyError(
            400, "documents", self.env._("Choose the documents to sign.")
        )

    def _request_code(self, actor, signer_ids):
        """Send the code some of the documents ask for before they are signed.

        :return: ``{"method", "destination", "minutes"}``, the destination masked
        :raise CeremonyError: 409 ``code_not_sent``, 422, 429
        """
        lines = self.env["campus.sign.signer"]
        for signer_id in self._chosen(signer_ids, MAX_DOCUMENTS):
            line = self._line(actor, signer_id)
            if line._code_method(actor):
                line.request_id._guard_turn(line, actor)
                lines |= line
        return self.env["campus.sign.code"]._ask(actor, lines)

    def _sign(self, actor, signer_ids, consents, visual, save_visual=False, code=""):
        """Sign documents, one transaction each; one that fails stops no other.

        :param list signer_ids: lines to sign
        :param dict consents: ``{code: version}`` of the texts accepted
        :param dict visual: ``{"kind": drawn | typed | image, "data": base64}``
        :param code: as typed, for documents that ask for one
        :return: one ``{signer_id, ok, code, message, signed_at}`` per line
        :raise CeremonyError: 422 when consent or visual is refused: nothing is signed
        """
        signer_ids = self._chosen(signer_ids)
        accepted = self._accepted(consents)
        normalised = self._visual(visual)
        attempt = self._code_attempt(actor, signer_ids, code)
        results = []
        for signer_id in signer_ids:
            results.append(
                self._sign_one(actor, signer_id, normalised, accepted, attempt)
            )
        if save_visual:
            self.env["campus.sign.visual"]._save(
                actor.partner, base64.b64encode(normalised.to_png())
            )
        return results

    def _code_attempt(self, actor, signer_ids, code):
        """Return the counted try of those documents that ask for a code."""
        lines = self.env["campus.sign.signer"].search(
            [
                ("id", "in", signer_ids),
                ("status", "=", "pending"),
                ("request_id.code_method", "in", list(STRENGTH)),
            ]
        )
        lines = lines.filtered(
            lambda line: line._belongs_to(actor) and line._code_method(actor)
        )
        if not lines:
            return None
        return self.env["campus.sign.code"]._attempt(actor, lines, code)

    def _sign_one(self, actor, signer_id, visual, accepted, attempt=None):
        try:
            line = self._line(actor, signer_id)
            signed_at = line.request_id._act_sign(
                line, actor, visual, accepted, attempt
            )
        except CeremonyError as error:
            return _refused(signer_id, error)
        return {**_done(signer_id, "signed"), "signed_at": iso(signed_at)}

    def _accepted(self, consents):
        texts = self.env["campus.sign.consent"]._current()
        given = consents if isinstance(consents, dict) else {}
        if any(given.get(text.code) != text.version for text in texts):
            raise CeremonyError(
                422,
                "consent",
                self.env._("Tick both boxes to accept the conditions before signing."),
            )
        return [text._as_evidence() for text in texts]

    def _visual(self, visual):
        visual = visual if isinstance(visual, dict) else {}
        kind, data = visual.get("kind"), visual.get("data")
        if kind not in ("drawn", "typed", "image") or not isinstance(data, str):
            raise CeremonyError(
                422, "empty", self.env._("Draw, type or import your signature.")
            )
        try:
            # As bytes: of a text, Python would refuse other alphabets differently.
            encoded = data.rsplit(",", 1)[-1].encode()
            raw = base64.b64decode(encoded, validate=True)
            return normalise_visual(raw, kind=kind)
        except binascii.Error:
            code = "not_an_image"
        except VisualRefused as error:
            code = error.code
        raise CeremonyError(422, code, self._visual_sentence(code))

    def _visual_sentence(self, code):
        return {
            "empty": self.env._("Your signature is empty: draw it again."),
            "solid": self.env._(
                "This image is a plain area without any stroke: sign again."
            ),
            "straight_line": self.env._(
                "A single straight line is not a signature: draw it again."
            ),
            "too_large": self.env._("This image is too large: choose a smaller one."),
        }.get(
            code, self.env._("This file is not a usable image: choose a PNG or JPEG.")
        )

    def _refuse(self, actor, signer_id, reason):
        """Refuse one document with a reason; what is refused already stays so.

        Asked again after an answer that got lost, it says yes.
        """
        line = self._line(actor, signer_id)
        if line.status != "refused":
            line.request_id._act_refuse(line, actor, reason)

    def _refuse_all(self, actor, signer_ids, reason):
        """Refuse documents, one transaction each; one that fails stops no other.

        :return: one ``{signer_id, ok, code, message}`` per line
        """
        results = []
        for signer_id in self._chosen(signer_ids):
            try:
                self._refuse(actor, signer_id, reason)
            except CeremonyError as error:
                results.append(_refused(signer_id, error))
            else:
                results.append(_done(signer_id, "refused"))
        return results

    def _propose(self, actor, signer_id, name, email, reason):
        """Propose somebody else for one document; the office decides."""
        line = self._line(actor, signer_id)
        line.request_id._act_propose(
            line, actor, " ".join(name.split()), email.strip(), reason.strip()
        )

    def _disown(self, actor, reason):
        """Stop what a link opens: its reader is not the person it names.

        :raise CeremonyError: 403 for an account, which proves its person
        """
        if actor.channel != "link":
            raise CeremonyError(
                403,
                "account",
                self.env._("Log out of this account, then log in to your own."),
            )
        lines = self._lines(actor).filtered(lambda line: line.status == "pending")
        for line in lines:
            line.request_id._act_disown(line, actor, reason.strip())
        self.env["campus.sign.link"]._revoke_all(actor.partner, actor.address)


def _done(signer_id, code):
    return {"signer_id": signer_id, "ok": True, "code": code, "message": ""}


def _refused(signer_id, error):
    return {
        "signer_id": signer_id,
        "ok": False,
        "code": error.code,
        "message": error.message,
        "status": error.status,
    }
