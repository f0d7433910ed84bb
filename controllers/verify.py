# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# A controller has no self.env: `_` is the request's own.
# pylint: disable=prefer-env-translation
"""What anybody may check: a document by its code or its file, and our authority.

The code printed on a page tells the state and the number of signatures, never a
name. Names are told to who holds the signed file, which already carries them.
"""

import ssl

from odoo.http import Controller, request, route

from ..models.ceremony_errors import CeremonyError
from .http_tools import (
    assets_url,
    binary_response,
    check_same_origin,
    page_response,
    use_reader_language,
)

MAX_FILE_BYTES = 20 * 1024 * 1024
# Room for the multipart envelope around the largest file.
MAX_BODY_BYTES = MAX_FILE_BYTES + 64 * 1024

_PUBLIC = {
    "auth": "public",
    "website": False,
    "multilang": False,
    "sitemap": False,
    "save_session": False,
}
_ADDRESSES = ["/verify", "/verify/<string:code>"]

HOUR = 3600
DAY = 24 * HOUR


class Verification(Controller):
    @route(_ADDRESSES, type="http", methods=["GET"], readonly=True, **_PUBLIC)
    def page(self, code=None, **_query):
        """Show the state of a document and the form to check a file."""
        use_reader_language()
        return self._answer(code)

    @route(
        _ADDRESSES,
        type="campus_sign_form",
        methods=["POST"],
        # No session to forge: the answer depends on the file sent and on nothing else.
        csrf=False,
        max_content_length=MAX_BODY_BYTES,
        **_PUBLIC,
    )
    def check(self, code=None, document=None, oversized=False, **_form):
        """Tell who signed the file sent, when, and whether a byte changed."""
        check_same_origin()
        _ = request.env._
        if oversized:
            return self._answer(
                code, problem=_("This file is too large: 20 MB at most."), status=413
            )
        content = document.read() if hasattr(document, "read") else b""
        if not content:
            return self._answer(code, problem=_("Choose a PDF file."), status=422)
        try:
            ip = request.httprequest.remote_addr or ""
            request.env["campus.sign.link"].sudo()._throttle("verify", ip)
            report = request.env["campus.sign.request"].sudo()._verify_upload(content)
        except CeremonyError as error:
            return self._answer(code, problem=error.message, status=error.status)
        return self._answer(code, report=report, filename=document.filename or "")

    def _answer(self, code, report=None, problem=None, filename="", status=200):
        found = None
        if code:
            found = request.env["campus.sign.request"].sudo()._verify_code(code)
            if not found and status == 200 and not report:
                status = 404
        return page_response(
            "campus_sign.verify_page",
            {
                "assets": assets_url(),
                "html_lang": (request.env.lang or "en").replace("_", "-"),
                "code": code,
                "found": found,
                "report": report,
                "verdict": report and _verdict(report),
                "problem": problem,
                "filename": filename,
                "invitation": request.env._("Choose a PDF file (20 MB at most)"),
                "action": request.httprequest.path,
            },
            status=status,
            referrer="same-origin",
        )

    # -- Our authority ---------------------------------------------------------------

    @route(
        "/campus_sign/ca/<int:authority>/<string:kind>.crt",
        type="http",
        methods=["GET"],
        readonly=True,
        **_PUBLIC,
    )
    def certificate(self, authority, kind):
        """Serve a certificate of the authority as DER, as its address in AIA says."""
        pem = self._certificate(authority, kind)
        if not pem:
            return request.not_found()
        der = ssl.PEM_cert_to_DER_cert(pem.decode())
        return binary_response(der, "application/pkix-cert", DAY)

    @route(
        [
            "/campus_sign/ca/<int:authority>.pem",
            "/campus_sign/ca/<int:authority>/<string:kind>.pem",
        ],
        type="http",
        methods=["GET"],
        readonly=True,
        **_PUBLIC,
    )
    def certificate_pem(self, authority, kind="root"):
        """Serve a certificate of the authority as PEM, for the offline verifier."""
        pem = self._certificate(authority, kind)
        if not pem:
            return request.not_found()
        return binary_response(pem, "application/x-pem-file", DAY)

    def _certificate(self, authority, kind):
        authorities = request.env["campus.sign.authority"].sudo()
        return authorities._public_certificate(authority, kind)

    @route(
        "/campus_sign/crl/<int:authority>/<string:kind>.crl",
        type="http",
        methods=["GET"],
        readonly=True,
        **_PUBLIC,
    )
    def revocations(self, authority, kind):
        """Serve a short-lived revocation list."""
        authorities = request.env["campus.sign.authority"].sudo()
        crl = authorities._public_crl(authority, kind)
        if not crl:
            return request.not_found()
        return binary_response(crl, "application/pkix-crl", HOUR)


def _verdict(report):
    """Return the verdict's name: what the page says loudest.

    ``unknown`` comes first: a file signed by strangers may well be intact, but
    nothing can be said about it here.
    """
    if not report["known"]:
        return "unknown"
    if not report["ok"]:
        return "altered"
    return "valid" if report["unchanged"] else "older"
