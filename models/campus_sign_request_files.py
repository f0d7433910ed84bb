# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.exceptions import UserError

from .ceremony_errors import CeremonyError
from .file_bundle import ZipBundle
from .print_copy import PrintCopy

PRINT_MAX = 100
ZIP_MAX = 1000
ZIP_MAX_BYTES = 1024**3


class CampusSignRequest(models.Model):
    """Print and download one document or many (A136)."""

    _inherit = "campus.sign.request"

    def action_print_documents(self):
        """Open a print copy of the selection in a new tab."""
        return self._files_action("print.pdf", PRINT_MAX)

    def action_download_documents(self):
        """Download the selection: the file itself, or a ZIP with a manifest."""
        if len(self) == 1 and self.attachment_id:
            return self.action_download_signed()
        return self._files_action("documents.zip", ZIP_MAX)

    def _files_action(self, name, limit):
        self._check_may_follow()
        documents = self._with_file(limit)
        ids = ",".join(str(request_id) for request_id in documents.ids)
        return {
            "type": "ir.actions.act_url",
            "url": f"/campus_sign/requests/{name}?ids={ids}",
            "target": "new",
        }

    def _with_file(self, limit):
        """Return the documents of the selection that have a file.

        :raise UserError: there is none, or too many
        """
        documents = self.filtered("attachment_id")
        if not documents:
            raise UserError(self.env._("None of these documents has a file."))
        if len(documents) > limit:
            raise UserError(
                self.env._(
                    "%(count)s documents are too many at once: select %(limit)s at "
                    "most.",
                    count=len(documents),
                    limit=limit,
                )
            )
        return documents

    def _named_file(self):
        """Return the bytes of the document, naming it when the storage is altered."""
        try:
            return self._stored_file()
        except CeremonyError as error:
            raise CeremonyError(
                error.status, error.code, f"{self.name} ({self.code}): {error.message}"
            ) from None

    def _print_copy(self):
        """Return one PDF of all the pages, each marked « copie d'impression »."""
        copy = PrintCopy()
        for document in self._with_file(PRINT_MAX):
            mark = self.env._(
                "Print copy, without the electronic signatures - %(code)s",
                code=document.code,
            )
            copy.add(document._named_file(), mark)
            document.attachment_id.invalidate_recordset()
        return copy.close()

    def _zip_file(self):
        """Return an open temporary file: the documents and their fingerprints."""
        bundle = ZipBundle()
        for document in self._with_file(ZIP_MAX):
            stem = document._file_name().removesuffix(".pdf")
            bundle.add(stem, document._named_file(), mark=document.code)
            document.attachment_id.invalidate_recordset()
            if bundle.size > ZIP_MAX_BYTES:
                raise UserError(
                    self.env._(
                        "These documents are larger than 1 GB together: select "
                        "fewer of them."
                    )
                )
        return bundle.close(manifest=True)
