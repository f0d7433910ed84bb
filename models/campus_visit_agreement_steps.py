# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dataclasses import dataclass
from datetime import timedelta

from odoo import api, fields, models


@dataclass(frozen=True)
class Step:
    """One step of the paper process."""

    code: str
    side: str
    """``origin`` or ``host``"""
    days: int
    """Days after the step before, beyond which it is overdue."""


# B018-B024, in their order.
PAPER = (
    Step("printed", "origin", 1),
    Step("signed_origin", "origin", 3),
    Step("sent", "origin", 2),
    Step("received_host", "host", 5),
    Step("signed_host", "host", 7),
    Step("returned", "host", 2),
    Step("received_origin", "origin", 5),
)
PAPER_STEPS = {step.code: step for step in PAPER}
# Days a head has to sign on the screen before the step shows as overdue.
ELECTRONIC_DAYS = 7


class CampusVisitAgreementSteps(models.Model):
    """The steps of both processes: who did what, when, what is late (B010-B024)."""

    _inherit = "campus.visit.agreement"

    step_ids = fields.One2many("campus.visit.step", "agreement_id", string="Steps")
    code = fields.Char(
        string="Reference",
        readonly=True,
        copy=False,
        default=lambda self: self._default_code(),
        help="Printed on each page of the paper, with its page number.",
    )
    paper_id = fields.Many2one(
        "ir.attachment", string="Printed paper", readonly=True, ondelete="restrict"
    )
    page_count = fields.Integer(readonly=True)
    scan_id = fields.Many2one(
        "ir.attachment",
        string="Scan of the signed copy",
        readonly=True,
        ondelete="restrict",
    )
    scan_sha256 = fields.Char(string="Fingerprint of the scan", readonly=True)
    next_step = fields.Char(compute="_compute_next", store=True)
    next_step_label = fields.Char(string="Next step", compute="_compute_next_label")
    next_due = fields.Date(string="Due", compute="_compute_next", store=True)
    is_overdue = fields.Boolean(
        string="Overdue", compute="_compute_is_overdue", search="_search_is_overdue"
    )
    may_record = fields.Boolean(compute="_compute_may_record")
    may_undo = fields.Boolean(compute="_compute_may_record")
    progress = fields.Html(compute="_compute_progress", sanitize=False)

    _code_uniq = models.Constraint("UNIQUE(code)", "This reference is already used.")

    def _default_code(self):
        return self.env["campus.sign.request"]._default_code()

    # === WHAT COMES NEXT ===#

    def _live_steps(self):
        """Return the steps that count: those recorded and not taken back."""
        return self.step_ids.filtered(lambda step: not step.undone_at)

    def _paper_next(self):
        """Return the next :class:`Step` on paper, ``None`` after the last."""
        done = set(self._live_steps().mapped("code"))
        return next((step for step in PAPER if step.code not in done), None)

    @api.depends(
        "state",
        "step_ids.undone_at",
        "frozen_at",
        "request_ids.signer_ids.status",
    )
    def _compute_next(self):
        for agreement in self:
            code, since = agreement._next()
            agreement.next_step = code
            agreement.next_due = since

    def _next(self):
        """Return (code of the next step, day it is due), both False at the end."""
        if self.state not in ("origin", "host"):
            return False, False
        if self.process == "paper":
            step = self._paper_next()
            last = max(self._live_steps().mapped("done_at"), default=self.frozen_at)
            return step.code, (last + timedelta(days=step.days)).date()
        signed = [
            d for d in self._circuit_request().signer_ids.mapped("signed_at") if d
        ]
        since = max(signed, default=self.frozen_at)
        return f"sign_{self.state}", (since + timedelta(days=ELECTRONIC_DAYS)).date()

    @api.depends("next_step")
    def _compute_next_label(self):
        labels = self._step_labels()
        for agreement in self:
            agreement.next_step_label = labels.get(agreement.next_step, False)

    @api.depends("next_due", "state")
    def _compute_is_overdue(self):
        today = fields.Date.context_today(self)
        for agreement in self:
            agreement.is_overdue = bool(
                agreement.next_due and agreement.next_due < today
            )

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = [("next_due", "<", fields.Date.context_today(self))]
        if set(value) == {True}:
            return late
        return ["!", *late] if set(value) == {False} else []

    @api.depends("next_step", "side", "external", "closed_at", "step_ids.undone_at")
    @api.depends_context("uid")
    def _compute_may_record(self):
        for agreement in self:
            step = PAPER_STEPS.get(agreement.next_step)
            agreement.may_record = bool(step) and agreement._records(step)
            last = PAPER_STEPS.get(agreement._undoable().code)
            agreement.may_undo = bool(last) and agreement._records(last)

    def _records(self, step):
        """Tell whether the user records a step; for a host outside the database, the
        establishment of origin does.
        """
        if self.side == "origin":
            return step.side == "origin" or self.external
        return self.side == step.side

    # === BOTH PROCESSES IN TWO COLUMNS (B010, B017) ===#

    def _step_labels(self):
        """Return ``{code: what is done}`` in the reader's language."""
        signature = self.env._("Signature")
        electronic = self.env._("Sign the agreement electronically")
        return {
            "printed": self.env._("Printing of the agreements in 2 copies"),
            "signed_origin": signature,
            "sent": self.env._(
                "Sending of the 2 copies to the host establishment (with the list of "
                "pupils)"
            ),
            "received_host": self.env._("Reception of the 2 copies"),
            "signed_host": signature,
            "returned": self.env._(
                "Return of a signed copy to the establishment of origin"
            ),
            "received_origin": self.env._("Reception of the signed copy"),
            "sign_origin": electronic,
            "told_host": self.env._(
                "Signature notification sent to the host establishment"
            ),
            "sign_host": electronic,
            "told_origin": self.env._(
                "Signature notification sent to the establishment of origin"
            ),
            "download": self.env._("Download the signed agreement"),
        }

    def _steps(self):
        """Return the steps for people: ``{code, side, label, done, who, current,
        late, implied}`` in their order; ``side`` is ``both`` for the download.
        """
        self.ensure_one()
        found = (
            self._paper_steps() if self.process == "paper" else self._circuit_steps()
        )
        labels = self._step_labels()
        zone = self.origin_id._campus_zone()
        current = next((code for code, _side, done, *_who in found if not done), None)
        return [
            {
                "code": code,
                "side": side,
                "label": labels[code],
                "done": self._moment(done, zone),
                "who": who,
                "implied": implied,
                "current": code == current and self.state not in ("draft", "done"),
                "late": code == current and self.is_overdue,
            }
            for code, side, done, who, implied in found
        ]

    def _moment(self, moment, zone):
        if not moment:
            return False
        local = fields.Datetime.context_timestamp(self.with_context(tz=zone), moment)
        return local.strftime("%d/%m/%Y %H:%M")

    def _paper_steps(self):
        steps = self.sudo()._live_steps()  # of this convention
        done = {step.code: step for step in steps}
        rows = []
        for step in PAPER:
            record = done.get(step.code)
            rows.append(
                (
                    step.code,
                    step.side,
                    record.done_at if record else False,
                    record.user_id.name if record else "",
                    bool(record and record.implied),
                )
            )
        return rows

    def _circuit_steps(self):
        circuit = self._circuit_request() if self.frozen_at else self.request_ids
        lines = {line.role_id.code: line for line in circuit.sudo().signer_ids}
        nobody = self.env["campus.sign.signer"]
        origin, host = lines.get("origin", nobody), lines.get("host", nobody)
        over = circuit.sudo().sealed_at if circuit else False
        return [
            ("sign_origin", "origin", origin.signed_at, _who(origin), False),
            ("told_host", "origin", host.notified_at, host.name or "", False),
            ("sign_host", "host", host.signed_at, _who(host), False),
            ("told_origin", "host", over, origin.name or "" if over else "", False),
            ("download", "both", over, "", False),
        ]

    def _compute_progress(self):
        for agreement in self:
            agreement.progress = self.env["ir.qweb"]._render(
                "campus_sign.visit_progress",
                {"steps": agreement._steps(), "process": agreement.process},
            )


def _who(line):
    return line.name or "" if line.status in ("signed", "paper") else ""
