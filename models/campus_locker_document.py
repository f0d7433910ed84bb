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
    opened_at = fields.Datetime(
        readonly=True, help="First time its owner opened it from his account or link."
    )

    # A locker costs the same beside 10 or 100,000 documents of others.
    _mine_idx = models.Index("(partner_id, create_date DESC, id DESC) WHERE published")

    _owner_uniq = models.Constraint(
        "UNIQUE(request_id, partner_id)", "This document is already in that locker."
    )

    # === WHO SEES: the one predicate of lockers (invariant 10) ===#

    @api.model
    def _locker_domain(self, partner):
        return [("partner_id", "=", partner.id), ("published", "=", True)]

    @api.model
    def _for_partner(
        self,
        partner,
        search=None,
        nature=None,
        year=None,
        student=None,
        limit=20,
        offset=0,
    ):
        """Return a page of a locker and what it may be filtered by.

        Keys: ``documents``, ``total``, ``natures``, ``years``, ``students``.

        :param search: words of the title
        :param nature: id of a ``campus.sign.nature``
        :param year: id of a ``campus.school.year``
        :param student: id of a ``campus.student``
        """
        mine = self._locker_domain(partner)
        domain = list(mine)
        if search:
            domain.append(("name", "ilike", search[:100]))
        if nature:
            domain.append(("nature_id", "=", nature))
        if year:
            domain.append(("school_year_id", "=", year))
        if student:
            domain.append(("student_id", "=", student))
        natures = [n for (n,) in self._read_group(mine, ["nature_id"]) if n]
        years = [y for (y,) in self._read_group(mine, ["school_year_id"]) if y]
        return {
            "documents": self.search(domain, limit=limit, offset=offset),
            "total": self.search_count(domain),
            "natures": natures,
            "years": years,
            "students": [s for (s,) in self._read_group(mine, ["student_id"]) if s],
        }

    @api.model
    def _find(self, partner, locker_id):
        """Return a document of a person's locker, empty when it is not his."""
        document = self.search(
            [("id", "=", locker_id), *self._locker_domain(partner)], limit=1
        )
        if document.request_id.state != "archived":
            return self.browse()
        return document

    @api.model
    def _open(self, partner, locker_id):
        """Return ``(file name, bytes)`` of the final file, or ``None``."""
        document = self._find(partner, locker_id)
        if not document:
            return None
        if not document.opened_at:
            document.opened_at = fields.Datetime.now()
        request = document.request_id
        return request._file_name(), request._stored_file()

    @api.model
    def _open_attestation(self, partner, locker_id):
        """Return ``(file name, bytes)`` of the owner's attestation, or ``None``."""
        request = self._find(partner, locker_id).request_id
        if not request or not request._attestation_line(partner):
            return None
        return request._attestation_name(), request._attestation_pdf(partner)

    @api.model
    def _count_new(self, partner):
        """Return how many final files the person was given and never opened."""
        return self.search_count(
            [*self._locker_domain(partner), ("opened_at", "=", False)]
        )

    # === THE OFFICE ===#

    def action_open(self):
        """Open the final file in a new tab, with the rights of the office (A133)."""
        self.ensure_one()
        return self.request_id.action_open_document()

    def action_open_request(self):
        """Open the circuit the document comes from."""
        self.ensure_one()
        self.request_id._check_may_follow()
        return self.request_id.get_formview_action()
