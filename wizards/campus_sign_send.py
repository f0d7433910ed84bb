# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import formatLang

from ..models.ceremony_errors import CeremonyError
from .send_rows import FINALISER, MANDATORY, OPTIONAL, Rows, column_key


class CampusSignSend(models.TransientModel):
    """« Aperçu avant envoi »: who would sign what, what is missing, then send.

    The window asks :meth:`check` for plain values and gives the sender's choice to
    :meth:`submit`. What is sent is checked again, whatever the window said.
    """

    _name = "campus.sign.send"
    _inherit = ["campus.confined"]
    _description = "Check before sending"

    res_model = fields.Char(
        required=True, readonly=True, default=lambda self: self._default_res_model()
    )
    res_ids = fields.Json(
        required=True, readonly=True, default=lambda self: self._default_res_ids()
    )
    output = fields.Selection(
        [
            ("signature", "Electronic signature"),
            ("pdf", "PDF"),
            ("mail", "E-mail"),
            ("publish", "Publication"),
        ],
        string="Type of output",
        required=True,
        default="signature",
    )
    bundle = fields.Selection(
        [
            ("merged", "One file to print"),
            ("zip", "One file per document (ZIP)"),
        ],
        default="merged",
    )
    template_id = fields.Many2one(
        "campus.sign.template",
        string="Document template",
        compute="_compute_template_id",
        store=True,
        readonly=False,
    )
    finalisers = fields.Json(
        help="User chosen to finalise each document: {record id: user id} (A065)."
    )
    restart_ids = fields.Json(
        help="Closed circuits that start again: the new ones name them (A141)."
    )
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
    sending_id = fields.Many2one("campus.sign.sending", readonly=True)

    def _default_res_model(self):
        return self.env.context.get("active_model")

    def _default_res_ids(self):
        return self.env.context.get("active_ids", [])

    # === RECORDS AND TEMPLATES ===#

    def _records(self, ids=None):
        """Return the records of the window the user may read.

        :param ids: some of them only
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
        wanted = self.res_ids if isinstance(self.res_ids, list) else []
        wanted = [one for one in wanted if type(one) is int]
        if ids is not None:
            some = {one for one in ids if type(one) is int}
            wanted = [one for one in wanted if one in some]
        records = self.env[self.res_model].browse(dict.fromkeys(wanted)).exists()
        records.check_access("read")
        return records

    def _eligible_templates(self):
        """Return the templates one may choose (A058, A059)."""
        domain = Domain("res_model", "=", self.res_model)
        if self.output == "signature":
            domain &= Domain("sharing", "=", "sign") & Domain("signer_ids", "!=", False)
        elif self.output == "publish":
            domain &= Domain("sharing", "=", "publish")
            domain &= Domain("category_id.can_publish", "=", True)
        return self.env["campus.sign.template"].search(domain)

    @api.depends("res_model", "output")
    def _compute_template_id(self):
        for wizard in self:
            templates = wizard._eligible_templates()
            if wizard.template_id not in templates:
                wizard.template_id = templates[:1]

    def _chosen_finalisers(self, records):
        """Return ``{record id: res.users}``; their right is checked by the template."""
        chosen = self.finalisers if isinstance(self.finalisers, dict) else {}
        ids = {one for one in chosen.values() if type(one) is int}
        users = {user.id: user for user in self.env["res.users"].browse(ids).exists()}
        found = {record.id: users.get(chosen.get(str(record.id))) for record in records}
        return {res_id: user for res_id, user in found.items() if user}

    def _restarted(self):
        """Return ``{record id: id}`` of the closed circuits that start again."""
        ids = self.restart_ids if isinstance(self.restart_ids, list) else []
        circuits = self.env["campus.sign.request"].browse(
            one for one in ids if type(one) is int
        )
        circuits = circuits.exists()._filtered_access("read").sorted("id")
        return {
            circuit.res_id: circuit.id
            for circuit in circuits
            if circuit.res_model == self.res_model and circuit._may_restart()
        }

    # === CHECK (A060-A073) ===#

    @api.depends("template_id", "res_model", "res_ids", "output", "finalisers")
    def _compute_table(self):
        for wizard in self:
            wizard.table = wizard._check_table()

    @api.depends("template_id", "res_model", "res_ids", "output", "finalisers")
    def _compute_ticked_ids(self):
        """Tick what is ready, untick what is not (A073)."""
        for wizard in self:
            rows = (wizard.table or {}).get("rows", [])
            wizard.ticked_ids = [row["id"] for row in rows if row["ready"]]

    def _checks(self, records):
        return self.template_id._check(
            records, self.output, self._chosen_finalisers(records)
        )

    def _check_table(self, ids=None):
        """Return the check as plain values for the window's table.

        ``columns``: ``{key, label, group}`` in the order shown, ``group`` one of
        mandatory, optional, finaliser (A063); ``rows``: ``{id, title, contact,
        student, promotion, record, ready, issues, mark, cells: {column key:
        [person]}}`` where a person is ``{name, issues}`` and an issue ``{message,
        blocking, consequence, target: {model, id, name} or False}``; ``mark`` changes
        with whatever would be sent; ``price``: text of the unit price, empty when
        zero (decision 12).

        :param ids: some of the window's records only
        """
        records = self._records(ids)
        table = {"columns": [], "rows": [], "price": "", "labels": {}}
        if not self.template_id:
            return table
        checks = self._checks(records)
        columns = self._columns(checks)
        return {
            "columns": list(columns.values()),
            "rows": Rows(self.template_id).rows(records, checks),
            "price": self._price(records),
            "labels": records._sign_row_labels(),
        }

    def _columns(self, checks):
        """Return ``{key: column}``: the circuit's roles, then those persons add."""
        if self.output != "signature":
            return {}
        found = {}
        for line in self.template_id.signer_ids:
            found[column_key(line.role_id, line.mandatory, line.finaliser)] = (
                line.sequence,
                line.role_id,
            )
        asked = set()
        for check in checks:
            for party in check.parties:
                key = column_key(party.role, party.mandatory, party.finaliser)
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

    def _price(self, records):
        if self.output != "signature":
            return ""
        company = records[:1]._sign_establishment() if records else self.env.company
        price = company.sign_unit_price
        if not price:
            return ""
        return formatLang(self.env, price, currency_obj=company.currency_id)

    # === THE WINDOW'S TWO QUESTIONS ===#

    @api.model
    def check(self, values, ids=None):
        """Return what the window shows: the table of :meth:`_check_table`, with the
        templates and finalisers one may choose.

        :param dict values: ``res_model``, ``res_ids``, ``output``, ``template_id``,
            ``finalisers``, ``restart_ids``
        :param ids: records to check again; all of them when not given
        """
        self.env["campus.sign.request"]._check_may_send()
        wizard = self._from_window(values)
        templates = wizard._eligible_templates()
        if wizard.template_id not in templates:
            wizard.template_id = templates[:1]
        table = wizard._check_table(ids)
        if ids is not None:
            return table
        return {
            **table,
            "templates": [{"id": one.id, "name": one.name} for one in templates],
            "template_id": wizard.template_id.id,
            "finalisers": wizard._possible_finalisers(),
            "may_configure": bool(
                wizard.template_id and wizard.template_id.has_access("write")
            ),
        }

    @api.model
    def submit(self, values, marks):
        """Send what the window ticked, unless it changed since it was shown.

        :param dict values: as for :meth:`check`, with ``ticked_ids`` and ``bundle``
        :param dict marks: ``{record id: mark}`` of the rows the sender saw
        :return: ``{"action": action}``, or ``{"changed": message, "ids": [id]}``
            and nothing was sent
        """
        self.env["campus.sign.request"]._check_may_send()
        wizard = self._from_window(values)
        refused = wizard._template_refusal()
        if refused:
            return {"changed": refused, "ids": []}
        ticked = wizard._ticked()
        checks = wizard._checks(ticked)
        rows = Rows(wizard.template_id)
        marks = marks if isinstance(marks, dict) else {}
        changed = [
            check.record.id
            for check in checks
            if marks.get(str(check.record.id)) != rows.mark(check) or not check.ready
        ]
        changed += [one for one in wizard.ticked_ids if one not in ticked.ids]
        if changed:
            message = self.env._(
                "%(count)s document(s) changed since they were checked: nothing was "
                "sent. Look at the rows marked, then send again.",
                count=len(changed),
            )
            return {"changed": message, "ids": changed}
        return {"action": wizard._take_over(checks)}

    @api.model
    def _from_window(self, values):
        """Return a wizard in memory with what the window says.

        :raise UserError: the window says something it never does
        """
        values = values if isinstance(values, dict) else {}
        keys = "res_model res_ids output bundle finalisers restart_ids ticked_ids"
        vals = {key: values[key] for key in keys.split() if values.get(key)}
        outputs = dict(self._fields["output"].selection)
        bundles = dict(self._fields["bundle"].selection)
        template = values.get("template_id") or False
        if (
            vals.setdefault("output", "signature") not in outputs
            or vals.setdefault("bundle", "merged") not in bundles
            or type(template) not in (int, bool)
        ):
            raise UserError(self.env._("This request is not understood."))
        # Given at once: a later assignment would compute the ticks again.
        return self.new(
            {
                **vals,
                "ticked_ids": vals.get("ticked_ids", []),
                "template_id": self.env["campus.sign.template"]
                .browse(template or ())
                .exists()
                .id,
            }
        )

    def _template_refusal(self):
        """Say why the template chosen cannot be sent any more; empty when it can."""
        if self.template_id and self.template_id in self._eligible_templates():
            return ""
        return self.env._(
            "The template chosen was deleted, archived or is not eligible any more: "
            "nothing was sent. Choose another one."
        )

    def _possible_finalisers(self):
        """Return the users who may finalise in the establishments shown (A065)."""
        lines = self.template_id.signer_ids
        if self.output != "signature" or not any(lines.mapped("finaliser")):
            return []
        companies = self.env.companies
        group = self.env["ir.model.data"]._xmlid_to_res_id("campus_sign.group_sign")
        users = self.env["res.users"].search(
            [
                ("all_group_ids", "in", [group]),
                ("company_ids", "in", companies.ids),
                ("share", "=", False),
            ],
            order="name",
        )
        return [
            {
                "id": user.id,
                "name": user.name,
                "companies": (user.company_ids & companies).ids,
            }
            for user in users
        ]

    # === SENDING ===#

    def _ticked(self):
        ids = self.ticked_ids if isinstance(self.ticked_ids, list) else []
        records = self._records(ids)
        if not records or not self.template_id:
            raise UserError(self.env._("Tick at least one document that is ready."))
        return records

    def action_send(self):
        """Send the ticked documents and show what the server took over (A078-A080)."""
        self.ensure_one()
        self.env["campus.sign.request"]._check_may_send()
        if self.sending_id:
            raise UserError(self.env._("These documents were already sent."))
        records = self._ticked()
        return self._take_over(self._checks(records))

    def _take_over(self, checks):
        """Give what was just checked to the server; return the action to show."""
        template = self.template_id
        if self.output == "signature":
            sending = template._queue(checks, self._restarted()).sending_id
        else:
            if self._template_refusal():
                raise CeremonyError(422, "not_eligible", self._template_refusal())
            sending = template._deliver(checks, self.output, self.bundle)
        if self._origin:
            self.sending_id = sending
        return sending._result_action()
