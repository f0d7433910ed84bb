# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What live tests share: a server, a mailbox, a school, and a look into its database.

Example::

    class TestSomething(LiveCase):
        workers = 4

        def test_six_at_once(self):
            [document] = self.world.school.send(self.world.school.enrol(1))
"""

import contextlib
import tempfile
import threading
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg2
from playwright.sync_api import sync_playwright

from devtools import paths
from devtools.harness import CHROMIUM, CHROMIUM_ARGUMENTS, Server, clone_database
from devtools.play import judges
from devtools.play.mailbox import Mailbox
from devtools.play.school import School
from engine.pades import validate

__all__ = ["PATIENCE_MS", "SHOTS", "BrowserCase", "LiveCase", "World", "at_once"]

PATIENCE_MS = 90_000
"""How long a page may take on a busy machine, in milliseconds."""
SHOTS = paths.WORK / "shots"
"""Folder of the screenshots that tests take."""


class World:
    """A server on a cloned database, with a school in it; a context manager."""

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

    @contextlib.contextmanager
    def cursor(self):
        """Yield a cursor on the database itself; what it did is rolled back."""
        connection = psycopg2.connect(self.database.url)
        try:
            with connection.cursor() as cursor:
                yield cursor
        finally:
            connection.close()

    def sql(self, query, *values):
        """Return the rows of a query, outside of Odoo."""
        with self.cursor() as cursor:
            cursor.execute(query, values)
            return cursor.fetchall()

    def log(self):
        """Return the server's log so far."""
        return self.server.log_path.read_text(encoding="utf-8", errors="replace")

    def stored(self, document):
        """Return ``(state, signature fields given, lengths of the revisions)``."""
        [(state, revisions)] = self.sql(
            "SELECT state, revisions FROM campus_sign_request WHERE id = %s",
            document.request_id,
        )
        signed = self.sql(
            "SELECT field_name FROM campus_sign_signer"
            " WHERE request_id = %s AND status = 'signed' ORDER BY field_name",
            document.request_id,
        )
        return state, [name for (name,) in signed], [one["length"] for one in revisions]


class LiveCase(unittest.TestCase):
    """Tests that share one world per class."""

    workers = 0
    max_cron_threads = 2
    expected_errors = ()

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.world = cls.enterClassContext(
            World(
                workers=cls.workers,
                max_cron_threads=cls.max_cron_threads,
                expected_errors=cls.expected_errors,
            )
        )
        cls.school = cls.world.school

    @classmethod
    def enterClassContext(cls, manager):
        """Enter ``manager`` until the class is over (standard from Python 3.11 on)."""
        value = manager.__enter__()
        cls.addClassCleanup(manager.__exit__, None, None, None)
        return value

    def send(self, count=1, guardians=1, template_id=None):
        """Return ``count`` documents whose signers have their mail."""
        documents = self.school.send(
            self.school.enrol(count, guardians), template_id=template_id
        )
        for document in documents:
            for address in document.addresses.values():
                self.world.mailbox.wait_for(address)
        return documents

    def assertSigned(self, results):
        """Every result of one ``sign`` call is a signature."""
        self.assertTrue(results)
        for result in results:
            self.assertTrue(result["ok"], result)

    def assertGoodFile(self, document, persons, long_term=False, roots=()):
        """The stored file carries the seal and ``persons`` good signatures.

        ``roots`` are the certificates of other establishments that signed.

        pdfsig, qpdf, mutool and our own validation must agree, and nothing may
        follow the last signature.
        """
        content = self.school.pdf(document)
        roots = [self.school.root(document), *roots]
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "document.pdf"
            path.write_bytes(content)
            self.assertEqual(judges.problems(path, persons, long_term), [])
        # In a thread: the browser tests have an event loop running in this one.
        with ThreadPoolExecutor(1) as apart:
            report = apart.submit(validate, content, roots, now=judges.now()).result()
        self.assertTrue(report.ok, report)
        signatures = [one for one in report.signatures if one.kind == "signature"]
        self.assertEqual(len(signatures), persons)
        self.assertEqual(len(content), self.world.stored(document)[2][-1])
        return content


class BrowserCase(LiveCase):
    """Live tests that open pages in ``cls.chromium``."""

    workers = 2

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        SHOTS.mkdir(parents=True, exist_ok=True)
        playwright = cls.enterClassContext(sync_playwright())
        cls.chromium = playwright.chromium.launch(
            executable_path=CHROMIUM, args=list(CHROMIUM_ARGUMENTS)
        )
        cls.addClassCleanup(cls.chromium.close)

    def wait_until_still(self, page):
        """Wait for the colours of a page: half-way between two they are neither."""
        page.evaluate(
            """() => Promise.allSettled(
                document.getAnimations()
                    .filter((one) => one.effect.getComputedTiming().endTime < Infinity)
                    .map((one) => one.finished)
            )"""
        )


def at_once(acts):
    """Call the functions ``acts`` in threads released at the same moment.

    :return: for each the value it returned or the exception it raised
    """
    barrier = threading.Barrier(len(acts))
    outcomes = [None] * len(acts)

    def play(index, act):
        barrier.wait()
        try:
            outcomes[index] = act()
        except Exception as error:  # noqa: BLE001 - the test judges it
            outcomes[index] = error

    threads = [threading.Thread(target=play, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes
