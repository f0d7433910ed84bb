"""The module itself: what belongs to it, how Odoo finds it, its key secret."""

import ast
import os
import secrets

from . import paths, stamps
from .console import Problem
from .process import output

# Tools and tests of the running system: no part of the installed module.
NOT_THE_MODULE = {"benchmarks", "dev", "devtools", "tests_live"}
# Changes here never change what is stored in a database at installation.
NOT_IN_DATABASE = NOT_THE_MODULE | {"docs", "engine", "static", "tests"}
BASE_DEPENDS = ("mail", "portal", "contacts", "html_editor", "base_import", "web_tour")
SECRET_VARIABLE = "CAMPUS_SIGN_SECRET"


def tracked_files():
    """Return the repository's files as git sees them, new ones included."""
    if not (paths.ROOT / ".git").exists():
        return sorted(
            str(path.relative_to(paths.ROOT))
            for path in paths.ROOT.rglob("*")
            if path.is_file() and not path.relative_to(paths.ROOT).parts[0] == ".dev"
        )
    listing = output(
        ["git", "-c", f"safe.directory={paths.ROOT}", "-C", paths.ROOT, "ls-files"]
        + ["-z", "--cached", "--others", "--exclude-standard"]
    )
    names = sorted(filter(None, listing.split("\0")))
    return [name for name in names if (paths.ROOT / name).is_file()]


def link():
    """Make the folder in which Odoo finds the module; return it.

    A real folder with one link per top-level entry: were it a single link to the
    repository, Odoo's translation export would follow it into the work folder.
    """
    folder = paths.ADDONS / paths.MODULE
    folder.mkdir(parents=True, exist_ok=True)
    wanted = {
        name.split("/")[0]
        for name in tracked_files()
        if not name.startswith(".") and name.split("/")[0] not in NOT_THE_MODULE
    }
    for entry in folder.iterdir():
        # Python keeps a real __pycache__ there.
        if entry.is_symlink() and entry.name not in wanted:
            entry.unlink()
    for name in wanted:
        _link_one(folder / name, paths.ROOT / name)
    return folder


def _link_one(place, target):
    if place.is_symlink() and os.readlink(place) == str(target):
        return
    # Renamed over the old one: a server reading the folder never misses an entry.
    temporary = place.with_name(f".{place.name}.{os.getpid()}")
    temporary.symlink_to(target)
    temporary.replace(place)


def manifest():
    """Return the module's manifest as a dictionary."""
    path = paths.ROOT / "__manifest__.py"
    if not path.is_file():
        raise Problem("There is no __manifest__.py: the module cannot be installed.")
    return ast.literal_eval(path.read_text(encoding="utf-8"))


def depends():
    """Return the names of the modules this one depends on."""
    if not (paths.ROOT / "__manifest__.py").is_file():
        return list(BASE_DEPENDS)
    return list(manifest()["depends"])


def database_digest():
    """Return a hash of every file whose change asks for a new installation."""
    files = [
        name
        for name in tracked_files()
        if name.split("/")[0] not in NOT_IN_DATABASE
        and name.endswith((".py", ".xml", ".csv", ".po", ".sql", ".html", ".json"))
    ]
    contents = [part for name in files for part in (name, paths.ROOT / name)]
    return stamps.digest(*contents)


def secret():
    """Return the key secret of this work folder, made on first use."""
    path = paths.WORK / "secret"
    if not path.exists():
        temporary = path.with_name(f"secret.{os.getpid()}")
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48) + "\n")
        temporary.rename(path)
    return path.read_text(encoding="ascii").strip()
