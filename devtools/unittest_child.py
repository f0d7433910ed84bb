"""Run one folder's unittest tests and write the result as JSON.

Started by ``./dev test`` with the virtual environment's Python from the repository
root: ``python -m devtools.unittest_child engine --json FILE [-k PATTERN]…``.
"""

import argparse
import json
import signal
import sys
import time
import unittest
from pathlib import Path


class Recorder(unittest.TextTestResult):
    """Also keeps durations and the tests that succeeded."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.seconds = {}
        self.passed = []
        self._begun = 0.0

    def startTest(self, test):
        self._begun = time.perf_counter()
        super().startTest(test)

    def stopTest(self, test):
        self.seconds[test.id()] = time.perf_counter() - self._begun
        super().stopTest(test)

    def addSuccess(self, test):
        self.passed.append(test.id())
        super().addSuccess(test)

    def addExpectedFailure(self, test, err):
        self.passed.append(test.id())
        super().addExpectedFailure(test, err)


def main(arguments=None):
    """Run the tests; exit code 0 only if all of them passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder")
    parser.add_argument("--json", required=True, type=Path)
    parser.add_argument("--pattern", action="append")
    parser.add_argument("-k", action="append", dest="names")
    options = parser.parse_args(arguments)
    # A way out that runs the exit handlers, which end the servers of the tests.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    result = run(options.folder, options.pattern or ["test*.py"], options.names)
    options.json.write_text(json.dumps(report(result)))
    return 0 if result.wasSuccessful() else 1


def run(folder, patterns, names=None, stream=None):
    """Return the Recorder of all tests of ``folder`` whose id matches ``names``."""
    loader = unittest.TestLoader()
    if names:
        loader.testNamePatterns = [
            name if "*" in name else f"*{name}*" for name in names
        ]
    suite = unittest.TestSuite(
        loader.discover(folder, pattern=pattern, top_level_dir=".")
        for pattern in patterns
    )
    runner = unittest.TextTestRunner(
        stream=stream or sys.stdout, verbosity=2, resultclass=Recorder
    )
    return runner.run(suite)


def report(result):
    """Return the plain values ``stages`` reads."""
    failures = {}
    for test, details in [*result.errors, *result.failures]:
        failures.setdefault(_test_id(test), []).append(details)
    for test in result.unexpectedSuccesses:
        failures[_test_id(test)] = ["unexpected success"]
    return {
        "passed": [test for test in result.passed if test not in failures],
        "failures": [(test, "\n".join(parts)) for test, parts in failures.items()],
        "skips": [
            (_test_id(test), reason)
            for test, reason in result.skipped
            if _test_id(test) not in failures
        ],
        "durations": result.seconds,
    }


def _test_id(test):
    # A failing subtest carries the test it belongs to.
    return getattr(test, "test_case", test).id()


if __name__ == "__main__":
    sys.exit(main())
