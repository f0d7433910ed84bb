# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models

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
        found = (
            self.env["campus.sign.request"]
            .sudo()
            ._read_group(  # states only
                [
                    ("res_model", "=", self._name),
                    ("res_id", "in", self.ids),
                    ("category_id.code", "in", INTERNSHIP_AGREEMENTS),
                ],
                ["res_id", "state"],
            )
        )
        states = {}
        for res_id, state in found:
            states.setdefault(res_id, set()).add(state)
        answers = {}
        for internship in self:
            mine = states.get(internship.id, set())
            if "archived" in mine:
                answers[internship.id] = "signed"
            elif mine & {"queued", "waiting", "finalizable", "to_finalize"}:
                answers[internship.id] = "signing"
        return answers
