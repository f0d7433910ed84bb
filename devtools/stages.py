"""The stages of ``./dev test``: engine (no database), Odoo, live.

They run beside one another and are reported in this order when all have ended.
"""

import itertools
import json
import os
import re
import threading
import time
import traceback
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from . import database, paths, stamps, system
from .console import bad, good, say, step
from .odoo_log import LogReader
from .outcome import Outcome, Whitelist, total_line
from .process import follow, stop_followed, tail
from .runtime import prepare
from .server import RUN_VARIABLE, free_port, log_prefix

STAGES = ("engine", "odoo", "live")
TIMEOUTS = {"engine": 600, "odoo": 1800, "live": 1800}
SLOW_TAG = "slow"
TOURS = f"{paths.MODULE}:TestTours"
SLOWEST = 8
# Files of live tests wait for servers and mails more than they compute. The longest
# ones begin first.
AT_ONCE = 2
LONGEST = ("test_live_crash.py", "test_live_install.py")
STOPPING = "odoo.service.server: Initiating shutdown"
STARTED = re.compile(r" odoo: Odoo version ")
CUT_OFF = re.compile(
    r" odoo\.(addons\.base\.models\.ir_cron: Job .* failed *$"
    r"|addons\.mail\.models\.mail_mail: Failed processing mail queue *$"
    r"|sql_db: bad query: )"
)
FIRST_LINES = 3
LAST_LINES = 20


class Selection:
    """Which tests to run.

    :param tags: Odoo's test tags, or None for everything
    :param stages: names of the stages to run
    :param everything: also the tests tagged ``slow`` and the files ``slow_*.py``
    """

    def __init__(self, tags=None, stages=None, everything=False):
        self.tags = tags
        self.stages = stages or STAGES
        self.everything = everything

    def odoo_tags(self):
        """Return the value of Odoo's ``--test-tags``, confined to this module."""
        wanted = [_odoo_tag(tag) for tag in _split(self.tags)] or [f"/{paths.MODULE}"]
        if not self.everything:
            wanted.append(f"-{SLOW_TAG}/{paths.MODULE}")
        return ",".join(wanted)

    def odoo_parts(self):
        """Return {name: tags} of what Odoo's tests are divided into.

        Tours wait for a browser more than they compute: they run beside the others.
        """
        tags = self.odoo_tags()
        if self.tags:
            return {"odoo": tags}
        return {"odoo": f"{tags},-/{TOURS}", "odoo-tours": f"/{TOURS}"}

    def unittest_names(self):
        """Return the ``-k`` patterns for the stages that do not run in Odoo."""
        return [re.split(r"[/:]", tag)[-1].lstrip(".") for tag in _split(self.tags)]

    def patterns(self):
        """Return the names of the test files to discover."""
        return ["test*.py", "slow*.py"] if self.everything else ["test*.py"]


class _Run:
    """What the stages of one run share.

    :param board: console step whose detail tells how far each stage is
    """

    def __init__(self, runtime, selection, whitelist, board):
        self.runtime = runtime
        self.selection = selection
        self.whitelist = whitelist
        # Once for all: writing the configuration is no work for several threads.
        self._environment = runtime.environment()
        self._board = board
        self._told = {}
        self.engine_over = threading.Event()
        if "engine" not in selection.stages:
            self.engine_over.set()

    def follow(self, stage, command, log, on_line, **options):
        """Follow a child process of ``stage``; return its exit code or None."""
        options.update(timeout=TIMEOUTS[stage], env=self._environment)
        return follow(command, log, on_line, **options)

    def tell(self, stage, tests):
        """Show how many tests of ``stage`` have begun or ended."""
        self._told[stage] = f"{stage} {tests}"
        self._board.detail = ", ".join(self._told[s] for s in STAGES if s in self._told)


def run(selection):
    """Run the selected stages; return the exit code."""
    runtime = prepare(system.RUN, system.TEST)
    database.sweep(runtime)
    whitelist = Whitelist.load()
    stages = [stage for stage in STAGES if stage in selection.stages]
    _build_templates(runtime, selection, stages)
    with step(f"Running the tests ({', '.join(stages)})") as board:
        shared = _Run(runtime, selection, whitelist, board)
        outcomes = side_by_side(
            [(stage, lambda one=stage: _RUNNERS[one](shared)) for stage in stages]
        )
    for outcome in outcomes:
        outcome.close(whitelist)
        _show(outcome)
    _check_selection(selection, outcomes)
    return conclude(outcomes)


def side_by_side(runners):
    """Run functions that return an Outcome at once; return these in the same order.

    One that raises gives an Outcome that says so, and the others go on. Ctrl-C ends
    the child processes of all.

    :param runners: pairs (name of the stage, function without argument)
    """

    def guarded(pair):
        name, runner = pair
        begun = time.monotonic()
        try:
            outcome = runner()
        except Exception:  # noqa: BLE001 - reported, and turns the run red
            outcome = Outcome(name, may_be_empty=True)
            outcome.problems.append(f"the stage broke off:\n{traceback.format_exc()}")
        outcome.seconds = time.monotonic() - begun
        return outcome

    with ThreadPoolExecutor(len(runners)) as pool:
        try:
            return list(pool.map(guarded, runners))
        except KeyboardInterrupt:
            stop_followed()
            raise


def conclude(outcomes):
    """Print what failed and the line of totals; return the exit code."""
    for outcome in outcomes:
        for test, details in outcome.failures:
            say(f"\n{bad('FAILED')} {test}\n{shortened(details)}")
        for problem, times in Counter(map(str, outcome.problems)).items():
            again = f" ({times} times)" if times > 1 else ""
            say(f"\n{bad('PROBLEM')} {outcome.name}{again}: {shortened(problem)}")
    say()
    say(total_line(outcomes))
    return 1 if any(outcome.failed for outcome in outcomes) else 0


def shortened(text):
    """Return the two ends of a long text: what failed, and where; logs have all."""
    lines = text.rstrip().splitlines()
    left_out = len(lines) - FIRST_LINES - LAST_LINES
    if left_out <= 0:
        return "\n".join(lines)
    mark = f"    … {left_out} lines more in {paths.LOGS}"
    return "\n".join([*lines[:FIRST_LINES], mark, *lines[-LAST_LINES:]])


def _build_templates(runtime, selection, stages):
    """Build the template databases here once, not in the first test's time."""
    os.environ[RUN_VARIABLE] = f"run{os.getpid()}"
    if {"odoo", "live"} & set(stages) and not selection.tags:
        database.clone(runtime, database.scratch_name("warm")).drop()
    elif "odoo" in stages:
        with stamps.setup_lock():
            database.base(runtime)


def _engine(shared):
    outcome = Outcome("engine", may_be_empty=bool(shared.selection.tags))
    patterns = shared.selection.patterns()
    suites = [_Suite(folder, folder, patterns) for folder in ("engine", "devtools")]
    try:
        _unittest(outcome, suites, shared)
    finally:
        shared.engine_over.set()
    return outcome


def _live(shared):
    selection = shared.selection
    outcome = Outcome("live", may_be_empty=bool(selection.tags))
    folder = "tests_live"
    names = {
        path.name
        for pattern in selection.patterns()
        for path in (paths.ROOT / folder).glob(pattern)
    }
    suites = [
        _Suite(f"{folder}-{Path(name).stem}", folder, [name])
        for name in sorted(names, key=lambda name: (name not in LONGEST, name))
    ]
    _unittest(outcome, suites, shared, AT_ONCE)
    for log in sorted(paths.LOGS.glob(f"{log_prefix()}*.log")):
        _scan(log, outcome, shared.whitelist)
    return outcome


def _odoo(shared):
    """Install the module and run its tests; tours in an Odoo process of their own."""
    outcome = Outcome("odoo", may_be_empty=bool(shared.selection.tags))
    parts = shared.selection.odoo_parts()
    readers = [LogReader(outcome, shared.whitelist) for _part in parts]

    def run_part(part, reader):
        name, tags = part
        installed = name != "odoo"
        if installed:
            # Not everything at the same moment: two cores are enough for the rest.
            shared.engine_over.wait()
        options = () if installed else ("--init", paths.MODULE)

        def on_line(line):
            shown = reader.feed(line)
            if shown:
                say(f"\r    {shown}")
            shared.tell("odoo", sum(one.started for one in readers))

        with database.clone(
            shared.runtime, database.scratch_name("test"), installed=installed
        ) as scratch:
            command = shared.runtime.command(
                *("server", "-d", scratch.name, *options),
                *("--test-tags", tags, "--stop-after-init"),
                *("--http-port", free_port(), "--max-cron-threads=0"),
                *("--log-handler", "odoo.tests.stats:DEBUG"),
            )
            return shared.follow("odoo", command, _odoo_log(name), on_line)

    with ThreadPoolExecutor(len(parts)) as pool:
        codes = list(pool.map(run_part, parts.items(), readers))
    for name, reader, code in zip(parts, readers, codes, strict=True):
        log = _odoo_log(name)
        if code is None:
            outcome.problems.append(f"stopped after {TIMEOUTS['odoo']} s: see {log}")
        elif code and not reader.failed:
            outcome.problems.append(
                f"Odoo ended with code {code}; {log}:\n{tail(log, 20)}"
            )
        elif not reader.started and not shared.selection.tags:
            outcome.problems.append(f"no test was run: see {log}")
        reader.close()
    return outcome


def _odoo_log(name):
    return paths.LOGS / f"test-{name}.log"


_RUNNERS = {"engine": _engine, "odoo": _odoo, "live": _live}


class _Suite(NamedTuple):
    """Tests that one child process runs."""

    name: str
    folder: str
    patterns: list


def _unittest(outcome, suites, shared, at_once=1):
    """Run each suite in a child process; add the results to ``outcome``."""
    done = itertools.count(1)

    def on_line(line):
        if line.endswith((" ok", "FAIL", "ERROR")) or "... skipped" in line:
            shared.tell(outcome.name, next(done))
        if line.endswith(("... FAIL", "... ERROR")):
            say(f"\r    {line}")

    with ThreadPoolExecutor(at_once) as pool:
        ended = list(
            pool.map(lambda one: _child(one, outcome.name, shared, on_line), suites)
        )
    for report, problem in ended:
        if problem:
            outcome.problems.append(problem)
        else:
            _add(outcome, report)


def _child(suite, stage, shared, on_line):
    """Run one suite; return its report, or None and what went wrong."""
    result = paths.RUN / f"unittest-{suite.name}.json"
    result.unlink(missing_ok=True)
    log = paths.LOGS / f"test-{suite.name}.log"
    command = [shared.runtime.python, "-m", "devtools.unittest_child", suite.folder]
    command += ["--json", result]
    for pattern in suite.patterns:
        command += ["--pattern", pattern]
    for name in shared.selection.unittest_names():
        command += ["-k", name]
    code = shared.follow(stage, command, log, on_line, cwd=paths.ROOT)
    if code is None:
        return None, f"{suite.name} was stopped after {TIMEOUTS[stage]} s: see {log}"
    if not result.exists():
        return None, f"{suite.name} broke off:\n{tail(log, 20)}"
    return json.loads(result.read_text()), None


def _add(outcome, report):
    outcome.passed += len(report["passed"])
    outcome.failures += [tuple(pair) for pair in report["failures"]]
    outcome.skips += [tuple(pair) for pair in report["skips"]]
    outcome.durations.update(report["durations"])


def _scan(log, outcome, whitelist):
    """Look for unexpected errors in the log of a server that a test started."""
    expected = log.with_suffix(".expected.json")
    if expected.exists():
        whitelist = whitelist.extended(json.loads(expected.read_text()))
    reader = LogReader(outcome, whitelist)
    stopping = False
    with open(log, encoding="utf-8", errors="replace") as lines:
        for line in lines:
            stopping = not STARTED.search(line) and (stopping or STOPPING in line)
            # A server told to stop cuts the scheduled actions under way.
            if not (stopping and CUT_OFF.search(line)):
                reader.feed(line.rstrip("\n"))


def _show(outcome):
    slowest = sorted(outcome.durations.items(), key=lambda item: -item[1])[:SLOWEST]
    for test, seconds in slowest:
        if seconds >= 0.5:
            say(f"    {seconds:6.1f} s  {test}")
    verdict = bad(f"{outcome.failed} failed") if outcome.failed else good("none failed")
    say(
        f"  {outcome.name}: {outcome.passed} passed, {verdict}, "
        f"{len(outcome.skips)} skipped in {outcome.seconds:.0f} s"
    )


def _check_selection(selection, outcomes):
    """A selection that matches nothing at all is a typing error, not a success."""
    if selection.tags and not any(outcome.run for outcome in outcomes):
        outcomes[-1].problems.append(f"no test matches --tags {selection.tags}")


def _split(tags):
    return [tag.strip() for tag in (tags or "").split(",") if tag.strip()]


def _odoo_tag(tag):
    """Return a tag confined to the module: ``TestX`` means the class of that name."""
    sign = tag[0] if tag[0] in "+-" else ""
    name = tag[len(sign) :]
    if "/" in name:
        return tag
    if name.startswith("Test"):
        return f"{sign}/{paths.MODULE}:{name}"
    if name.startswith("test_"):
        return f"{sign}/{paths.MODULE}.{name}"
    head, mark, rest = name.partition(":")
    return f"{sign}{head}/{paths.MODULE}{mark}{rest}"
