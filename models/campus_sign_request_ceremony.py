# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dataclasses import replace

from odoo import fields, models
from odoo.tools import email_normalize
from odoo.tools.mail import single_email_re

from ..engine import circuit
from .campus_sign_code import METHODS
from .campus_sign_event import Chain
from .ceremony_errors import CeremonyError
from .gate import gate, unlocked
from .one_line import one_line


class CampusSignRequest(models.Model):
    """Other acts of the signing page: opening, code, wrong person, proposal."""

    _inherit = "campus.sign.request"

    code_method = fields.Selection(
        METHODS,
        string="Code before signing",
        readonly=True,
        help="As the template said when the document was sent.",
    )
    delegation_ids = fields.One2many("campus.sign.delegation", "request_id")
    proposal_ids = fields.One2many(
        "campus.sign.delegation",
        "request_id",
        string="Replacements to confirm",
        domain=[("state", "=", "proposed")],
    )

    # === CODE (second factor; fails closed) ===#

    def _guard_code(self, signer, actor, attempt):
        """Check the code of a document that asks for one; behind the gate.

        :return: what the event of the consent says of it
        :raise CeremonyError: 422 when it is missing, wrong, over or for others
        """
        if not signer._code_method(actor):
            return {}
        codes = self.env["campus.sign.code"].sudo()  # nobody has a right on codes
        expected = attempt.expected if attempt else codes
        method = codes.browse(expected.ids)._spend(
            signer, actor, attempt.text if attempt else ""
        )
        return {"code": method}

    def _tell_code_failure(self, signer, reason):
        """Tell the office, once, that a code cannot reach its signer."""
        if self.sender_id and not self._has_activity("code", self.sender_id):
            self._schedule(
                "campus_sign.activity_code",
                self.sender_id,
                self._in_language_of(self.sender_id).env._(
                    "%(name)s (%(role)s) asked for a signing code: %(reason)s",
                    name=signer.name,
                    role=signer.role_name,
                    reason=reason,
                ),
            )

    # === OPENING ===#

    def _act_open(self, signer, actor):
        """Note which bytes a signer is shown, the first time.

        :return: the frozen bytes
        """
        with gate(self) as request:
            content = request._frozen_file()
            turn = signer in request._may_sign_now()
            if signer.served_at or not turn:
                return content
            chain = Chain(request)
            chain.append(
                "opened",
                actor=actor,
                field=signer.field_name,
                document=request.frozen_sha256,
                length=len(content),
            )
            chain.store()
            unlocked(signer).write(
                {
                    "served_at": fields.Datetime.now(),
                    # Of these very bytes: the file was compared when it was read.
                    "served_sha256": request.frozen_sha256,
                }
            )
        return content

    # === WRONG PERSON (A097) ===#

    def _act_disown(self, signer, actor, reason):
        """Stop a line: the holder of its link says that he is somebody else."""
        with gate(self) as request:
            if signer.status != "pending" or not signer._belongs_to(actor):
                return
            chain = Chain(request)
            chain.append(
                "disowned",
                actor=actor,
                private={"name": signer.name, "reason": reason},
                field=signer.field_name,
            )
            chain.store()
            unlocked(signer).write({"disowned_at": fields.Datetime.now()})
            if request.sender_id:
                request._schedule(
                    "campus_sign.activity_disowned",
                    request.sender_id,
                    request._in_language_of(request.sender_id).env._(
                        "The reader of %(address)s says that he is not %(name)s "
                        "(%(role)s). %(reason)s",
                        address=actor.address,
                        name=signer.name,
                        role=signer.role_name,
                        reason=reason,
                    ),
                )

    # === PROPOSAL ===#

    def _act_propose(self, signer, actor, name, email, reason):
        """Propose somebody else for the line; the office decides.

        :raise CeremonyError: 403 for a line that is personal, 422 for bad values
        """
        name = one_line(name)
        address = email_normalize(email or "")
        known = single_email_re.match(address or "")
        if not known or len(name) < 3 or len(reason) < 3:
            raise CeremonyError(
                422,
                "proposal",
                self.env._("Give a name, a valid e-mail address and a reason."),
            )
        if not signer._may_delegate():
            raise CeremonyError(
                403,
                "personal",
                self.env._("Only you can sign in this role."),
            )
        if address == (signer.email or actor.email):
            raise CeremonyError(
                422,
                "proposal",
                self.env._("This is your own address: propose somebody else's."),
            )
        with gate(self) as request:
            request._guard_turn(signer, actor)
            chain = Chain(request)
            chain.append(
                "proposed",
                actor=actor,
                private={"old": signer.name, "new": name, "reason": reason},
                field=signer.field_name,
            )
            chain.store()
            # The guard above is the right: nobody has one on proposals.
            request.env["campus.sign.delegation"].sudo().create(
                {
                    "signer_id": signer.id,
                    "proposer_id": signer.partner_id.id,
                    "proposer_name": signer.name,
                    "proposer_email": signer.email or actor.email,
                    "name": name,
                    "email": address,
                    "reason": reason,
                }
            )
            if request.sender_id:
                request._schedule(
                    "campus_sign.activity_proposed",
                    request.sender_id,
                    request._in_language_of(request.sender_id).env._(
                        "%(old)s (%(role)s) proposes %(new)s instead: %(reason)s",
                        old=signer.name,
                        role=signer.role_name,
                        new=name,
                        reason=reason,
                    ),
                )

    def _act_confirm(self, proposal, partner):
        """Confirm a proposal: the ordinary replacement, the contact made if need be.

        :param partner: chosen contact, empty to create the one that was proposed
        :raise CeremonyError: 409 when it was decided meanwhile
        """
        self.ensure_one()
        self._check_may_manage()
        signer = proposal.signer_id

        def find():
            if proposal.state != "proposed":
                raise CeremonyError(
                    409, "decided", self.env._("This proposal was already decided.")
                )
            return partner or proposal._new_contact()

        if partner:
            self._check_replacement(signer, partner)
        self._replace(signer, partner.name or proposal.name, find)
        self._close_activity("campus_sign.activity_proposed")
        self._tell_decision(proposal, accepted=True)

    def _act_decline(self, proposal, answer):
        """Decline a proposal: the line is its signer's again.

        :raise CeremonyError: 422 without a reason, 409 when decided meanwhile
        """
        answer = (answer or "").strip()[:2000]
        if len(answer) < 3:
            raise CeremonyError(
                422, "no_reason", self.env._("Please say why you decline.")
            )

        def change(_request):
            if proposal.state != "proposed":
                raise CeremonyError(
                    409, "decided", self.env._("This proposal was already decided.")
                )
            proposal._decide("declined", answer=answer)

        self._act_office(
            "declined",
            change,
            {"old": proposal.proposer_name, "new": proposal.name, "reason": answer},
            field=proposal.signer_id.field_name,
        )
        self._close_activity("campus_sign.activity_proposed")
        self._tell_decision(proposal, accepted=False)

    def _close_activity(self, xmlid):
        kind = self.env.ref(xmlid)
        activities = self.activity_ids.sudo()  # whoever of the office it was given to
        activities.filtered(lambda one: one.activity_type_id == kind).unlink()

    def _tell_decision(self, proposal, accepted):
        """Tell the proposer what the office decided; his link again if he signs."""
        request = self.sudo()  # the circuit writes, not a person
        if not accepted:
            request._tell(
                "campus_sign.mail_declined", proposal.signer_id, proposal=proposal
            )
        elif proposal.proposer_email:
            vals = request._mail_vals(
                "campus_sign.mail_delegated",
                proposal.proposer_email,
                proposal.proposer_id.lang or request.lang,
                request.company_id,
                {"document": request, "name": proposal.proposer_name},
            )
            request.env["mail.mail"].create(vals)
            request._wake_mails()

    def _on_state(self, chain):
        super()._on_state(chain)
        if self.state in circuit.CLOSED_STATES:
            proposals = self.sudo().delegation_ids  # the circuit closes them itself
            proposals.filtered(lambda p: p.state == "proposed")._decide("lapsed")

    def _mail_subject(self, template, values):
        document = values.get("document")
        title = document.name if document else ""
        if template == "campus_sign.mail_code":
            return self.env._("Your signing code")
        if template == "campus_sign.mail_declined":
            return self.env._("Replacement declined: %(title)s", title=title)
        if template == "campus_sign.mail_delegated":
            return self.env._("Replacement confirmed: %(title)s", title=title)
        return super()._mail_subject(template, values)


class CampusSignTemplate(models.Model):
    _inherit = "campus.sign.template"

    code_method = fields.Selection(
        METHODS,
        string="Code before signing",
        required=True,
        default="none",
        help="A code the signer receives, or reads in his authenticator app, and "
        "types in before signing. Without it nobody signs.",
    )

    def _request_vals(self, check, previous):
        vals = super()._request_vals(check, previous)
        return {**vals, "code_method": self.code_method}

    def _signer_vals(self, party, index, lang):
        vals = super()._signer_vals(party, index, lang)
        return {**vals, "phone": party.partner.phone or False}


class CampusSignTemplateSigner(models.Model):
    _inherit = "campus.sign.template.signer"

    def _person_issues(self, party, record, people):
        """Block where a code must reach a telephone there is no number of."""
        issues = super()._person_issues(party, record, people)
        if self.template_id.code_method != "sms":
            return issues
        return [
            replace(issue, blocking=self.mandatory) if issue.code == "phone" else issue
            for issue in issues
        ]
