# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The signer's own pages: what is left to sign and the locker (A088, A130-A133)."""

from odoo.http import request, route

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager

from .http_tools import pdf_response

PER_PAGE = 20


class CampusPortal(CustomerPortal):
    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "to_sign_count" in counters:
            values["to_sign_count"] = _count_to_sign()
        if "locker_count" in counters:
            values["locker_count"] = _locker()._count(request.env.user.partner_id)
        if not counters:
            # Asked for the page itself, whose cards are the notification.
            values["campus_home"] = True
        return values

    @route(
        ["/my/documents", "/my/documents/page/<int:page>"],
        type="http",
        auth="user",
        methods=["GET"],
        website=True,
        readonly=True,
    )
    def my_documents(
        self, page=1, search=None, nature=None, year=None, student=None, **_query
    ):
        """List the final documents of the person who is logged in (A132)."""
        page = _number(str(page)) or 1
        filters = {"search": (search or "").replace("\0", "").strip()[:100]}
        filters["nature"], filters["year"] = _number(nature), _number(year)
        filters["student"] = _number(student)
        locker = _locker()._for_partner(
            request.env.user.partner_id,
            limit=PER_PAGE,
            offset=(page - 1) * PER_PAGE,
            **filters,
        )
        values = self._prepare_portal_layout_values()
        values.update(
            {
                "page_name": "campus_documents",
                "default_url": "/my/documents",
                "attested": _attested(locker["documents"]),
                "locker": locker,
                "filters": filters,
                "filtered": any(filters.values()),
                "pager": portal_pager(
                    url="/my/documents",
                    url_args={name: value for name, value in filters.items() if value},
                    total=locker["total"],
                    page=page,
                    step=PER_PAGE,
                ),
            }
        )
        return request.render("campus_sign.portal_my_documents", values)

    @route(
        "/my/documents/to-sign",
        type="http",
        auth="user",
        methods=["GET"],
        website=True,
        readonly=True,
    )
    def my_documents_to_sign(self, **_query):
        """List what waits for the person: « Documents à signer » (A085)."""
        values = self._prepare_portal_layout_values()
        values.update(page_name="campus_to_sign", lines=_to_sign())
        return request.render("campus_sign.portal_to_sign", values)

    @route(
        "/my/documents/to-sign/<int:signer_id>",
        type="http",
        auth="user",
        methods=["GET"],
        website=True,
        readonly=True,
    )
    def my_document_to_sign(self, signer_id, **_query):
        """Say what « À signer » opens; « Suivant » leads to the signing page (A085)."""
        line = _to_sign().filtered(lambda found: found.id == signer_id)
        if not line:
            return request.redirect("/my/documents/to-sign")
        values = self._prepare_portal_layout_values()
        values.update(page_name="campus_to_sign", line=line, count=_count_to_sign())
        return request.render("campus_sign.portal_to_sign_next", values)

    @route("/campus_sign/to_sign", type="jsonrpc", auth="user", readonly=True)
    def count_to_sign(self):
        """Answer how many documents the logged in account may sign now (A083)."""
        return _count_to_sign()

    @route(
        "/my/documents/<int:locker_id>",
        type="http",
        auth="user",
        methods=["GET"],
        website=False,
    )
    def my_document(self, locker_id, **_query):
        """Show a final file of the locker in the browser (A133)."""
        opened = _locker()._open(request.env.user.partner_id, locker_id)
        if not opened:
            return request.not_found()
        return pdf_response(*opened)

    @route(
        "/my/documents/<int:locker_id>/attestation.pdf",
        type="http",
        auth="user",
        methods=["GET"],
        website=False,
    )
    def my_attestation(self, locker_id, **_query):
        """Show the attestation of one's own signature, next to the document."""
        opened = _locker()._open_attestation(request.env.user.partner_id, locker_id)
        if not opened:
            return request.not_found()
        return pdf_response(*opened)

    def _prepare_portal_layout_values(self):
        values = super()._prepare_portal_layout_values()
        # The notification of the account: on every page of the portal (A083, A131).
        values["to_sign_count"] = _count_to_sign()
        values["new_document_count"] = _locker()._count_new(request.env.user.partner_id)
        return values


def _locker():
    # Portal users have no right on the model: its predicate decides by partner.
    return request.env["campus.locker.document"].sudo()


def _count_to_sign():
    ceremony = request.env["campus.sign.ceremony"].sudo()
    return ceremony._count_to_sign(request.env.user)


def _attested(documents):
    """Return the ids of the documents that the owner of the locker signed himself."""
    partner = request.env.user.partner_id
    return {
        document.id
        for document in documents
        if document.request_id and document.request_id._attestation_line(partner)
    }


def _to_sign():
    # Portal users have no right on the model: the account decides what is its own.
    return request.env["campus.sign.ceremony"].sudo()._to_sign(request.env.user)


def _number(value):
    """Return a number of the address, ``None`` for what is not a small one."""
    return int(value) if value and value.isdecimal() and len(value) < 10 else None
