# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Files for the office: document, proof file, preview of a template."""

import base64

from werkzeug.exceptions import NotFound

from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import request

from .http_tools import assets_url, page_response, pdf_response

_ROUTE = {
    "type": "http",
    "auth": "user",
    "methods": ["GET"],
    "website": False,
    "multilang": False,
    "sitemap": False,
}


class CampusOffice(http.Controller):
    """Right 3 opens documents and proofs, right to send opens previews."""

    @http.route("/campus_sign/request/<int:request_id>/document.pdf", **_ROUTE)
    def document(self, request_id, download=None, v=None):
        """Answer with the file as it is now, every signature given so far in it.

        :param v: what the preview changes with each signature, to read it again
        """

        def read(document):
            return _answer(document._file_name(), document._stored_file(), download)

        return _followed(request_id, read)

    @http.route("/campus_sign/request/<int:request_id>/proof.pdf", **_ROUTE)
    def proof(self, request_id, download=None):
        """Answer with the proof file, made and sealed now (A135)."""

        def make(document):
            content = document._proof_pdf()
            return _answer(document._proof_file_name(), content, download)

        return _followed(request_id, make)

    @http.route("/campus_sign/request/<int:request_id>/proof.json", **_ROUTE)
    def proof_json(self, request_id):
        """Answer with the machine-readable proof, for the offline verifier."""

        def make(document):
            response = request.make_response(
                document._proof_json(),
                headers=[
                    ("Content-Type", "application/json; charset=utf-8"),
                    ("Cache-Control", "private, no-store"),
                    ("X-Content-Type-Options", "nosniff"),
                ],
            )
            name = f"proof-{document.code}.json"
            response.headers.set("Content-Disposition", "attachment", filename=name)
            return response

        return _followed(request_id, make)

    @http.route("/campus_sign/template/<int:template_id>/preview.pdf", **_ROUTE)
    def preview(self, template_id, record=""):
        """Answer with the document a template would give (A049).

        :param record: id of the record its author chose; the last one by default
        """

        def make():
            request.env["campus.sign.request"]._check_may_send()
            template = request.env["campus.sign.template"].browse(template_id).exists()
            if not template:
                raise NotFound()
            template.check_access("read")
            res_id = int(record) if record.isdecimal() and len(record) < 10 else None
            content = template._preview_pdf(res_id)
            return _answer(f"{template.name}.pdf", content, None)

        return _polite(make)

    @http.route(
        "/campus_sign/template/draft",
        type="jsonrpc",
        auth="user",
        website=False,
        multilang=False,
        sitemap=False,
    )
    def draft(self, template_id, values, record_id=None):
        """Answer with what an author's screen would print, without saving (A049).

        Who may not change the template sees it as it was saved.

        :param template_id: the template being changed, False for a new one
        :return: ``pdf`` in base64, or ``problem``, the sentence a saving would say
        """
        env = request.env
        template = env["campus.sign.template"]
        if type(template_id) is int:
            template = template.browse(template_id).exists()
        try:
            env["campus.sign.request"]._check_may_send()
            template.check_access("read" if template else "create")
            res_id = record_id if type(record_id) is int else None
            if template and not template.has_access("write"):
                content = template._preview_pdf(res_id)
            else:
                content = template._preview_draft(values, res_id)
        except UserError as error:
            return {"problem": str(error)}
        return {"pdf": base64.b64encode(content).decode()}

    @http.route("/campus_sign/template/<string:ids>/file.json", **_ROUTE)
    def template_file(self, ids):
        """Answer with « Enregistrer sur son poste »: one file for these templates."""

        def make():
            templates = request.env["campus.sign.template"]
            numbers = [int(i) for i in ids.split(",") if i.isdecimal() and len(i) < 10]
            templates = templates.browse(numbers).exists()
            if not templates:
                raise NotFound()
            templates._check_may_export()
            response = request.make_response(
                templates._file_content(),
                headers=[
                    ("Content-Type", "application/json; charset=utf-8"),
                    ("Cache-Control", "private, no-store"),
                    ("X-Content-Type-Options", "nosniff"),
                ],
            )
            response.headers.set(
                "Content-Disposition", "attachment", filename=templates._file_name()
            )
            return response

        return _polite(make)

    @http.route("/campus_sign/help/signature", **_ROUTE)
    def help_signature(self):
        """Answer with the help on having a document signed (A028)."""
        return page_response(
            "campus_sign.help_signature",
            {
                "assets": assets_url(),
                "html_lang": (request.env.lang or "en").replace("_", "-"),
            },
        )


def _followed(request_id, answer):
    """Call ``answer`` with a document the user may follow, its rules included."""

    def checked():
        document = request.env["campus.sign.request"].browse(request_id)
        document._check_may_follow()
        return answer(document)

    return _polite(checked)


def _polite(answer):
    """Say a refusal in one sentence; what one may not see does not exist."""
    try:
        return answer()
    except (AccessError, MissingError):
        raise NotFound() from None
    except UserError as error:
        # Nothing was written, and the sentence is plain text: no markup to escape.
        return request.make_response(
            str(error),
            headers=[
                ("Content-Type", "text/plain; charset=utf-8"),
                ("X-Content-Type-Options", "nosniff"),
                ("Cache-Control", "no-store"),
            ],
            status=error.http_status,
        )


def _answer(filename, content, download):
    response = pdf_response(filename, content)
    if download:
        response.headers.set("Content-Disposition", "attachment", filename=filename)
    return response
