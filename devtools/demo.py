"""The demonstration: a school one can play with, in French."""

import json
import subprocess

from . import addon, paths, server, stamps, system
from .console import Problem, good, say, step
from .database import LANGUAGE, Database, sweep
from .runtime import prepare

DATABASE = "campus_sign"
SNAPSHOT = "campus_demo"
NOTE = "demo"
INBOX_NOTE = "demo-inbox"
PORT = 8069
INBOX_PORT = 8025

IN_FRENCH = """
language = env["res.lang"]._activate_lang("{language}")
everyone = env["res.partner"].with_context(active_test=False).search([])
everyone.write({{"lang": "{language}", "tz": "Europe/Paris"}})
env["ir.default"].set("res.partner", "lang", "{language}")
"""

FIRST_STEPS = (
    "Sign in as « bureau », open Campus and send complete internships to signature.",
    "Open the mails of the demonstration and sign from the personal links in them.",
    "Sign in as « proviseure » to finalise, then check the file on its /verify page.",
)


def run(fresh=False):
    """Bring the demonstration up and say how to use it."""
    runtime = prepare(system.RUN)
    sweep(runtime)
    note = server.recall(NOTE)
    database = Database(DATABASE, runtime)
    code = addon.database_digest()
    if fresh or not stamps.is_fresh("demo", code) or not database.exists():
        server.stop_remembered(NOTE)
        note = None
        _load(database, code, fresh)
    if not note or not server.answers(note["url"]):
        server.stop_remembered(NOTE)
        note = _start(database)
    _welcome(note)


def stop():
    """Stop the demonstration's server; return whether it was running."""
    server.stop_remembered(INBOX_NOTE)
    return server.stop_remembered(NOTE)


def _load(database, code, fresh):
    """Create the database, or bring an existing one to the code of the moment."""
    if database.exists() and not fresh and stamps.is_fresh("demo-played", DATABASE):
        database.update("Updating the demonstration", [paths.MODULE])
        stamps.write("demo", code)
        return
    stamps.forget("demo-played")
    snapshot = _snapshot(database.runtime, code)
    with step("Copying the demonstration database"):
        snapshot.copy_to(DATABASE)
    _play_circuits(database)
    stamps.write("demo-played", DATABASE)
    stamps.write("demo", code)


def _snapshot(runtime, code):
    """Return the database as installed; kept to start over, or after Ctrl-C."""
    snapshot = Database(SNAPSHOT, runtime)
    if snapshot.exists() and stamps.is_fresh("demo-snapshot", code):
        return snapshot
    stamps.forget("demo-snapshot")
    snapshot.drop()
    snapshot.install(
        "Installing the module with its demonstration data",
        [paths.MODULE],
        "--with-demo",
        f"--load-language={LANGUAGE}",
    )
    with step("Setting everybody to French") as running:
        snapshot.shell(IN_FRENCH.format(language=LANGUAGE), running=running)
    stamps.write("demo-snapshot", code)
    return snapshot


def _play_circuits(database):
    script = paths.ROOT / "demo" / "circuits.py"
    if not script.is_file():
        return
    with step("Playing signature circuits") as running:
        database.shell(script.read_text(encoding="utf-8"), running=running)


def _start(database):
    if not database.exists():
        raise Problem("The demonstration database vanished; run ./dev demo again.")
    inbox = _start_inbox(database.runtime)
    instance = server.Server(
        database,
        port=server.first_free_port(PORT),
        name=NOTE,
        extra_conf={"smtp_server": "127.0.0.1", "smtp_port": inbox["smtp_port"]},
    )
    with step("Starting the server"):
        instance.start()
    server.remember(NOTE, instance)
    return server.recall(NOTE)


def _start_inbox(runtime):
    """Start the mailbox where every mail of the demonstration arrives."""
    server.stop_remembered(INBOX_NOTE)
    smtp_port, http_port = server.free_port(), server.first_free_port(INBOX_PORT)
    log = paths.LOGS / "demo-inbox.log"
    with open(log, "ab") as sink:
        process = subprocess.Popen(
            [
                str(runtime.python),
                "-m",
                "devtools.inbox",
                str(smtp_port),
                str(http_port),
                str(paths.WORK / "mail"),
            ],
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT,
            cwd=paths.ROOT,
            start_new_session=True,
        )
    server.write_note(
        INBOX_NOTE,
        pid=process.pid,
        url=f"http://127.0.0.1:{http_port}",
        smtp_port=smtp_port,
    )
    return server.recall(INBOX_NOTE)


def _welcome(note):
    say(f"\n{good('Campus Sign is running:')} {note['url']}\n")
    accounts = _logins()
    width = max(len(account["role"]) for account in accounts)
    for account in accounts:
        say(f"  {account['role']:<{width}}  {account['login']} / {account['password']}")
    inbox = server.recall(INBOX_NOTE)
    if inbox:
        say(f"\n  Mails of the demonstration: {inbox['url']}")
    say("\nThree things to try first:")
    for number, text in enumerate(FIRST_STEPS, 1):
        say(f"  {number}. {text}")
    say(f"\nLog: {note['log']}    Stop: ./dev stop    Start over: ./dev demo --fresh")


def _logins():
    path = paths.ROOT / "demo" / "logins.json"
    if path.is_file():
        return json.loads(path.read_text(encoding="utf-8"))
    return [{"role": "Administrator", "login": "admin", "password": "admin"}]
