"""The PostgreSQL used here: a private cluster on a socket, or an existing server."""

import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, quote, unquote, urlsplit

from . import paths, settings, stamps, system
from .console import Problem, step
from .process import logged, output

PORT = 5432
ROLE = "odoo"
SUPERUSER = "postgres"
# sizeof(sun_path) is 108 on Linux, and PostgreSQL appends "/.s.PGSQL.5432.lock".
LONGEST_SOCKET_FOLDER = 85

SETTINGS = """\
listen_addresses = ''
port = {port}
unix_socket_directories = '{socket}'
unix_socket_permissions = 0700
max_connections = 200
shared_buffers = 256MB
max_locks_per_transaction = 256
max_wal_size = 1GB
timezone = 'UTC'
# A development cluster: speed over surviving a power cut.
fsync = off
synchronous_commit = off
full_page_writes = off
"""


@dataclass(frozen=True)
class Connection:
    """How to reach PostgreSQL; the account may create databases."""

    host: str
    port: int = PORT
    user: str = ROLE
    password: str = ""

    def environment(self):
        """Return the variables PostgreSQL's own tools read."""
        values = {
            "PGHOST": self.host,
            "PGPORT": str(self.port),
            "PGUSER": self.user,
            "PGPASSWORD": self.password,
        }
        return {key: value for key, value in values.items() if value}

    def url(self, database):
        """Return a connection URL of ``database`` that psycopg2 accepts."""
        secret = f":{quote(self.password, safe='')}" if self.password else ""
        account = f"{quote(self.user, safe='')}{secret}@" if self.user else ""
        query = f"host={quote(self.host, safe='')}&port={self.port}"
        return f"postgresql://{account}/{database}?{query}"

    def sql(self, statement, database="postgres"):
        """Run one statement and return its rows as lists of texts."""
        listing = output(
            ["psql", "-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1"]
            + ["-F", "\x1f", "-d", database, "-c", statement],
            env={**os.environ, **self.environment()},
        )
        return [line.split("\x1f") for line in listing.splitlines() if line]


def ensure():
    """Return a working connection, creating and starting the cluster if needed."""
    url = settings.database_url()
    if url:
        connection = parse_url(url)
        _check_existing(connection)
        return connection
    return _ensure_cluster()


def parse_url(url):
    """Return the Connection of ``postgresql://user:password@host:port/?host=…``."""
    parts = urlsplit(url)
    if parts.scheme not in ("postgresql", "postgres"):
        raise Problem(
            f"--database {url} is not a PostgreSQL address; it should look like "
            "postgresql://user:password@host:5432"
        )
    query = parse_qs(parts.query)
    return Connection(
        host=query.get("host", [unquote(parts.hostname or "")])[0],
        port=int(query.get("port", [parts.port or PORT])[0]),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


def stop():
    """Stop the private cluster; return whether it was running."""
    if not (_data() / "PG_VERSION").exists() or not _running():
        return False
    _as_owner([_program("pg_ctl"), "-D", _data(), "-m", "fast", "-w", "stop"])
    return True


def _check_existing(connection):
    try:
        rows = connection.sql(
            "SELECT rolcreatedb OR rolsuper, current_setting('server_version_num')"
            " FROM pg_roles WHERE rolname = current_user"
        )
    except Problem as problem:
        raise Problem(f"The PostgreSQL of --database did not answer: {problem}") from (
            problem
        )
    may_create, version = rows[0]
    if may_create != "t":
        raise Problem("The account of --database may not create databases (CREATEDB).")
    if int(version) < 130000:
        raise Problem("Odoo 19 needs PostgreSQL 13 or newer.")


def _ensure_cluster():
    connection = Connection(host=str(_socket_folder()))
    recipe = stamps.digest(_settings())
    if not stamps.is_fresh("postgres", recipe):
        _create(recipe, connection)
    elif not _running():
        with step("Starting PostgreSQL"):
            _start()
    return connection


def _create(recipe, connection):
    with step("Preparing PostgreSQL"):
        if not (_data() / "PG_VERSION").exists():
            _initialise()
        _write_settings()
        if _running():
            _as_owner([_program("pg_ctl"), "-D", _data(), "-m", "fast", "stop"])
        _start()
        _create_role(connection)
        stamps.write("postgres", recipe)


def _initialise():
    paths.POSTGRES.mkdir(parents=True, exist_ok=True)
    paths.POSTGRES.chmod(0o755)
    if _is_root():
        _check_reachable()
        shutil.chown(paths.POSTGRES, SUPERUSER, SUPERUSER)
    # Built beside and renamed: an interrupted initdb leaves no half cluster.
    part = paths.POSTGRES / "data.part"
    shutil.rmtree(part, ignore_errors=True)
    command = [_program("initdb"), "-D", part, "-U", SUPERUSER, "--auth=trust"]
    _as_owner([*command, "--encoding=UTF8", "--locale=C.UTF-8", "-N"])
    part.rename(_data())


def _check_reachable():
    """As root, PostgreSQL runs as its own account, which must reach the folder."""
    result = subprocess.run(
        ["test", "-x", paths.WORK], user=SUPERUSER, cwd="/", check=False
    )
    if result.returncode:
        raise Problem(
            f"PostgreSQL cannot run as root, and its account `{SUPERUSER}` may not "
            f"enter {paths.ROOT}: move the repository to a folder others can enter "
            "(such as /opt), or run ./dev as an ordinary user."
        )


def _write_settings():
    own = _data() / "campus_sign.conf"
    own.write_text(_settings())
    if _is_root():
        shutil.chown(own, SUPERUSER, SUPERUSER)
    main = _data() / "postgresql.conf"
    include = f"include '{own.name}'\n"
    if include not in main.read_text():
        with open(main, "a", encoding="utf-8") as file:
            file.write(include)


def _settings():
    return SETTINGS.format(port=PORT, socket=_socket_folder())


def _create_role(connection):
    owner = Connection(connection.host, connection.port, SUPERUSER)
    if not owner.sql(f"SELECT 1 FROM pg_roles WHERE rolname = '{ROLE}'"):
        owner.sql(f"CREATE ROLE {ROLE} LOGIN CREATEDB")


def _start():
    folder = _socket_folder()
    if folder != paths.POSTGRES:
        folder.mkdir(mode=0o700, exist_ok=True)
        if _is_root():
            shutil.chown(folder, SUPERUSER, SUPERUSER)
    log = paths.POSTGRES / "postgres.log"
    _as_owner([_program("pg_ctl"), "-D", _data(), "-l", log, "-w", "start"])


def _running():
    result = subprocess.run(
        [_program("pg_ctl"), "-D", _data(), "status"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
        **_owner_options(),
    )
    return result.returncode == 0


def _as_owner(command):
    logged(command, paths.LOGS / "postgres-setup.log", **_owner_options())


def _owner_options():
    # The current folder may be closed to the other account: start from the root.
    options = {"cwd": "/"}
    if _is_root():
        options.update(user=SUPERUSER, group=SUPERUSER, extra_groups=[])
    return options


def _socket_folder():
    if len(str(paths.POSTGRES)) <= LONGEST_SOCKET_FOLDER:
        return paths.POSTGRES
    name = f"campus_sign-{stamps.digest(paths.POSTGRES)}"
    return Path(tempfile.gettempdir()) / name


def _data():
    return paths.POSTGRES / "data"


def _program(name):
    return str(Path(system.postgres_bin() or "") / name)


def _is_root():
    return os.geteuid() == 0
