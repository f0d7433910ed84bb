# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.exceptions import UserError

from ..engine import scanning
from .campus_visit_agreement_steps import PAPER, PAPER_STEPS


class CampusVisitAgreement(models.Model):
    """The convention without electronic signature: printing, recording, the signed
    copy that comes back (B018-B024).
    """

    _inherit = "campus.visit.agreement"

    def action_print(self):
        """« Édition des convention en 2 exemplaires »; prints the same again later."""
        self.ensure_one()
        self._check_side("origin")
        if self.state not in ("draft", "origin", "host") or (
            self.frozen_at and self.process != "paper"
        ):
            raise UserError(
                self.env._("There is nothing to print for this convention any more.")
            )
        agreement = self.sudo()  # the right of the side was checked just above
        if not self.frozen_at:
            agreement.process = "paper"
            agreement._freeze()
            agreement._print()
            agreement._record(PAPER[0])
        return {
            "type": "ir.actions.act_url",
            "url": f"/campus_sign/visit/{self.id}/paper.pdf",
            "target": "new",
        }

    def _print(self):
        """Make the paper once: what is printed later is the same file.

        :raise UserError: the document cannot be laid out
        """
        template = self._template()
        request = template._draft(self, code=self.code)
        paper_code = scanning.paper_reference(self.code)
        rendered = template._render_draft(request, self, paper_code)
        self.write(
            {
                "paper_id": self._keep(request._file_name(), rendered.pdf).id,
                "page_count": rendered.pages,
            }
        )

    def _keep(self, name, content):
        """Keep a file of the convention; nobody holds the right to change it."""
        attachments = self.env["ir.attachment"].sudo()  # the convention's own act
        return attachments.create(
            {
                "name": name,
                "raw": content,
                "mimetype": "application/pdf",
                "res_model": self._name,
                "res_id": self.id,
            }
        )

    def _paper_file(self):
        """Return ``(file name, bytes)``: both copies, one after the other."""
        self.ensure_one()
        paper = self.sudo().paper_id  # read right checked by the caller
        if not paper:
            raise UserError(self.env._("This convention was not printed."))
        pages = list(range(self.page_count))
        return paper.name, scanning.extract_pages(paper.raw, pages + pages)

    def action_record_step(self):
        """Record the next step of the paper process, with its date and person."""
        self.ensure_one()
        self.check_access("read")
        step = PAPER_STEPS.get(self.next_step)
        if not step:
            raise UserError(self.env._("No step of this convention is to be recorded."))
        self._check_side("origin" if self.external else step.side)
        self.sudo()._record(step)  # the side of the step was checked just above

    def _record(self, step, implied=False):
        """Write that a step is done, now, by the present user."""
        self.env["campus.visit.step"].create(
            {
                "agreement_id": self.id,
                "code": step.code,
                "user_id": self.env.uid,
                "implied": implied,
            }
        )

    def _undoable(self):
        """Return the last step that counts, empty when it is not to be taken back.

        The printing froze the list: cancelling or restarting is what undoes it.
        """
        last = self._live_steps().sorted("id")[-1:]
        return last if not self.closed_at and last.code != PAPER[0].code else last[:0]

    def action_undo_step(self):
        """Take back the last step, recorded in error; the history keeps both.

        A filed copy goes back to its pile, where its pages are settled again.

        :raise UserError: there is no step to take back
        """
        self.ensure_one()
        self.check_access("read")
        step = self._undoable()
        if not step:
            raise UserError(
                self.env._(
                    "There is no step to take back: cancel or restart the convention "
                    "instead."
                )
            )
        side = PAPER_STEPS[step.code].side
        self._check_side("origin" if self.external else side)
        self.sudo()._undo(step.sudo())  # the side of the step was checked just above

    def _undo(self, steps):
        """Take back a step; with a filed copy, all that only the copy showed."""
        if self.scan_id:
            steps |= self._live_steps().filtered("implied")
            self.env["campus.scan.document"].search(
                [("agreement_id", "=", self.id), ("filed_at", "!=", False)]
            )._reopen()
            self.write({"scan_id": False, "scan_sha256": False})
        steps.write({"undone_at": fields.Datetime.now(), "undone_by_id": self.env.uid})
        steps.flush_recordset()  # before the same step is recorded again

    def _awaits_copy(self):
        """Tell whether the paper convention has no signed copy on file yet."""
        return (
            self.process == "paper"
            and self.state in ("origin", "host", "done")
            and not self.scan_id
        )

    def _file_scan(self, content, sha256):
        """Keep the scan of the copy signed by both: it is here, whatever was recorded.

        Steps that nobody recorded are marked as shown by the copy itself.

        :raise UserError: the convention is not on paper, or is over
        """
        self.ensure_one()
        if not self._awaits_copy():
            raise UserError(self.env._("This convention expects no paper copy."))
        done = self._live_steps().mapped("code")
        for step in PAPER:
            if step.code not in done:
                self._record(step, implied=step.code != "received_origin")
        name = self.env._("Signed convention - %(name)s", name=self.name) + ".pdf"
        self.write({"scan_id": self._keep(name, content).id, "scan_sha256": sha256})
