# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

#: The code was read: the page belongs to the document it names, or to none.
READ = ("found", "stranger")


class CampusScanPage(models.Model):
    """One page of a pile, and what a human decided about it.

    Nobody holds the right to write it: it changes by acts, which know what was read.
    """

    _name = "campus.scan.page"
    _description = "Scanned page"
    _order = "index, id"
    _rec_name = "index"

    pile_id = fields.Many2one(
        "campus.scan.pile", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="pile_id.company_id", store=True)
    index = fields.Integer(string="Place in the pile", readonly=True)
    status = fields.Selection(
        [
            ("found", "Recognised"),
            ("none", "No code on the page"),
            ("damaged", "Damaged code"),
            ("foreign", "Code of something else"),
            ("several", "Two documents on one page"),
            ("stranger", "Document you do not follow"),
        ],
        readonly=True,
    )
    code = fields.Char(string="Reference", readonly=True)
    number = fields.Integer(string="Page of the document", readonly=True)
    document_id = fields.Many2one(
        "campus.scan.document",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )
    left_out = fields.Boolean(
        readonly=True, help="Seen by somebody: belongs to no document."
    )
    settled = fields.Boolean(compute="_compute_settled", store=True)

    @api.depends("left_out", "document_id.filed_at")
    def _compute_settled(self):
        for page in self:
            page.settled = page.left_out or bool(page.document_id.filed_at)

    # === ACTS ===#

    def action_look(self):
        """Show the page, and let somebody say what it is."""
        self.ensure_one()
        self._check_open()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Page %(place)s of the pile", place=self.index),
            "res_model": "campus.scan.settle",
            "view_mode": "form",
            "target": "new",
            "context": {"default_page_id": self.id},
        }

    def action_leave_out(self):
        """Say that the pages belong to no document."""
        self._check_open()
        # The right to file was checked just above.
        self.sudo().write({"left_out": True, "document_id": False})

    def action_put_back(self):
        """Take back that the pages belong to no document."""
        self._check_open()
        self.sudo().left_out = False  # the right to file was checked just above
        self.pile_id._recognise(self)

    def _check_open(self):
        """Check that the user settles these pages and that nobody filed them.

        :raise UserError: they are filed
        """
        self.check_access("read")
        self.pile_id._check_may_file()
        if self.document_id.filtered("filed_at"):
            raise UserError(self.env._("These pages are already filed."))

    def _settle(self, document, number):
        """Say which page of which document a page is whose code was not read.

        :param document: a paper convention or a circuit, which the user may see
        :raise UserError: the code was read, the document expects no paper, or it has
            no such page
        """
        self.ensure_one()
        self._check_open()
        document.check_access("read")
        if document._name == "campus.visit.agreement":
            document._check_side("origin")
        if self.status in READ:
            raise UserError(
                self.env._(
                    "The code of this page was read: it goes with the document it "
                    "names, or with none."
                )
            )
        if not document._awaits_copy():
            raise UserError(
                self.env._("%(name)s expects no paper copy.", name=document.name)
            )
        if not 1 <= number <= document.page_count:
            raise UserError(
                self.env._(
                    "%(name)s has %(count)s pages: give the number of this one.",
                    name=document.name,
                    count=document.page_count,
                )
            )
        self.sudo().write({"number": number, "left_out": False})  # checked just above
        self._assign(document)

    def _assign(self, found):
        """Put the page with the others of its document in the pile."""
        field = (
            "agreement_id" if found._name == "campus.visit.agreement" else "request_id"
        )
        documents = self.env["campus.scan.document"].sudo()  # made by the reading
        document = documents.search(
            [
                ("pile_id", "=", self.pile_id.id),
                (field, "=", found.id),
                ("filed_at", "=", False),
            ],
            limit=1,
        ) or documents.create({"pile_id": self.pile_id.id, field: found.id})
        self.sudo().document_id = document  # what the reading, or somebody, found
