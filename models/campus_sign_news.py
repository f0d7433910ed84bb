# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What happened to documents, told in one mail per person, not per document."""

from datetime import timedelta

from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import email_normalize

from .campus_sign_link import PLACEHOLDER

#: Acts on many documents follow each other: their news wait for the last one.
QUIET = timedelta(seconds=20)
#: Documents still being sealed or published hold the mail, but not for ever.
PATIENCE = timedelta(hours=1)


class CampusSignNews(models.Model):
    """One thing to tell one person about one document; gone once it was told.

    Acts write it in their own transaction. The lane that tells signers gathers what
    one person has to learn of one kind (A084, A131): a crash neither forgets it nor
    tells it twice.
    """

    _name = "campus.sign.news"
    _description = "News to tell"
    _order = "id"

    kind = fields.Selection(
        [
            ("available", "Document available"),
            ("refused", "Document refused"),
            ("cancelled", "Signatures cancelled"),
        ],
        required=True,
    )
    partner_id = fields.Many2one("res.partner", required=True, ondelete="cascade")
    name = fields.Char()
    email = fields.Char(required=True)
    lang = fields.Char()
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    request_id = fields.Many2one("campus.sign.request", ondelete="cascade", index=True)
    locker_id = fields.Many2one(
        "campus.locker.document", ondelete="cascade", index=True
    )
    signer_id = fields.Many2one("campus.sign.signer", ondelete="cascade", index=True)
    reason = fields.Text()

    _person_idx = models.Index("(partner_id, kind)")

    # === LANE ===#

    @api.model
    def _tell_due(self):
        """Write the mails; news that are not complete yet wait for the next run.

        :return: False when the lane's time is over before the work is
        """
        seen = set()
        while first := self.search([("id", "not in", list(seen))], limit=1):
            mine = first._same_mail()
            seen.update(mine.ids)
            if mine._is_early():
                continue
            try:
                mine._tell()
                left = self.env["ir.cron"]._commit_progress(len(mine))
            except SerializationFailure:
                # Another lane told it between the search and the lock.
                self.env.cr.rollback()
                continue
            if not left:
                return False
        return True

    def _same_mail(self):
        """Return what the person of this news has to learn of the same kind."""
        self.ensure_one()
        return self.search(
            [
                ("kind", "=", self.kind),
                ("partner_id", "=", self.partner_id.id),
                ("email", "=", self.email),
                ("lang", "=", self.lang),
                ("company_id", "=", self.company_id.id),
            ]
        )

    def _is_early(self):
        """Tell whether more of the same is coming for this person."""
        now = fields.Datetime.now()
        if self[:1].kind != "available":
            return max(self.mapped("create_date")) > now - QUIET
        recent = now - PATIENCE
        waits = (
            (
                "campus.sign.request",
                Domain("state", "=", "archived")
                & Domain("sealed_at", "=", False)
                & Domain("closed_at", ">", recent)
                & self._concerned(""),
            ),
            (
                "campus.sign.batch.line",
                Domain("status", "=", "pending")
                & Domain("batch_id.state", "=", "running")
                & Domain("batch_id.consented_at", ">", recent)
                & self._concerned("signer_id.request_id."),
            ),
            (
                "campus.sign.delivery",
                Domain("state", "=", "queued")
                & Domain("create_date", ">", recent)
                & Domain("sending_id", "in", self.locker_id.delivery_id.sending_id.ids),
            ),
        )
        return any(self.env[name].search(domain, limit=1) for name, domain in waits)

    def _concerned(self, path):
        """Return the domain of the documents that will reach this person.

        :param path: leads to the document, ``""`` or ending with a dot
        """
        return Domain.OR(
            Domain(f"{path}{name}", "=", self.partner_id.id)
            for name in (
                "signer_ids.partner_id",
                "recipient_id",
                "student_id.partner_id",
                "student_id.guardianship_ids.partner_id",
            )
        )

    def _tell(self):
        """Write one mail for all these news and forget them."""
        if len(self.try_lock_for_update()) != len(self):
            return
        # What was taken out of a locker meanwhile is not promised.
        told = self.filtered(
            lambda one: one.kind != "available" or one.locker_id.published
        )
        if told:
            told._create_mail()
        self.unlink()

    def _create_mail(self):
        first = self[:1]
        requests = self.env["campus.sign.request"]
        vals = requests._mail_vals(
            f"campus_sign.mail_{first.kind}",
            first.email,
            first.lang,
            first.company_id,
            {"news": self, "name": first.name, "token": PLACEHOLDER},
        )
        link = self.env["campus.sign.link"].create(
            {
                "partner_id": first.partner_id.id,
                "email": first.email,
                "company_id": first.company_id.id,
                "lang": first.lang,
            }
        )
        self.locker_id.link_id = link
        self.env["mail.mail"].create({**vals, "campus_link_id": link.id})
        requests._wake_mails()

    # === WORDS ===#

    def _title(self):
        self.ensure_one()
        return (self.locker_id or self.request_id).name

    def _all_signed(self):
        """Tell whether a circuit stands behind all of these available documents."""
        return all(one.locker_id.request_id for one in self)

    def _subject(self):
        """Return the subject of the mail, in the language of its reader."""
        count, title = len(self), self[:1]._title()
        one, many = {
            "available": (
                self.env._("Signed document available: %(title)s", title=title)
                if self._all_signed()
                else self.env._("Document available: %(title)s", title=title),
                self.env._("%(count)s documents available", count=count),
            ),
            "refused": (
                self.env._("Document refused: %(title)s", title=title),
                self.env._("%(count)s documents refused", count=count),
            ),
            "cancelled": (
                self.env._("Signatures cancelled: %(title)s", title=title),
                self.env._("Signatures of %(count)s documents cancelled", count=count),
            ),
        }[self[:1].kind]
        return one if count == 1 else many


class CampusSignRequest(models.Model):
    _inherit = "campus.sign.request"

    def _note_news(self, kind, lines, **values):
        """Note what these signers have to be told of the document.

        :param kind: ``refused`` or ``cancelled``
        """
        self.ensure_one()
        if not lines:
            return
        news = self.env["campus.sign.news"].sudo()  # the circuit's own, nobody's right
        news.create(
            [
                {
                    "kind": kind,
                    "partner_id": line.partner_id.id,
                    "name": line.name,
                    "email": line.email,
                    "lang": line.lang or self.lang,
                    "company_id": self.company_id.id,
                    "request_id": self.id,
                    **values,
                }
                for line in lines.filtered("email")
            ]
        )
        after = fields.Datetime.now() + QUIET + timedelta(seconds=1)
        self._trigger_lanes("notify", at=after)

    def _mail_subject(self, template, values):
        if "news" in values:
            return values["news"]._subject()
        return super()._mail_subject(template, values)


class CampusLockerDocument(models.Model):
    _inherit = "campus.locker.document"

    email = fields.Char(
        readonly=True, help="Address its owner was told at; a link sent there opens it."
    )

    def _tell_owners(self):
        """Note that the owners find a new document in their lockers (A131, A025).

        A signer is told at the address he signed with, anybody else at his own.
        """
        vals_list = []
        for document in self:
            source = document.request_id or document.delivery_id
            owner = document.partner_id
            lines = document.request_id.signer_ids
            line = lines.filtered(lambda s, owner=owner: s.partner_id == owner)[:1]
            email = line.email or email_normalize(owner.email or "")
            if not email:
                continue
            document.email = email
            place = source.company_id.partner_id
            vals_list.append(
                {
                    "kind": "available",
                    "partner_id": owner.id,
                    "name": line.name or owner.name,
                    "email": email,
                    "lang": line.lang or owner.lang or place.lang,
                    "company_id": source.company_id.id,
                    "locker_id": document.id,
                }
            )
        self.env["campus.sign.news"].create(vals_list)
        self.env["campus.sign.request"]._trigger_lanes("notify")
