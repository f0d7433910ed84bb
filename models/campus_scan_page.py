# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class CampusScanPage(models.Model):
    """One page of a pile, and what a human decided about it."""

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
    number = fields.Integer(string="Page of the document")
    document_id = fields.Many2one(
        "campus.scan.document",
        domain="[('pile_id', '=', pile_id), ('filed_at', '=', False)]",
        ondelete="set null",
        index="btree_not_null",
    )
    left_out = fields.Boolean(help="Seen by somebody: belongs to no document.")
    settled = fields.Boolean(compute="_compute_settled", store=True)

    @api.depends("left_out", "document_id.filed_at")
    def _compute_settled(self):
        for page in self:
            page.settled = page.left_out or bool(page.document_id.filed_at)

    def write(self, vals):
        open_fields = {"number", "document_id", "left_out"}
        if not self.env.su and set(vals) - open_fields:
            raise UserError(self.env._("What was read on a page does not change."))
        if open_fields & set(vals):
            if self.document_id.filtered("filed_at"):
                raise UserError(self.env._("These pages are already filed."))
            if vals.get("left_out"):
                vals = {**vals, "document_id": False}
        return super().write(vals)

    @api.constrains("document_id")
    def _check_document(self):
        for page in self:
            if page.document_id and page.document_id.pile_id != page.pile_id:
                raise UserError(
                    self.env._("This document is not one of the same pile.")
                )

    def _assign(self, agreement, request):
        """Put the page with the others of its document in the pile."""
        documents = self.env["campus.scan.document"].sudo()  # made by the reading
        document = documents.search(
            [
                ("pile_id", "=", self.pile_id.id),
                ("agreement_id", "=", agreement.id),
                ("request_id", "=", request.id),
            ],
            limit=1,
        ) or documents.create(
            {
                "pile_id": self.pile_id.id,
                "agreement_id": agreement.id,
                "request_id": request.id,
            }
        )
        self.sudo().document_id = document  # what the reading found
