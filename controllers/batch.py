# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The batch screen over HTTP: one page, two acts beside those of the ceremony.

Same platform, same cookie or session, same policy: only the screen differs
(A120-A126).
"""

import re

from odoo.http import Controller, request, route

from ..models.campus_sign_batch import MAX_DOCUMENTS
from .batch_texts import batch_texts
from .ceremony import (
    _API,
    _PUBLIC,
    MAX_BODY_BYTES,
    _actor,
    _ceremony,
    _integer,
    _set_cookie,
    _text,
    _unreadable,
    _visual,
    signing_page,
)

# Ids of documents in an address, as the tracking list writes them.
_SELECTION = re.compile(rf"\d{{1,9}}(,\d{{1,9}}){{0,{MAX_DOCUMENTS - 1}}}")


class Batch(Controller):
    @route(
        "/sign/batch",
        type="http",
        methods=["GET"],
        readonly=True,
        save_session=False,
        **_PUBLIC,
    )
    def page(self, **_query):
        """Show the batch screen; which documents are ticked is the page's affair."""
        return signing_page("campus_sign.batch_page", batch_texts)

    @route("/my/sign/batch", type="http", auth="user", methods=["GET"], website=False)
    def from_account(self, documents="", **_query):
        """Sign several as the account that is logged in (A120)."""
        known = _SELECTION.fullmatch(documents)
        target = f"/sign/batch?documents={documents}" if known else "/sign/batch"
        response = request.redirect(target)
        _set_cookie(response, "", seconds=0)
        return response

    @route("/sign/api/batch_start", **{**_API, "max_content_length": MAX_BODY_BYTES})
    def start(self, data):
        """Freeze one consent, one visual and the list they are given for."""
        documents = data.get("documents")
        consents = data.get("consents")
        if not isinstance(documents, list) or len(documents) > MAX_DOCUMENTS:
            raise _unreadable()
        if not isinstance(consents, dict):
            raise _unreadable()
        return _ceremony()._batch_start(
            _actor(),
            documents,
            consents,
            _visual(data),
            data.get("save_visual") is True,
            _text(data, "code", 20) if "code" in data else "",
        )

    @route("/sign/api/batch_run", **_API)
    def run(self, data):
        """Sign the next documents; the page asks until nothing is left."""
        return _ceremony()._batch_run(_actor(), _integer(data, "batch"))
