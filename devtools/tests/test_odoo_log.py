"""The Odoo stage counts what Odoo's log says, and overlooks no error."""

import unittest

from devtools.odoo_log import LogReader
from devtools.outcome import Outcome, Whitelist

PREFIX = "2026-01-02 03:04:05,678 42"
TESTS = "odoo.addons.campus_sign.tests.test_seal"


def record(message, level="INFO", logger=TESTS):
    return f"{PREFIX} {level} scratch {logger}: {message}"


def read(*lines, whitelist=""):
    outcome = Outcome("odoo")
    reader = LogReader(outcome, Whitelist(whitelist))
    for line in "\n".join(lines).splitlines():
        reader.feed(line)
    reader.close()
    return outcome


class TestCounting(unittest.TestCase):
    def test_a_started_test_without_bad_news_has_passed(self):
        outcome = read(record("Starting TestSeal.test_a ..."))
        self.assertEqual((outcome.passed, outcome.failed), (1, 0))

    def test_a_failure_keeps_its_traceback(self):
        outcome = read(
            record("Starting TestSeal.test_a ..."),
            record("FAIL: TestSeal.test_a\nTraceback:\n  1 != 2", "ERROR"),
            record("Starting TestSeal.test_b ..."),
        )
        self.assertEqual(outcome.passed, 1)
        [(test, details)] = outcome.failures
        self.assertEqual(test, "test_seal.TestSeal.test_a")
        self.assertIn("1 != 2", details)
        self.assertEqual(outcome.problems, [])

    def test_failing_subtests_are_one_failed_test(self):
        outcome = read(
            record("Starting TestSeal.test_a ..."),
            record("FAIL: Subtest TestSeal.test_a (i=0)", "ERROR"),
            record("FAIL: Subtest TestSeal.test_a (i=2)", "ERROR"),
        )
        self.assertEqual((outcome.passed, outcome.failed), (0, 1))

    def test_a_broken_class_fixture_is_a_failure(self):
        message = f"ERROR: setUpClass ({TESTS}.TestSeal)\nTraceback"
        outcome = read(record(message, "ERROR", "odoo.tests.suite"))
        self.assertEqual(outcome.failures[0][0], "test_seal.TestSeal.setUpClass")
        self.assertEqual(outcome.problems, [])

    def test_a_skip_is_counted_with_its_reason(self):
        outcome = read(
            record("Starting TestSeal.test_a ..."),
            record("skipped TestSeal.test_a : no browser"),
        )
        self.assertEqual(outcome.passed, 0)
        self.assertEqual(outcome.skips, [("test_seal.TestSeal.test_a", "no browser")])

    def test_durations_are_read_from_the_detailed_report(self):
        outcome = read(
            record("Detailed Tests Report:", "DEBUG", "odoo.tests.stats"),
            "\tcampus_sign: 1.50s 20 queries",
            "\tcampus_sign.test_seal.TestSeal: 1.50s 20 queries",
            "\tcampus_sign.test_seal.TestSeal.test_a: 1.50s 20 queries",
        )
        self.assertEqual(outcome.durations, {"test_seal.TestSeal.test_a": 1.5})


class TestErrors(unittest.TestCase):
    def test_an_unknown_error_line_is_a_failure_with_its_traceback(self):
        line = record("broken\nTraceback (most recent call last)", "ERROR", "odoo.http")
        outcome = read(line)
        self.assertEqual(outcome.failed, 1)
        self.assertIn("Traceback", str(outcome.problems[0]))

    def test_a_critical_line_is_a_failure(self):
        outcome = read(record("no memory", "CRITICAL", "odoo.service.server"))
        self.assertEqual(outcome.failed, 1)

    def test_a_known_line_is_not(self):
        line = record("selfie_segmentation.js not found", "ERROR", "odoo.assets")
        outcome = read(line, whitelist="log selfie_seg  # left out by Debian")
        self.assertEqual(outcome.failed, 0)

    def test_sums_of_failures_are_not_counted_again(self):
        outcome = read(
            record("Starting TestSeal.test_a ..."),
            record("FAIL: TestSeal.test_a", "ERROR"),
            record(
                "Module campus_sign: 1 failures, 0 errors of 3 tests",
                "ERROR",
                "odoo.modules.loading",
            ),
            record("1 failed, 0 error(s) of 3 tests", "ERROR", "odoo.tests.result"),
        )
        self.assertEqual(outcome.failed, 1)

    def test_a_warning_is_no_failure(self):
        outcome = read(record("careful", "WARNING", "odoo.models"))
        self.assertEqual(outcome.failed, 0)
