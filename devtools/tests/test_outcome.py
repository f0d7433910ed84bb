"""What turns a stage red, and the line that ends the run."""

import contextlib
import io
import unittest

from devtools import stages
from devtools.outcome import Outcome, Whitelist, total_line


def closed(outcome, whitelist=""):
    outcome.close(Whitelist(whitelist))
    return outcome


class TestOutcome(unittest.TestCase):
    def test_no_test_at_all_is_a_failure(self):
        self.assertEqual(closed(Outcome("live")).failed, 1)

    def test_a_selection_may_leave_a_stage_empty(self):
        self.assertEqual(closed(Outcome("live", may_be_empty=True)).failed, 0)

    def test_a_skip_is_a_failure_unless_it_is_known(self):
        skips = [("test_a.TestA.test_x", "no scanner here")]
        self.assertEqual(closed(Outcome("odoo", 1, skips=skips)).failed, 1)
        known = "skip TestA.test_x: no scanner  # needs a device"
        self.assertEqual(closed(Outcome("odoo", 1, skips=skips), known).failed, 0)

    def test_the_total_counts_problems_as_failures(self):
        outcomes = [
            Outcome("engine", 3, [("a", "")]),
            Outcome("odoo", 4, problems=["ERROR x"], skips=[("b", "c")]),
        ]
        self.assertEqual(total_line(outcomes), "7 passed, 2 failed, 1 skipped")

    def test_the_last_line_is_the_total_and_the_exit_code_says_it(self):
        for outcomes, code in (
            ([Outcome("engine", 2)], 0),
            ([Outcome("engine", 2, problems=["no test was run"])], 1),
        ):
            printed = io.StringIO()
            with self.subTest(code=code), contextlib.redirect_stdout(printed):
                self.assertEqual(stages.conclude(outcomes), code)
            last = printed.getvalue().splitlines()[-1]
            self.assertEqual(last, f"2 passed, {code} failed, 0 skipped")


class TestWhitelist(unittest.TestCase):
    def test_every_entry_of_the_file_is_readable(self):
        self.assertTrue(Whitelist.load().allows("log", "selfie_segmentation.js"))

    def test_an_entry_without_a_reason_is_refused(self):
        with self.assertRaises(ValueError):
            Whitelist("log something")

    def test_patterns_of_one_test_do_not_leak_into_others(self):
        general = Whitelist("")
        extended = general.extended(["on purpose"])
        self.assertTrue(extended.allows("log", "broken on purpose"))
        self.assertFalse(general.allows("log", "broken on purpose"))


class TestSelection(unittest.TestCase):
    def test_everything_of_the_module_but_the_slow_tests(self):
        self.assertEqual(
            stages.Selection().odoo_tags(), "/campus_sign,-slow/campus_sign"
        )
        self.assertEqual(stages.Selection(everything=True).odoo_tags(), "/campus_sign")

    def test_short_names_are_confined_to_the_module(self):
        for given, wanted in (
            ("TestSeal", "/campus_sign:TestSeal"),
            ("TestSeal.test_a", "/campus_sign:TestSeal.test_a"),
            ("test_a", "/campus_sign.test_a"),
            ("post_install", "post_install/campus_sign"),
            ("-TestSeal", "-/campus_sign:TestSeal"),
            ("/campus_sign:TestSeal", "/campus_sign:TestSeal"),
        ):
            with self.subTest(given=given):
                selection = stages.Selection(given, everything=True)
                self.assertEqual(selection.odoo_tags(), wanted)

    def test_the_other_stages_get_the_name_alone(self):
        selection = stages.Selection("/campus_sign:TestSeal.test_a,TestGate")
        self.assertEqual(selection.unittest_names(), ["TestSeal.test_a", "TestGate"])
