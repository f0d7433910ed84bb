# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64
import binascii

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..engine import scanning


class CampusScanPile(models.Model):
    """A pile of returned pages, scanned into one file and dropped on a list.

    Complete paper conventions are filed at once. What is unknown, damaged, twice there
    or missing waits for a human: nothing is guessed.
    """

    _name = "campus.scan.pile"
    _description = "Pile of scanned pages"
    _order = "id desc"

    name = fields.Char(required=True, readonly=True)
    company_id = fields.Many2one(
        "res.company", string="Establishment", required=True, readonly=True
    )
    user_id = fields.Many2one("res.users", string="Dropped by", readonly=True)
    file = fields.Binary(string="Pile", attachment=True, readonly=True)
    page_ids = fields.One2many("campus.scan.page", "pile_id", string="Pages")
    document_ids = fields.One2many(
        "campus.scan.document", "pile_id", string="Documents found"
    )
    page_count = fields.Integer(compute="_compute_counts", store=True)
    open_count = fields.Integer(
        string="To be seen by somebody", compute="_compute_counts", store=True
    )
    state = fields.Selection(
        [("to_check", "To check"), ("done", "Filed")],
        compute="_compute_counts",
        store=True,
    )

    @api.depends("page_ids.settled")
    def _compute_counts(self):
        for pile in self:
            pile.page_count = len(pile.page_ids)
            pile.open_count = len(pile.page_ids.filtered(lambda page: not page.settled))
            pile.state = "to_check" if pile.open_count else "done"

    @api.model
    def _check_may_file(self):
        """Check that the user files returned papers, of one kind at least."""
        user = self.env.user
        if not user.has_group("campus_sign.group_offers") and not user.has_group(
            "campus_sign.group_send"
        ):
            raise AccessError(
                self.env._(
                    "Scanned copies are filed by who manages offers, or sends "
                    "documents to signature."
                )
            )

    @api.model
    def file_pile(self, name, content):
        """Read a scanned pile and file what is complete.

        :param str name: name of the dropped file
        :param str content: the PDF in base64
        :return: the action that shows the result
        :raise UserError: a file that is no scanned PDF, or exceeds the limits
        """
        self._check_may_file()
        raw = self._decoded(content)
        try:
            pages = scanning.read_pile(raw)
        except scanning.ScanError as error:
            raise UserError(self._refusal(error)) from None
        piles = self.sudo()  # the right to file was checked just above
        pile = piles.create(
            {
                "name": str(name)[:200] if name else self.env._("Scanned pages"),
                "company_id": self.env.company.id,
                "user_id": self.env.uid,
                "file": base64.b64encode(raw),
                "page_ids": [
                    fields.Command.create(
                        {
                            "index": page.index + 1,
                            "status": page.status,
                            "code": page.code,
                            "number": page.page,
                        }
                    )
                    for page in pages
                ],
            }
        )
        pile = pile.with_env(self.env)
        pile._recognise(pile.page_ids)
        pile._file_complete()
        return pile.get_formview_action()

    def _decoded(self, content):
        try:
            return base64.b64decode(content or "", validate=True)
        except (binascii.Error, TypeError, ValueError):
            raise UserError(self.env._("This file could not be read.")) from None

    def _refusal(self, error):
        """Return in words why a pile was refused as a whole."""
        return {
            "not_a_pdf": self.env._("This file is not a PDF, or it is damaged."),
            "encrypted": self.env._(
                "This PDF is protected by a password: scan without protection."
            ),
            "empty": self.env._("This PDF has no page."),
            "too_many_pages": self.env._(
                "This pile has more than %(limit)s pages: drop it in several parts.",
                limit=error.limit,
            ),
            "too_large": self.env._(
                "This file is larger than %(limit)s MB: scan at 200 dpi, or in several "
                "parts.",
                limit=error.limit // (1024 * 1024),
            ),
        }[error.code]

    def _recognise(self, pages):
        """Give each page that says so its document, if the user may see it."""
        pages = pages.filtered("code")
        codes = set(pages.mapped("code"))
        agreements = self.env["campus.visit.agreement"]
        if agreements.has_access("read"):
            agreements = agreements.search([("code", "in", list(codes))])
        requests = self.env["campus.sign.request"].search([("code", "in", list(codes))])
        found = {one.code: one for one in (*agreements, *requests)}
        for page in pages:
            if page.code in found:
                page._assign(found[page.code])
            else:
                page.sudo().status = "stranger"  # what the reading found

    def _file_complete(self):
        """File the paper conventions that are complete; circuits wait for a human,
        who says which of the signers signed on paper.
        """
        for document in self.document_ids.filtered("agreement_id"):
            if not document.problem and document._may_file():
                document._file()

    def _page_picture(self, page):
        """Return the base64 PNG of a page of the pile, False when none can be made."""
        raw = self.sudo().with_context(bin_size=False).file  # the pile's own file
        try:
            picture = scanning.page_picture(base64.b64decode(raw), page.index - 1)
        except scanning.ScanError:
            return False
        return base64.b64encode(picture)

    def _pages_pdf(self, pages):
        """Return the PDF of some pages of the pile."""
        raw = self.sudo().with_context(bin_size=False).file  # the pile's own file
        return scanning.extract_pages(
            base64.b64decode(raw), [page.index - 1 for page in pages]
        )
