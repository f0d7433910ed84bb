# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine.circuit import OPEN_STATES

EXTENSIBLE = OPEN_STATES | {"expired"}


class CampusSignExtend(models.TransientModel):
    """Ask for a new deadline; an expired circuit opens again (decision 1)."""

    _name = "campus.sign.extend"
    _inherit = "campus.sign.bulk"
    _description = "Extend the deadline of circuits"

    extensible_count = fields.Integer(compute="_compute_counts")
    skipped_count = fields.Integer(compute="_compute_counts")
    expired_count = fields.Integer(compute="_compute_counts")
    deadline = fields.Datetime(
        string="New deadline",
        required=True,
        default=lambda self: self._default_deadline(),
    )

    def _default_deadline(self):
        """Return fifteen days after the latest known deadline, or after now: the end
        of that day at the establishment, naive UTC.
        """
        known = self._default_request_ids().mapped("deadline")
        start = max([fields.Datetime.now(), *filter(None, known)])
        zone = pytz.timezone(self.env.company.partner_id._campus_zone())
        day = pytz.utc.localize(start).astimezone(zone) + timedelta(days=15)
        end = zone.localize(datetime.combine(day, time(23, 59)))
        return end.astimezone(pytz.utc).replace(tzinfo=None)

    def _extensible(self):
        return self.request_ids.filtered(lambda r: r.state in EXTENSIBLE)

    @api.depends("request_ids")
    def _compute_counts(self):
        for wizard in self:
            requests = wizard._extensible()
            wizard.extensible_count = len(requests)
            wizard.skipped_count = len(wizard.request_ids) - len(requests)
            wizard.expired_count = len(
                requests.filtered(lambda r: r.state == "expired")
            )

    def action_extend(self):
        """Move the deadline of the circuits that are not over for good."""
        self.ensure_one()
        if not self._extensible():
            raise UserError(self.env._("None of these circuits can be extended."))
        return self._run()

    def _title(self):
        return self.env._("Extend the deadline")

    def _summary(self, count):
        return self.env._("The deadline of %(count)s document(s) moved.", count=count)

    def _units(self):
        return {request.id: request.name for request in self._extensible()}

    def _act(self):
        deadline = self.deadline
        return self._on_document(lambda request: request._act_extend(deadline))
