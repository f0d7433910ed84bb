"""The virtual environment, from a frozen list of packages."""

import os
import shutil
import sys

from . import paths, stamps
from .console import Problem, step
from .process import logged

OLDEST = (3, 10)


def ensure():
    """Return the Python of a complete virtual environment."""
    python = paths.VENV / "bin" / "python"
    recipe = stamps.digest(sys.version_info[:2], paths.CONSTRAINTS, *paths.REQUIREMENTS)
    if stamps.is_fresh("venv", recipe) and python.exists():
        return python
    stamps.forget("venv")
    _check_interpreter()
    if not _usable(python):
        shutil.rmtree(paths.VENV, ignore_errors=True)
        with step("Creating the virtual environment") as running:
            command = [sys.executable, "-m", "venv", paths.VENV]
            logged(command, paths.LOGS / "venv.log", running)
    with step("Installing Python packages") as running:
        logged(_pip(python), paths.LOGS / "pip.log", running, _progress, env=_env())
    stamps.write("venv", recipe)
    return python


def _check_interpreter():
    if sys.version_info < OLDEST:
        wanted = ".".join(map(str, OLDEST))
        raise Problem(
            f"Odoo 19 needs Python {wanted} or newer and this is "
            f"{sys.version.split()[0]}: run `python{wanted} dev …`."
        )


def _usable(python):
    """Tell whether an existing environment is of the running Python's series."""
    series = f"python{sys.version_info.major}.{sys.version_info.minor}"
    return python.exists() and (paths.VENV / "lib" / series).is_dir()


def _pip(python):
    command = [python, "-m", "pip", "install", "--disable-pip-version-check"]
    command += ["--constraint", paths.CONSTRAINTS]
    for requirements in paths.REQUIREMENTS:
        command += ["--requirement", requirements]
    return command


def _env():
    return {**os.environ, "PIP_PROGRESS_BAR": "off", "PIP_NO_INPUT": "1"}


def _progress(line):
    return line if line.startswith(("Collecting", "Building", "Installing")) else None
