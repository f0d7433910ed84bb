# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Many documents of the office in one answer: print copy, ZIP (A136)."""

import re

from werkzeug.exceptions import NotFound
from werkzeug.wsgi import wrap_file

from odoo import http
from odoo.http import Response, request

from ..models.campus_sign_request_files import ZIP_MAX
from .http_tools import pdf_response
from .office import _ROUTE, _polite

_IDS = re.compile(rf"\d{{1,9}}(,\d{{1,9}}){{0,{ZIP_MAX - 1}}}")


class CampusFiles(http.Controller):
    @http.route("/campus_sign/requests/print.pdf", **_ROUTE)
    def print_copy(self, ids="", **_query):
        """Answer with one PDF to print, each page marked as a copy."""

        def make():
            documents = _followed(ids)
            name = request.env._("Print copy") + ".pdf"
            return pdf_response(name, documents._print_copy())

        return _polite(make)

    @http.route("/campus_sign/requests/documents.zip", **_ROUTE)
    def archive(self, ids="", **_query):
        """Answer with the files and the manifest of their fingerprints, streamed."""

        def make():
            documents = _followed(ids)
            output = documents._zip_file()
            size = output.seek(0, 2)
            output.seek(0)
            response = Response(
                wrap_file(request.httprequest.environ, output),
                mimetype="application/zip",
                direct_passthrough=True,
                headers=[
                    ("Content-Length", str(size)),
                    ("Cache-Control", "private, no-store"),
                    ("X-Content-Type-Options", "nosniff"),
                ],
            )
            response.call_on_close(output.close)
            name = request.env._("Documents") + ".zip"
            response.headers.set("Content-Disposition", "attachment", filename=name)
            return response

        return _polite(make)


def _followed(ids):
    """Return the documents of an address, all of which the user may follow.

    :raise NotFound: one of them does not exist for him, or the address is not ours
    """
    if not _IDS.fullmatch(ids):
        raise NotFound()
    numbers = list(dict.fromkeys(int(number) for number in ids.split(",")))
    documents = request.env["campus.sign.request"].browse(numbers)
    if len(documents.exists()) != len(numbers):
        raise NotFound()
    documents._check_may_follow()
    return documents
