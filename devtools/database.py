"""Databases: templates built once, clones in a fraction of a second."""

import itertools
import os
import re
import shutil
import time
from dataclasses import dataclass

from . import addon, paths, stamps
from .console import Problem, say, step
from .process import logged
from .runtime import Runtime

BASE = "campus_base"
READY = "campus_ready"
SCRATCH = "scratch"
# Of the demonstration; loaded into the template too, not by each school opened on it.
LANGUAGE = "fr_FR"
OLD_LOG_SECONDS = 3 * 24 * 3600
DROP_ATTEMPTS = 10

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Database:
    """A database with its file store; a context manager that drops both."""

    name: str
    runtime: Runtime

    def __str__(self):
        return self.name

    def __enter__(self):
        return self

    def __exit__(self, *exc_info):
        self.drop()

    @property
    def url(self):
        """The connection URL, as psycopg2 takes it."""
        return self.runtime.postgres.url(self.name)

    @property
    def filestore(self):
        return paths.DATA / "filestore" / self.name

    def exists(self):
        query = f"SELECT 1 FROM pg_database WHERE datname = '{self.name}'"
        return bool(self.runtime.postgres.sql(query))

    def drop(self):
        """Remove the database and its files, closing whatever still uses it."""
        query = f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)'
        for attempt in range(DROP_ATTEMPTS):
            try:
                self.runtime.postgres.sql(query)
                break
            except Problem as problem:
                # An autovacuum worker is the superuser's: it ends by itself.
                again = attempt + 1 < DROP_ATTEMPTS
                if not again or "being terminated" not in str(problem):
                    raise
                time.sleep(1)
        shutil.rmtree(self.filestore, ignore_errors=True)

    def copy_to(self, name):
        """Return a new database with the same content; replaces one of that name."""
        copy = Database(name, self.runtime)
        copy.drop()
        self.runtime.postgres.sql(f'CREATE DATABASE "{name}" TEMPLATE "{self.name}"')
        if self.filestore.is_dir():
            shutil.copytree(self.filestore, copy.filestore)
        return copy

    def rename(self, name):
        """Take another name; returns the database under it."""
        self.runtime.postgres.sql(f'ALTER DATABASE "{self.name}" RENAME TO "{name}"')
        renamed = Database(name, self.runtime)
        shutil.rmtree(renamed.filestore, ignore_errors=True)
        if self.filestore.is_dir():
            self.filestore.rename(renamed.filestore)
        return renamed

    def install(self, label, modules, *options):
        """Install ``modules`` (a list of names), showing how far Odoo is."""
        self._load(label, "--init", modules, options)

    def update(self, label, modules):
        """Update ``modules`` to the code of the moment."""
        self._load(label, "--update", modules, ())

    def shell(self, code, environment=None, running=None):
        """Run Python code in Odoo's shell (``env`` is there), then commit.

        :param running: a console step that follows what the script prints
        :return: what the script printed, without Odoo's own log lines
        """
        log = paths.LOGS / f"shell-{self.name}.log"
        logged(
            self.runtime.command("shell", "-d", self.name, "--no-http"),
            log,
            running,
            script_line,
            stdin_text=code + "\nenv.cr.commit()\n",
            env=self.runtime.environment(environment),
        )
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join(line for line in lines if script_line(line) is not None)

    def _load(self, label, action, modules, options):
        command = self.runtime.command(
            *("server", "-d", self.name, action, ",".join(modules), *options),
            *("--stop-after-init", "--no-http", "--max-cron-threads=0"),
        )
        log = paths.LOGS / f"install-{self.name}.log"
        with step(label) as running:
            logged(
                command, log, running, _load_progress, env=self.runtime.environment()
            )


def scratch_name(purpose="db"):
    """Return an unused database name that says which process it belongs to."""
    return f"{SCRATCH}_{os.getpid()}_{next(_numbers)}_{purpose}"


def base(runtime):
    """Return the template with the module's dependencies but not the module."""
    depends = sorted(addon.depends())
    recipe = stamps.digest(depends, str(runtime.odoo.python_path), paths.CONSTRAINTS)[
        :8
    ]
    return _template(
        runtime,
        f"{BASE}_{recipe}",
        lambda database: database.install(
            "Installing Odoo's modules in a template database", depends
        ),
    )


def ready(runtime):
    """Return the template with the module installed from the code of the moment."""
    source = base(runtime)
    recipe = stamps.digest(source.name, addon.database_digest(), LANGUAGE)[:8]
    name = f"{READY}_{recipe}"

    def build(database):
        source.copy_to(database.name)
        database.install(
            "Installing the module in a template",
            [paths.MODULE],
            f"--load-language={LANGUAGE}",
        )

    return _template(runtime, name, build)


def clone(runtime, name=None, installed=True):
    """Return a private copy of a template, in a fraction of a second when warm.

    :param installed: with the module (default), or with its dependencies only
    """
    with stamps.setup_lock():
        template = ready(runtime) if installed else base(runtime)
        return template.copy_to(name or scratch_name())


def sweep(runtime):
    """Drop scratch databases whose process has ended, and logs nobody reads now."""
    for log in paths.LOGS.iterdir():
        if time.time() - log.stat().st_mtime > OLD_LOG_SECONDS:
            log.unlink(missing_ok=True)
    for name in names(runtime, f"{SCRATCH}_"):
        owner = re.match(rf"{SCRATCH}_(\d+)_", name)
        if owner and not os.path.exists(f"/proc/{owner.group(1)}"):
            say(f"  Dropping the left-over database {name}")
            Database(name, runtime).drop()


def _template(runtime, name, build):
    database = Database(name, runtime)
    if database.exists():
        return database
    # Built under another name: an interrupted build is never taken for a whole one.
    part = Database(f"{name}_part", runtime)
    part.drop()
    build(part)
    prefix = name.rsplit("_", 1)[0]
    for old in names(runtime, f"{prefix}_"):
        if old != part.name:
            Database(old, runtime).drop()
    return part.rename(name)


def names(runtime, prefix=""):
    """Return the names of the databases that begin with ``prefix``."""
    query = "SELECT datname FROM pg_database WHERE NOT datistemplate ORDER BY 1"
    found = [row[0] for row in runtime.postgres.sql(query)]
    return [name for name in found if name.startswith(prefix)]


def _load_progress(line):
    found = re.search(r"Loading module (\S+) \((\d+)/(\d+)\)", line)
    return f"{found.group(1)} ({found.group(2)}/{found.group(3)})" if found else None


def script_line(line):
    """Return ``line`` if a script printed it, None if it is from Odoo's log."""
    return None if re.match(r"\d{4}-\d\d-\d\d \d\d:", line) else line
