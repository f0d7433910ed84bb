# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A reader that does not read the same thing twice.

For each object the library reads the index of its object stream again, from the
start: the square of the objects, when a file keeps hundreds of them in one
stream. And each revision asks again which revision changed an object last. This
reader remembers both. It answers by itself only where the library would have
read the very same bytes; in every other case it lets the library speak, so that
what is refused, and why, stays the library's word.

It also counts what it reads: a parser that goes byte by byte and makes an object of
each token turns 19 MB of brackets into two gigabytes and a minute.
"""

from functools import cache
from io import SEEK_SET, BytesIO

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.decode_limits import DecodePurpose
from pyhanko.pdf_utils.misc import PdfError, PdfReadError, read_non_whitespace
from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader

MAX_INDEXED = 200_000
"""Places remembered for one file: a bound on memory."""

MAX_READS = 2_000_000
"""Reads one judgement may make, nearly all of one byte. An agreement of 12 pages
with 30 signatures takes 0.6 million; this many, some 5 s and 300 MB at worst."""

MAX_TOKEN = 512 * 1024
"""Bytes of one number, name or string. The library adds to it 16 bytes at a time:
19 MB of digits would take it several minutes."""

_SHORT = 64
"""Longest read, bytes, of who looks for the end of a token."""

_FORBIDDEN = (generic.StreamObject, generic.IndirectObject)
"""What an object stream may not hold."""
_LEAVES = (
    generic.BooleanObject,
    generic.ByteStringObject,
    generic.FloatObject,
    generic.NameObject,
    generic.NullObject,
    generic.NumberObject,
    generic.TextStringObject,
)


class Allowance:
    """Reads left to all the readers of one file."""

    def __init__(self, reads=MAX_READS):
        self.left = reads

    def spend(self, reads):
        """Count reads.

        :raises PdfReadError: there are none left
        """
        self.left -= reads
        if self.left < 0:
            raise PdfReadError("too much to read")


class Metered(BytesIO):
    """Bytes whose readings are counted."""

    def __init__(self, data, allowance):
        super().__init__(data)
        self.allowance = allowance
        self._token = 0

    def read(self, size=-1):
        self.allowance.spend(1)
        if 0 < size <= _SHORT:
            self._token += size
            if self._token > MAX_TOKEN:
                raise PdfReadError("too long a token")
        return super().read(size)

    def seek(self, offset, whence=SEEK_SET):
        # A token ends by going back to what follows it.
        self._token = 0
        return super().seek(offset, whence)


class IndexedReader(PdfFileReader):
    """Reads the index of an object stream once, no further than needed.

    :param pdf: the file
    :param allowance: shared by the readers of one file; its own by default
    """

    def __init__(self, pdf: bytes, allowance: Allowance | None = None):
        stream = Metered(pdf, allowance or Allowance())
        self._allowance = stream.allowance
        self._indexes = {}
        self._room = MAX_INDEXED
        super().__init__(stream)
        # Of this file only: the sections do not change once they are read.
        self.xrefs.get_last_change = cache(self.xrefs.get_last_change)

    def get_historical_resolver(self, revision):
        known = self._historical_resolver_cache
        if revision not in known:
            known[revision] = _Revision(self, revision)
        return known[revision]

    def _get_object_from_stream(self, idnum, stmnum, idx):
        index = self._index(generic.Reference(stmnum, 0, self))
        start = index.start(idnum, idx) if index else None
        if start is not None:
            data = Metered(index.data, self._allowance)
            data.seek(start)
            try:
                found = generic.read_object(data, generic.Reference(idnum, 0, self))
                read_non_whitespace(data, seek_back=True, allow_eof=True)
            except PdfError:
                found = None
            if found is not None and not isinstance(found, _FORBIDDEN):
                return found
        stream = generic.Reference(stmnum, 0, self).get_object()
        if isinstance(stream, generic.StreamObject):
            # The library reads it by its own means, all of it at worst.
            self._allowance.spend(len(stream.read_data(DecodePurpose.OBJECT_STREAM)))
        return super()._get_object_from_stream(idnum, stmnum, idx)

    def _index(self, reference):
        stream = reference.get_object()
        known = self._indexes.get(reference.idnum)
        if known is not None and known.stream is stream:
            return known
        if not isinstance(stream, generic.StreamObject):
            return None
        kind, count, first = (stream.get(key) for key in ("/Type", "/N", "/First"))
        numbers = isinstance(count, int) and isinstance(first, int)
        if kind != "/ObjStm" or not numbers or not 0 < count <= self._room:
            return None
        self._room -= count
        self._indexes[reference.idnum] = _Index(stream, count, first, self._allowance)
        return self._indexes[reference.idnum]


class _Index:
    """Numbers and places of the objects of one stream, as far as they were read."""

    def __init__(self, stream, count, first, allowance):
        self.stream = stream
        self.data = stream.read_data(DecodePurpose.OBJECT_STREAM)
        self._first = first
        self._left = count
        self._unread = Metered(self.data, allowance)
        self._places = {}
        self._read = 0

    def start(self, number, rank):
        """Return where an object starts; ``None`` unless it has that rank."""
        while number not in self._places and self._left:
            self._read_one()
        found, start = self._places.get(number, (None, None))
        return start if found == rank else None

    def _read_one(self):
        try:
            number, offset = self._number(), self._number()
            read_non_whitespace(self._unread, seek_back=True)
        except (PdfError, ValueError, ArithmeticError):
            number = offset = None
        if not (isinstance(number, int) and isinstance(offset, int)):
            self._left = 0
            return
        # Of two objects of one number, the library too takes the first.
        self._places.setdefault(number, (self._read, self._first + offset))
        self._read += 1
        self._left -= 1

    def _number(self):
        read_non_whitespace(self._unread, seek_back=True)
        return generic.NumberObject.read_from_stream(self._unread)


class _Revision(HistoricalResolver):
    """The file at one revision; copies what leads elsewhere, not the leaves.

    The library, too, ends by using the leaves as they are.
    """

    def _subsume_object(self, obj):
        if isinstance(obj, _LEAVES):
            return obj
        if type(obj) is generic.IndirectObject:
            return generic.IndirectObject(obj.idnum, obj.generation, self)
        return super()._subsume_object(obj)
