# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Files of a sending: preview of one row, printed documents."""

from werkzeug.exceptions import NotFound

from odoo import http
from odoo.http import request

from ..models.campus_sign_template_check import SIGNED_OUTPUTS
from ..models.campus_sign_template_preview import PREVIEW_CODE
from .http_tools import pdf_response
from .office import _ROUTE, _answer, _polite


class CampusSending(http.Controller):
    """The right to send opens previews, right 3 what was printed."""

    @http.route(
        "/campus_sign/send/<int:template_id>/<model>/<int:res_id>.pdf", **_ROUTE
    )
    def row(self, template_id, model, res_id, output="signature", finaliser=""):
        """Answer with the document one row of the check would give (A060)."""

        def make():
            env = request.env
            env["campus.sign.request"]._check_may_send()
            wizard = env["campus.sign.send"].new(
                {"res_model": model, "res_ids": [res_id]}
            )
            record = wizard._records()
            template = env["campus.sign.template"].browse(template_id).exists()
            if not record or not template or template.res_model != model:
                raise NotFound()
            template.check_access("read")
            user = env["res.users"].browse(
                int(finaliser) if finaliser.isdecimal() else ()
            )
            content = template._print(
                record,
                boxes=output in SIGNED_OUTPUTS,
                code=PREVIEW_CODE if output == "signature" else False,
                finaliser=user.exists(),
            )
            return pdf_response(f"{template.name}.pdf", content)

        return _polite(make)

    @http.route("/campus_sign/sending/<int:sending_id>/download", **_ROUTE)
    def download(self, sending_id):
        """Answer with what a sending printed, in one file (A058)."""

        def make():
            sending = request.env["campus.sign.sending"].browse(sending_id)
            sending.check_access("read")
            name, content = sending._bundle_file()
            response = _answer(name, content, True)
            if name.endswith(".zip"):
                response.headers["Content-Type"] = "application/zip"
            return response

        return _polite(make)

    @http.route("/campus_sign/delivery/<int:delivery_id>.pdf", **_ROUTE)
    def delivery(self, delivery_id):
        """Answer with one printed or mailed document."""

        def make():
            delivery = request.env["campus.sign.delivery"].browse(delivery_id)
            delivery.check_access("read")
            content = delivery.attachment_id.sudo().raw  # its delivery may be read
            if not content:
                raise NotFound()
            return _answer(delivery._file_name(), content, None)

        return _polite(make)
