"""Real Odoo server processes: started on free ports, watched, stopped or killed."""

import atexit
import json
import os
import re
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
import weakref

from . import paths
from .console import Problem
from .process import kill_group, tail

RUN_VARIABLE = "CAMPUS_DEV_RUN"
START_SECONDS = 90
STOP_SECONDS = 15

_running = weakref.WeakSet()


def log_prefix():
    """Return how the log names of this run's servers begin.

    A test run reads the logs of its own servers only; it names itself to the tests.
    """
    run = os.environ.get(RUN_VARIABLE)
    return f"server-{run}-" if run else "server-"


def free_port():
    """Return a TCP port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def first_free_port(port):
    """Return ``port``, or the next one nobody listens on."""
    while True:
        with socket.socket() as probe:
            # As servers do: a port in TIME_WAIT is free for listening.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                port += 1
                continue
            return port


class Server:
    """An Odoo server on one database, ready to answer when the block is entered.

    Example::

        with clone_database() as database, Server(database, workers=4) as server:
            urllib.request.urlopen(server.url + "/web/login")

    :param database: the Database, or its name
    :param workers: 0 for threads in one process, N for N prefork processes
    :param max_cron_threads: threads (or processes) for scheduled actions
    :param env: environment changes; a None value removes a variable
    :param extra_conf: additional options of the configuration file (``smtp_port``…)
    :param expected_errors: patterns of ERROR lines this test causes on purpose
    """

    def __init__(
        self,
        database,
        workers=0,
        max_cron_threads=1,
        env=None,
        extra_conf=None,
        *,
        runtime=None,
        port=None,
        name=None,
        expected_errors=(),
    ):
        self.dbname = str(database)
        self.runtime = runtime or database.runtime
        self.workers = workers
        self.max_cron_threads = max_cron_threads
        self.env = env
        self.extra_conf = extra_conf or {}
        self.expected_errors = tuple(expected_errors)
        self.port = port or free_port()
        self.name = name or f"{self.dbname}-{self.port}"
        self.log_path = paths.LOGS / f"{log_prefix()}{self.name}.log"
        self._process = None

    @property
    def url(self):
        """The address without a trailing slash."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self):
        """The process id of the (master) server process."""
        return self._process.pid

    def __enter__(self):
        return self.start()

    def __exit__(self, *exc_info):
        # Nobody waits any more for what it is doing.
        self.kill()

    def start(self):
        """Start the process and wait until it answers."""
        if self.expected_errors:
            expected = self.log_path.with_suffix(".expected.json")
            expected.write_text(json.dumps(self.expected_errors))
        with open(self.log_path, "ab") as log:
            self._process = subprocess.Popen(
                self._command(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self.runtime.environment(self.env),
                start_new_session=True,
            )
        _running.add(self)
        try:
            self._wait()
        except BaseException:
            self.kill()
            raise
        return self

    def stop(self):
        """Ask the server to finish and wait for it."""
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.kill()
        _running.discard(self)

    def kill(self):
        """Kill every process of the server at once, as a power cut would."""
        kill_group(self._process.pid, signal.SIGKILL)
        self._process.wait()
        _running.discard(self)

    def restart(self):
        """Start again on the same port, after ``stop`` or ``kill``."""
        return self.start()

    def release(self):
        """Let the process outlive this one."""
        _running.discard(self)

    def _command(self):
        options = {
            "http_port": self.port,
            "gevent_port": free_port(),
            "workers": self.workers,
            "max_cron_threads": self.max_cron_threads,
            "db_name": self.dbname,
            "dbfilter": f"^{re.escape(self.dbname)}$",
            **self.extra_conf,
        }
        config = self.runtime.config(self.log_path.stem, options)
        return self.runtime.command("server", "--config", config)

    def _wait(self):
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                raise Problem(
                    f"The server stopped at once; the end of {self.log_path}:\n"
                    + tail(self.log_path, 15)
                )
            if answers(self.url):
                return
            time.sleep(0.1)
        raise Problem(
            f"The server did not answer within {START_SECONDS} s: see {self.log_path}"
        )


def answers(url):
    """Tell whether an Odoo server answers at this address."""
    try:
        with urllib.request.urlopen(f"{url}/web/health", timeout=5) as response:
            return response.status == 200
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def remember(name, server):
    """Note a server that outlives this process, so that it can be found again."""
    write_note(
        name,
        pid=server.pid,
        url=server.url,
        database=server.dbname,
        log=str(server.log_path),
    )
    server.release()


def write_note(name, *, pid, **facts):
    """Write what is needed to find the process ``pid`` again."""
    facts.update(pid=pid, started=_start_time(pid))
    (paths.RUN / f"{name}.json").write_text(json.dumps(facts))


def recall(name):
    """Return the note of a server that is still running, or None."""
    path = paths.RUN / f"{name}.json"
    if not path.exists():
        return None
    note = json.loads(path.read_text())
    # A process id alone may have been given to another program since.
    if _start_time(note["pid"]) != note["started"]:
        path.unlink()
        return None
    return note


def stop_remembered(name):
    """Stop the server noted under ``name``; return whether there was one."""
    note = recall(name)
    if not note:
        return False
    os.kill(note["pid"], signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    while _start_time(note["pid"]) == note["started"]:
        if time.monotonic() > deadline:
            kill_group(note["pid"])
            break
        time.sleep(0.1)
    (paths.RUN / f"{name}.json").unlink(missing_ok=True)
    return True


def _start_time(pid):
    """Return when a live process started, in clock ticks since boot, or None."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            fields = file.read().rpartition(")")[2].split()
    except FileNotFoundError:
        return None
    return None if fields[0] == "Z" else fields[19]


@atexit.register
def _kill_left_over():
    for server in list(_running):
        server.kill()
