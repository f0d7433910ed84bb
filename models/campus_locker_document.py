# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

#: What a locker shows of where a document comes from.
_SHOWN = ("company_id", "name", "nature_id", "student_id", "school_year_id")


class CampusLockerDocument(models.Model):
    """A final file in somebody's locker (« Casier numérique »)."""

    _name = "campus.locker.document"
    _description = "Document in a locker"
    _order = "create_date desc, id desc"

    request_id = fields.Many2one(
        "campus.sign.request",
        string="Circuit",
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    delivery_id = fields.Many2one(
        "campus.sign.delivery",
        string="Publication without signature",
        readonly=True,
        ondelete="cascade",
        index="btree_not_null",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Owner of the locker",
        required=True,
        readonly=True,
        ondelete="restrict",
        index=True,
    )
    company_id = fields.Many2one(
        "res.company", string="Establishment", compute="_compute_shown", store=True
    )
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
    name = fields.Char(compute="_compute_shown", store=True)
    nature_id = fields.Many2one(
        "campus.sign.nature", compute="_compute_shown", store=True
    )
    student_id = fields.Many2one(
        "campus.student",
        string="Student concerned",
        compute="_compute_shown",
        store=True,
    )
    school_year_id = fields.Many2one(
        "campus.school.year", compute="_compute_shown", store=True
    )
    published = fields.Boolean(default=True)
    opened_at = fields.Datetime(
        readonly=True, help="First time its owner opened it from his account or link."
    )

    # A locker costs the same beside 10 or 100,000 documents of others.
    _mine_idx = models.Index("(partner_id, create_date DESC, id DESC) WHERE published")

    _owner_uniq = models.Constraint(
        "UNIQUE(request_id, partner_id)", "This document is already in that locker."
    )
    _delivery_owner_uniq = models.Constraint(
        "UNIQUE(delivery_id, partner_id)", "This document is already in that locker."
    )
    _one_source = models.Constraint(
        "CHECK(num_nonnulls(request_id, delivery_id) = 1)",
        "A document in a locker comes from a circuit or from a publication.",
    )

    @api.depends(
        *(f"request_id.{name}" for name in _SHOWN),
        *(f"delivery_id.{name}" for name in _SHOWN),
    )
    def _compute_shown(self):
        for document in self:
            source = document.request_id or document.delivery_id
            for name in _SHOWN:
                document[name] = source[name]

    # === WHO RECEIVES ===#

    @api.model
    def _owners(self, options, student, recipient):
        """Return ``{partner: reason}``: whom a publication is for (A045-A047).

        :param options: record with the boxes ``publish_student``,
            ``publish_guardians`` and ``publish_recipient``
        """
        found = {}
        minor = bool(student) and student._is_minor(fields.Date.context_today(self))
        guardians = student.guardianship_ids.filtered("legal").partner_id
        if options.publish_recipient:
            found[recipient] = "recipient"
        if options.publish_guardians or (options.publish_student and minor):
            found.update(dict.fromkeys(guardians, "guardian"))
        if options.publish_student:
            found[student.partner_id] = "student"
        return {partner: reason for partner, reason in found.items() if partner}

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
        if not document.delivery_id and document.request_id.state != "archived":
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
        if document.delivery_id:
            return document.delivery_id._file()
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
    def _count(self, partner):
        """Return how many final files a person's locker holds."""
        return self.search_count(self._locker_domain(partner))

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
        if self.delivery_id:
            return self.delivery_id.action_open_file()
        return self.request_id.action_open_document()

    def action_open_request(self):
        """Open the circuit the document comes from."""
        self.ensure_one()
        self.request_id._check_may_follow()
        return self.request_id.get_formview_action()

    def action_withdraw(self):
        """Take documents published without signature out of their lockers.

        Signed ones are taken out by « Partager les documents », which their log tells.

        :raise CeremonyError: 403 without the right to send
        """
        self.env["campus.sign.request"]._check_may_send()
        self.check_access("read")
        published = self.filtered("delivery_id")
        published.sudo().published = False  # the right was checked just above
