"""The command line of ``./dev``."""

import argparse
import sys

from . import settings
from .console import Problem, bad, say

DESCRIPTION = """\
Run, test and check Campus Sign. Everything it needs is fetched on first use and lives
in .dev/, an ignored folder that `./dev clean` removes.
"""


def main(arguments=None):
    """Run one command; return its exit code, and never show a traceback for
    something the reader can put right."""
    arguments = sys.argv[1:] if arguments is None else arguments
    try:
        options = _parse(arguments)
        settings.remember(options.odoo, options.database)
        return options.run(options) or 0
    except Problem as problem:
        say(f"{bad('error:')} {problem}")
        return 2
    except KeyboardInterrupt:
        say("\ninterrupted; run again to resume")
        return 130


def _parse(arguments):
    parser = argparse.ArgumentParser(
        prog="./dev",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--odoo",
        metavar="PATH",
        help="an existing Odoo 19 (folder that contains the package `odoo`)",
    )
    parser.add_argument(
        "--database",
        metavar="URL",
        help="an existing PostgreSQL, postgresql://user:password@host:port",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for add in (
        _demo,
        _test,
        _lint,
        _bench,
        _smoke,
        _shell,
        _python,
        _odoo,
        _db,
        _ends,
    ):
        add(commands)
    options, rest = parser.parse_known_args(arguments)
    if rest and not getattr(options, "passes_through", False):
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    return options


def _command(commands, name, help_text, run, **options):
    command = commands.add_parser(
        name, help=help_text, description=help_text, **options
    )
    command.set_defaults(run=run)
    return command


def _demo(commands):
    def run(options):
        from . import demo

        demo.run(options.fresh)

    command = _command(commands, "demo", "start a school to play with", run)
    command.add_argument("--fresh", action="store_true", help="start over")


def _test(commands):
    def run(options):
        from . import stages

        selection = stages.Selection(options.tags, options.stage, options.all)
        return stages.run(selection)

    command = _command(commands, "test", "run the tests", run)
    command.add_argument("--tags", help="TestClass, test_name or Odoo test tags")
    command.add_argument("--all", action="store_true", help="also the slow tests")
    command.add_argument(
        "--stage",
        action="append",
        choices=("engine", "odoo", "live"),
        help="only this stage (may be given several times)",
    )


def _lint(commands):
    def run(options):
        from . import lint

        return lint.run(options.fast, options.fix, options.files)

    command = _command(commands, "lint", "check code, views and translations", run)
    command.add_argument(
        "--fast", action="store_true", help="files only, without a database"
    )
    command.add_argument("--fix", action="store_true", help="run the formatters")
    command.add_argument("files", nargs="*", help="only these files (with --fast)")


def _bench(commands):
    def run(options):
        from . import launchers

        extra = ["--json", options.json] if options.json else []
        extra += ["--count", options.count] if options.count else []
        return launchers.bench([*options.cases, *extra])

    command = _command(commands, "bench", "measure against the references", run)
    command.add_argument("cases", nargs="*", metavar="case")
    command.add_argument("--json", metavar="FILE", help="also write the results")
    command.add_argument(
        "--count", metavar="N", help="rows or documents of the cases that take many"
    )


def _smoke(commands):
    def run(options):
        from . import launchers

        return launchers.smoke(options.out)

    command = _command(commands, "smoke", "play the main job over HTTP", run)
    command.add_argument("--out", metavar="DIR", required=True)


def _shell(commands):
    def run(options):
        from . import launchers

        return launchers.shell(options.name)

    command = _command(commands, "shell", "open Odoo's shell on the demo", run)
    command.add_argument("--name", help="another database")


def _python(commands):
    def run(options):
        from . import launchers

        return launchers.python(options.arguments)

    _passing(commands, "python", "run Python with Odoo importable", run)


def _odoo(commands):
    def run(options):
        from . import launchers

        return launchers.odoo(options.arguments)

    _passing(commands, "odoo", "run an Odoo command with our configuration", run)


def _passing(commands, name, help_text, run):
    """Add a command whose arguments all belong to the program it starts."""
    command = _command(
        commands, name, help_text, run, add_help=False, prefix_chars="\0"
    )
    command.add_argument("arguments", nargs=argparse.REMAINDER)


def _db(commands):
    def run(options):
        from . import launchers

        return launchers.databases(options.action, options.name, not options.bare)

    command = _command(commands, "db", "clone, drop or list databases", run)
    command.add_argument("action", choices=("clone", "drop", "list"))
    command.add_argument("name", nargs="?")
    command.add_argument(
        "--bare", action="store_true", help="clone without the module installed"
    )


def _ends(commands):
    def stop(options):
        from . import clean

        clean.stop()

    def remove(options):
        from . import clean

        clean.clean()

    _command(commands, "stop", "stop the demo and PostgreSQL", stop)
    _command(commands, "clean", "stop everything and remove .dev/", remove)


ADDERS = (
    _demo,
    _test,
    _lint,
    _bench,
    _smoke,
    _shell,
    _python,
    _odoo,
    _db,
    _ends,
)
