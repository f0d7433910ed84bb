"""What the person at the terminal reads: steps, progress, problems."""

import contextlib
import os
import shutil
import sys
import threading
import time


class Problem(Exception):
    """A known obstacle, told in one sentence that contains the way out."""


def say(text=""):
    """Print ``text`` at once, even through a pipe."""
    print(text, flush=True)


def colour(text, code):
    """Return ``text`` in an ANSI colour when the terminal can show it."""
    if sys.stdout.isatty() and "NO_COLOR" not in os.environ:
        return f"\033[{code}m{text}\033[0m"
    return text


def good(text):
    return colour(text, "32")


def bad(text):
    return colour(text, "31")


def warn(text):
    return colour(text, "33")


class Step:
    """A running long step: its label, its age and the last thing it said."""

    HEARTBEAT_SECONDS = 30

    def __init__(self, label):
        self.label = label
        self.detail = ""
        self._live = sys.stdout.isatty()
        self._stop = threading.Event()
        self._start = time.monotonic()
        self._thread = threading.Thread(target=self._show, daemon=True)

    @property
    def seconds(self):
        return time.monotonic() - self._start

    def start(self):
        if not self._live:
            say(f"  {self.label} …")
        self._thread.start()

    def finish(self, verdict):
        self._stop.set()
        self._thread.join()
        prefix = "\r\033[K" if self._live else ""
        say(f"{prefix}  {self.label}: {verdict} ({self.seconds:.1f} s)")

    def _show(self):
        period = 0.2 if self._live else self.HEARTBEAT_SECONDS
        while not self._stop.wait(period):
            if self._live:
                self._redraw()
            else:
                said = self.detail[:60]
                say(f"  {self.label} … {self.seconds:.0f} s  {said}".rstrip())

    def _redraw(self):
        width = shutil.get_terminal_size().columns - 1
        line = f"  {self.label} … {self.seconds:.0f} s  {self.detail}"
        sys.stdout.write("\r\033[K" + line[:width])
        sys.stdout.flush()


@contextlib.contextmanager
def step(label):
    """Show ``label`` and the time passing while the block runs; yields the step."""
    running = Step(label)
    running.start()
    try:
        yield running
    except KeyboardInterrupt:
        running.finish(warn("interrupted"))
        raise
    except BaseException:
        running.finish(bad("failed"))
        raise
    running.finish(good("done"))
