# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..engine.circuit import OPEN_STATES

LIVE = ("origin", "host", "done")
#: State of the convention when the circuit ended otherwise than by signatures.
_CLOSED = ("refused", "expired", "cancelled")


class CampusVisitAgreement(models.Model):
    """Convention between an establishment of origin and a host, for one offer.

    Nobody holds the right to write it: it changes by acts, which check the right of
    the side that acts (B006, B009). Its list of pupils is frozen when it starts.
    """

    _name = "campus.visit.agreement"
    _description = "Orientation visit: convention"
    _inherit = ["campus.signable", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _mail_post_access = "read"

    name = fields.Char(compute="_compute_name", store=True)
    offer_id = fields.Many2one(
        "campus.visit.offer",
        required=True,
        readonly=True,
        ondelete="restrict",
        index=True,
    )
    company_id = fields.Many2one(
        "res.company",
        string="Company of origin",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    origin_id = fields.Many2one(
        related="company_id.partner_id",
        store=True,
        related_sudo=True,
        string="Establishment of origin",
    )
    host_id = fields.Many2one(
        related="offer_id.host_id", store=True, string="Host establishment"
    )
    host_company_id = fields.Many2one(
        related="offer_id.host_company_id", store=True, index=True
    )
    external = fields.Boolean(related="offer_id.external", store=True)
    process = fields.Selection(
        [
            ("electronic", "With electronic signature"),
            ("paper", "Without electronic signature"),
        ],
        required=True,
        readonly=True,
        default="electronic",
    )
    state = fields.Selection(
        [
            ("draft", "Being prepared"),
            ("origin", "With the establishment of origin"),
            ("host", "With the host establishment"),
            ("done", "Signed by both"),
            ("refused", "Refused"),
            ("expired", "Expired"),
            ("cancelled", "Cancelled"),
            ("replaced", "Replaced"),
        ],
        compute="_compute_state",
        store=True,
        tracking=True,
    )
    frozen_at = fields.Datetime(string="List frozen on", readonly=True)
    user_id = fields.Many2one("res.users", string="Started by", readonly=True)
    closed_at = fields.Datetime(readonly=True)
    close_reason = fields.Text(readonly=True)
    previous_id = fields.Many2one(
        "campus.visit.agreement",
        string="Restarted from",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
    )
    next_ids = fields.One2many(
        "campus.visit.agreement", "previous_id", string="Restarted as"
    )
    line_ids = fields.One2many(
        "campus.visit.agreement.line", "agreement_id", string="List of pupils"
    )
    pupil_count = fields.Integer(
        string="Pupils", compute="_compute_pupil_count", store=True
    )
    list_warning = fields.Text(compute="_compute_list_warning")
    side = fields.Selection(
        [("origin", "Establishment of origin"), ("host", "Host establishment")],
        compute="_compute_side",
        help="On which side the present user works on this convention.",
    )

    # === COMPUTE METHODS ===#

    @api.depends("offer_id.name", "company_id")
    def _compute_name(self):
        for agreement in self:
            origin = agreement.sudo().company_id.name or ""  # its own name
            agreement.name = f"{agreement.offer_id.name or ''} - {origin}"

    @api.depends("line_ids")
    def _compute_pupil_count(self):
        for agreement in self:
            agreement.pupil_count = len(agreement.line_ids)

    @api.depends(
        "process",
        "frozen_at",
        "closed_at",
        "next_ids",
        "request_ids.state",
        "step_ids.undone_at",
    )
    def _compute_state(self):
        for agreement in self:
            agreement.state = agreement._state()

    def _state(self):
        """Return where the convention stands; the circuit decides when there is one."""
        if self.next_ids and self.closed_at:
            return "replaced"
        if self.closed_at:
            return "cancelled"
        if not self.frozen_at:
            return "draft"
        if self.process == "paper":
            step = self._paper_next()
            return step.side if step else "done"
        circuit = self._circuit_request()
        if circuit.state in _CLOSED:
            return circuit.state
        if circuit.state == "archived":
            return "done"
        return "host" if circuit.state in OPEN_STATES - {"waiting"} else "origin"

    def _circuit_request(self):
        """Return the last circuit of the convention, even when its file is deleted."""
        own = self.sudo()  # its own circuit's state
        found = own.with_context(active_test=False).request_ids
        return found.sorted("id")[-1:].with_env(own.env)

    @api.depends_context("uid", "allowed_company_ids")
    @api.depends("company_id", "host_company_id")
    def _compute_side(self):
        for agreement in self:
            agreement.side = agreement._side_of(self.env.user)

    def _side_of(self, user):
        """Return ``origin`` or ``host``: the side a user may act for, else False."""
        companies = user.sudo().company_ids  # the user's own establishments
        if self.company_id in companies and user.has_group("campus_sign.group_offers"):
            return "origin"
        if self.host_company_id in companies and user.has_group(
            "campus_sign.group_registrations"
        ):
            return "host"
        return False

    def _check_side(self, side):
        """Check that the user acts for a side of these conventions (decision 8).

        :raise AccessError: with the right that is missing
        """
        self.check_access("read")
        groups = {
            "origin": ("campus_sign.group_offers", "company_id"),
            "host": ("campus_sign.group_registrations", "host_company_id"),
        }
        group, company = groups[side]
        user = self.env.user
        allowed = self.env.su or (
            user.has_group(group)
            and all(one[company] in user.company_ids for one in self)
        )
        if not allowed:
            raise AccessError(
                self.env._(
                    "This step belongs to the other establishment, or you do not hold "
                    "its right (%(right)s).",
                    right=self.env.ref(group).sudo().display_name,  # a group's name
                )
            )

    # === LIST OF PUPILS (B003) ===#

    def _candidates(self):
        """Return the registrations of the establishment of origin for the offer."""
        registrations = self.env["campus.visit.registration"].sudo()  # side checked
        return registrations.search(
            [
                ("offer_id", "=", self.offer_id.id),
                ("company_id", "=", self.company_id.id),
                ("state", "=", "registered"),
            ]
        )

    def _freeze(self):
        """Write the list of pupils with parental agreement, once and for all.

        :raise UserError: there is no such pupil, or the offer is no longer published
        """
        self.ensure_one()
        if self.offer_id.sudo().state != "published":  # read right checked before
            raise UserError(self.env._("This offer is not published any more."))
        agreed = self._candidates()._agreed()
        if not agreed:
            raise UserError(
                self.env._(
                    "No pupil has a parental agreement: the convention would have an "
                    "empty list. Record the agreements on the registrations first."
                )
            )
        self.line_ids.unlink()
        self.line_ids.create(
            [
                {"agreement_id": self.id, **registration._list_vals()}
                for registration in agreed.sorted(
                    lambda one: (one.date_start, one.student_id.name or "", one.id)
                )
            ]
        )
        self.write({"frozen_at": fields.Datetime.now(), "user_id": self.env.uid})

    @api.depends(
        "line_ids.registration_id.state", "line_ids.registration_id.parental_state"
    )
    def _compute_list_warning(self):
        for agreement in self:
            agreement.list_warning = agreement.sudo()._list_difference()  # names listed

    def _list_difference(self):
        """Return in words how the frozen list and the registrations differ."""
        if self.state not in LIVE:
            return False
        gone = self._gone()
        parts = []
        if gone:
            parts.append(
                self.env._(
                    "No longer to be received: %(names)s (agreement withdrawn or "
                    "registration cancelled).",
                    names=", ".join(gone.mapped("name")),
                )
            )
        if self.env.user in self._people("origin"):
            listed = self.line_ids.registration_id
            added = self._candidates()._agreed() - listed
            if added:
                parts.append(
                    self.env._(
                        "Not on the list: %(names)s. Restart the convention to add "
                        "them.",
                        names=", ".join(added.student_id.mapped("name")),
                    )
                )
        return "\n".join(parts) or False

    def _gone(self):
        """Return the lines of pupils who are not to be received any more."""
        return self.sudo().line_ids.filtered(  # whether they still count
            lambda line: not line.present
        )

    def _people(self, side):
        """Return the present user when he works on a side, else nobody."""
        user = self.env.user
        return user if self._side_of(user) == side else self.env["res.users"]

    def _note_list_changed(self):
        """Tell who started the convention that a pupil of its list left it."""
        warning = self._list_difference()
        user = self.user_id or self.create_uid
        if warning:
            self.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=user.id,
                summary=self.env._("The list of pupils changed"),
                note=warning,
            )

    # === LIFE ===#

    def action_open(self):
        """Open the convention from the list of its offer (B007)."""
        self.ensure_one()
        self.check_access("read")
        return self.get_formview_action()

    @api.model
    def _check_may_prepare(self):
        if not self.env.user.has_group("campus_sign.group_offers"):
            raise AccessError(
                self.env._(
                    "Conventions of the establishment of origin are made by who "
                    "manages offers."
                )
            )

    @api.model
    def _prepare(self, offer, company, previous=None):
        """Return the convention of an offer and an establishment, made if needed.

        :raise UserError: a collective offer (B001), or nobody registered
        """
        self._check_may_prepare()
        if company not in self.env.user.company_ids:
            raise AccessError(self.env._("This is not one of your establishments."))
        if not offer.individual:
            raise UserError(
                self.env._(
                    "A collective offer has no convention: only immersions and "
                    "orientation workshops have one."
                )
            )
        if offer.state != "published":
            raise UserError(self.env._("This offer is not published any more."))
        if offer.host_company_id == company:
            raise UserError(
                self.env._(
                    "The convention is made by the establishment the pupils come "
                    "from: choose it among your establishments."
                )
            )
        agreements = self.sudo()  # the right to make conventions was checked above
        found = agreements.search(
            [
                ("offer_id", "=", offer.id),
                ("company_id", "=", company.id),
                ("state", "in", ("draft", *LIVE)),
            ],
            limit=1,
        )
        if found and not previous:
            return found.with_env(self.env)
        made = agreements.create(
            {
                "offer_id": offer.id,
                "company_id": company.id,
                "previous_id": previous.id if previous else False,
            }
        )
        made.process = "paper" if made._electronic_problem() else "electronic"
        return made.with_env(self.env)

    def action_discard(self):
        """Delete a convention that never started."""
        self._check_side("origin")
        if self.filtered("frozen_at"):
            raise UserError(self.env._("This convention has started: cancel it."))
        self.sudo().unlink()  # right of the side checked just above

    def action_cancel(self):
        """Cancel the convention; whoever signed it is told."""
        self._check_side("origin")
        if self.filtered(lambda one: one.state not in LIVE):
            raise UserError(self.env._("Only a convention in force is cancelled."))
        self._cancel(self.env._("Cancelled by the establishment of origin."))

    def _cancel(self, reason):
        """Close conventions; acts on their circuits come first, each on its own."""
        for agreement in self.sudo():  # the caller checked the right of its side
            circuit = agreement._circuit_request()
            if circuit.state in ("queued", "failed", "expired", *OPEN_STATES):
                circuit._act_cancel(reason)
        for agreement in self.sudo():
            agreement.write(
                {"closed_at": fields.Datetime.now(), "close_reason": reason}
            )
            agreement.message_post(body=reason, subtype_xmlid="mail.mt_note")

    def action_restart(self):
        """Start again with today's list; the former convention stays, linked."""
        self.ensure_one()
        self._check_side("origin")
        if not self.frozen_at:
            raise UserError(self.env._("This convention has not started yet."))
        if self.next_ids:
            return self.next_ids[:1].get_formview_action()
        if self.state in LIVE:
            self._cancel(self.env._("Replaced by a convention with another list."))
        fresh = self._prepare(self.offer_id, self.company_id, previous=self)
        return fresh.get_formview_action()
