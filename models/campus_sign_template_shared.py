# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain


class CampusSignTemplate(models.Model):
    """A template common to all establishments: used by each of them, changed by who
    configures all of them (record rules on :attr:`reserved`)."""

    _inherit = "campus.sign.template"

    company_id = fields.Many2one(default=lambda self: self._own_establishment())
    reserved = fields.Boolean(
        compute="_compute_reserved",
        search="_search_reserved",
        help="Common to all establishments, not all of which are the reader's: he uses "
        "it and duplicates it, he does not change it.",
    )

    @api.depends("company_id")
    @api.depends_context("uid")
    def _compute_reserved(self):
        everywhere = self.env.user._is_everywhere()
        for template in self:
            template.reserved = not (template.company_id or everywhere)

    def _search_reserved(self, operator, value):
        if operator != "in":
            return NotImplemented
        reserved = Domain.FALSE
        if not self.env.user._is_everywhere():
            reserved = Domain("company_id", "=", False)
        return Domain.OR([reserved if one else ~reserved for one in value])

    @api.model
    def _own_establishment(self):
        """Return the establishment of the templates the user makes: none, that is
        all, when he may share them."""
        if self.env.su or self.env.user._is_everywhere():
            return self.env["res.company"]
        return self.env.company

    def copy_data(self, default=None):
        copies = super().copy_data(default)
        if "company_id" not in (default or {}):
            for template, vals in zip(self, copies, strict=True):
                if template.reserved:
                    vals["company_id"] = self._own_establishment().id
        return copies

    def _check_access(self, operation):
        refusal = super()._check_access(operation)
        return refusal and _explained(refusal, operation, "reserved")


class CampusSignTemplateSigner(models.Model):
    _inherit = "campus.sign.template.signer"

    def _check_access(self, operation):
        refusal = super()._check_access(operation)
        return refusal and _explained(refusal, operation, "template_id.reserved")


def _explained(refusal, operation, reserved):
    """Return a refusal of access with the sentence of common templates, if that is why.

    Who writes no template at all is not told to duplicate one.
    """
    records, _error = refusal
    access = records.env["ir.model.access"]
    # Which sentence is said depends on it, not the refusal.
    concerned = records.sudo().filtered(reserved)
    if not concerned or not access.check(records._name, operation, False):
        return refusal
    message = records.env._(
        "Templates common to all establishments are changed by whoever configures all "
        "of them. Choose your establishment, or duplicate the template to make your "
        "own of it."
    )
    return records, lambda: AccessError(message)
