# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ..engine import circuit
from .actor import Actor
from .campus_sign_link import LIFE_DAYS
from .ceremony_errors import CeremonyError
from .masks import mask_email

VISIBLE_STATES = ("waiting", "finalizable", "to_finalize")
ENDED_STATES = ("refused", "expired", "cancelled")
MAX_ENDED = 20


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

    def _ended_lines(self, actor):
        """Return the lines of circuits that ended, and that the actor did not sign.

        As long as the link of a mail lives, it says what became of the document.
        """
        signers = self.env["campus.sign.signer"]
        since = fields.Datetime.now() - timedelta(days=LIFE_DAYS)
        lines = signers.search(
            signers._addressed_to(actor)
            & Domain("status", "not in", ("signed", "paper"))
            & Domain("request_id.state", "in", ENDED_STATES)
            & Domain("request_id.active", "=", True)
            & Domain("request_id.closed_at", ">", since),
            order="request_id desc, sequence, id",
            limit=MAX_ENDED,
        )
        return lines.filtered(lambda line: line._belongs_to(actor))

    def _line(self, actor, signer_id):
        """Return one line of the actor.

        :raise CeremonyError: 404 whether it does not exist or is not his
        """
        line = self.env["campus.sign.signer"]
        if isinstance(signer_id, int) and not isinstance(signer_id, bool):
            line = line.search_fetch(
                [("id", "=", signer_id)],
                ["request_id", "partner_id", "user_id", "email", "disowned_at"],
            )
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
            # Odoo's own public route; its generic picture is nobody's logo.
            "logo": None
            if company.uses_default_logo
            else f"/web/binary/company_logo?company={company.id}",
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
            "documents": [
                self._document(line, actor) for line in lines | self._ended_lines(actor)
            ],
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
        state, label = self._document_state(line)
        return {
            "signer_id": line.id,
            "title": request.name,
            "request_id": request.id,
            "role": line._acting_role(actor),
            "state": state,
            "state_label": label,
            "pages": request.page_count,
            "sha256": request.frozen_sha256,
            "read": bool(line.read_at),
            "optional": not line.mandatory,
            "finaliser": line.finaliser,
            "deadline": iso(request.deadline) if not line.finaliser else None,
            "sent_at": iso(request.sent_at),
            "code": line._code_method(actor) or None,
            "delegable": line._may_delegate(),
        }

    def _document_state(self, line):
        """Return a line's state for the page, and a sentence where it needs one."""
        request = line.request_id
        if line.status in ("signed", "paper"):
            return "signed", None
        if line.status == "refused":
            return "closed", self.env._("You refused to sign it.")
        # Asked of the circuit: a deadline may have passed since its state was stored.
        state = circuit.state(request._circuit(), fields.Datetime.now())
        if state not in circuit.OPEN_STATES:
            return "closed", request._closed_sentence(state)
        if line.status == "closed":
            return "closed", None
        if line.proposal_id:
            return "proposed", None
        return ("to_sign" if line in request._may_sign_now() else "waiting_turn"), None

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


def _initials(name):
    words = [word for word in name.split() if word]
    return "".join(word[0].upper() for word in (words[:1] + words[1:][-1:]))


def iso(moment):
    """Return a naive UTC moment as browsers read it, ``None`` without one."""
    return f"{moment.isoformat()}Z" if moment else None
