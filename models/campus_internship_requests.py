# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.fields import Domain

from .campus_sign_template import INTERNSHIP_AGREEMENTS


class CampusInternshipRequests(models.Model):
    """Where an internship stands, as its circuits say."""

    _inherit = "campus.internship"

    @api.model
    def _situation_dependencies(self):
        return [*super()._situation_dependencies(), "request_ids.state"]

    def _sign_obstacle(self):
        if self.cancelled:
            return self.env._("This internship is cancelled.")
        return super()._sign_obstacle()

    def _situations_from_requests(self):
        """Answer ``signed`` for an archived agreement, else ``signing`` for an open
        one (invariant: the circuit decides its state, nobody else).
        """
        agreements = Domain("category_id.code", "in", INTERNSHIP_AGREEMENTS)
        return {
            res_id: progress
            for res_id, states in self._sign_states(agreements).items()
            if (progress := self._sign_progress(states))
        }
