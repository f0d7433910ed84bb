# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Addresses that do not answer: seen on the signer's line, told to the office."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .campus_sign_ceremony import VISIBLE_STATES

# The last mail to an address decides: a later one that arrives clears the line.
_UNDELIVERED = SQL(
    """SELECT signer.request_id
         FROM campus_sign_signer signer
         JOIN LATERAL (
              SELECT link.failed_at
                FROM campus_sign_link link
               WHERE link.partner_id = signer.partner_id
                 AND link.email = signer.email
                 AND link.company_id = signer.company_id
               ORDER BY link.id DESC
               LIMIT 1
              ) last ON last.failed_at IS NOT NULL
        WHERE signer.status = 'pending'"""
)
# Final documents whose mail did not arrive, and that nobody opened since.
_UNANNOUNCED = """SELECT locker.id
         FROM campus_locker_document locker
         JOIN campus_sign_link link ON link.id = locker.link_id
        WHERE link.failed_at IS NOT NULL
          AND (link.failure_kind = 'unsent') IN %s
          AND locker.opened_at IS NULL
          AND locker.published"""
#: What the badge of a mail that did not arrive says: the server, else the address.
NOT_DELIVERED = ("undelivered", "unsent")


class CampusSignLink(models.Model):
    """A link knows whether the mail that carried it arrived.

    Not the signer's line: lines change behind the gate only, and a mail server's
    answer must never stand in the way of a signature.
    """

    _inherit = "campus.sign.link"

    message_id = fields.Char(index="btree_not_null", groups=fields.NO_ACCESS)
    failed_at = fields.Datetime()
    failure_kind = fields.Selection(
        [
            ("unsent", "The mail server did not answer"),
            ("refused", "Refused while sending"),
            ("bounced", "Came back"),
        ]
    )
    failure_detail = fields.Char(help="What the mail server said, cut short.")

    def _note_undelivered(self, kind, detail):
        """Remember that the mail of these links did not arrive; tell the office.

        On a cursor of its own: the secret of the link was stored on another one
        while the mail was leaving.

        :param kind: ``unsent``, ``refused`` or ``bounced``
        :param detail: words of the mail server; never the mail itself
        """
        words = " ".join((detail or "").split())[:200]
        with self.env.registry.cursor() as cr:
            links = self.with_env(self.env(cr=cr, su=True))  # a trace, no person's
            new = links.filtered(lambda link: not link.failed_at)
            new.write(
                {
                    "failed_at": fields.Datetime.now(),
                    "failure_kind": kind,
                    "failure_detail": words,
                }
            )
            for link in new:
                link._tell_undelivered()

    def _tell_undelivered(self):
        """Give one activity to whoever sent: per person, not per document."""
        self.ensure_one()
        lines = self._lines().filtered(lambda s: s.company_id == self.company_id)
        lockers = self.env["campus.locker.document"].search(
            [("link_id", "=", self.id), ("opened_at", "=", False)]
        )
        name = lines[:1].name or self.partner_id.name
        requests = lines.request_id | lockers.request_id
        for sender, mine in requests.grouped("sender_id").items():
            request = mine.sorted("id")[-1:].with_context(lang=sender.lang)
            if sender.active and not request._has_activity("undelivered", sender):
                note = request.env._(
                    "%(name)s <%(email)s>: %(reason)s Documents concerned: %(count)s.",
                    name=name,
                    email=self.email,
                    reason=self.with_env(request.env)._failure_sentence(),
                    count=len(mine),
                )
                request._schedule("campus_sign.activity_undelivered", sender, note)

    def _failure_sentence(self):
        """Return why the mail did not arrive, for people."""
        self.ensure_one()
        if self.failure_kind == "bounced":
            return self.env._(
                "The e-mail came back. The mail server said: %(detail)s.",
                detail=self.failure_detail or "–",
            )
        if self.failure_kind == "unsent":
            return self.env._(
                "The mail server did not answer: %(detail)s.",
                detail=self.failure_detail or "–",
            )
        return self.env._(
            "The e-mail could not be sent. The mail server said: %(detail)s.",
            detail=self.failure_detail or "–",
        )

    def _failure_remedy(self):
        """Return what the office does about it."""
        self.ensure_one()
        if self.failure_kind == "unsent":
            return self.env._(
                "Have the service tested in the settings, then remind the signer."
            )
        return self.env._("Correct the address, then replace the signer.")

    def _failure_state(self):
        """Return which of :data:`NOT_DELIVERED` the line or the locker is in."""
        return "unsent" if self.failure_kind == "unsent" else "undelivered"

    @api.model
    def _last_of(self, lines):
        """Return ``{(partner, email, company): last link}`` of signers' addresses."""
        last = SQL(
            "SELECT DISTINCT ON (partner_id, email, company_id) id "
            "FROM campus_sign_link WHERE partner_id = ANY(%s) AND email = ANY(%s) "
            "ORDER BY partner_id, email, company_id, id DESC",
            lines.partner_id.ids,
            [email for email in lines.mapped("email") if email],
        )
        links = self.sudo().search_fetch(  # facts on lines the caller reads
            [("id", "in", last)],
            ["partner_id", "email", "company_id", "failed_at", "failure_kind"],
        )
        return {(link.partner_id, link.email, link.company_id): link for link in links}


class CampusSignSigner(models.Model):
    _inherit = "campus.sign.signer"

    notice_state = fields.Selection(
        [
            ("due", "To be told"),
            ("told", "Told"),
            ("undelivered", "Address in error"),
            ("unsent", "Mail server in error"),
        ],
        string="Notice",
        compute="_compute_notice",
        help="Whether the person could be told that it is his turn.",
    )
    notice_reason = fields.Char(compute="_compute_notice", string="Reason of the error")
    notice_remedy = fields.Char(compute="_compute_notice", string="What to do")

    @api.depends("status", "email", "notify_due", "notified_at")
    def _compute_notice(self):
        asked = self.filtered(lambda s: s.status == "pending")
        last = self.env["campus.sign.link"]._last_of(asked) if asked else {}
        for signer in self:
            signer.notice_state = signer.notice_reason = signer.notice_remedy = False
            if signer not in asked:
                continue
            link = last.get((signer.partner_id, signer.email, signer.company_id))
            if link and link.failed_at:
                link = link.with_env(self.env).sudo()  # a fact on a line that is read
                signer.notice_state = link._failure_state()
                signer.notice_reason = link._failure_sentence()
                signer.notice_remedy = link._failure_remedy()
            elif signer.notify_due or signer.notified_at:
                signer.notice_state = "due" if signer.notify_due else "told"


class CampusLockerDocument(models.Model):
    """Whether the owner of a final document could be told that it is there."""

    _inherit = "campus.locker.document"

    link_id = fields.Many2one(
        "campus.sign.link",
        ondelete="set null",
        index="btree_not_null",
        groups=fields.NO_ACCESS,
        help="Link of the mail that announced it.",
    )
    notice_state = fields.Selection(
        [
            ("told", "Told"),
            ("undelivered", "Address in error"),
            ("unsent", "Mail server in error"),
        ],
        string="Notice",
        compute="_compute_notice",
        search="_search_notice_state",
        compute_sudo=True,  # nobody reads links; why a mail came back, the office does
    )
    notice_reason = fields.Char(
        compute="_compute_notice", string="Reason of the error", compute_sudo=True
    )

    @api.depends("link_id.failed_at", "opened_at")
    def _compute_notice(self):
        for document in self:
            link = document.link_id
            lost = link.failed_at and not document.opened_at
            document.notice_reason = lost and link._failure_sentence()
            document.notice_state = link and (link._failure_state() if lost else "told")

    def _undelivered_sentence(self):
        """Return why the owner was not told, and what the office does about it."""
        said = {
            "name": self.partner_id.name,
            "email": self.email,
            "reason": self.notice_reason,
        }
        if self.notice_state == "unsent":
            return self.env._(
                "%(name)s <%(email)s>: %(reason)s The final document was not "
                "announced: have the service tested in the settings, then hand the "
                "document over.",
                **said,
            )
        return self.env._(
            "%(name)s <%(email)s>: %(reason)s The final document was not "
            "announced: correct the address, then hand the document over.",
            **said,
        )

    def _search_notice_state(self, operator, value):
        if operator != "in" or not set(value) <= set(NOT_DELIVERED):
            return NotImplemented
        kinds = tuple(state == "unsent" for state in value)
        return [("id", "in", SQL(_UNANNOUNCED, kinds))]


class CampusSignRequest(models.Model):
    _inherit = "campus.sign.request"

    has_undelivered = fields.Boolean(
        string="E-mail not delivered",
        compute="_compute_has_undelivered",
        search="_search_has_undelivered",
    )

    undelivered_message = fields.Text(compute="_compute_has_undelivered")
    may_sign = fields.Boolean(compute="_compute_may_sign")

    @api.depends("state", "signer_ids.notice_state", "locker_ids.notice_state")
    def _compute_has_undelivered(self):
        for request in self:
            lines = request.signer_ids.filtered(
                lambda s: s.notice_state in NOT_DELIVERED
            )
            if request.state not in VISIBLE_STATES:
                lines = lines.browse()
            lockers = request.locker_ids.filtered(
                lambda one: one.published and one.notice_state in NOT_DELIVERED
            )
            request.has_undelivered = bool(lines or lockers)
            sentences = [
                request.env._(
                    "%(name)s <%(email)s>: %(reason)s %(remedy)s",
                    name=line.name,
                    email=line.email,
                    reason=line.notice_reason,
                    remedy=line.notice_remedy,
                )
                for line in lines
            ]
            sentences += [locker._undelivered_sentence() for locker in lockers]
            request.undelivered_message = "\n".join(sentences)

    @api.depends("state", "signer_ids.status")
    @api.depends_context("uid")
    def _compute_may_sign(self):
        """Tell whether the present account is asked to sign now."""
        ceremony = self.env["campus.sign.ceremony"].sudo()  # decides by the account
        mine = ceremony._to_sign(self.env.user).request_id.ids
        for request in self:
            request.may_sign = request.id in mine

    def action_sign(self):
        """Open the signing page: the account signs what is asked from it (A083)."""
        self.check_access("read")
        if not self.filtered("may_sign"):
            raise UserError(
                self.env._("None of these documents waits for your signature.")
            )
        return {"type": "ir.actions.act_url", "url": "/my/sign", "target": "new"}

    def _search_has_undelivered(self, operator, value):
        if operator != "in":
            return NotImplemented
        signers = Domain("id", "in", _UNDELIVERED)
        found = signers & Domain("state", "in", VISIBLE_STATES)
        found |= Domain("locker_ids", "any", [("notice_state", "in", NOT_DELIVERED)])
        wanted = set(value)
        if wanted == {True}:
            return found
        return ~found if wanted == {False} else []

    def _has_activity(self, name, user):
        """Tell whether a user already has an activity of the module on a document."""
        self.ensure_one()
        kind = self.env.ref(f"campus_sign.activity_{name}")
        return bool(
            self.sudo().activity_ids.filtered(  # a fact, whoever asks
                lambda a: a.activity_type_id == kind and a.user_id == user
            )
        )

    def _drop_activities(self):
        """Take away « to sign » from whoever has nothing more to sign here."""
        known = self.env["ir.model.data"]
        kinds = {
            known._xmlid_to_res_id(f"campus_sign.activity_{name}")
            for name in ("finalise", "sign")
        }
        for request in self:
            # Made by the circuit for others than who acts.
            mine = request.sudo().activity_ids.filtered(
                lambda a: a.activity_type_id.id in kinds
            )
            if not mine:
                continue
            asked = request.signer_ids.filtered(lambda s: s.status == "pending")
            if request.state not in VISIBLE_STATES:
                asked = asked.browse()
            told = asked._told_users()
            mine.filtered(lambda a, told=told: a.user_id not in told).unlink()

    def _alert_altered(self):
        """Tell the office that the stored file is not the one that was signed.

        On a cursor of its own: the act that found it is rolled back.
        """
        self.ensure_one()
        with self.env.registry.cursor() as cr:
            request = self.with_env(self.env(cr=cr, su=True))  # an alarm, no person's
            admins = self.env.ref("campus_sign.group_admin").sudo().all_user_ids
            told = (admins.with_env(request.env) | request.sender_id).filtered(
                lambda u: (
                    u.active
                    and not u._is_superuser()
                    and request.company_id in u.company_ids
                )
            )
            for user in told:
                if not request._has_activity("altered", user):
                    reader = request.with_context(lang=user.lang)
                    note = reader.env._(
                        "The stored file of « %(document)s » is not the one that was "
                        "signed. Nobody can sign or open it any more: restore it "
                        "from a backup.",
                        document=request.name,
                    )
                    reader._schedule("campus_sign.activity_altered", user, note)
