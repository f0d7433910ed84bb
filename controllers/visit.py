# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Files of the conventions between establishments, for both of them."""

from odoo import http
from odoo.http import request

from .office import _ROUTE, _answer, _polite


class CampusVisit(http.Controller):
    """The rules of the convention decide: each establishment sees its own."""

    @http.route("/campus_sign/visit/<int:agreement_id>/signed.pdf", **_ROUTE)
    def signed(self, agreement_id):
        """Answer with the convention signed by both (B015)."""
        return _file(agreement_id, "_signed_file", 1)

    @http.route("/campus_sign/visit/<int:agreement_id>/paper.pdf", **_ROUTE)
    def paper(self, agreement_id):
        """Answer with both copies to print (B018)."""
        return _file(agreement_id, "_paper_file", None)


def _file(agreement_id, method, download):
    def read():
        agreement = request.env["campus.visit.agreement"].browse(agreement_id)
        agreement.check_access("read")
        return _answer(*getattr(agreement, method)(), download)

    return _polite(read)
