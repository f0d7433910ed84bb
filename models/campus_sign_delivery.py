# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging

from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize

from .file_bundle import safe_stem

_logger = logging.getLogger(__name__)


class CampusSignDelivery(models.Model):
    """One document printed, mailed or published without a circuit (A025, A058).

    A recipient's documents leave in one e-mail, so they are one slice of work.
    """

    _name = "campus.sign.delivery"
    _description = "Document printed or sent by e-mail"
    _order = "id"

    sending_id = fields.Many2one(
        "campus.sign.sending", required=True, readonly=True, ondelete="cascade"
    )
    output = fields.Selection(related="sending_id.output")
    company_id = fields.Many2one(
        "res.company", string="Establishment", required=True, readonly=True
    )
    name = fields.Char(string="Document", required=True, readonly=True)
    res_model = fields.Char(required=True, readonly=True)
    res_id = fields.Many2oneReference(model_field="res_model", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Recipient", readonly=True)
    email = fields.Char(readonly=True, help="Address when it was sent.")
    state = fields.Selection(
        [
            ("queued", "Sending"),
            ("done", "Sent"),
            ("failed", "Sending failed"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="queued",
        readonly=True,
    )
    failure = fields.Text(string="Reason of the failure", readonly=True)
    # Of what is published: how its owners find it in their lockers.
    nature_id = fields.Many2one("campus.sign.nature", readonly=True)
    student_id = fields.Many2one(
        "campus.student", string="Student concerned", readonly=True
    )
    school_year_id = fields.Many2one("campus.school.year", readonly=True)
    attachment_id = fields.Many2one(
        "ir.attachment", readonly=True, ondelete="set null", index="btree_not_null"
    )
    mail_id = fields.Many2one(
        "mail.mail",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        groups=fields.NO_ACCESS,
    )

    _sending_idx = models.Index("(sending_id, state)")
    _queue_idx = models.Index("(id) WHERE state = 'queued'")

    # === LANES ===#

    @api.model
    def _run_queue(self):
        """Make what waits, one recipient per transaction.

        :return: False when the lane's time is over before the work is
        """
        seen = set()
        while True:
            first = self.search(
                [("state", "=", "queued"), ("id", "not in", list(seen))], limit=1
            )
            if not first:
                return True
            slice_ = first._slice()
            seen.update(slice_.ids)
            try:
                done = slice_._process()
                left = self.env["ir.cron"]._commit_progress(done)
            except SerializationFailure:
                # Another lane finished it between the search and the lock.
                self.env.cr.rollback()
                continue
            if not left:
                return False

    def _slice(self):
        """Return what leaves together: a recipient's mail, or one print."""
        self.ensure_one()
        if self.output != "mail":
            return self
        return self.search(
            [
                ("sending_id", "=", self.sending_id.id),
                ("email", "=", self.email),
                ("partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
                ("state", "=", "queued"),
            ]
        )

    def _process(self):
        """Make the documents of a slice, and its e-mail; return how many."""
        locked = self.try_lock_for_update().filtered(lambda one: one.state == "queued")
        if len(locked) != len(self):
            return 0
        for delivery in locked:
            delivery._make()
        made = locked.filtered(lambda one: one.state == "queued")
        if made and made[:1].output == "mail":
            made._mail()
        elif made[:1].output == "publish":
            made._publish()
        made.write({"state": "done", "failure": False})
        return len(locked)

    def _make(self):
        """Render one document; a failure keeps its reason."""
        template = self.sending_id.template_id.with_company(self.company_id)
        record = self.env[self.res_model].browse(self.res_id).exists()
        reason = ""
        if not template or not template.active:
            reason = self.env._("The template was deleted or archived.")
        elif not record:
            reason = self.env._("The record of this document was deleted.")
        elif self.output == "publish" and not template._may_publish():
            reason = self.env._("This template may not be published any more.")
        elif self.output == "publish" and not template._locker_owners(record):
            reason = template._no_owner_sentence()
        else:
            try:
                content = template._print(record, boxes=self.output == "pdf")
            except UserError as error:
                reason = str(error)
        if reason:
            self.write({"state": "failed", "failure": reason, "attachment_id": False})
            return
        self.attachment_id = self.env["ir.attachment"].create(
            {
                "name": self._file_name(),
                "raw": content,
                "mimetype": "application/pdf",
                "res_model": self._name,
                "res_id": self.id,
            }
        )

    def _file_name(self):
        return f"{safe_stem(self.name)}.pdf"

    def _file(self):
        """Return ``(file name, bytes)``; whoever calls decided who may read it."""
        self.ensure_one()
        return self._file_name(), self.attachment_id.raw

    def _publish(self):
        """Put the documents in the lockers their template names (A025, A045-A047)."""
        vals_list = []
        for delivery in self:
            record = self.env[delivery.res_model].browse(delivery.res_id)
            owners = delivery.sending_id.template_id._locker_owners(record)
            vals_list += [
                {
                    "delivery_id": delivery.id,
                    "partner_id": partner.id,
                    "reason": reason,
                }
                for partner, reason in owners.items()
            ]
        # Nobody writes lockers: the right to send was checked when it was queued.
        lockers = self.env["campus.locker.document"].sudo()
        lockers.create(vals_list)._tell_owners()

    def _mail(self):
        """Write the recipient's e-mail; it leaves after the commit."""
        first = self[:1]
        lang = first.partner_id.lang or first.company_id.partner_id.lang
        template = first.sending_id.template_id.with_context(lang=lang)
        vals = self.env["campus.sign.request"]._mail_vals(
            "campus_sign.mail_document",
            first.email,
            lang,
            first.company_id,
            {
                "name": first.partner_id.name,
                "titles": self.mapped("name"),
                "introduction": template._mail_introduction(),
            },
        )
        if template.mail_subject:
            vals["subject"] = template.mail_subject
        mail = self.env["mail.mail"].create(
            {
                **vals,
                "attachment_ids": [
                    fields.Command.link(a.id) for a in self.attachment_id
                ],
            }
        )
        self.mail_id = mail
        self.env["campus.sign.request"]._wake_mails()

    # === ACTIONS ===#

    def action_retry(self):
        """Put failed documents back in the queue."""
        self.env["campus.sign.request"]._check_may_send()
        self.check_access("read")
        failed = self.sudo().filtered(  # the right was checked just above
            lambda one: one.state == "failed"
        )
        for one in failed:
            one.mail_id.unlink()
            # The address may be what was corrected.
            email = email_normalize(one.partner_id.email or "") or one.email
            one.write({"state": "queued", "failure": False, "email": email})
        self.env["campus.sign.request"]._trigger_lanes("queue")

    def action_cancel(self):
        """Take queued documents back."""
        self.env["campus.sign.request"]._check_may_send()
        self.check_access("read")
        queued = self.sudo().filtered(  # the right was checked just above
            lambda one: one.state == "queued"
        )
        queued.write({"state": "cancelled"})

    def action_open_file(self):
        """Open one printed document in a new tab."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/campus_sign/delivery/{self.id}.pdf",
            "target": "new",
        }


class MailMail(models.Model):
    _inherit = "mail.mail"

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        """Tell the sending of a document which e-mail could not leave."""
        failed = self.filtered(lambda mail: failure_type or mail.state == "exception")
        if failed:
            deliveries = self.env["campus.sign.delivery"].sudo()  # of this very mail
            deliveries.search([("mail_id", "in", failed.ids)]).write(
                {
                    "state": "failed",
                    "failure": failure_reason
                    or self.env._("The e-mail could not be sent."),
                }
            )
        return super()._postprocess_sent_message(
            success_pids,
            success_emails,
            failure_reason=failure_reason,
            failure_type=failure_type,
        )
