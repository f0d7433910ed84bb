"""Read Odoo's log: which tests ran, how they ended, which errors nobody expected."""

import re

from .outcome import Outcome

RECORD = re.compile(
    r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d+ \d+ "
    r"(?P<level>[A-Z]+) (?P<database>\S+) (?P<logger>\S+?): (?P<message>.*)$"
)
STARTING = re.compile(r"^Starting (?P<test>[\w.]+) \.\.\.")
SKIPPED = re.compile(r"^skipped (?P<test>.+?) : (?P<reason>.*)$")
FAILED = re.compile(r"^(?:FAIL|ERROR): (?P<test>.+)$")
SUBTEST = re.compile(r"^Subtest (?P<test>[\w.]+)")
DURATION = re.compile(
    r"^\t(?P<test>[\w.]+\.test\w*): (?P<seconds>[\d.]+)s \d+ queries$"
)
TESTS = re.compile(r"^odoo\.addons\.(?P<module>\w+)\.tests\.(?P<file>[\w.]+)")
FIXTURE = re.compile(
    r"^ERROR: (?P<fixture>\w+) \(odoo\.addons\.\w+\.tests\.(?P<test>[\w.]+)\)"
)
# Odoo sums failures up in further error lines, which add nothing.
SUMMARIES = re.compile(
    r"^(Module \S+: \d+ failures?, \d+ errors?|At least one test failed|"
    r"\d+ failed, \d+ error)"
)
BAD_LEVELS = ("ERROR", "CRITICAL")


class LogReader:
    """Fed line by line with a log; collects tests and unexpected errors.

    :param outcome: the Outcome to fill
    :param whitelist: the known log lines
    """

    def __init__(self, outcome: Outcome, whitelist):
        self.outcome = outcome
        self._whitelist = whitelist
        self._started = set()
        self._failures = {}
        self._skips = {}
        self._details = None

    @property
    def started(self):
        """How many tests have begun."""
        return len(self._started)

    @property
    def failed(self):
        """Whether a test failed."""
        return bool(self._failures)

    def feed(self, line):
        """Take one line; return a short text when it is worth showing."""
        record = RECORD.match(line)
        if not record:
            self._continue(line)
            return None
        self._details = None
        message, level = record["message"], record["level"]
        tests = TESTS.match(record["logger"])
        fixture = FIXTURE.match(message)
        if fixture:
            return self._failed(f"{fixture['test']}.{fixture['fixture']}", message)
        if tests:
            shown = self._test_record(tests["file"], level, message)
            if shown:
                return shown
        if level in BAD_LEVELS:
            return self._error(record)
        return None

    def close(self):
        """Write what was collected into the outcome."""
        outcome = self.outcome
        outcome.failures += [(test, "\n".join(d)) for test, d in self._failures.items()]
        outcome.skips += [
            (test, reason)
            for test, reason in self._skips.items()
            if test not in self._failures
        ]
        ended = set(self._failures) | set(self._skips)
        outcome.passed += len(self._started - ended)

    def _test_record(self, file, level, message):
        started = STARTING.match(message)
        if started:
            self._started.add(f"{file}.{started['test']}")
            return None
        skipped = SKIPPED.match(message)
        if skipped:
            test = f"{file}.{_name(skipped['test'])}"
            self._skips[test] = skipped["reason"]
            return f"skipped {test}: {skipped['reason']}"
        failed = FAILED.match(message)
        if failed and level == "ERROR":
            return self._failed(f"{file}.{_name(failed['test'])}", message)
        return None

    def _failed(self, test, message):
        self._details = self._failures.setdefault(test, [])
        self._details.append(message)
        return f"FAILED {test}"

    def _error(self, record):
        text = f"{record['level']} {record['logger']}: {record['message']}"
        if self._whitelist.allows("log", text):
            return None
        if self._failures and SUMMARIES.match(record["message"]):
            return None
        self._details = [text]
        self.outcome.problems.append(_Lines(self._details))
        return f"unexpected {text}"

    def _continue(self, line):
        duration = DURATION.match(line)
        if duration:
            test = duration["test"].split(".", 1)[1]
            self.outcome.durations[test] = float(duration["seconds"])
        elif self._details is not None:
            self._details.append(line)


class _Lines:
    """A text that may still grow: the traceback follows the line of the error."""

    def __init__(self, lines):
        self._lines = lines

    def __str__(self):
        return "\n".join(self._lines)


def _name(test):
    """Return ``TestClass.test_name`` of what Odoo prints for tests and fixtures."""
    subtest = SUBTEST.match(test)
    if subtest:
        return subtest["test"]
    # setUpClass (odoo.addons.campus_sign.tests.test_x.TestClass)
    fixture = re.match(r"^(\w+) \((?:[\w.]*\.)?(\w+)\)$", test)
    return f"{fixture[2]}.{fixture[1]}" if fixture else test
