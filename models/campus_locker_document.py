# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class CampusLockerDocument(models.Model):
    """A final file in somebody's locker (« Casier numérique »)."""

    _name = "campus.locker.document"
    _description = "Document in a locker"
    _order = "create_date desc, id desc"

    request_id = fields.Many2one(
        "campus.sign.request",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Owner of the locker",
        required=True,
        readonly=True,
        ondelete="restrict",
        index=True,
    )
    company_id = fields.Many2one(related="request_id.company_id", store=True)
    reason = fields.Selection(
        [
            ("signer", "Signer"),
            ("recipient", "Recipient"),
            ("student", "Student concerned"),
            ("guardian", "Guardian"),
            ("office", "Shared by the office"),
        ],
        required=True,
        readonly=True,
    )
    name = fields.Char(related="request_id.name", store=True)
    nature_id = fields.Many2one(related="request_id.nature_id", store=True)
    student_id = fields.Many2one(related="request_id.student_id", store=True)
    school_year_id = fields.Many2one(related="request_id.school_year_id", store=True)
    published = fields.Boolean(default=True)

    _owner_uniq = models.Constraint(
        "UNIQUE(request_id, partner_id)", "This document is already in that locker."
    )

    # === WHO SEES: the one predicate of lockers (invariant 10) ===#

    @api.model
    def _locker_domain(self, partner):
        return [("partner_id", "=", partner.id), ("published", "=", True)]

    @api.model
    def _for_partner(
        self, partner, search=None, nature=None, year=None, limit=20, offset=0
    ):
        """Return ``{"documents", "total", "natures", "years"}`` of a locker.

        :param search: words of the title
        :param nature: id of a ``campus.sign.nature``
        :param year: id of a ``campus.school.year``
        """
        mine = self._locker_domain(partner)
        domain = list(mine)
        if search:
            domain.append(("name", "ilike", search[:100]))
        if nature:
            domain.append(("nature_id", "=", nature))
        if year:
            domain.append(("school_year_id", "=", year))
        natures = [n for (n,) in self._read_group(mine, ["nature_id"]) if n]
        years = [y for (y,) in self._read_group(mine, ["school_year_id"]) if y]
        return {
            "documents": self.search(domain, limit=limit, offset=offset),
            "total": self.search_count(domain),
            "natures": natures,
            "years": years,
        }

    @api.model
    def _open(self, partner, locker_id):
        """Return ``(file name, bytes)`` of the final file, or ``None``."""
        document = self.search(
            [("id", "=", locker_id), *self._locker_domain(partner)], limit=1
        )
        if not document or document.request_id.state != "archived":
            return None
        request = document.request_id
        return request._file_name(), request._stored_file()
