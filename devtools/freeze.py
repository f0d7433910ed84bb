"""Renew ``constraints.txt``: ``./dev python -m devtools.freeze``.

Installs the newest release of every requirement into a throw-away environment and
writes down what came, so that everybody else gets exactly that. Lines for the oldest
Python, whose releases stand still, are kept.
"""

import subprocess
import sys
import tempfile
from importlib import metadata
from pathlib import Path

from packaging.specifiers import SpecifierSet

from . import paths

HEADER = """\
# Every package of the private environment, frozen: a new release of any of them
# cannot break a fresh machine. Renewed by `./dev python -m devtools.freeze`.
"""
# The environment brings its own.
NOT_FROZEN = ("pip==",)


# What the releases written down must accept: the Python of Debian 12.
DEBIAN = "3.11.2"
OLDEST = '; python_version < "3.11"'
NEWER = '; python_version >= "3.11"'


def main():
    """Rewrite the constraints file from a fresh resolution."""
    current = paths.CONSTRAINTS.read_text(encoding="ascii").splitlines()
    kept = [line for line in current if line.endswith(OLDEST)]
    oldest = {_package(line) for line in kept}
    fresh = [
        line + (NEWER if _package(line) in oldest else "")
        for line in _resolve()
        if not line.startswith(NOT_FROZEN)
    ]
    text = HEADER + "\n".join(sorted(fresh + kept, key=str.lower)) + "\n"
    paths.CONSTRAINTS.write_text(text, encoding="ascii")


def _resolve():
    """Return ``name==version`` of all that a new environment gets today."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        pip = [str(Path(folder, "bin", "python")), "-I", "-m", "pip"]  # no PYTHONPATH
        requirements = [f"--requirement={path}" for path in paths.REQUIREMENTS]
        subprocess.run([*pip, "install", "--quiet", *requirements], check=True)
        listing = subprocess.run(
            [*pip, "freeze", "--all"], check=True, capture_output=True, text=True
        )
        _check_python(Path(folder))
    return listing.stdout.splitlines()


def _check_python(environment):
    """Stop when a release refuses Debian's Python, which an upper bound cures."""
    refusing = [
        f"{found.name} {found.version}"
        for folder in environment.glob("lib/python*/site-packages")
        for found in metadata.distributions(path=[str(folder)])
        if not SpecifierSet(found.metadata["Requires-Python"] or "").contains(DEBIAN)
    ]
    if refusing:
        sys.exit(f"These refuse Python {DEBIAN}; bound them: {', '.join(refusing)}")


def _package(line):
    return line.split("==")[0].lower()


if __name__ == "__main__":
    main()
