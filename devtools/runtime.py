"""One ready-to-run set: Python, Odoo, PostgreSQL; how to start Odoo with it."""

import os
from dataclasses import dataclass
from pathlib import Path

from . import addon, odoo_source, paths, postgres, python_env, stamps, system

LAUNCHER = """\
import odoo.cli

if __name__ == "__main__":
    odoo.cli.main()
"""


@dataclass(frozen=True)
class Runtime:
    """Everything that is needed to run Odoo with the module."""

    python: Path
    odoo: odoo_source.OdooSource
    postgres: postgres.Connection

    def environment(self, changes=None):
        """Return the environment of a child process; a None value removes a name."""
        values = {
            **os.environ,
            "PYTHONPATH": str(self.odoo.python_path),
            "PATH": f"{self.python.parent}{os.pathsep}{os.environ.get('PATH', '')}",
            # Every Odoo command reads it; where they take --config differs.
            "ODOO_RC": str(self.config()),
            addon.SECRET_VARIABLE: addon.secret(),
            **(changes or {}),
        }
        return {key: value for key, value in values.items() if value is not None}

    def command(self, subcommand, *arguments):
        """Return the command line of an Odoo subcommand."""
        return [str(self.python), str(_launcher()), subcommand, *map(str, arguments)]

    def config(self, name="odoo", extra=None):
        """Write the configuration file ``name``; return its path."""
        values = {**self._options(), **(extra or {})}
        lines = [f"{key} = {value}" for key, value in values.items()]
        path = paths.RUN / f"{name}.conf"
        temporary = path.with_name(f"{path.name}.{os.getpid()}")
        # It may hold the password of an existing PostgreSQL.
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(handle, "w", encoding="utf-8") as file:
            file.write("[options]\n" + "\n".join(lines) + "\n")
        temporary.replace(path)
        return path

    def _options(self):
        addons = [*self.odoo.addons, paths.ADDONS]
        database = self.postgres
        account = {
            "db_host": database.host,
            "db_user": database.user,
            "db_password": database.password,
        }
        return {
            "addons_path": ",".join(map(str, addons)),
            "data_dir": paths.DATA,
            "db_port": database.port,
            "db_maxconn": 32,
            "http_interface": "127.0.0.1",
            "list_db": False,
            **{key: value for key, value in account.items() if value},
        }


def prepare(*groups):
    """Bring up what is missing and return the Runtime; quick when nothing is.

    :param groups: kinds of work whose system packages are needed (``system.RUN``…)
    """
    paths.make_work_folders()
    with stamps.setup_lock():
        system.ensure(*(groups or (system.RUN,)))
        python = python_env.ensure()
        odoo = odoo_source.ensure()
        connection = postgres.ensure()
        addon.link()
        addon.secret()
    return Runtime(python, odoo, connection)


def _launcher():
    # Started from a file of its own, Python puts that file's folder first on its
    # path; `python -m odoo` would put the current one there, with our `tests`.
    path = paths.WORK / "bin" / "odoo-server.py"
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        temporary = path.with_name(f"{path.name}.{os.getpid()}")
        temporary.write_text(LAUNCHER, encoding="ascii")
        temporary.replace(path)
    return path
