"""Stages beside one another: order, a crash of one, Ctrl-C."""

import contextlib
import io
import sys
import tempfile
import threading
import unittest
from pathlib import Path
from unittest.mock import patch

from devtools import process, stages
from devtools.outcome import Outcome, Whitelist


class TestSideBySide(unittest.TestCase):
    def test_they_meet_and_are_told_in_the_order_given(self):
        """Given two stages that wait for each other, when they run, then both end."""
        meeting = threading.Barrier(2)

        def stage(name):
            meeting.wait(10)
            return Outcome(name, 1)

        outcomes = stages.side_by_side(
            [("odoo", lambda: stage("odoo")), ("live", lambda: stage("live"))]
        )
        self.assertEqual([one.name for one in outcomes], ["odoo", "live"])
        self.assertEqual([one.failed for one in outcomes], [0, 0])

    def test_a_crash_does_not_hide_the_other_stage(self):
        def crash():
            raise OSError("no space left")

        outcomes = stages.side_by_side(
            [("odoo", crash), ("live", lambda: Outcome("live", 2, [("a", "no")]))]
        )
        self.assertEqual([one.failed for one in outcomes], [1, 1])
        self.assertIn("no space left", outcomes[0].problems[0])
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            self.assertEqual(stages.conclude(outcomes), 1)
        self.assertIn("2 passed, 2 failed", printed.getvalue())

    def test_an_interruption_ends_the_children(self):
        """Given a child of another thread, when all are stopped, then it ends at once
        and nothing more is started."""
        with (
            tempfile.TemporaryDirectory() as folder,
            patch.object(process, "_stopped", threading.Event()),
        ):
            log = Path(folder, "child.log")
            begun = threading.Event()
            child = [sys.executable, "-uc", "print(1); import time; time.sleep(60)"]

            def runner():
                code = process.follow(child, log, lambda line: begun.set())
                return Outcome("odoo", problems=[f"ended with {code}"])

            def interrupt():
                begun.wait(10)
                process.stop_followed()
                return Outcome("live", 1)

            outcomes = stages.side_by_side([("odoo", runner), ("live", interrupt)])
            self.assertEqual(outcomes[0].problems, ["ended with -15"])
            with self.assertRaises(process.Problem):
                process.follow(child, log, print)


class TestServerLog(unittest.TestCase):
    LINE = "2026-11-22 23:51:44,963 591 {} db odoo.{}\n"
    CUT = LINE.format("ERROR", "addons.base.models.ir_cron: Job 'Mails' (3) failed ")
    QUEUE = LINE.format(
        "ERROR", "addons.mail.models.mail_mail: Failed processing mail queue "
    )
    QUERY = LINE.format("ERROR", "sql_db: bad query: b'SELECT 1'")
    STOP = LINE.format("INFO", "service.server: Initiating shutdown")
    START = "2026-11-22 23:52:44,963 591 INFO ? odoo: Odoo version 19.0 \n"

    def problems(self, *lines):
        outcome = Outcome("live", 1)
        with tempfile.TemporaryDirectory() as folder:
            log = Path(folder, "server.log")
            log.write_text("".join(lines), encoding="utf-8")
            stages._scan(log, outcome, Whitelist(""))
        return len(outcome.problems)

    def test_a_stop_cuts_scheduled_actions(self):
        self.assertEqual(self.problems(self.STOP, self.QUERY, self.QUEUE, self.CUT), 0)

    def test_nothing_else_is_forgiven(self):
        other = self.LINE.format("ERROR", "http: lost")
        for lines in (
            [self.CUT],
            [self.QUEUE],
            [self.QUERY],
            [self.STOP, other],
            [self.STOP, self.START, self.CUT],
        ):
            self.assertEqual(self.problems(*lines), 1, lines)
