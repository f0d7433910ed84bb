"""Stop what ``./dev`` started, and remove what it made."""

import shutil

from . import demo, paths, postgres
from .console import say, step


def stop():
    """Stop the demonstration's server and the private PostgreSQL."""
    if not paths.WORK.exists():
        say("Nothing was started.")
        return
    server = demo.stop()
    cluster = postgres.stop()
    stopped = [
        *(["the server"] if server else []),
        *(["PostgreSQL"] if cluster else []),
    ]
    say(f"Stopped: {', '.join(stopped)}." if stopped else "Nothing was running.")


def clean():
    """Stop everything and remove the work folder."""
    if not paths.WORK.exists():
        say("Nothing to remove.")
        return
    stop()
    with step("Removing .dev/"):
        shutil.rmtree(paths.WORK)
