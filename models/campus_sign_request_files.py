# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import hashlib
import tempfile
import zipfile

from odoo import models
from odoo.exceptions import UserError

from .ceremony_errors import CeremonyError
from .print_copy import PrintCopy

PRINT_MAX = 100
ZIP_MAX = 1000
ZIP_MAX_BYTES = 1024**3
MANIFEST = "SHA256SUMS.txt"


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
        """Return an open temporary file: the documents and their fingerprints.

        One document is in memory at a time. The manifest is what ``sha256sum -c``
        reads; names are unique and safe on every system.
        """
        documents = self._with_file(ZIP_MAX)
        output = tempfile.TemporaryFile()  # noqa: SIM115 - closed by who sends it
        names, sums, total = set(), [], 0
        with zipfile.ZipFile(output, "w", zipfile.ZIP_STORED) as archive:
            for document in documents:
                content = document._named_file()
                document.attachment_id.invalidate_recordset()
                total += len(content)
                if total > ZIP_MAX_BYTES:
                    raise UserError(
                        self.env._(
                            "These documents are larger than 1 GB together: select "
                            "fewer of them."
                        )
                    )
                name = document._unique_name(names)
                archive.writestr(name, content)
                sums.append(f"{hashlib.sha256(content).hexdigest()}  {name}")
            archive.writestr(MANIFEST, "\n".join([*sums, ""]))
        output.seek(0)
        return output

    def _unique_name(self, taken):
        """Return the file name, with the code where another one has it already.

        Systems that ignore case and the final dots or spaces count as one.
        """
        stem = self._file_name().removesuffix(".pdf").rstrip(" .") or self.code
        name = f"{stem}.pdf"
        if name.casefold() in taken:
            name = f"{stem} {self.code}.pdf"
        taken.add(name.casefold())
        return name
