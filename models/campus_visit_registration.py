# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

#: Parental agreements that put a pupil on the list of a convention (B003).
AGREED = ("given", "adult")


class CampusVisitRegistration(models.Model):
    """A pupil on a slot, with the agreement of his parents.

    The agreement is a paper, scanned and kept, or an « autorisation parentale »
    signed electronically by the circuit's own machinery.
    """

    _name = "campus.visit.registration"
    _description = "Orientation visit: registration"
    _inherit = ["campus.confined", "campus.signable", "mail.thread"]
    _order = "slot_id, student_id, id"

    student_id = fields.Many2one(
        "campus.student",
        string="Pupil",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
    )
    company_id = fields.Many2one(
        related="student_id.company_id",
        string="Establishment of origin",
        store=True,
        index=True,
    )
    promotion_id = fields.Many2one(related="student_id.promotion_id", store=True)
    slot_id = fields.Many2one(
        "campus.visit.slot",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
    )
    offer_id = fields.Many2one(
        related="slot_id.offer_id", store=True, index=True, string="Offer"
    )
    date_start = fields.Datetime(related="slot_id.date_start", store=True)
    date_end = fields.Datetime(related="slot_id.date_end", store=True)
    state = fields.Selection(
        [("registered", "Registered"), ("cancelled", "Cancelled")],
        required=True,
        default="registered",
        readonly=True,
        copy=False,
        tracking=True,
    )
    cancel_reason = fields.Text(readonly=True, copy=False)
    # Parental agreement
    parental_state = fields.Selection(
        [
            ("missing", "Missing"),
            ("asked", "Waiting for signature"),
            ("given", "Given"),
            ("refused", "Refused"),
            ("withdrawn", "Withdrawn"),
            ("adult", "Not needed (of age)"),
        ],
        string="Parental agreement",
        compute="_compute_parental_state",
        store=True,
        tracking=True,
    )
    parental_document = fields.Binary(
        string="Signed paper (scan)", attachment=True, copy=False
    )
    parental_filename = fields.Char(copy=False)
    parental_date = fields.Date(string="Agreement signed on", copy=False, tracking=True)
    withdrawn_at = fields.Datetime(
        string="Withdrawn on", readonly=True, copy=False, tracking=True
    )

    _once = models.UniqueIndex(
        "(student_id, slot_id) WHERE state = 'registered'",
        "This pupil is already registered on this slot.",
    )

    # === COMPUTE METHODS ===#

    @api.depends("student_id.name", "slot_id")
    def _compute_display_name(self):
        for registration in self:
            slot = registration.sudo().slot_id  # of the establishment's own pupil
            parts = (registration.student_id.name, slot.display_name)
            registration.display_name = " - ".join(filter(None, parts))

    @api.depends(
        "student_id.birth_date",
        "date_start",
        "parental_document",
        "parental_date",
        "withdrawn_at",
        "request_ids.state",
    )
    def _compute_parental_state(self):
        for registration in self:
            registration.parental_state = registration._parental_answer()

    def _parental_answer(self):
        """Return the state of the parental agreement.

        A paper counts once it is both scanned and dated.
        """
        # Deleting the file of an authorisation does not take the answer back.
        requests = self.with_context(active_test=False).request_ids
        states = set(requests.mapped("state"))
        if self.withdrawn_at:
            return "withdrawn"
        if self.parental_date and self.parental_document:
            return "given"
        if "archived" in states:
            return "given"
        if states & {"queued", "waiting", "finalizable", "to_finalize"}:
            return "asked"
        if "refused" in states:
            return "refused"
        student = self.student_id
        day = self.date_start.date() if self.date_start else None
        if student.birth_date and not student._is_minor(day):
            return "adult"
        return "missing"

    def _agreed(self):
        """Return the registrations that may stand on a convention (B003)."""
        return self.filtered(
            lambda one: one.state == "registered" and one.parental_state in AGREED
        )

    # === CHECKS ===#

    @api.constrains("student_id", "slot_id", "state")
    def _check_offer(self):
        for registration in self.filtered(lambda one: one.state == "registered"):
            offer = registration.slot_id.sudo().offer_id  # rules were asked on the slot
            if offer.state != "published":
                raise ValidationError(
                    self.env._(
                        "“%(offer)s” is not published: nobody can be registered.",
                        offer=offer.name,
                    )
                )
            if offer.host_company_id == registration.company_id:
                raise ValidationError(
                    self.env._(
                        "%(pupil)s is a pupil of the host establishment: visits are "
                        "between two establishments. Pupils of an establishment that "
                        "does not use this database: have it added to the "
                        "establishments, its own office then registers them.",
                        pupil=registration.student_id.name,
                    )
                )
            if offer.external and offer.company_id != registration.company_id:
                raise ValidationError(
                    self.env._("This offer is kept for another establishment.")
                )

    @api.constrains("student_id", "slot_id", "state", "date_start", "date_end")
    def _check_overlap(self):
        # Of two registrations of a pupil at one moment the second fails to write this,
        # is played again by the server, and then sees the first.
        self.env.cr.execute(
            "UPDATE campus_student SET id = id WHERE id = ANY(%s)",
            [self.student_id.ids],
        )
        for registration in self.filtered(lambda one: one.state == "registered"):
            others = self.sudo().search(  # the same pupil's, whoever registered him
                [
                    ("id", "!=", registration.id),
                    ("student_id", "=", registration.student_id.id),
                    ("state", "=", "registered"),
                    ("date_start", "<", registration.date_end),
                    ("date_end", ">", registration.date_start),
                ],
                limit=1,
            )
            if others:
                raise ValidationError(
                    self.env._(
                        "%(pupil)s is already registered at that time: %(other)s.",
                        pupil=registration.student_id.name,
                        other=others.slot_id.display_name,
                    )
                )

    @api.constrains("parental_document", "parental_date")
    def _check_paper(self):
        today = fields.Date.context_today(self)
        for registration in self:
            if registration.parental_date and registration.parental_date > today:
                raise ValidationError(
                    self.env._("An agreement cannot be signed in the future.")
                )

    def write(self, vals):
        if {"student_id", "slot_id"} & set(vals) and self._listed():
            raise UserError(
                self.env._(
                    "This registration is on the list of a convention: cancel it and "
                    "make a new one, then restart the convention."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_listed(self):
        if self._listed():
            raise UserError(
                self.env._(
                    "This registration is on the list of a convention: cancel it "
                    "instead of deleting it."
                )
            )

    def _listed(self):
        """Return the conventions whose frozen list names these pupils."""
        lines = self.env["campus.visit.agreement.line"].sudo()  # lists are a fact
        return lines.search([("registration_id", "in", self.ids)]).agreement_id

    # === ACTS ===#

    def action_cancel(self):
        """Free the seat; conventions that name the pupil say so."""
        self.check_access("write")
        self._cancel(self.env._("Cancelled by the establishment of origin."))

    def _cancel(self, reason):
        self.write({"state": "cancelled", "cancel_reason": reason})
        self._tell_lists()

    def action_withdraw(self):
        """Record that the parents withdraw their agreement, at any moment."""
        self.check_access("write")
        for registration in self:
            if registration.parental_state != "given":
                raise UserError(
                    self.env._(
                        "%(pupil)s: there is no agreement to withdraw.",
                        pupil=registration.student_id.name,
                    )
                )
        self.write({"withdrawn_at": fields.Datetime.now()})
        self._tell_lists()

    def action_agree_again(self):
        """Forget a withdrawal that was recorded by mistake, or taken back."""
        self.check_access("write")
        self.write({"withdrawn_at": False})

    def _tell_lists(self):
        """Tell whoever started them that live conventions name these pupils."""
        for agreement in self._listed().filtered(
            lambda one: one.state in ("origin", "host", "done")
        ):
            agreement._note_list_changed()
