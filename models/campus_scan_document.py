# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError


class CampusScanDocument(models.Model):
    """The pages of one document in a pile: complete or not, filed or not."""

    _name = "campus.scan.document"
    _inherit = ["campus.confined"]
    _description = "Document found in a pile"
    _order = "id"

    pile_id = fields.Many2one(
        "campus.scan.pile", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="pile_id.company_id", store=True)
    agreement_id = fields.Many2one(
        "campus.visit.agreement", string="Convention", readonly=True, ondelete="cascade"
    )
    request_id = fields.Many2one(
        "campus.sign.request", string="Document", readonly=True, ondelete="cascade"
    )
    name = fields.Char(compute="_compute_name")
    page_ids = fields.One2many("campus.scan.page", "document_id", string="Pages")
    problem = fields.Text(compute="_compute_problem")
    signer_ids = fields.Many2many(
        "campus.sign.signer",
        string="Signed on paper by",
        domain="[('request_id', '=', request_id), ('status', '=', 'pending'),"
        " ('finaliser', '=', False), ('user_id', '=', False)]",
    )
    filed_at = fields.Datetime(string="Filed on", readonly=True)
    filed_by_id = fields.Many2one("res.users", string="Filed by", readonly=True)
    sha256 = fields.Char(string="Fingerprint", readonly=True)

    def write(self, vals):
        if not self.env.su and set(vals) - {"signer_ids"}:
            raise UserError(self.env._("What was read on a page does not change."))
        return super().write(vals)

    @api.depends("agreement_id", "request_id")
    def _compute_name(self):
        for document in self:
            found = document.agreement_id or document.request_id
            document.name = found.name

    def _expected(self):
        """Return how many pages the document has."""
        found = self.agreement_id or self.request_id
        return found.page_count

    @api.depends(
        "page_ids.number", "agreement_id.scan_id", "agreement_id.state", "filed_at"
    )
    def _compute_problem(self):
        for document in self:
            document.problem = document._refusal() or document._difference()

    def _refusal(self):
        """Return in words why the convention takes no copy, else False."""
        agreement = self.agreement_id
        if not agreement or self.filed_at or agreement._awaits_copy():
            return False
        return self.env._("This convention expects no paper copy.")

    def _difference(self):
        """Return in words which pages are missing, twice there or too many."""
        numbers = self.page_ids.mapped("number")
        wanted = set(range(1, self._expected() + 1))
        parts = []
        if missing := sorted(wanted - set(numbers)):
            parts.append(
                self.env._("Missing pages: %(pages)s.", pages=_joined(missing))
            )
        if double := sorted({one for one in numbers if numbers.count(one) > 1}):
            parts.append(
                self.env._(
                    "Pages several times there: %(pages)s. Leave out all but one.",
                    pages=_joined(double),
                )
            )
        if beyond := sorted(set(numbers) - wanted):
            parts.append(
                self.env._("The document has no page %(pages)s.", pages=_joined(beyond))
            )
        return " ".join(parts) or False

    def _may_file(self):
        """Tell whether the paper convention expects its signed copy from the user."""
        agreement = self.agreement_id
        return (
            not self.filed_at
            and agreement._awaits_copy()
            and agreement._side_of(self.env.user) == "origin"
        )

    def action_file(self):
        """File the document once somebody has settled its pages.

        :raise UserError: pages missing or twice there, nobody chosen, or already filed
        """
        for document in self:
            document.check_access("write")
            document._file()

    def _file(self):
        self.ensure_one()
        if self.filed_at:
            raise UserError(self.env._("These pages are already filed."))
        if self.problem:
            raise UserError(self.problem)
        pages = self.page_ids.sorted("number")
        content = self.pile_id._pages_pdf(pages)
        sha256 = hashlib.sha256(content).hexdigest()
        if self.agreement_id:
            self.agreement_id._check_side("origin")
            self.agreement_id.sudo()._file_scan(content, sha256)  # side checked above
        else:
            self._file_signatures(content)
        filed = {
            "filed_at": fields.Datetime.now(),
            "filed_by_id": self.env.uid,
            "sha256": sha256,
        }
        self.sudo().write(filed)  # traces are written by the act, never by people

    def _reopen(self):
        """Give the pages back to whoever settles the pile."""
        self.write({"filed_at": False, "filed_by_id": False, "sha256": False})

    def _file_signatures(self, content):
        """Record the paper signatures of the lines somebody chose."""
        lines = self.signer_ids
        if not lines:
            raise UserError(
                self.env._("Choose who signed these pages before filing them.")
            )
        self.request_id._check_may_attest()
        request, pages = self.request_id, len(self.page_ids)
        # Each act starts from what is committed, and is a transaction of its own.
        self.env.cr.commit()  # pylint: disable=invalid-commit
        for line in lines:
            request._act_paper(line, content, pages)


def _joined(numbers):
    return ", ".join(map(str, numbers))
