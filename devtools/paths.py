"""Where things live: the repository and its one private, ignored work folder."""

from pathlib import Path

MODULE = "campus_sign"
ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / ".dev"

ADDONS = WORK / "addons"
DATA = WORK / "data"
DOWNLOADS = WORK / "downloads"
LOGS = WORK / "log"
NODE = WORK / "node"
ODOO = WORK / "odoo"
POSTGRES = WORK / "pg"
RUN = WORK / "run"
STAMPS = WORK / "stamps"
VENV = WORK / "venv"

CONSTRAINTS = ROOT / "constraints.txt"
DEVTOOLS = ROOT / "devtools"
REQUIREMENTS = (
    DEVTOOLS / "odoo-requirements.txt",
    ROOT / "requirements.txt",
    ROOT / "requirements-dev.txt",
)


def make_work_folders():
    """Create the work folder and its fixed sub-folders."""
    for folder in (WORK, ADDONS, DATA, DOWNLOADS, LOGS, RUN, STAMPS):
        folder.mkdir(parents=True, exist_ok=True)
    # PostgreSQL runs under another account when we are root: that account must be
    # able to walk down to its own folder, whatever the caller's umask.
    WORK.chmod(0o755)
