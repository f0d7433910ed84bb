# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_datetime


class CampusVisitSlot(models.Model):
    """A moment of an offer, with a number of seats.

    The count of seats taken is stored in the slot's own row: two registrations at
    once write the same row, so that one waits for the other and starts again from
    what it wrote, and the database refuses the one too many.
    """

    _name = "campus.visit.slot"
    _inherit = ["campus.confined"]
    _description = "Orientation visit: slot"
    _order = "date_start, id"

    offer_id = fields.Many2one(
        "campus.visit.offer", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="offer_id.company_id", store=True, index=True)
    date_start = fields.Datetime(string="From", required=True)
    date_end = fields.Datetime(string="To", required=True)
    capacity = fields.Integer(string="Seats", required=True, default=10)
    registration_ids = fields.One2many(
        "campus.visit.registration", "slot_id", string="Registrations"
    )
    seats_taken = fields.Integer(compute="_compute_seats_taken", store=True)
    seats_left = fields.Integer(compute="_compute_seats_left")

    _dates = models.Constraint(
        "CHECK(date_end > date_start)", "A slot ends after it starts."
    )
    _capacity_positive = models.Constraint(
        "CHECK(capacity > 0)", "A slot has at least one seat."
    )
    _capacity = models.Constraint(
        "CHECK(seats_taken <= capacity)",
        "This slot has fewer seats than registrations: choose another slot, or cancel "
        "registrations first.",
    )

    @api.depends("registration_ids.state")
    def _compute_seats_taken(self):
        counts = dict(
            self.env["campus.visit.registration"]._read_group(
                [("slot_id", "in", self.ids), ("state", "=", "registered")],
                ["slot_id"],
                ["__count"],
            )
        )
        for slot in self:
            slot.seats_taken = counts.get(slot, 0)

    @api.depends("capacity", "seats_taken")
    def _compute_seats_left(self):
        for slot in self:
            slot.seats_left = slot.capacity - slot.seats_taken

    @api.depends("date_start", "date_end", "offer_id.name")
    def _compute_display_name(self):
        for slot in self:
            slot.display_name = f"{slot.offer_id.name or ''} - {slot._when()}"

    def _when(self):
        """Return the slot in words, in the host's zone: « 12/01/2027 09:00 - 12:00 »"""
        self.ensure_one()
        if not self.date_start or not self.date_end:
            return ""
        zone = self.offer_id.sudo().host_id._campus_zone()  # public of the offer
        start, end = (
            format_datetime(self.env, moment, tz=zone, dt_format=pattern)
            for moment, pattern in self._moments(zone)
        )
        return f"{start} - {end}"

    def _moments(self, zone):
        """Return (moment, pattern) twice; the day is said once when it is the same."""
        start, end = (
            fields.Datetime.context_timestamp(self.with_context(tz=zone), moment)
            for moment in (self.date_start, self.date_end)
        )
        same = start.date() == end.date()
        whole = "dd/MM/yyyy HH:mm"
        return (self.date_start, whole), (self.date_end, "HH:mm" if same else whole)

    @api.constrains("capacity", "seats_taken")
    def _check_capacity(self):
        """Say which slot is too small, before the database refuses it."""
        for slot in self:
            if slot.seats_taken > slot.capacity:
                raise ValidationError(
                    self.env._(
                        "%(slot)s: %(taken)s pupils are registered for %(seats)s "
                        "seats. Choose another slot, or cancel registrations first.",
                        slot=slot.display_name,
                        taken=slot.seats_taken,
                        seats=slot.capacity,
                    )
                )

    def write(self, vals):
        if {"date_start", "date_end", "offer_id"} & set(vals):
            self._refuse_listed()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_registered(self):
        self._refuse_listed()
        registrations = self.env["campus.visit.registration"].sudo()  # a fact
        if registrations.search_count([("slot_id", "in", self.ids)], limit=1):
            raise UserError(
                self.env._("Pupils are registered on this slot: it cannot be deleted.")
            )

    def _refuse_listed(self):
        """Refuse to move a slot that a convention in circulation names."""
        lines = self.env["campus.visit.agreement.line"].sudo()  # of other origins too
        listed = lines.search(
            [
                ("registration_id.slot_id", "in", self.ids),
                ("agreement_id.state", "in", ("origin", "host", "done")),
            ],
            limit=1,
        )
        if listed:
            raise UserError(
                self.env._(
                    "A convention already names this slot: add another slot and "
                    "restart the convention, or cancel the offer."
                )
            )
