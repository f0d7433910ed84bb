"""Remember which steps are complete, and with which inputs."""

import contextlib
import fcntl
import hashlib
from pathlib import Path

from . import paths


def digest(*inputs):
    """Return a short hash of texts and of the contents of files (``Path`` inputs)."""
    total = hashlib.sha256()
    for item in inputs:
        data = item.read_bytes() if isinstance(item, Path) else str(item).encode()
        total.update(len(data).to_bytes(8, "big"))
        total.update(data)
    return total.hexdigest()[:16]


def is_fresh(name, value):
    """Tell whether step ``name`` was completed with exactly this input digest."""
    stamp = paths.STAMPS / name
    return stamp.is_file() and stamp.read_text() == value


def write(name, value):
    """Record step ``name`` as complete, in one rename."""
    paths.STAMPS.mkdir(parents=True, exist_ok=True)
    temporary = paths.STAMPS / f"{name}.part"
    temporary.write_text(value)
    temporary.replace(paths.STAMPS / name)


def forget(name):
    """Make step ``name`` run again."""
    (paths.STAMPS / name).unlink(missing_ok=True)


@contextlib.contextmanager
def setup_lock():
    """Let one process at a time build shared things in the work folder."""
    paths.WORK.mkdir(parents=True, exist_ok=True)
    with open(paths.WORK / "lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
