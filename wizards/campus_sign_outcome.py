# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class CampusSignOutcome(models.TransientModel):
    """What became of an act on many documents: how many done, which refused and why."""

    _name = "campus.sign.outcome"
    _inherit = ["campus.confined"]
    _description = "Result of an act on documents"

    summary = fields.Char(readonly=True)
    refusals = fields.Json(readonly=True)
    refusal_count = fields.Integer(readonly=True)

    @api.model
    def _show(self, title, summary, refused):
        """Return the action that tells the result: a toast when all went well.

        :param summary: sentence, « 3 document(s) … »
        :param refused: pairs (document or person, why not)
        """
        if not refused:
            return {
                "type": "ir.actions.client",
                "tag": "display_notification",
                "params": {
                    "type": "success",
                    "message": summary,
                    "next": {"type": "ir.actions.act_window_close"},
                },
            }
        # Written by the act itself: nobody composes a result.
        outcome = self.sudo().create(
            {
                "summary": summary,
                "refusals": [
                    {"name": name, "reason": str(reason)} for name, reason in refused
                ],
                "refusal_count": len(refused),
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": self._name,
            "res_id": outcome.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
        }
