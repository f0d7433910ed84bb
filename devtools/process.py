"""Run other programs: quietly with a log, or telling how far they are."""

import contextlib
import os
import signal
import subprocess
import threading
from pathlib import Path

from .console import Problem

TAIL_LINES = 15

_followed = set()
_stopped = threading.Event()


def output(command, **options):
    """Return the standard output of ``command``; a non-zero exit is a Problem."""
    try:
        result = subprocess.run(
            [str(part) for part in command],
            capture_output=True,
            text=True,
            check=False,
            **options,
        )
    except FileNotFoundError as error:
        raise Problem(f"The program {command[0]} is not installed.") from error
    if result.returncode:
        said = (result.stderr or result.stdout).strip()
        raise Problem(f"{_short(command)} failed: {said or result.returncode}")
    return result.stdout


def logged(command, log, step=None, progress=None, stdin_text=None, **options):
    """Run ``command`` with its output in the file ``log``; a failure is a Problem.

    :param step: a console step whose ``detail`` follows the output
    :param progress: function line -> detail text or None; default: the line itself
    :param stdin_text: text given to the program's standard input
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    code = follow(command, log, _reporter(step, progress), stdin_text, **options)
    if code:
        raise Problem(
            f"{_short(command)} ended with code {code}; the end of {log}:\n"
            + tail(log, TAIL_LINES)
        )


def follow(command, log, on_line, stdin_text=None, timeout=None, **options):
    """Run ``command``, copy its output to ``log``, hand each line to ``on_line``.

    :return: the exit code; ``None`` when ``timeout`` seconds passed and the whole
        process group was killed
    """
    if _stopped.is_set():
        raise Problem(f"{_short(command)} was not started: interrupted")
    with open(log, "w", encoding="utf-8") as sink:
        process = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.PIPE if stdin_text is not None else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
            **options,
        )
        with _killed_on_exit(process), _time_limit(process, timeout) as expired:
            if stdin_text is not None:
                process.stdin.write(stdin_text)
                process.stdin.close()
            for line in process.stdout:
                sink.write(line)
                sink.flush()
                on_line(line.rstrip("\n"))
            code = process.wait()
    return None if expired() else code


def tail(path, lines):
    """Return the last ``lines`` lines of a text file."""
    text = Path(path).read_text(encoding="utf-8", errors="replace")
    return "\n".join(text.splitlines()[-lines:])


def kill_group(pid, sig=signal.SIGKILL):
    """Send ``sig`` to the process group ``pid`` leads, if it still exists."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, sig)


def stop_followed():
    """End what other threads follow, and let them start nothing more.

    Ctrl-C reaches the main thread only, whose children have groups of their own.
    """
    _stopped.set()
    for pid in list(_followed):
        kill_group(pid, signal.SIGTERM)


@contextlib.contextmanager
def _killed_on_exit(process):
    """Ctrl-C reaches only us (the child has its own group): take it along."""
    _followed.add(process.pid)
    try:
        yield
    except BaseException:
        kill_group(process.pid, signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            kill_group(process.pid)
        raise
    finally:
        if process.poll() is None:
            kill_group(process.pid)
            process.wait()
        _followed.discard(process.pid)
        process.stdout.close()


@contextlib.contextmanager
def _time_limit(process, timeout):
    fired = threading.Event()

    def expire():
        fired.set()
        kill_group(process.pid)

    timer = threading.Timer(timeout, expire) if timeout else None
    if timer:
        timer.daemon = True
        timer.start()
    try:
        yield fired.is_set
    finally:
        if timer:
            timer.cancel()


def _reporter(step, progress):
    def report(line):
        if step is None:
            return
        detail = progress(line) if progress else line
        if detail:
            step.detail = detail.strip()

    return report


def _short(command):
    return " ".join(str(part) for part in command[:3])
