# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import formatLang

MANDATORY, OPTIONAL, FINALISER = "mandatory", "optional", "finaliser"


class CampusSignSend(models.TransientModel):
    """« Aperçu avant envoi »: who would sign what, what is missing, then send.

    The window shows plain values computed from the template's own check; it
    stores only the choice of the sender. What is sent is checked again by the
    template, whatever the window said.
    """

    _name = "campus.sign.send"
    _description = "Check before sending"

    res_model = fields.Char(
        required=True, readonly=True, default=lambda self: self._default_res_model()
    )
    res_ids = fields.Json(
        required=True, readonly=True, default=lambda self: self._default_res_ids()
    )
    template_id = fields.Many2one(
        "campus.sign.template",
        string="Document template",
        domain="[('sharing', '=', 'sign'), ('signer_ids', '!=', False),"
        " ('res_model', '=', res_model)]",
        compute="_compute_template_id",
        store=True,
        readonly=False,
    )
    template_count = fields.Integer(compute="_compute_template_count")
    table = fields.Json(
        compute="_compute_table",
        help="Columns and rows of the check: see `_check_table`.",
    )
    ticked_ids = fields.Json(
        string="Ticked documents",
        compute="_compute_ticked_ids",
        store=True,
        readonly=False,
    )
    state = fields.Selection(
        [("check", "Check"), ("done", "Sent")], default="check", readonly=True
    )
    sent_count = fields.Integer(readonly=True)

    def _default_res_model(self):
        return self.env.context.get("active_model")

    def _default_res_ids(self):
        return self.env.context.get("active_ids", [])

    # === RECORDS AND TEMPLATES ===#

    def _records(self):
        """Return the records of the window the user may read.

        :raise UserError: the model has no documents to sign
        """
        self.ensure_one()
        registry = self.env.registry
        signable = registry["campus.signable"]
        model = registry.get(self.res_model)
        if model is None or not issubclass(model, signable) or model._abstract:
            raise UserError(
                self.env._("Nothing can be sent to signature from this screen.")
            )
        ids = [res_id for res_id in self.res_ids or [] if isinstance(res_id, int)]
        records = self.env[self.res_model].browse(ids).exists()
        records.check_access("read")
        return records

    def _eligible_templates(self):
        """Return the templates one may choose (A059)."""
        return self.env["campus.sign.template"].search(
            [
                ("sharing", "=", "sign"),
                ("signer_ids", "!=", False),
                ("res_model", "=", self.res_model),
            ]
        )

    @api.depends("res_model")
    def _compute_template_id(self):
        for wizard in self:
            if not wizard.template_id:
                wizard.template_id = wizard._eligible_templates()[:1]

    @api.depends("res_model")
    def _compute_template_count(self):
        for wizard in self:
            wizard.template_count = len(wizard._eligible_templates())

    # === CHECK TABLE (A060-A073) ===#

    @api.depends("template_id", "res_model", "res_ids")
    def _compute_table(self):
        for wizard in self:
            wizard.table = wizard._check_table()

    @api.depends("template_id", "res_model", "res_ids")
    def _compute_ticked_ids(self):
        """Tick what is ready, untick what is not (A073)."""
        for wizard in self:
            rows = (wizard.table or {}).get("rows", [])
            wizard.ticked_ids = [row["id"] for row in rows if row["ready"]]

    def _check_table(self):
        """Return the check as plain values for the window's table.

        ``columns``: ``{key, label, group}`` in the order shown, ``group`` one of
        mandatory, optional, finaliser (A063); ``rows``: ``{id, title, student,
        promotion, ready, issues, cells: {column key: [person]}}`` where a person is
        ``{name, issues}`` and an issue ``{message, blocking}``; ``price``: text of
        the unit price, empty when zero (decision 12).
        """
        records = self._records()
        template = self.template_id
        if not template:
            return {"columns": [], "rows": [], "price": ""}
        checks = template._check(records)
        columns = self._columns(checks)
        return {
            "columns": list(columns.values()),
            "rows": [self._row(check) for check in checks],
            "price": self._price(records),
        }

    def _columns(self, checks):
        """Return ``{key: column}``: the circuit's roles, then those persons add."""
        found = {}
        for line in self.template_id.signer_ids:
            found[_column_key(line.role_id, line.mandatory, line.finaliser)] = (
                line.sequence,
                line.role_id,
            )
        asked = set()
        for check in checks:
            for party in check.parties:
                key = _column_key(party.role, party.mandatory, party.finaliser)
                asked.add(key)
                found.setdefault(key, (party.order, party.role))
        groups = [MANDATORY, OPTIONAL, FINALISER]
        keys = sorted(
            found, key=lambda key: (groups.index(key.split("-")[0]), found[key][0])
        )
        return {
            key: {"key": key, "label": found[key][1].name, "group": key.split("-")[0]}
            for key in keys
            if key in asked
        }

    def _row(self, check):
        record = check.record
        cells = {}
        for party in check.parties:
            key = _column_key(party.role, party.mandatory, party.finaliser)
            cells.setdefault(key, []).append(
                {"name": party.partner.name or "", "issues": _issues(party.issues)}
            )
        return {
            "id": record.id,
            "title": record._sign_subject(),
            "student": record._sign_student().name or "",
            "promotion": record._sign_promotion().name or "",
            "ready": check.ready,
            "issues": _issues(check.issues),
            "cells": cells,
        }

    def _price(self, records):
        company = records[:1]._sign_establishment() if records else self.env.company
        price = company.sign_unit_price
        if not price:
            return ""
        return formatLang(self.env, price, currency_obj=company.currency_id)

    # === ACTIONS ===#

    def action_send(self):
        """Send the ticked documents and show what the server took over (A078-A080)."""
        self.ensure_one()
        self.env["campus.sign.request"]._check_may_send()
        if self.state == "done":
            raise UserError(self.env._("These documents were already sent."))
        ticked = set(self.ticked_ids or [])
        records = self._records().filtered(lambda record: record.id in ticked)
        if not records or not self.template_id:
            raise UserError(self.env._("Tick at least one document that is ready."))
        requests = self.template_id._send(records)
        self.write({"state": "done", "sent_count": len(requests)})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Result of the sending"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_view_history(self):
        """Open « Historique des envois › Signature électronique »."""
        self.check_access("read")
        return self.env["ir.actions.act_window"]._for_xml_id(
            "campus_sign.campus_sign_request_action"
        )


def _column_key(role, mandatory, finaliser):
    group = FINALISER if finaliser else MANDATORY if mandatory else OPTIONAL
    return f"{group}-{role.id}"


def _issues(issues):
    return [{"message": i.message, "blocking": i.blocking} for i in issues]
