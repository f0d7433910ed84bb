# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64
import binascii

from odoo import api, fields, models
from odoo.fields import Domain

from ..engine.pades import VisualRefused, normalise_visual
from .actor import Actor
from .campus_sign_code import STRENGTH
from .ceremony_errors import CeremonyError

VISIBLE_STATES = ("waiting", "finalizable", "to_finalize")
MAX_AT_ONCE = 50


class CampusSignCeremony(models.AbstractModel):
    """What the signing page may ask; every answer starts from the actor.

    Controllers call it as superuser because signers have no right on any model:
    each method decides by the actor, never by the user of the environment.
    """

    _name = "campus.sign.ceremony"
    _description = "Signing ceremony"

    # === WHO ===#

    @api.model
    def _actor_from_token(self, token, ip, agent):
        """Return the holder of a personal link.

        :raise CeremonyError: 404, 410 or 429
        """
        return self.env["campus.sign.link"]._find(token, ip)._actor(ip, agent)

    @api.model
    def _open_link(self, token, ip, agent):
        """Return the actor of a link that is being opened, and remember it."""
        link = self.env["campus.sign.link"]._find(token, ip)
        link.sudo().last_used_at = fields.Datetime.now()  # the link's own trace
        return link._actor(ip, agent)

    @api.model
    def _actor_from_user(self, user, ip, agent):
        """Return the person of an account.

        :raise CeremonyError: 401 for the public user
        """
        if not user or user._is_public():
            raise CeremonyError(
                401,
                "who",
                self.env._(
                    "Open the link of the e-mail you received, or sign in to your "
                    "account, to see your documents."
                ),
            )
        return Actor(
            partner=user.partner_id, channel="account", ip=ip, agent=agent, user=user
        )

    # === WHAT ===#

    def _lines(self, actor):
        """Return the lines of open circuits that belong to the actor."""
        signers = self.env["campus.sign.signer"]
        lines = signers.search(
            signers._addressed_to(actor)
            & Domain("request_id.state", "in", VISIBLE_STATES),
            order="request_id desc, sequence, id",
        )
        return lines.filtered(lambda line: line._belongs_to(actor))

    def _line(self, actor, signer_id):
        """Return one line of the actor.

        :raise CeremonyError: 404 whether it does not exist or is not his
        """
        line = self.env["campus.sign.signer"]
        if isinstance(signer_id, int) and not isinstance(signer_id, bool):
            line = line.search([("id", "=", signer_id)], limit=1)
        if not line or not line._belongs_to(actor):
            raise CeremonyError(
                404, "not_found", self.env._("This document is not among yours.")
            )
        return line

    def _to_sign(self, user):
        """Return the lines an account may sign now: what it may not is not counted."""
        if not user or user._is_public():
            return self.env["campus.sign.signer"]
        actor = self._actor_from_user(user, "", "")
        pending = self._lines(actor).filtered(
            lambda s: s.status == "pending" and not s.proposal_id
        )
        return pending.filtered(lambda s: s in s.request_id._may_sign_now())

    def _count_to_sign(self, user):
        """Return how many signatures are asked now from an account (A083, A088)."""
        return len(self._to_sign(user))

    def _overview(self, actor):
        """Return everything the page shows, as plain values."""
        lines = self._lines(actor)
        mine = lines.filtered(lambda line: not line._is_deputy(actor))
        person = mine[:1].name or actor.partner.name or ""
        company = lines[:1].company_id or self.env.company
        saved = self._default_visual(actor, lines)
        texts = self.env["campus.sign.consent"]
        titles = dict(texts._fields["code"]._description_selection(self.env))
        return {
            "channel": actor.channel,
            "person": {
                "name": person,
                "initials": _initials(person),
                "masked_email": mask_email(mine[:1].email or actor.email),
            },
            "establishment": company.name,
            "consents": [
                {
                    "code": text.code,
                    "title": titles[text.code],
                    "version": text.version,
                    "label": text.label,
                    "text_html": text.text,
                }
                for text in self.env["campus.sign.consent"]._current()
            ],
            "notice": {"html": self._notice(company)},
            "documents": [self._document(line, actor) for line in lines],
            "archives": [
                {
                    "locker_id": found.id,
                    "title": found.name,
                    "signed": bool(
                        found.request_id
                        and found.request_id._attestation_line(actor.partner)
                    ),
                }
                for found in self._archives(actor)
            ],
            "saved_visual": f"data:image/png;base64,{saved}" if saved else None,
        }

    def _default_visual(self, actor, lines):
        """Return the base64 picture proposed: the person's own, else the
        establishment's to its representative (B016), ``None`` without any.
        """
        own = self.env["campus.sign.visual"]._load(actor.partner)
        if own:
            return own
        line = lines.filtered("user_id")[:1]
        company = line.establishment_id or line.company_id
        visual = company.with_context(bin_size=False).sign_visual
        return visual.decode() if visual else None

    def _notice(self, company):
        return company.sign_privacy_notice or self.env["ir.qweb"]._render(
            "campus_sign.privacy_notice", {"company": company}
        )

    def _document(self, line, actor):
        request = line.request_id
        state = {"signed": "signed", "paper": "signed"}.get(line.status, "closed")
        if line.proposal_id:
            state = "proposed"
        elif line.status == "pending":
            turn = line in request._may_sign_now()
            state = "to_sign" if turn else "waiting_turn"
        return {
            "signer_id": line.id,
            "title": request.name,
            "request_id": request.id,
            "role": line._acting_role(actor),
            "state": state,
            "pages": request.page_count,
            "sha256": request.frozen_sha256,
            "read": bool(line.read_at),
            "optional": not line.mandatory,
            "finaliser": line.finaliser,
            "deadline": _iso(request.deadline) if not line.finaliser else None,
            "sent_at": _iso(request.sent_at),
            "code": line._code_method(actor) or None,
            "delegable": line._may_delegate(),
        }

    def _file(self, actor, signer_id):
        """Return ``(file name, bytes)`` of what the line consents to."""
        line = self._line(actor, signer_id)
        request = line.request_id
        if request.state not in VISIBLE_STATES:
            raise CeremonyError(409, "closed", request._closed_sentence(request.state))
        return request._file_name(), request._act_open(line, actor)

    def _archives(self, actor):
        """Return the final files the actor may open, newest first.

        A personal link proves one address: it opens only what was signed there, or
        announced there.
        """
        lockers = self.env["campus.locker.document"]
        domain = Domain(lockers._locker_domain(actor.partner))
        if actor.address:
            lines = self.env["campus.sign.signer"].search(
                [
                    ("partner_id", "=", actor.partner.id),
                    ("email", "=", actor.address),
                    ("status", "in", ("signed", "paper")),
                ]
            )
            domain &= Domain("request_id", "in", lines.request_id.ids) | Domain(
                "email", "=", actor.address
            )
        return lockers.search(domain, limit=50)

    def _final_file(self, actor, locker_id):
        """Return ``(file name, bytes)`` of a final file of the actor.

        :raise CeremonyError: 404 whether it does not exist or is not his
        """
        if not self._archives(actor).filtered(lambda found: found.id == locker_id):
            raise CeremonyError(
                404, "not_found", self.env._("This document is not among yours.")
            )
        return self.env["campus.locker.document"]._open(actor.partner, locker_id)

    def _attestation(self, actor, locker_id):
        """Return ``(file name, bytes)`` of the actor's attestation of signature.

        :raise CeremonyError: 404 whether it does not exist or is not his
        """
        mine = self._archives(actor).filtered(lambda found: found.id == locker_id)
        opened = mine and mine._open_attestation(actor.partner, locker_id)
        if not opened:
            raise CeremonyError(
                404, "not_found", self.env._("This document is not among yours.")
            )
        return opened

    # === ACTS ===#

    def _record_read(self, actor, signer_id, pages, seconds):
        """Record that a document was read to its last page (A095)."""
        line = self._line(actor, signer_id)
        line.request_id._act_read(
            line, actor, _bounded(pages, 10_000), _bounded(seconds, 86_400)
        )

    def _request_code(self, actor, signer_ids):
        """Send the code some of the documents ask for before they are signed.

        :return: ``{"method", "destination", "minutes"}``, the destination masked
        :raise CeremonyError: 409 ``code_not_sent``, 422, 429
        """
        lines = self.env["campus.sign.signer"]
        for signer_id in dict.fromkeys(signer_ids[:MAX_AT_ONCE]):
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
        if not isinstance(signer_ids, list) or not 0 < len(signer_ids) <= MAX_AT_ONCE:
            raise CeremonyError(
                400, "documents", self.env._("Choose the documents to sign.")
            )
        accepted = self._accepted(consents)
        normalised = self._visual(visual)
        attempt = self._code_attempt(actor, signer_ids, code)
        results = []
        for signer_id in dict.fromkeys(signer_ids):
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
                ("id", "in", [one for one in signer_ids if isinstance(one, int)]),
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
        result = {"signer_id": signer_id, "ok": False, "code": "", "message": ""}
        try:
            line = self._line(actor, signer_id)
            signed_at = line.request_id._act_sign(
                line, actor, visual, accepted, attempt
            )
        except CeremonyError as error:
            return {
                **result,
                "code": error.code,
                "message": error.message,
                "status": error.status,
            }
        return {
            **result,
            "ok": True,
            "code": "signed",
            "signed_at": _iso(signed_at),
        }

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
            raw = base64.b64decode(data.rsplit(",", 1)[-1], validate=True)
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
        """Refuse one document with a reason."""
        line = self._line(actor, signer_id)
        line.request_id._act_refuse(
            line, actor, reason if isinstance(reason, str) else ""
        )

    def _propose(self, actor, signer_id, name, email, reason):
        """Propose somebody else for one document; the office decides."""
        line = self._line(actor, signer_id)
        line.request_id._act_propose(
            line, actor, name.strip(), email.strip(), reason.strip()
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


def mask_email(email):
    """Return ``mauXXXX@ecole.fr``: enough to recognise, not to learn (A097)."""
    local, _, domain = (email or "").partition("@")
    return f"{local[:3]}XXXX@{domain}" if domain else ""


def _initials(name):
    words = [word for word in name.split() if word]
    return "".join(word[0].upper() for word in (words[:1] + words[1:][-1:]))


def _iso(moment):
    return f"{moment.isoformat()}Z" if moment else None


def _bounded(value, limit):
    """Return a browser's number as an int between 0 and ``limit``."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return 0
    return max(0, min(int(value), limit))
