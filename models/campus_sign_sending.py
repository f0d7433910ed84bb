# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from .ceremony_errors import CeremonyError
from .file_bundle import ZipBundle, safe_stem
from .print_copy import PrintCopy

#: Printed and mailed copies are kept that long, to be downloaded again.
KEEP_DAYS = 7
LEFT, DONE, FAILED, CANCELLED = "left", "done", "failed", "cancelled"


class CampusSignSending(models.Model):
    """What one click on « Envoyer » gave to the server, and where it stands (A081)."""

    _name = "campus.sign.sending"
    _description = "Sending"
    _order = "id desc"
    _rec_name = "template_name"

    template_id = fields.Many2one(
        "campus.sign.template", readonly=True, ondelete="set null", index=True
    )
    template_name = fields.Char(string="Document template", readonly=True)
    output = fields.Selection(
        [
            ("signature", "Electronic signature"),
            ("pdf", "PDF"),
            ("mail", "E-mail"),
            ("publish", "Publication"),
        ],
        string="Type of output",
        required=True,
        readonly=True,
    )
    bundle = fields.Selection(
        [
            ("merged", "One file to print"),
            ("zip", "One file per document (ZIP)"),
        ],
        readonly=True,
    )
    user_id = fields.Many2one("res.users", string="Sent by", readonly=True, index=True)
    company_id = fields.Many2one(
        "res.company", string="Establishment", required=True, readonly=True
    )
    request_ids = fields.One2many("campus.sign.request", "sending_id", readonly=True)
    delivery_ids = fields.One2many("campus.sign.delivery", "sending_id", readonly=True)
    count = fields.Integer(string="Documents", readonly=True)
    left_count = fields.Integer(string="Documents left", compute="_compute_counts")
    done_count = fields.Integer(string="Documents made", compute="_compute_counts")
    failed_count = fields.Integer(
        string="Documents in failure", compute="_compute_counts"
    )
    cancelled_count = fields.Integer(
        string="Documents taken back", compute="_compute_counts"
    )
    result_text = fields.Char(compute="_compute_result_text")
    failed_request_ids = fields.Many2many(
        "campus.sign.request", compute="_compute_failed_ids", string="Failed documents"
    )
    failed_delivery_ids = fields.Many2many(
        "campus.sign.delivery", compute="_compute_failed_ids", string="Failed copies"
    )

    @api.model
    def _open(self, template, records, output, bundle=False):
        """Create the sending of ``records``, a list of records of one model."""
        companies = {record._sign_establishment() for record in records}
        company = self.env.company
        if company not in companies and companies:
            company = next(iter(companies))
        # The right to send was checked by the caller; nobody may write a sending.
        return self.sudo().create(
            {
                "template_id": template.id,
                "template_name": template.name,
                "output": output,
                "bundle": bundle,
                "user_id": self.env.uid,
                "company_id": company.id,
                "count": len(records),
            }
        )

    # === WHERE IT STANDS ===#

    def _states(self):
        """Return ``{sending: {left, done, failed, cancelled: count}}``."""
        kinds = (LEFT, DONE, FAILED, CANCELLED)
        found = {sending: dict.fromkeys(kinds, 0) for sending in self}
        kinds = {"queued": LEFT, "failed": FAILED, "cancelled": CANCELLED}
        for model in ("campus.sign.request", "campus.sign.delivery"):
            for sending, state, count in self.env[model]._read_group(
                [("sending_id", "in", self.ids)], ["sending_id", "state"], ["__count"]
            ):
                found[sending][kinds.get(state, DONE)] += count
        return found

    @api.depends("request_ids.state", "delivery_ids.state")
    def _compute_counts(self):
        states = self._states()
        for sending in self:
            counts = states[sending]
            sending.left_count = counts[LEFT]
            sending.done_count = counts[DONE]
            sending.failed_count = counts[FAILED]
            sending.cancelled_count = counts[CANCELLED]

    @api.depends("count")
    def _compute_result_text(self):
        """Say « 9 envois pris en charge par le serveur » (A080)."""
        for sending in self:
            if sending.count == 1:
                text = self.env._("1 sending taken over by the server")
            else:
                text = self.env._(
                    "%(count)s sendings taken over by the server", count=sending.count
                )
            sending.result_text = text

    @api.depends("request_ids.state", "delivery_ids.state")
    def _compute_failed_ids(self):
        for sending in self:
            sending.failed_request_ids = sending.request_ids.filtered_domain(
                [("state", "=", "failed")]
            )
            sending.failed_delivery_ids = sending.delivery_ids.filtered_domain(
                [("state", "=", "failed")]
            )

    def _result_action(self):
        """Return the action of « Résultat de l'envoi »."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Result of the sending"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"dialog_size": "large"},
        }

    # === ACTIONS ===#

    def action_open(self):
        """Open « Résultat de l'envoi » again."""
        self.check_access("read")
        return self._result_action()

    def action_retry_failed(self):
        """Put what failed back in the queue; the result stays in sight."""
        self.env["campus.sign.request"]._check_may_send()
        self.check_access("read")
        # Acts on circuits are transactions of their own: they come first.
        if self.failed_request_ids:
            self.failed_request_ids.action_retry()
        self.failed_delivery_ids.action_retry()
        return self._result_action()

    def action_cancel_queued(self):
        """Take back what the server has not made yet; the rest goes on, in sight."""
        self.env["campus.sign.request"]._check_may_send()
        self.check_access("read")
        # Acts on circuits are transactions of their own: they come first.
        self.request_ids.filtered(lambda one: one.state == "queued")._act_unqueue()
        self.delivery_ids.action_cancel()
        return self._result_action()

    def action_view_requests(self):
        """Open the documents of the sending in their tracking list (A080)."""
        self.ensure_one()
        self.check_access("read")
        if self.output != "signature":
            action = self.env["ir.actions.act_window"]._for_xml_id(
                "campus_sign.campus_sign_delivery_action"
            )
        else:
            action = self.env["ir.actions.act_window"]._for_xml_id(
                "campus_sign.campus_sign_request_action"
            )
        action["domain"] = [("sending_id", "=", self.id)]
        action["context"] = {}
        return action

    def action_download(self):
        """Download the printed documents, in one file (A058)."""
        self.ensure_one()
        self.check_access("read")
        if not self.delivery_ids.filtered("attachment_id"):
            raise UserError(self.env._("There is no file to download any more."))
        return {
            "type": "ir.actions.act_url",
            "url": f"/campus_sign/sending/{self.id}/download",
            "target": "download",
        }

    def _bundle_file(self):
        """Return ``(file name, bytes)`` of the documents that were made.

        The files carry no signature, so they may be written anew.

        :raise CeremonyError: 404 ``gone`` when none is kept any more
        """
        self.ensure_one()
        made = self.delivery_ids.filtered("attachment_id")
        files = [
            (one._file_name(), one.attachment_id.sudo().raw)  # its sending may be read
            for one in made
        ]
        files = [(name, content) for name, content in files if content]
        if not files:
            raise CeremonyError(
                404, "gone", self.env._("There is no file to download any more.")
            )
        if len(files) == 1:
            return files[0]
        title = safe_stem(self.template_name)
        if self.bundle == "zip":
            bundle = ZipBundle()
            for name, content in files:
                bundle.add(name.removesuffix(".pdf"), content)
            with bundle.close() as output:
                return f"{title}.zip", output.read()
        merged = PrintCopy()
        for _name, content in files:
            merged.add(content)
        return f"{title}.pdf", merged.close()

    @api.autovacuum
    def _gc_deliveries(self):
        """Forget the copies of old sendings: they hold personal data."""
        limit = fields.Datetime.now() - timedelta(days=KEEP_DAYS)
        old = self.sudo().search(  # a cron, for every establishment
            [("output", "in", ("pdf", "mail")), ("create_date", "<", limit)]
        )
        old.delivery_ids.attachment_id.unlink()
