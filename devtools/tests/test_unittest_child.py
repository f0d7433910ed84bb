"""The runner of the stages without Odoo reports every kind of ending."""

import io
import os
import sys
import tempfile
import textwrap
import unittest
from pathlib import Path

from devtools import unittest_child

SAMPLE = """
    import unittest

    class TestSample(unittest.TestCase):
        def test_good(self):
            pass

        def test_bad(self):
            self.fail("no")

        def test_parts(self):
            for number in range(3):
                with self.subTest(number=number):
                    self.assertEqual(number, 1)

        @unittest.skip("not today")
        def test_skipped(self):
            pass

    class TestBroken(unittest.TestCase):
        @classmethod
        def setUpClass(cls):
            raise ValueError("no fixture")

        def test_never(self):
            pass
"""


class TestChild(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.addCleanup(os.chdir, os.getcwd())
        self.addCleanup(setattr, sys, "path", list(sys.path))
        self.addCleanup(sys.modules.pop, "sample_suite", None)
        self.addCleanup(sys.modules.pop, "sample_suite.test_sample", None)
        os.chdir(folder.name)
        package = Path(folder.name, "sample_suite")
        package.mkdir()
        (package / "__init__.py").touch()
        (package / "test_sample.py").write_text(textwrap.dedent(SAMPLE))

    def report(self, names=None):
        result = unittest_child.run(
            "sample_suite", ["test*.py"], names, stream=io.StringIO()
        )
        return unittest_child.report(result)

    def test_each_ending_is_counted_once(self):
        report = self.report()
        name = "sample_suite.test_sample.TestSample"
        self.assertEqual(report["passed"], [f"{name}.test_good"])
        self.assertEqual(report["skips"], [(f"{name}.test_skipped", "not today")])
        self.assertEqual(
            sorted(test for test, details in report["failures"]),
            [
                f"{name}.test_bad",
                f"{name}.test_parts",
                "setUpClass (sample_suite.test_sample.TestBroken)",
            ],
        )

    def test_a_selection_runs_nothing_else(self):
        report = self.report(["TestSample.test_good"])
        self.assertEqual(len(report["passed"]), 1)
        self.assertEqual(report["failures"], [])
