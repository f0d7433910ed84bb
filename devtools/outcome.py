"""What a stage of the tests gave, and what makes it a failure."""

import re
from dataclasses import dataclass, field

from . import paths

WHITELIST = paths.DEVTOOLS / "log_whitelist.txt"


@dataclass
class Outcome:
    """Counts and findings of one stage."""

    name: str
    passed: int = 0
    failures: list = field(default_factory=list)
    """One (test, details) per failed test."""
    skips: list = field(default_factory=list)
    """One (test, reason) per skipped test."""
    problems: list = field(default_factory=list)
    """Sentences about failures that are no test: log lines, time-outs, no test."""
    durations: dict = field(default_factory=dict)
    """Seconds per test."""
    seconds: float = 0.0
    may_be_empty: bool = False
    """A selection of tests may leave a stage without any."""

    @property
    def failed(self):
        return len(self.failures) + len(self.problems)

    @property
    def run(self):
        return self.passed + len(self.failures) + len(self.skips)

    def close(self, whitelist):
        """Turn unexpected skips and an empty stage into problems."""
        for test, reason in self.skips:
            if not whitelist.allows("skip", f"{test}: {reason}"):
                self.problems.append(f"unexpected skip: {test}: {reason}")
        if not self.run and not self.may_be_empty:
            self.problems.append("no test was run")


def total_line(outcomes):
    """Return the one line that ends ``./dev test``."""
    passed = sum(outcome.passed for outcome in outcomes)
    failed = sum(outcome.failed for outcome in outcomes)
    skipped = sum(len(outcome.skips) for outcome in outcomes)
    return f"{passed} passed, {failed} failed, {skipped} skipped"


class Whitelist:
    """Log lines and skips that are known, each with its reason.

    A line of the file is ``log <pattern>  # reason`` or ``skip <pattern>  # reason``.
    """

    LINE = re.compile(r"^(log|skip)\s+(.+?)\s+# (\S.*)$")

    def __init__(self, text):
        self._patterns = {"log": [], "skip": []}
        for line in text.splitlines():
            if not line.strip() or line.startswith("#"):
                continue
            found = self.LINE.match(line)
            if not found:
                raise ValueError(f"no `kind pattern  # reason`: {line}")
            self._patterns[found.group(1)].append(re.compile(found.group(2)))

    @classmethod
    def load(cls):
        return cls(WHITELIST.read_text(encoding="utf-8"))

    def extended(self, patterns):
        """Return a copy that also allows these log lines."""
        copy = Whitelist("")
        copy._patterns = {
            "log": self._patterns["log"] + [re.compile(p) for p in patterns],
            "skip": self._patterns["skip"],
        }
        return copy

    def allows(self, kind, text):
        return any(pattern.search(text) for pattern in self._patterns[kind])
