"""What live tests, benchmarks and the smoke run import.

Example::

    from devtools.harness import Server, clone_database, odoo_shell

    with clone_database() as database:                 # module installed, 0.3 s
        odoo_shell(database, "env['res.partner'].create({'name': 'Ada'})")
        with Server(database, workers=4, max_cron_threads=2) as server:
            ...                                         # server.url, .log_path
            server.kill()
            server.restart()

``database.url`` is what ``psycopg2.connect`` takes. Every server gets the key secret
in its environment; ``env={"CAMPUS_SIGN_SECRET": None}`` starts one without.
"""

import functools
import shutil

from . import database as _database
from . import paths, runtime, system
from .server import Server, answers, first_free_port, free_port

__all__ = [
    "CHROMIUM",
    "CHROMIUM_ARGUMENTS",
    "Server",
    "answers",
    "clone_database",
    "first_free_port",
    "free_port",
    "log_folder",
    "odoo_shell",
    "prepared",
]

# Playwright must drive the system's browser: executable_path=CHROMIUM, with these
# arguments it starts as root and looks up no host of its own.
CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
CHROMIUM_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@functools.cache
def prepared():
    """Return the Runtime of this process, set up on first use."""
    return runtime.prepare(system.RUN, system.TEST)


def clone_database(name=None, *, installed=True):
    """Return a Database of our own; a context manager that drops it at the end.

    :param installed: with the module (default), or with its dependencies only
    """
    return _database.clone(prepared(), name, installed)


def odoo_shell(database, code, env=None):
    """Run Python in Odoo's shell on ``database`` and commit; return what it printed.

    :param env: environment changes; a None value removes a variable
    """
    return database.shell(code, environment=env)


def log_folder():
    """Return the folder that holds every log."""
    return paths.LOGS
