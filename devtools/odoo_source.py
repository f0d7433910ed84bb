"""Where Odoo 19 comes from: an existing folder, or Debian's package.

Odoo is not on the Python package index. Debian ships Odoo 19 Community as one
architecture-independent package, which runs on Debian 12 and 13 as well when it is
unpacked rather than installed (its declared dependencies are unstable's). apt does the
download, with a configuration of its own, so the archive's signature is verified and
no server name is written here.
"""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from . import paths, settings, stamps
from .console import Problem, say, step, warn
from .process import logged, output

VERSION = "19.0.0+dfsg-1"
SHA256 = "9d2f598b0555db17e291d48ed24df184c70823c053c4c5ed53c467ca7f629bbf"
SUITE = "sid"

# The package replaces some static files by relative links into these packages.
ASSETS = (
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
    "fonts-roboto-unhinted",
    "fonts-montserrat",
    "fonts-inconsolata",
    "fonts-glyphicons-halflings",
    "fonts-ocr-b",
)
# Odoo links to the file names of Font Awesome 4.7, which newer suites renamed.
FONT_AWESOME = "fonts-font-awesome"
FONT_AWESOME_SUITES = ("bookworm", "trixie")

# A second copy of the addons, and the languages nobody reads here.
LEFT_OUT = (
    "./usr/lib/python3/dist-packages/addons",
    "./etc",
    "./usr/share/doc",
    "*/i18n/[a-eg-z]*.po",
    "*/i18n/f[a-qs-z]*.po",
)


@dataclass(frozen=True)
class OdooSource:
    """An Odoo 19 that can be run."""

    python_path: Path
    """Folder to put on PYTHONPATH so that ``import odoo`` works."""
    addons: tuple
    """Folders of Odoo's own modules."""


def ensure():
    """Return a usable Odoo, fetching it when none was given."""
    existing = settings.odoo_path()
    if existing:
        return describe(Path(existing))
    recipe = stamps.digest(VERSION, SHA256, ASSETS, LEFT_OUT)
    if not (stamps.is_fresh("odoo", recipe) and paths.ODOO.is_dir()):
        _fetch()
        stamps.write("odoo", recipe)
    return describe(paths.ODOO / "usr/lib/python3/dist-packages")


def describe(folder):
    """Return the OdooSource of a checkout, an unpacked release or a site-packages."""
    release = folder / "odoo" / "release.py"
    if not release.is_file():
        raise Problem(
            f"{folder} is not an Odoo: it has no odoo/release.py. Give --odoo the "
            "folder that contains the Python package `odoo`."
        )
    found = re.search(r"version_info = \((\d+),", release.read_text())
    if not found or found.group(1) != "19":
        raise Problem(f"{folder} is not Odoo 19; this module needs series 19.0.")
    addons = [folder / "addons", folder / "odoo" / "addons"]
    kept = tuple(path for path in addons if (path / "base").is_dir())
    if not any((path / "web").is_dir() for path in addons):
        raise Problem(f"{folder} holds the framework but not Odoo's modules.")
    extra = tuple(p for p in addons if (p / "web").is_dir() and p not in kept)
    return OdooSource(folder, extra + kept)


def _fetch():
    if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
        raise Problem(
            "Odoo 19 is fetched with Debian's apt, which this machine does not have: "
            "give an existing Odoo 19 folder with --odoo PATH."
        )
    with step("Fetching Odoo 19") as running:
        packages = _download(running)
    with step("Unpacking Odoo 19") as running:
        _unpack(packages, running)


def _download(running):
    """Download the packages; return {package name: file}."""
    folder = paths.DOWNLOADS
    options, old_suite = _private_apt(folder / "apt", running)
    log = paths.LOGS / "odoo-download.log"
    logged(["apt-get", *options, "update"], log, running)
    version = _candidate(options)
    if version != VERSION:
        say(warn(f"  Odoo {VERSION} has left the archive; taking {version} instead."))
    wanted = [f"odoo-19={version}", *(f"{name}/{SUITE}" for name in ASSETS)]
    wanted.append(f"{FONT_AWESOME}/{old_suite}")
    logged(["apt-get", *options, "download", *wanted], log, running, cwd=folder)
    packages = {}
    for name in ("odoo-19", *ASSETS, FONT_AWESOME):
        files = sorted(folder.glob(f"{name}_*.deb"), key=os.path.getmtime)
        packages[name] = files[-1]
    if version == VERSION:
        _check_hash(packages["odoo-19"])
    return packages


def _private_apt(folder, running):
    """Write a private apt configuration; return its options and the older suite."""
    for name in ("etc", "lists/partial", "cache/archives/partial"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    options = [
        *("-o", f"Dir::State::Lists={folder / 'lists'}"),
        *("-o", f"Dir::Cache={folder / 'cache'}"),
        # The download account of apt may not enter our folders.
        *("-o", "APT::Sandbox::User=root"),
    ]
    archive = _archive(options, running)
    suite = _machine_suite()
    (folder / "etc" / "odoo.sources").write_text(
        f"Types: deb\nURIs: {archive}\nSuites: {SUITE} {suite}\nComponents: main\n"
        "Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg\n"
    )
    options += ["-o", "Dir::Etc::SourceList=/dev/null"]
    options += ["-o", f"Dir::Etc::SourceParts={folder / 'etc'}"]
    return options, suite


def _archive(private_options, running):
    """Return the address of the Debian archive this machine already uses."""
    found = _debian_addresses([])
    if not found:
        # A minimal image has no package lists, hence no origins to recognise.
        log = paths.LOGS / "odoo-download.log"
        logged(["apt-get", *private_options, "update"], log, running)
        found = _debian_addresses(private_options)
    if not found:
        raise Problem(
            "apt on this machine knows no Debian archive to take Odoo 19 from: add "
            "one, or give an existing Odoo 19 folder with --odoo PATH."
        )
    return found[0]


def _debian_addresses(options):
    listing = output(
        [
            *("apt-get", *options, "indextargets"),
            *("--format", "$(REPO_URI) $(ORIGIN)", "Created-By: Packages"),
        ]
    )
    pairs = [line.split() for line in listing.splitlines()]
    return [
        pair[0]
        for pair in pairs
        if len(pair) == 2 and pair[1] == "Debian" and "security" not in pair[0]
    ]


def _machine_suite():
    text = Path("/etc/os-release").read_text()
    found = re.search(r"^VERSION_CODENAME=(\w+)", text, re.M)
    suite = found.group(1) if found else ""
    return suite if suite in FONT_AWESOME_SUITES else FONT_AWESOME_SUITES[-1]


def _candidate(options):
    """Return the pinned version if the archive still has it, else the newest."""
    listing = output(["apt-cache", *options, "madison", "odoo-19"])
    versions = [line.split("|")[1].strip() for line in listing.splitlines() if line]
    if not versions:
        raise Problem(
            "The Debian archive has no package odoo-19 any more: give an existing "
            "Odoo 19 folder with --odoo PATH."
        )
    return VERSION if VERSION in versions else versions[0]


def _check_hash(package):
    found = output(["sha256sum", package]).split()[0]
    if found != SHA256:
        package.unlink()
        raise Problem(
            "The downloaded Odoo package does not have the expected SHA-256; it was "
            "deleted. Run the same command again."
        )


def _unpack(packages, running):
    part = paths.ODOO.with_name("odoo.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    for name, package in packages.items():
        running.detail = name
        _extract(package, part)
    # Renamed in one go: an interrupted unpacking is never taken for a whole one.
    shutil.rmtree(paths.ODOO, ignore_errors=True)
    part.rename(paths.ODOO)
    for package in packages.values():
        package.unlink()


def _extract(package, folder):
    excluded = [f"--exclude={pattern}" for pattern in LEFT_OUT]
    with subprocess.Popen(
        ["dpkg-deb", "--fsys-tarfile", package], stdout=subprocess.PIPE
    ) as reader:
        unpacked = subprocess.run(
            ["tar", "-x", "--no-same-owner", "-C", folder, *excluded],
            stdin=reader.stdout,
            check=False,
        )
    if reader.returncode or unpacked.returncode:
        raise Problem(f"{package.name} could not be unpacked; is the disk full?")
