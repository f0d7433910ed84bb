# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a case returns, and how time, queries and memory are read."""

import contextlib
import re
import time
from dataclasses import dataclass
from pathlib import Path

from devtools.harness import Server, clone_database
from devtools.play.mailbox import Mailbox
from devtools.play.school import School


@dataclass(frozen=True)
class Result:
    """One case, in milliseconds."""

    ours: float
    reference: float | None
    goal: str
    met: bool
    queries: float | None = None
    bytes: int | None = None
    memory_mb: float | None = None

    @property
    def ratio(self):
        return self.ours / self.reference if self.reference else None

    def to_dict(self):
        """Return the entry of the JSON file."""
        return {
            "ours": round(self.ours, 1),
            "reference": _rounded(self.reference, 1),
            "ratio": _rounded(self.ratio, 2),
            "queries": self.queries,
            "bytes": self.bytes,
            "memory_mb": _rounded(self.memory_mb, 0),
            "goal": self.goal,
            "met": self.met,
        }


def _rounded(value, digits):
    return None if value is None else round(value, digits)


def milliseconds(act):
    """Call ``act`` and return (how long it took, what it returned)."""
    begun = time.perf_counter()
    value = act()
    return (time.perf_counter() - begun) * 1000, value


class Stage:
    """A server with a school, on a cloned database; a context manager.

    :param server_options: options of :class:`devtools.harness.Server`
    """

    def __init__(self, **server_options):
        self._options = server_options
        self._stack = contextlib.ExitStack()

    def __enter__(self):
        with contextlib.ExitStack() as stack:
            self.mailbox = stack.enter_context(Mailbox())
            self.database = stack.enter_context(clone_database())
            self.server = stack.enter_context(Server(self.database, **self._options))
            self.school = School(self.server.url, self.mailbox).open()
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *exc_info):
        self._stack.close()

    def ready(self, document, role):
        """Return the last click of a person who has read everything."""
        person = self.school.signer(document, role)
        overview, due = person.prepare()

        def click():
            [result] = person.sign(due, overview)
            if not result["ok"]:
                raise RuntimeError(f"{role} of {document.name}: {result['message']}")
            return result

        return click

    def revisions(self, document):
        """Return the lengths of the stored revisions of a document."""
        read = self.school.secretary.read(
            "campus.sign.request", document.request_id, "revisions"
        )
        return [one["length"] for one in read["revisions"]]

    def queries(self, path):
        """Return the SQL queries of each request to ``path``, oldest first.

        Odoo counts them per request, on every cursor of its thread, and writes the
        count at the end of the request's log line.
        """
        log = self.server.log_path.read_text(encoding="utf-8", errors="replace")
        pattern = rf'"POST {re.escape(path)} HTTP/1\.1" 200 - (\d+) '
        return [int(count) for count in re.findall(pattern, log)]

    def peak_memory_mb(self):
        """Return the largest resident set any process of the server ever had."""
        return max(map(_peak_mb, _family(self.server.pid)))


def _family(pid):
    """Return a process and its children."""
    family = [pid]
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            fields = stat.read_text().rpartition(")")[2].split()
            if int(fields[1]) == pid:
                family.append(int(stat.parent.name))
    return family


def _peak_mb(pid):
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"^VmHWM:\s+(\d+) kB", status, re.MULTILINE)[1]) / 1024
