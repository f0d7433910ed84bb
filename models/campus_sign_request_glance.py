# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..engine import circuit

#: Persons named in a line of the list; the others are counted.
NAMED = 2


class CampusSignRequest(models.Model):
    """At a glance: what each signer did, what blocks, since when (A115)."""

    _inherit = "campus.sign.request"

    signer_marks = fields.Json(
        compute="_compute_glance",
        string="Signers",
        help="✓ signed, ⌚ not yet, ✗ refused or closed without this signature.",
    )
    held_up_by = fields.Char(
        compute="_compute_glance",
        string="What holds it up",
        help="Who has to act for the document to go on, since when he knows, how often "
        "he was reminded; or why it went no further.",
    )

    @api.depends(
        "state",
        "failure",
        "close_reason",
        "signer_ids.status",
        "signer_ids.name",
        "signer_ids.signed_by",
        "signer_ids.role_name",
        "signer_ids.mandatory",
        "signer_ids.notice_state",
        "signer_ids.notified_at",
        "signer_ids.reminder_count",
        "signer_ids.disowned_at",
        "signer_ids.proposal_id",
    )
    def _compute_glance(self):
        now = fields.Datetime.now()
        status = self.env["campus.sign.signer"]._fields["status"]
        labels = dict(status._description_selection(self.env))
        for request in self:
            turns = request._may_sign_now(now)
            request.signer_marks = [
                {**signer._mark_vals(signer in turns), "status": labels[signer.status]}
                for signer in request.signer_ids
            ]
            request.held_up_by = request._holdup(turns, now)

    def _holdup(self, turns, now):
        """Return why the document does not go on, in one line for the office.

        :param turns: lines whose turn it is
        """
        self.ensure_one()
        if self.state == "failed":
            return self.failure
        if self.state == "expired":
            turns = self.signer_ids.filtered(
                lambda line: line.status == "pending" and not line.finaliser
            )
        elif self.state in circuit.CLOSED_STATES:
            return self._refusal() if self.state == "refused" else self.close_reason
        # While mandatory signatures are missing, nobody waits for an optional one.
        lines = turns.filtered(lambda line: line.mandatory or line.finaliser) or turns
        if not lines:
            return False
        troubled = lines.filtered(lambda line: line._trouble())
        lines = troubled | lines  # what the office has to mend comes first
        names = [
            f"{line.name} ({line._trouble()})" if line in troubled else line.name
            for line in lines[:NAMED]
        ]
        more = f" + {len(lines) - NAMED}" if len(lines) > NAMED else ""
        words = [", ".join(names) + more]
        told = min(filter(None, lines.mapped("notified_at")), default=None)
        days = (now - told).days if told else None
        if days == 0:
            words.append(self.env._("since today"))
        elif days:
            words.append(self.env._("for %(days)s day(s)", days=days))
        words.append(lines._reminders_given())
        return " · ".join(filter(None, words))

    def _refusal(self):
        """Return who refused, and why."""
        line = self.signer_ids.filtered(
            lambda s: s.status == "refused" and (s.mandatory or s.finaliser)
        )[:1]
        return self.env._(
            "%(name)s (%(role)s) refused: %(reason)s",
            name=line.name,
            role=line.role_name,
            reason=self.close_reason,
        )

    def _short_time(self, moment):
        """Return a moment in the establishment's zone, to the minute."""
        if not moment:
            return ""
        zone = self.sudo().company_id.partner_id._campus_zone()  # a clock
        local = fields.Datetime.context_timestamp(self.with_context(tz=zone), moment)
        return local.strftime("%d/%m/%Y %H:%M")


class CampusSignSigner(models.Model):
    _inherit = "campus.sign.signer"

    def _reminders_given(self):
        """Return how often whoever was reminded most was, in words."""
        count = max(self.mapped("reminder_count"))
        if count > 1:
            return self.env._("%(count)s reminders", count=count)
        return self.env._("1 reminder") if count else ""

    def _trouble(self):
        """Return what the office has to mend before this person signs, else ``""``."""
        self.ensure_one()
        if self.notice_state == "undelivered":
            return self.env._("address in error")
        if self.notice_state == "unsent":
            return self.env._("mail server in error")
        if self.status == "pending" and self.disowned_at:
            return self.env._("not this person")
        if self.status == "pending" and self.proposal_id:
            return self.env._("proposes somebody else")
        return ""

    def _mark_vals(self, turn):
        """Return what the list shows of a line: a mark, and the person behind it.

        :param turn: whether he may sign now
        """
        self.ensure_one()
        request = self.request_id
        words = []
        if self.status == "pending" and not turn:
            words.append(self.env._("not his turn yet"))
        if turn and self.notified_at:
            told = request._short_time(self.notified_at)
            words.append(self.env._("told on %(date)s", date=told))
        if turn and self.reminder_count:
            words.append(self._reminders_given())
        return {
            "id": self.id,
            "mark": self.mark,
            "name": self._signed_name(),
            "role": self.role_name or "",
            "optional": not (self.mandatory or self.finaliser),
            "when": request._short_time(self.acted_at),
            "turn": turn,
            "trouble": self._trouble() if turn else "",
            "told": ", ".join(words),
        }
