"""Programs started with the prepared environment: bench, smoke, shell, python, odoo."""

import os
import subprocess

from . import database, paths, system
from .console import Problem, say
from .demo import DATABASE
from .runtime import prepare


def bench(arguments):
    """Run ``python -m benchmarks`` with the given arguments; return its exit code."""
    return _module("benchmarks", arguments)


def smoke(folder):
    """Play the main job over HTTP and write its products into ``folder``."""
    return _module("devtools.smoke", ["--out", os.path.abspath(folder)])


def shell(name=None):
    """Open Odoo's shell on the demonstration database (or another one)."""
    runtime = prepare()
    wanted = database.Database(name or DATABASE, runtime)
    if not wanted.exists():
        raise Problem(
            f"There is no database {wanted.name}: run ./dev demo first, or name one "
            "with --name."
        )
    return _replace(runtime, runtime.command("shell", "-d", wanted.name, "--no-http"))


def python(arguments):
    """Run the virtual environment's Python, with Odoo on its path."""
    runtime = prepare()
    return _replace(runtime, [str(runtime.python), *arguments])


def odoo(arguments):
    """Run an Odoo command with our configuration."""
    runtime = prepare(system.RUN, system.TEST)
    if not arguments or arguments[0].startswith("-"):
        arguments = ["server", *arguments]
    return _replace(runtime, runtime.command(*arguments))


def databases(action, name, installed):
    """Clone a template to ``name``, drop it, or list what there is."""
    runtime = prepare()
    if action == "list":
        for found in database.names(runtime):
            say(found)
    elif not name:
        raise Problem(f"./dev db {action} needs the name of a database.")
    elif action == "clone":
        database.clone(runtime, name, installed)
        say(f"{name} is ready: ./dev odoo server -d {name}, ./dev shell --name {name}")
    else:
        database.Database(name, runtime).drop()


def _module(name, arguments):
    source = paths.ROOT.joinpath(*name.split("."))
    if not source.is_dir() and not source.with_suffix(".py").is_file():
        raise Problem(f"{source.relative_to(paths.ROOT)} is missing from the checkout.")
    runtime = prepare(system.RUN, system.TEST)
    database.sweep(runtime)
    # Built before the program's own clock starts.
    database.clone(runtime, database.scratch_name("warm")).drop()
    result = subprocess.run(
        [str(runtime.python), "-m", name, *arguments],
        cwd=paths.ROOT,
        env=runtime.environment(),
        check=False,
    )
    return result.returncode


def _replace(runtime, command):
    """Become the program: its signals, terminal and exit code are then its own."""
    os.execve(command[0], command, runtime.environment())
