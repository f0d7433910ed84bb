# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""File names every system accepts, and many files in one ZIP (A058, A136)."""

import hashlib
import itertools
import tempfile
import unicodedata
import zipfile

MANIFEST = "SHA256SUMS.txt"
_NAME_LENGTH = 120
# File systems count bytes: 255, of which an extension and a mark need some.
_NAME_BYTES = 200


def safe_stem(title, default="document"):
    """Return a title as a file name without extension that every system accepts."""
    safe = "".join(c if c.isalnum() or c in " -_'()" else "_" for c in title or "")
    cut = safe.strip()[:_NAME_LENGTH].encode()[:_NAME_BYTES]
    return cut.decode(errors="ignore").strip() or default


class ZipBundle:
    """Collects files into a ZIP on disk; one of them is in memory at a time.

    Example::

        bundle = ZipBundle()
        bundle.add("Convention - MARTIN Emma", pdf, mark="0123456789ABCDEF")
        with bundle.close(manifest=True) as output:
            ...
    """

    def __init__(self):
        self._output = tempfile.TemporaryFile()  # noqa: SIM115 - closed by its reader
        self._archive = zipfile.ZipFile(self._output, "w", zipfile.ZIP_STORED)
        self._taken = {_folded(MANIFEST)}
        self._sums = []
        self.size = 0

    def add(self, stem, content, mark=""):
        """Add a PDF.

        :param stem: safe file name without its extension
        :param mark: what tells it from another one of the same name
        """
        name = self._free_name(stem, mark)
        self._archive.writestr(name, content)
        self._sums.append(f"{hashlib.sha256(content).hexdigest()}  {name}")
        self.size += len(content)

    def close(self, manifest=False):
        """Return the ZIP as an open file, at its beginning.

        :param manifest: with the fingerprints, as ``sha256sum -c`` reads them
        """
        if manifest:
            self._archive.writestr(MANIFEST, "\n".join([*self._sums, ""]))
        self._archive.close()
        self._output.seek(0)
        return self._output

    def _free_name(self, stem, mark):
        """Return a name that no file has yet: the mark, then a number, make it so.

        Systems that ignore case, or how accents are composed, count as one.
        """
        numbered = (f"{stem} ({number})" for number in itertools.count(2))
        marked = [f"{stem} {mark}"] if mark else []
        stems = itertools.chain([stem], marked, numbered)
        names = (f"{one}.pdf" for one in stems)
        free = next(name for name in names if _folded(name) not in self._taken)
        self._taken.add(_folded(free))
        return free


def _folded(name):
    return unicodedata.normalize("NFC", name).casefold()
