# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine.circuit import OPEN_STATES
from ..models.campus_scan_page import READ


class CampusScanSettle(models.TransientModel):
    """Show a scanned page, and ask somebody which page of which document it is."""

    _name = "campus.scan.settle"
    _inherit = ["campus.confined"]
    _description = "Look at a scanned page"

    page_id = fields.Many2one(
        "campus.scan.page", required=True, readonly=True, ondelete="cascade"
    )
    status = fields.Selection(related="page_id.status", related_sudo=False)
    left_out = fields.Boolean(related="page_id.left_out", related_sudo=False)
    settled = fields.Boolean(related="page_id.settled", related_sudo=False)
    unread = fields.Boolean(compute="_compute_page")
    picture = fields.Binary(compute="_compute_page")
    agreement_id = fields.Many2one(
        "campus.visit.agreement",
        string="Convention",
        domain="[('company_id', 'in', allowed_company_ids), ('process', '=', 'paper'),"
        " ('state', 'in', ('origin', 'host', 'done')), ('scan_id', '=', False)]",
        groups="campus_sign.group_offers",
    )
    request_id = fields.Many2one(
        "campus.sign.request",
        string="Document in circulation",
        domain=[("state", "in", tuple(OPEN_STATES))],
        groups="campus_sign.group_send",
    )
    number = fields.Integer(string="Page of the document")

    @api.constrains("page_id", "agreement_id", "request_id")
    def _check_seen(self):
        """Name nothing that the user does not see."""
        mine = self.sudo()  # as constraints run: fields of the other right are closed
        for named in (mine.page_id, mine.agreement_id, mine.request_id):
            named.with_env(self.env(su=False)).check_access("read")

    @api.depends("page_id")
    def _compute_page(self):
        for wizard in self:
            page = wizard.page_id
            wizard.unread = page.status not in READ
            wizard.picture = page.pile_id._page_picture(page) if page else False

    def action_settle(self):
        """Put the page with its document.

        :raise UserError: not exactly one document, or it does not take the page
        """
        self.ensure_one()
        self.check_access("read")
        # The fields of one right are closed to the other; `_settle` asks for both.
        mine = self.sudo()
        chosen = [one for one in (mine.agreement_id, mine.request_id) if one]
        if len(chosen) != 1:
            raise UserError(self.env._("Choose the document this page belongs to."))
        self.page_id._settle(chosen[0].with_env(self.env), self.number)

    def action_leave_out(self):
        """Say that the page belongs to no document."""
        self.check_access("read")
        self.page_id.action_leave_out()

    def action_put_back(self):
        """Take back that the page belongs to no document."""
        self.check_access("read")
        self.page_id.action_put_back()
