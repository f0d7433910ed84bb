# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

#: Up to here the acts are made at once; beyond, slice by slice with their progress.
AT_ONCE = 10


class CampusSignBulk(models.AbstractModel):
    """An act of the office on the documents ticked in a list.

    Each act is a transaction of its own, behind the gate of its document: one refusal
    does not stop the others, and a screen closed half-way leaves every document either
    done or as it was.
    """

    _name = "campus.sign.bulk"
    _inherit = ["campus.confined"]
    _description = "Act on many documents"

    request_ids = fields.Many2many(
        "campus.sign.request",
        string="Documents",
        required=True,
        default=lambda self: self._default_request_ids(),
    )

    def _default_request_ids(self):
        return self.env["campus.sign.request"].browse(
            self.env.context.get("active_ids", [])
        )

    # === WHAT EACH ACT SAYS ===#

    def _title(self):
        """Return the title of the window that says the result."""
        raise NotImplementedError

    def _summary(self, count):
        """Return the sentence that says how many were done."""
        raise NotImplementedError

    def _units(self):
        """Return ``{id: name}`` of what is acted on: documents, or lines of persons."""
        raise NotImplementedError

    def _act(self):
        """Return the function that acts on one id of :meth:`_units`.

        It reads the wishes of the window now: the gate drops what was not committed.
        It raises ``UserError`` when an act is refused.
        """
        raise NotImplementedError

    def _left_alone(self):
        """Return pairs (name, why) of what no act is tried on."""
        return []

    # === AT ONCE, OR SLICE BY SLICE ===#

    def _run(self):
        """Act on everything, or return the window that shows how far it is.

        :raise UserError: the refusal itself when there is only one act
        """
        self.ensure_one()
        units, left, act = self._units(), self._left_alone(), self._act()
        if len(units) > AT_ONCE:
            return {
                "type": "ir.actions.client",
                "tag": "campus_sign_bulk",
                "name": self._title(),
                "params": {
                    "model": self._name,
                    "id": self.id,
                    "units": [{"id": key, "name": units[key]} for key in units],
                    "refused": [{"name": name, "reason": why} for name, why in left],
                },
            }
        if len(units) == 1 and not left:
            act(*units)
            refused = {}
        else:
            refused = self._refusals(act, units)
        left += [(units[key], why) for key, why in refused.items()]
        count = len(units) - len(refused)
        outcome = self.env["campus.sign.outcome"]
        return outcome._show(self._title(), self._summary(count), left)

    def run_slice(self, keys):
        """Act on some of the ids the window was given; called by the window.

        :return: the refusals, ``[{"id": …, "reason": …}]``; the others are done
        """
        self.ensure_one()
        act = self._act()
        refused = self._refusals(act, [int(key) for key in keys[:100]])
        return [{"id": key, "reason": why} for key, why in refused.items()]

    @api.model
    def _refusals(self, act, keys):
        """Call ``act`` with each id; return ``{id: why not}`` of those refused."""
        refused = {}
        for key in keys:
            try:
                act(key)
            except UserError as error:
                refused[key] = str(error.args[0])
        return refused

    def _on_document(self, act):
        """Return ``act`` on a document, by its id, among those of the window."""
        known, documents = set(self.request_ids.ids), self.env["campus.sign.request"]

        def on_document(key):
            if key not in known:
                raise UserError(self.env._("This document was not selected."))
            act(documents.browse(key))

        return on_document
