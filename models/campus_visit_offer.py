# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

INDIVIDUAL = ("immersion", "workshop")


class CampusVisitOffer(models.Model):
    """What a host establishment proposes to pupils of other establishments.

    Individual offers (B002) lead to a convention between the two establishments,
    collective ones do not (B001).
    """

    _name = "campus.visit.offer"
    _description = "Orientation visit: offer"
    _inherit = ["campus.confined", "mail.thread"]
    _order = "date_start desc, id desc"
    _check_company_auto = True

    name = fields.Char(string="Title", required=True, tracking=True)
    active = fields.Boolean(default=True)
    kind = fields.Selection(
        [
            ("immersion", "Immersion"),
            ("workshop", "Orientation workshop"),
            ("collective", "Collective offer"),
        ],
        required=True,
        default="immersion",
        tracking=True,
    )
    individual = fields.Boolean(
        compute="_compute_individual",
        store=True,
        help="Only individual offers lead to a convention (B001).",
    )
    company_id = fields.Many2one(
        "res.company",
        string="Kept by",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        help="Establishment that keeps the offer: the host, or the one that sends its "
        "pupils when the host is outside this database.",
    )
    host_id = fields.Many2one(
        "res.partner",
        string="Host establishment",
        required=True,
        ondelete="restrict",
        default=lambda self: self.env.company.partner_id,
        domain="[('is_company', '=', True)]",
        tracking=True,
    )
    host_company_id = fields.Many2one(
        "res.company", compute="_compute_host_company_id", store=True, index=True
    )
    external = fields.Boolean(
        string="Host outside this database",
        compute="_compute_host_company_id",
        store=True,
    )
    host_head_id = fields.Many2one(
        "res.partner",
        string="Head of the host establishment",
        ondelete="restrict",
        check_company=True,
        help="Signs the conventions from a personal link when the establishment has "
        "no account here.",
    )
    training = fields.Char(string="Training discovered")
    place = fields.Char(required=True)
    contact = fields.Char(string="Contact on the day")
    equipment = fields.Text(string="Equipment to bring")
    conditions = fields.Text()
    description = fields.Html()
    state = fields.Selection(
        [
            ("draft", "Being prepared"),
            ("published", "Published"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        tracking=True,
    )
    cancel_reason = fields.Text(readonly=True, copy=False)
    slot_ids = fields.One2many("campus.visit.slot", "offer_id", copy=True)
    date_start = fields.Datetime(
        string="First slot", compute="_compute_dates", store=True
    )
    date_end = fields.Datetime(string="Last slot", compute="_compute_dates", store=True)
    seats_left = fields.Integer(compute="_compute_seats_left")
    agreement_ids = fields.One2many(
        "campus.visit.agreement", "offer_id", string="Conventions"
    )
    electronic_problem = fields.Text(
        compute="_compute_electronic_problem",
        help="Why its conventions would be on paper, and where to change it (B004).",
    )

    # === COMPUTE METHODS ===#

    @api.depends("kind")
    def _compute_individual(self):
        for offer in self:
            offer.individual = offer.kind in INDIVIDUAL

    @api.depends("host_id")
    def _compute_host_company_id(self):
        companies = self.env["res.company"].sudo()  # which partners are establishments
        found = companies.search([("partner_id", "in", self.host_id.ids)])
        by_partner = {company.partner_id.id: company.id for company in found}
        for offer in self:
            offer.host_company_id = by_partner.get(offer.host_id.id)
            offer.external = bool(offer.host_id) and not offer.host_company_id

    @api.depends("slot_ids.date_start", "slot_ids.date_end")
    def _compute_dates(self):
        for offer in self:
            offer.date_start = min(offer.slot_ids.mapped("date_start"), default=False)
            offer.date_end = max(offer.slot_ids.mapped("date_end"), default=False)

    @api.depends("slot_ids.seats_left")
    def _compute_seats_left(self):
        for offer in self:
            offer.seats_left = sum(offer.slot_ids.mapped("seats_left"))

    @api.depends("individual", "host_company_id", "state")
    @api.depends_context("company")
    def _compute_electronic_problem(self):
        agreements = self.env["campus.visit.agreement"]
        for offer in self:
            sides = offer.host_company_id | self.env.company
            problems = [
                problem
                for company in sides.sudo()  # set up or not
                for problem in agreements._company_problems(company)
            ]
            shown = offer.individual and offer.state != "cancelled"
            offer.electronic_problem = shown and "\n".join(problems) or False

    # === CHECKS ===#

    @api.constrains("host_id", "company_id", "kind")
    def _check_host(self):
        for offer in self:
            if offer.host_company_id and offer.host_company_id != offer.company_id:
                raise ValidationError(
                    self.env._(
                        "%(host)s uses this database: it publishes its own offers.",
                        host=offer.host_id.name,
                    )
                )

    def write(self, vals):
        if {"kind", "host_id", "host_head_id", "company_id", "place"} & set(vals):
            self._refuse_circulating()
        return super().write(vals)

    def _live_agreements(self):
        """Return the conventions whose list is frozen and which still count."""
        agreements = self.env["campus.visit.agreement"].sudo()  # of other origins too
        return agreements.search(
            [("offer_id", "in", self.ids), ("state", "in", ("origin", "host", "done"))]
        )

    def _refuse_circulating(self):
        """Refuse to change what a convention already says.

        :raise UserError: naming the establishments of origin concerned
        """
        live = self._live_agreements()
        if live:
            raise UserError(
                self.env._(
                    "Conventions already circulate for this offer (%(names)s): cancel "
                    "the offer and publish a corrected one.",
                    names=", ".join(sorted(set(live.mapped("origin_id.name")))),
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        registrations = self.env["campus.visit.registration"].sudo()  # a fact
        if registrations.search_count([("offer_id", "in", self.ids)], limit=1):
            raise UserError(
                self.env._("Pupils are registered: cancel the offer instead.")
            )

    # === ACTIONS ===#

    def action_publish(self):
        """Show the offer to the other establishments.

        :raise UserError: without slot, or without head to sign for an outside host
        """
        self.check_access("write")
        for offer in self:
            if offer.state != "draft":
                raise UserError(
                    self.env._("Only an offer in preparation is published.")
                )
            if not offer.slot_ids:
                raise UserError(self.env._("Add at least one slot to the offer."))
            if offer.individual and offer.external and not offer.host_head_id:
                raise UserError(
                    self.env._(
                        "Name the head of %(host)s, who signs its conventions.",
                        host=offer.host_id.name,
                    )
                )
        self.write({"state": "published"})

    def action_cancel(self):
        """Cancel the offer, its registrations and its conventions in circulation."""
        self.check_access("write")
        reason = self.env._("The offer is cancelled by the host establishment.")
        for offer in self:
            if offer.state == "cancelled":
                raise UserError(self.env._("This offer is already cancelled."))
            # Acts on circuits are transactions of their own: they come first.
            agreements = offer._live_agreements()
            agreements._cancel(reason)
            offer.write({"state": "cancelled", "cancel_reason": reason})
            registrations = self.env["campus.visit.registration"].sudo()  # of others
            registrations = registrations.search(
                [("offer_id", "=", offer.id), ("state", "=", "registered")]
            )
            registrations._cancel(reason)
            people = agreements.user_id | registrations.create_uid
            offer._tell_cancelled(people - self.env.user, reason)

    def _tell_cancelled(self, users, reason):
        """Tell who registered pupils, or started a convention, in the origins."""
        if users:
            self.sudo().message_notify(  # written by the act, to other establishments
                partner_ids=users.partner_id.ids,
                subject=self.env._("Offer cancelled: %(offer)s", offer=self.name),
                body=reason,
            )

    def action_prepare_agreement(self):
        """Prepare the convention of this offer for the user's establishment (B003)."""
        agreements = self.env["campus.visit.agreement"]
        agreements._check_may_prepare()
        self.ensure_one()
        self.check_access("read")
        return agreements._prepare(self, self.env.company).get_formview_action()

    def action_view_registrations(self):
        """Open the registrations the user may see for the offer."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "campus_sign.campus_visit_registration_action"
        )
        action["domain"] = [("offer_id", "in", self.ids)]
        action["context"] = {}
        return action
