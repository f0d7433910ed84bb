# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class CampusSignDelegation(models.Model):
    """« Déléguer / ce n'est plus moi »: a signer proposes who signs instead of him.

    A proposal gives nobody anything: the line waits until the office confirms it,
    which is the ordinary replacement of a signer, or declines it. What was proposed,
    by whom and what was decided stays.
    """

    _name = "campus.sign.delegation"
    _description = "Proposed replacement of a signer"
    _order = "id desc"

    signer_id = fields.Many2one(
        "campus.sign.signer",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    request_id = fields.Many2one(
        related="signer_id.request_id", store=True, string="Document"
    )
    company_id = fields.Many2one(related="signer_id.company_id", store=True)
    role_name = fields.Char(related="signer_id.role_name")
    proposer_id = fields.Many2one(
        "res.partner", required=True, readonly=True, ondelete="restrict"
    )
    proposer_name = fields.Char(string="Proposed by", required=True, readonly=True)
    proposer_email = fields.Char(readonly=True)
    name = fields.Char(string="Proposed signer", required=True, readonly=True)
    email = fields.Char(string="E-mail", required=True, readonly=True)
    reason = fields.Text(required=True, readonly=True)
    state = fields.Selection(
        [
            ("proposed", "To confirm"),
            ("accepted", "Confirmed"),
            ("declined", "Declined"),
            ("lapsed", "Lapsed"),
        ],
        required=True,
        default="proposed",
        readonly=True,
    )
    answer = fields.Text(string="Reason of the refusal", readonly=True)
    decided_by_id = fields.Many2one("res.users", string="Decided by", readonly=True)
    decided_at = fields.Datetime(string="Decided on", readonly=True)
    partner_id = fields.Many2one(
        "res.partner", string="New signer", readonly=True, ondelete="restrict"
    )

    _one_proposal = models.UniqueIndex("(signer_id) WHERE state = 'proposed'")

    @api.depends("name", "proposer_name")
    def _compute_display_name(self):
        for proposal in self:
            proposal.display_name = f"{proposal.proposer_name} → {proposal.name}"

    def _settle(self, partner):
        """Note that the line of these proposals now belongs to ``partner``.

        Called behind the gate: a replacement decided without looking at the proposal
        ends it all the same.
        """
        for proposal in self.filtered(lambda p: p.state == "proposed"):
            same = (partner.email_normalized or "").lower() == proposal.email
            proposal._decide("accepted" if same else "lapsed", partner)

    def _decide(self, state, partner=None, answer=False):
        self.write(
            {
                "state": state,
                "partner_id": partner.id if partner else False,
                "answer": answer,
                "decided_by_id": self.env.uid,
                "decided_at": fields.Datetime.now(),
            }
        )

    def _known_contact(self):
        """Return the contact the proposal means, if there is just one.

        By address, and in the proposer's own organisation: an address alone could
        name somebody who has nothing to do with it.
        """
        self.ensure_one()
        found = (
            self.env["res.partner"]
            .sudo()  # shown to the office, which decides
            .search([("email_normalized", "=", self.email)], limit=20)
        )
        home = self.proposer_id.sudo().commercial_partner_id
        near = found.filtered(lambda partner: partner.commercial_partner_id == home)
        return near if len(near) == 1 else found.browse()

    def _new_contact(self):
        """Create the contact that was proposed, beside the proposer's own."""
        self.ensure_one()
        old = self.proposer_id.sudo()  # the office confirmed; see the act
        return old.create(
            {
                "name": self.name,
                "email": self.email,
                "parent_id": old.parent_id.id,
                "lang": old.lang,
                "campus_function": old.campus_function,
                "is_campus_teacher": old.is_campus_teacher,
                "company_id": old.company_id.id,
            }
        )

    def action_decide(self):
        """Open the window in which the office confirms or declines."""
        self.ensure_one()
        self.env["campus.sign.request"]._check_may_send()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Replacement to confirm"),
            "res_model": "campus.sign.delegation.decide",
            "view_mode": "form",
            "target": "new",
            "context": {"default_delegation_id": self.id},
        }
