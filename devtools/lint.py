"""``./dev lint``: every check of code, views, scripts and translations."""

import json
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from . import addon, database, lint_files, paths, python_env, runtime, stamps, system
from .console import bad, good, say, step
from .process import logged, output

NODE_SOURCES = paths.DEVTOOLS / "node"
SCRIPTS = (".js", ".mjs")
STYLED = (*SCRIPTS, ".css", ".scss")
TEXTS = (".py", ".xml", ".csv", ".md", ".txt", ".toml", ".yaml", ".yml", ".po", *STYLED)
# Taken from elsewhere as they are.
VENDORED = ("static/lib/", "static/fonts/", "devtools/node/package-lock.json")
# Not Odoo code; kept the same in .pylintrc.
PYLINT_LEAVES_OUT = (
    "benchmarks/",
    "demo/",
    "dev",
    "engine/",
    "tests_live/",
)


@dataclass(frozen=True)
class Tools:
    """The linters' programs."""

    python: Path
    node: Path


def run(fast=False, fix=False, only=()):
    """Run the checks; return the exit code.

    :param fast: files only, no database
    :param fix: let the formatters rewrite files first
    :param only: names of files; default all of the repository
    """
    tools = _prepare()
    names = _names(only)
    if fix:
        _format(tools, names)
    checks = [
        ("Texts", lambda: lint_files.check_texts(_select(names, TEXTS))),
        ("XML", lambda: lint_files.check_xml(_select(names, (".xml", ".svg")))),
        ("Python style", lambda: _ruff(tools, names)),
        ("Odoo rules", lambda: _pylint(tools, names)),
        ("JavaScript and styles", lambda: _scripts(tools, names)),
    ]
    if not fast:
        checks.append(("French translation", lambda: _translation(tools, fix)))
    failed = [label for label, check in checks if not _passes(label, check)]
    if failed:
        say(bad(f"lint: {len(failed)} of {len(checks)} checks failed"))
        return 1
    say(good(f"lint: {len(checks)} checks passed"))
    return 0


def _passes(label, check):
    begun = time.monotonic()
    findings = check()
    seconds = time.monotonic() - begun
    verdict = bad("failed") if findings else good("passed")
    say(f"  {label}: {verdict} ({seconds:.1f} s)")
    for finding in findings:
        say(f"    {finding}")
    return not findings


def _prepare():
    paths.make_work_folders()
    with stamps.setup_lock():
        system.ensure(system.LINT)
        python = python_env.ensure()
        _ensure_node()
    return Tools(python, paths.NODE / "node_modules" / ".bin")


def _ensure_node():
    sources = sorted(NODE_SOURCES.glob("*.json")) + [NODE_SOURCES / ".npmrc"]
    recipe = stamps.digest(*sources)
    if stamps.is_fresh("node", recipe):
        return
    paths.NODE.mkdir(exist_ok=True)
    for source in sources:
        (paths.NODE / source.name).write_bytes(source.read_bytes())
    with step("Installing the JavaScript linters") as running:
        command = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
        logged(command, paths.LOGS / "npm.log", running, cwd=paths.NODE)
    stamps.write("node", recipe)


def _names(only):
    tracked = addon.tracked_files()
    if only:
        wanted = {str(Path(name).resolve().relative_to(paths.ROOT)) for name in only}
        tracked = [name for name in tracked if name in wanted]
    return [name for name in tracked if not name.startswith(VENDORED)]


def _select(names, suffixes):
    return [name for name in names if name.endswith(suffixes)]


def _python_files(names):
    return [name for name in names if name.endswith(".py") or name == "dev"]


def _format(tools, names):
    files = _python_files(names)
    ruff = [tools.python, "-m", "ruff"]
    if files:
        output([*ruff, "check", "--fix", "--exit-zero", *files], cwd=paths.ROOT)
        output([*ruff, "format", *files], cwd=paths.ROOT)
    styled = _select(names, STYLED)
    if styled:
        output([tools.node / "prettier", "--write", *_prettier(styled)], cwd=paths.ROOT)


def _ruff(tools, names):
    files = _python_files(names)
    if not files:
        return []
    ruff = [tools.python, "-m", "ruff"]
    concise = ["--output-format", "concise", "--quiet"]
    return [
        *_findings([*ruff, "check", *concise, *files]),
        *_findings([*ruff, "format", "--check", *concise, *files]),
    ]


def _pylint(tools, names):
    files = _odoo_files(names)
    if not files:
        return []
    # The whole module is one argument: some rules look at several files together.
    whole = len(files) == len(_odoo_files(addon.tracked_files()))
    command = [tools.python, "-m", "pylint", "--rcfile", ".pylintrc"]
    lines = _findings([*command, *(["."] if whole else files)])
    return [line for line in lines if not line.startswith("****")]


def _odoo_files(names):
    return [n for n in _python_files(names) if not n.startswith(PYLINT_LEAVES_OUT)]


def _scripts(tools, names):
    found = []
    scripts, styled = _select(names, SCRIPTS), _select(names, STYLED)
    if scripts:
        config = ["--config", NODE_SOURCES / "eslint.config.mjs"]
        found += _eslint([tools.node / "eslint", *config, "--format", "json", *scripts])
    if styled:
        command = [tools.node / "prettier", "--list-different", *_prettier(styled)]
        found += _findings(command, "not formatted: ")
    return found


def _prettier(files):
    config = ["--config", NODE_SOURCES / "prettier.json", "--no-editorconfig"]
    return [*config, *files]


def _eslint(command):
    result = _run(command)
    if not result.stdout.startswith("["):
        return (result.stdout + result.stderr).strip().splitlines()
    return [
        f"{Path(file['filePath']).relative_to(paths.ROOT)}:{message.get('line', 0)}: "
        f"{message['message']} ({message['ruleId']})"
        for file in json.loads(result.stdout)
        for message in file["messages"]
    ]


def _translation(tools, fix):
    """Compare Odoo's own export of the module's terms with the French file."""
    prepared = runtime.prepare(system.RUN)
    exported = paths.RUN / "campus_sign.pot"
    with database.clone(prepared, database.scratch_name("terms")) as scratch:
        logged(
            prepared.command("i18n", "export", "-d", scratch.name)
            + ["-l", "pot", "-o", exported, paths.MODULE],
            paths.LOGS / "i18n.log",
            env=prepared.environment(),
        )
    command = [tools.python, "-m", "devtools.translations", exported]
    return _findings([*command, *(["--fix"] if fix else [])])


def _findings(command, prefix=""):
    """Return what a linter says, one finding per line; nothing when it is content."""
    result = _run(command)
    if not result.returncode:
        return []
    lines = (result.stdout + result.stderr).strip().splitlines()
    return [prefix + line for line in lines if line] or ["failed without a word"]


def _run(command):
    return subprocess.run(
        [str(part) for part in command],
        cwd=paths.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
