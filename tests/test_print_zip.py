# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import io
import subprocess
import tempfile
import tracemalloc
import unicodedata
import zipfile
from pathlib import Path
from unittest.mock import patch

import pypdf

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models import campus_sign_request_files
from ..models.file_bundle import MANIFEST, ZipBundle, safe_stem
from .common_sign import SignCase, pdf_text
from .test_ceremony_http import SignHttpCase


@tagged("post_install", "-at_install")
class TestPrintZip(SignCase):
    """Print and download one document or many (A136)."""

    def two(self):
        template = self.small_template("tutor", "establishment")
        signed = self.archive(self.send(template=template))
        # Same title: the names in the archive must differ all the same.
        signed |= self.send(
            self.new_internship(
                self.here(self.minor), date_start="2027-03-01", date_end="2027-03-26"
            ),
            template,
        )
        return signed.with_user(self.here(self.follower)).sudo(False)

    def test_zip_holds_the_files_and_their_fingerprints(self):
        """The manifest is what `sha256sum --check` reads."""
        requests = self.two()
        with tempfile.TemporaryDirectory() as folder:
            with requests._zip_file() as output, zipfile.ZipFile(output) as archive:
                names = archive.namelist()
                archive.extractall(folder)
            self.assertEqual((len(set(names)), names[-1]), (3, MANIFEST))
            for request, name in zip(requests, names[:-1], strict=True):
                content = (Path(folder) / name).read_bytes()
                self.assertEqual(content, request.sudo()._stored_file())
            command = ["sha256sum", "--check", "--strict", MANIFEST]
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(done.stdout.count(": OK"), 2)
            with (Path(folder) / names[0]).open("ab") as kept:
                kept.write(b" ")
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
            self.assertEqual(done.returncode, 1)

    def test_names_are_safe(self):
        """Whatever people are called: no path, no device, no twin."""
        self.here(self.minor).partner_id.name = "../..\\CON:*?<x>|. "
        request = self.queue(template=self.small_template("tutor", "establishment"))
        stem = request._file_name().removesuffix(".pdf")
        bundle = ZipBundle()
        for title in (stem, stem.upper(), stem, "Zoe\u0301", "Zo\xe9", "SHA256SUMS"):
            bundle.add(safe_stem(title), b"%PDF", mark=request.code)
        for title in ("", "...", "\U0001f393", "\u8a2d" * 300, "a" * 300):
            bundle.add(safe_stem(title), b"%PDF")
        with bundle.close(manifest=True) as output, zipfile.ZipFile(output) as archive:
            names = archive.namelist()
        folded = {unicodedata.normalize("NFC", name).casefold() for name in names}
        self.assertEqual(len(folded), 12)
        for name in names:
            self.assertNotRegex(name, r'[\\/:*?"<>|\x00-\x1f]')
            self.assertFalse(name.startswith((".", " ")))
            self.assertLess(len(name.encode()), 255)
        self.assertEqual(safe_stem("Convention (visite)"), "Convention (visite)")

    def test_a_large_zip_is_not_in_memory(self):
        """120 MB of documents: one of them at a time."""
        bundle = ZipBundle()
        tracemalloc.start()
        try:
            for number in range(120):
                bundle.add("Convention", b"%PDF" + bytes([number]) * 2**20)
            with bundle.close(manifest=True) as output:
                self.assertGreater(output.seek(0, 2), 120 * 2**20)
            _now, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        self.assertLess(peak, 8 * 2**20)

    def test_print_copy_says_so_on_every_page(self):
        requests = self.two()
        content = requests._print_copy()
        reader = pypdf.PdfReader(io.BytesIO(content))
        self.assertEqual(len(reader.pages), sum(requests.mapped("page_count")))
        for page in pdf_text(content).split("\f")[:-1]:
            self.assertIn("Print copy", page)
        self.assertIn(self.tutor.name, pdf_text(content), "the stamps are printed")
        self.assertNotIn("/AcroForm", reader.trailer["/Root"])
        # No signature pretends to be there.
        self.assertFalse(b"/ByteRange" in content or b"/Widget" in content)

    def test_bounds_have_a_sentence(self):
        requests = self.two()
        for name, act in (("PRINT_MAX", "_print_copy"), ("ZIP_MAX", "_zip_file")):
            with (
                patch.object(campus_sign_request_files, name, 1),
                self.assertRaisesRegex(UserError, "2 documents .* 1 at most"),
            ):
                getattr(requests, act)()
        with (
            patch.object(campus_sign_request_files, "ZIP_MAX_BYTES", 1000),
            self.assertRaisesRegex(UserError, "1 GB"),
        ):
            requests._zip_file()
        queued = self.queue(self.new_internship(self.here(self.adult)))
        with self.assertRaises(UserError):
            queued.with_user(self.here(self.follower)).action_print_documents()

    def test_altered_storage_is_named(self):
        requests = self.two()
        attachment = requests[0].sudo().attachment_id
        path = attachment._full_path(attachment.store_fname)
        with open(path, "ab") as stored:
            stored.write(b" ")
        with self.refuses("altered"):
            requests._zip_file()

    def test_actions(self):
        requests = self.two()
        ids = ",".join(map(str, requests.ids))
        for act, name in (("print", "print.pdf"), ("download", "documents.zip")):
            action = getattr(requests, f"action_{act}_documents")()
            self.assertEqual(action["url"], f"/campus_sign/requests/{name}?ids={ids}")
        one = requests[0].action_download_documents()["url"]
        self.assertIn("/document.pdf?download=1", one)


@tagged("post_install", "-at_install")
class TestPrintZipHttp(SignHttpCase):
    @mute_logger("odoo.http")
    def test_routes_ask_the_right(self):
        with self.acting():
            template = self.small_template("tutor", "establishment")
            request = self.send(template=template)
            number, content = request.id, request._stored_file()
        paths = ("print.pdf", "documents.zip")
        self.authenticate("portal-emma", "portal-emma")
        for name in paths:
            url = f"/campus_sign/requests/{name}?ids={number}"
            self.assertEqual(self.url_open(url).status_code, 404)
        self.authenticate("follower", "follower")
        for query in ("", "x", f"{number},999999", "1;2"):
            url = f"/campus_sign/requests/documents.zip?ids={query}"
            self.assertEqual(self.url_open(url).status_code, 404, query)
        answer = self.url_open(f"/campus_sign/requests/print.pdf?ids={number}")
        self.assertEqual(answer.headers["Content-Type"], "application/pdf")
        answer = self.url_open(f"/campus_sign/requests/documents.zip?ids={number}")
        self.assertEqual(answer.headers["Content-Type"], "application/zip")
        self.assertTrue(answer.headers["Content-Disposition"].startswith("attachment"))
        with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
            self.assertEqual(archive.read(archive.namelist()[0]), content)
