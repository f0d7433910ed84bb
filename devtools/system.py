"""Which system packages are needed, which are missing, and how to get them."""

import ctypes
import glob
import importlib.util
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass

from . import paths, settings
from .console import Problem, say, step
from .process import logged

RUN = "run"
TEST = "test"
LINT = "lint"


@dataclass(frozen=True)
class Need:
    """A capability of the machine and the Debian packages that bring it."""

    packages: tuple
    present: Callable[[], bool]
    groups: tuple
    """Which kinds of work cannot do without it."""


def _program(*names):
    return lambda: any(shutil.which(name) for name in names)


def _library(soname):
    def present():
        try:
            ctypes.CDLL(soname)
        except OSError:
            return False
        return True

    return present


def _postgres_present():
    if settings.database_url():
        return shutil.which("psql") is not None
    return postgres_bin() is not None


def _venv_present():
    return paths.VENV.exists() or importlib.util.find_spec("ensurepip") is not None


def _any_font():
    return bool(glob.glob("/usr/share/fonts/**/*.[to]tf", recursive=True))


NEEDS = (
    Need(("postgresql",), _postgres_present, (RUN, TEST)),
    Need(("python3-venv",), _venv_present, (RUN, TEST, LINT)),
    Need(("libpango-1.0-0",), _library("libpango-1.0.so.0"), (RUN, TEST)),
    Need(("libpangoft2-1.0-0",), _library("libpangoft2-1.0.so.0"), (RUN, TEST)),
    Need(("libharfbuzz-subset0",), _library("libharfbuzz-subset.so.0"), (RUN, TEST)),
    Need(("libmagic1",), _library("libmagic.so.1"), (RUN, TEST)),
    Need(("openssl",), _program("openssl"), (TEST,)),
    Need(("fonts-dejavu-core",), _any_font, (TEST,)),
    Need(("chromium",), _program("chromium", "google-chrome"), (TEST,)),
    Need(("poppler-utils",), _program("pdfsig"), (TEST,)),
    Need(("qpdf",), _program("qpdf"), (TEST,)),
    Need(("mupdf-tools",), _program("mutool"), (TEST,)),
    Need(("gettext",), _program("msgfmt"), (LINT,)),
    Need(("nodejs", "npm"), _program("npm"), (LINT,)),
    Need(("git",), _program("git"), (LINT,)),
)


def postgres_bin():
    """Return the folder of PostgreSQL's server programs (newest), or None."""
    found = glob.glob("/usr/lib/postgresql/*/bin/initdb")
    found.sort(key=lambda path: float(path.split("/")[4]))
    if found:
        return os.path.dirname(found[-1])
    initdb = shutil.which("initdb")
    return os.path.dirname(os.path.realpath(initdb)) if initdb else None


def missing(*groups):
    """Return the packages that bring what ``groups`` need and the machine lacks."""
    return [
        package
        for need in NEEDS
        if set(groups) & set(need.groups) and not need.present()
        for package in need.packages
    ]


def ensure(*groups):
    """Install what is missing as root, or say the one line that does."""
    packages = missing(*groups)
    if not packages:
        return
    if os.geteuid() != 0:
        # One trip to the administrator is enough: name what every command needs.
        everything = " ".join(missing(RUN, TEST, LINT))
        raise Problem(
            "System packages are missing; install them with\n"
            f"    sudo apt-get install -y --no-install-recommends {everything}\n"
            "then run the same command again."
        )
    if not shutil.which("apt-get"):
        raise Problem(
            f"These Debian packages (or your system's equivalents) are missing: "
            f"{' '.join(packages)}. Install them, then run the same command again."
        )
    _install(packages)
    still = missing(*groups)
    if still:
        raise Problem(f"Installed, but still not usable: {' '.join(still)}.")


def _install(packages):
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    log = paths.LOGS / "apt.log"
    say(f"  System packages: {' '.join(packages)}")
    with step("Refreshing the package lists") as running:
        logged(["apt-get", "update"], log, running, env=environment)
    with step("Installing system packages") as running:
        logged(
            ["apt-get", "install", "-y", "--no-install-recommends", *packages],
            log,
            running,
            env=environment,
        )
