# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime, timezone

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime

from ..engine import circuit
from .campus_sign_batch import MAX_DOCUMENTS
from .campus_sign_notice import NOT_DELIVERED

SIGNER_COLUMNS = 6
_ADDRESS_IN_ERROR = "⚠"
_MARKS = {"signed": "✓", "paper": "✓", "refused": "✗", "closed": "✗", "pending": "⌚"}


class CampusSignRequest(models.Model):
    """What the office sees of a circuit, and its buttons (A112-A115, A134)."""

    _inherit = "campus.sign.request"

    signer_1 = fields.Char(compute="_compute_signer_columns")
    signer_2 = fields.Char(compute="_compute_signer_columns")
    signer_3 = fields.Char(compute="_compute_signer_columns")
    signer_4 = fields.Char(compute="_compute_signer_columns")
    signer_5 = fields.Char(compute="_compute_signer_columns")
    signer_6 = fields.Char(compute="_compute_signer_columns")
    shared_mark = fields.Char(
        compute="_compute_shared_mark",
        string="Shared",
        help="🌐 The final file is in at least one locker (A129).",
    )
    may_finalise = fields.Boolean(compute="_compute_may_finalise")
    is_overdue = fields.Boolean(compute="_compute_is_overdue", string="Overdue")
    timeline = fields.Html(compute="_compute_timeline", sanitize=False)

    # === COMPUTE METHODS ===#

    @api.depends(
        "signer_ids.status",
        "signer_ids.name",
        "signer_ids.signed_by",
        "signer_ids.role_name",
        "signer_ids.notice_state",
    )
    def _compute_signer_columns(self):
        for request in self:
            texts = [signer._mark_text() for signer in request.signer_ids]
            for index in range(SIGNER_COLUMNS):
                text = texts[index] if index < len(texts) else False
                request[f"signer_{index + 1}"] = text

    @api.depends("locker_ids.published")
    def _compute_shared_mark(self):
        for request in self:
            published = request.locker_ids.filtered("published")
            request.shared_mark = "🌐" if published else False

    @api.depends("state", "signer_ids.status", "signer_ids.user_id")
    @api.depends_context("uid")
    def _compute_may_finalise(self):
        """Tell whether the present user is asked to sign for the establishment."""
        user = self.env.user
        for request in self:
            mine = request.signer_ids.filtered(
                lambda line: (
                    line.user_id and line.status == "pending" and line._represents(user)
                )
            )
            request.may_finalise = bool(mine and mine & request._may_sign_now())

    @api.depends("state", "deadline")
    def _compute_is_overdue(self):
        now = fields.Datetime.now()
        for request in self:
            request.is_overdue = bool(
                request.deadline
                and request.deadline < now
                and request.state in circuit.OPEN_STATES
            )

    @api.depends("state", "revisions", "signer_ids.status")
    def _compute_timeline(self):
        for request in self:
            request.timeline = self.env["ir.qweb"]._render(
                "campus_sign.request_timeline", {"steps": request._steps()}
            )

    # === TIMELINE: one reading of the log, shown on screen and in the proof ===#

    def _event_labels(self):
        """Return ``{kind: what happened}`` for people."""
        return {
            "requested": self.env._("Sending requested"),
            "created": self.env._("Document made"),
            "sealed": self.env._("Certified by the establishment's seal"),
            "sent": self.env._("Circuit opened"),
            "notified": self.env._("Signer told"),
            "opened": self.env._("Document opened"),
            "read": self.env._("Document read to the end"),
            "consented": self.env._("Consent given"),
            "signed": self.env._("Signed"),
            "refused": self.env._("Refused"),
            "replaced": self.env._("Signer replaced"),
            "extended": self.env._("Deadline moved"),
            "paper": self.env._("Signed on paper"),
            "reminded": self.env._("Signer reminded"),
            "cancelled": self.env._("Signatures cancelled"),
            "expired": self.env._("Expired"),
            "archived": self.env._("Archived"),
            "long_term_sealed": self.env._("Sealed for the long term"),
            "published": self.env._("Put in the lockers"),
            "downloaded": self.env._("Downloaded"),
            "verified": self.env._("Verified"),
            "deleted": self.env._("Deleted"),
            "disowned": self.env._("“This is not me”: link stopped"),
            "proposed": self.env._("Another signer proposed"),
            "declined": self.env._("Proposed signer declined"),
        }

    def _steps(self):
        """Return the events for people, oldest first.

        Each is ``{seq, kind, label, when, field, signer, who, identified, ip, agent,
        login, detail, before, after, hash}``, all text; ``who`` and what follows are
        empty once the person was forgotten.
        """
        self.ensure_one()
        labels = self._event_labels()
        signers = {signer.field_name: signer for signer in self.signer_ids}
        persons = self._event_persons()
        steps = []
        for record in self._event_context():
            event = record._to_engine()
            person = persons.get(event.seq, {})
            field = event.payload.get("field", "")
            signer = signers.get(field)
            steps.append(
                {
                    "seq": event.seq,
                    "kind": event.kind,
                    "label": labels.get(event.kind, event.kind),
                    "when": self._local_time(event.time),
                    "field": field,
                    "signer": signer.display_name if signer else "",
                    "who": person.get("name", ""),
                    "login": person.get("login", ""),
                    "identified": self._identified(event.kind, person),
                    "ip": person.get("ip", ""),
                    "agent": person.get("agent", ""),
                    "detail": self._event_detail(event.payload, person),
                    "before": event.before or "",
                    "after": event.after or "",
                    "hash": record.hash,
                }
            )
        return steps

    def _event_persons(self):
        """Return ``{seq: personal part}`` of the events not yet forgotten."""
        rows = self.env["campus.sign.event.person"].sudo()  # with the request's right
        found = rows.search([("request_ref", "=", self.id)])
        return {row.seq: row.data for row in found}

    def _identified(self, kind, person):
        """Return by what the person who consented was known, empty elsewhere."""
        if kind != "consented":
            return ""
        if person.get("channel") == "link":
            return self.env._(
                "Identified by the personal link sent to %(address)s",
                address=person.get("email", ""),
            )
        if person.get("channel") == "account":
            return self.env._(
                "Identified by the account %(login)s", login=person.get("login", "")
            )
        return ""

    def _event_detail(self, payload, person):
        """Return what else an event says, in a few words."""
        parts = []
        if person.get("reason"):
            parts.append(self.env._("Reason: %(reason)s", reason=person["reason"]))
        if person.get("old"):
            parts.append(f"{person['old']} → {person.get('new', '')}")
        if person.get("for"):
            parts.append(self.env._("For %(head)s", head=person["for"]))
        if payload.get("batch"):
            parts.append(self._batch_detail(payload))
        if payload.get("deadline"):
            deadline = fields.Datetime.to_datetime(payload["deadline"])
            parts.append(
                self.env._("Deadline: %(date)s", date=self._local_time(deadline))
            )
        if payload.get("pages"):
            parts.append(
                self.env._(
                    "%(pages)s page(s) in %(seconds)s s",
                    pages=payload["pages"],
                    seconds=payload.get("seconds", 0),
                )
            )
        if payload.get("scan"):
            parts.append(
                self.env._(
                    "Scan of %(pages)s page(s), sha256:%(sha)s",
                    pages=payload.get("scan_pages", 0),
                    sha=payload["scan"],
                )
            )
        if payload.get("code"):
            methods = dict(self._fields["code_method"]._description_selection(self.env))
            parts.append(
                self.env._(
                    "Code verified: %(method)s",
                    method=methods.get(payload["code"], payload["code"]),
                )
            )
        parts += [self._consent_detail(text) for text in payload.get("consents", ())]
        if payload.get("channel"):
            parts.append(self._channel_detail(payload, person))
        return " · ".join(parts)

    def _consent_detail(self, text):
        """Return which text a signer accepted: its title, never its code."""
        titles = dict(
            self.env["campus.sign.consent"]
            ._fields["code"]
            ._description_selection(self.env)
        )
        return self.env._(
            "Accepted: %(title)s (version %(version)s)",
            title=titles.get(text["code"], text["code"]),
            version=text["version"],
        )

    def _channel_detail(self, payload, person):
        """Return by which way a person was told, who reads it unless forgotten."""
        channels = {
            "email": self.env._("By e-mail"),
            "sms": self.env._("By SMS"),
            "activity": self.env._("By an activity in the application"),
            "portal": self.env._("In the portal"),
        }
        words = channels.get(payload["channel"], payload["channel"])
        address = person.get("email") or person.get("number")
        return f"{words} ({address})" if address else words

    def _batch_detail(self, payload):
        """Return what the event of a consent to many documents says of it."""
        batch = payload["batch"]
        declared = payload.get("reading") == "declared"
        reading = (
            self.env._("reading declared by the signer")
            if declared
            else self.env._("read to the end on screen")
        )
        return self.env._(
            "One consent to %(count)s document(s), given on %(date)s (batch "
            "%(code)s); %(reading)s",
            count=batch["documents"],
            date=self._local_time(batch["consented_at"]),
            code=batch["code"],
            reading=reading,
        )

    def _local_time(self, moment):
        """Return a moment in the establishment's zone, with its offset.

        :param moment: naive UTC datetime, or the ISO text of an event
        """
        if isinstance(moment, str):
            moment = datetime.fromisoformat(moment.replace("Z", "+00:00"))
            moment = moment.astimezone(timezone.utc).replace(tzinfo=None)
        zone = self.sudo().company_id.partner_id._campus_zone()  # a clock
        return format_datetime(
            self.env, moment, tz=zone, dt_format="dd/MM/yyyy HH:mm:ss xxx"
        )

    # === ACTIONS ===#

    def _open_url(self, path):
        self.ensure_one()
        self._check_may_follow()
        return {
            "type": "ir.actions.act_url",
            "url": f"/campus_sign/request/{self.id}/{path}",
            "target": "new",
        }

    def action_open_document(self):
        """Open the document in a new tab, to read or print it (A133)."""
        return self._open_url("document.pdf")

    def action_download_signed(self):
        """Download the document with the signatures given so far (A136)."""
        return self._open_url("document.pdf?download=1")

    def action_download_proof(self):
        """Download the proof file (A135)."""
        return self._open_url("proof.pdf?download=1")

    def action_finalise(self):
        """Open the batch screen on the documents that wait for the user (A120)."""
        self._check_may_follow()
        mine = self.filtered("may_finalise")
        if not mine:
            raise UserError(
                self.env._(
                    "None of these documents waits for your signature on behalf of "
                    "the establishment."
                )
            )
        if len(mine) > MAX_DOCUMENTS:
            raise UserError(
                self.env._(
                    "Select %(count)s documents at most: they are signed with one "
                    "consent.",
                    count=MAX_DOCUMENTS,
                )
            )
        documents = ",".join(str(request_id) for request_id in mine.ids)
        return {
            "type": "ir.actions.act_url",
            "url": f"/my/sign/batch?documents={documents}",
            "target": "new",
        }

    def action_consult(self):
        """Open the documents one after the other, preview beside timeline (A111)."""
        self._check_may_follow()
        return {
            "type": "ir.actions.client",
            "tag": "campus_sign_consult",
            "name": self.env._("Consult the documents"),
            "params": {"ids": self.ids},
        }

    def action_open_record(self):
        """Open the record the document was made from."""
        self.ensure_one()
        self._check_may_follow()
        record = self.env[self.res_model].browse(self.res_id).exists()
        if not record:
            raise UserError(self.env._("The record of this document was deleted."))
        record.check_access("read")
        return record.get_formview_action()


class CampusSignSigner(models.Model):
    _inherit = "campus.sign.signer"

    mark = fields.Char(
        compute="_compute_mark",
        help="✓ signed, ⌚ not yet, ✗ refused or closed without this signature (A115).",
    )
    acted_at = fields.Datetime(compute="_compute_mark", string="On")
    may_replace = fields.Boolean(compute="_compute_may_replace")

    @api.depends("status", "signed_at", "refused_at")
    def _compute_mark(self):
        for signer in self:
            signer.mark = _MARKS[signer.status]
            signer.acted_at = signer.signed_at or signer.refused_at

    @api.depends("status", "finaliser", "request_id.state")
    def _compute_may_replace(self):
        for signer in self:
            signer.may_replace = (
                signer.status == "pending"
                and not signer.finaliser
                and not signer.user_id
                and signer.request_id.state in circuit.OPEN_STATES
            )

    def action_open_person(self):
        """Open the record of the signer: the student's, or the contact's (A134)."""
        self.ensure_one()
        self.request_id._check_may_follow()
        student = self.env["campus.student"].search(
            [("partner_id", "=", self.partner_id.id)], limit=1
        )
        record = student or self.partner_id
        record.check_access("read")
        return record.get_formview_action()

    def _mark_text(self):
        self.ensure_one()
        star = "" if self.mandatory else " *"
        if self.notice_state in NOT_DELIVERED:
            return f"{_ADDRESS_IN_ERROR} {self.name} ({self.role_name}){star}"
        return f"{self.mark} {self._signed_name()} ({self.role_name}){star}"
