# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Measure the module against its references, in the same run."""

import argparse
import json
import sys
from pathlib import Path

from devtools.console import bad, good, say, step

from .batch import batch
from .crowds import contend, parallel
from .many import cron, tracking
from .page import page
from .portal import portal
from .rendering import render
from .sending import precheck, send
from .signing import sign
from .window import window

CASES = {
    "render": render,
    "sign": sign,
    "parallel": parallel,
    "contend": contend,
    "precheck": precheck,
    "window": window,
    "send": send,
    "page": page,
    "portal": portal,
    "batch": batch,
    "list": tracking,
    "cron": cron,
}
# Cases that take a number of rows or documents.
COUNTED = ("precheck", "window", "send", "batch", "list", "cron")
# Cases that make a large database of their own: run by name only.
LARGE = ("list", "cron")
COLUMNS = "{:20}{:>10}{:>11}{:>8}{:>9}{:>9}{:>8}  {}"


def main(arguments=None):
    """Run the cases; exit code 0 when every goal is met."""
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    parser.add_argument(
        "case", nargs="*", help=f"among {', '.join(CASES)}; all but the last two"
    )
    parser.add_argument(
        "--count",
        type=int,
        help=f"rows or documents of {', '.join(COUNTED)}: fewer for a quick look",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write JSON")
    options = parser.parse_args(arguments)
    unknown = sorted(set(options.case) - set(CASES))
    if unknown:
        parser.error(f"no case {', '.join(unknown)}: there are {', '.join(CASES)}")
    results = {}
    for name in options.case or [name for name in CASES if name not in LARGE]:
        with step(f"Measuring {name}"):
            counted = name in COUNTED and options.count
            results |= CASES[name](options.count) if counted else CASES[name]()
    _print(results)
    if options.json:
        values = {name: result.to_dict() for name, result in results.items()}
        text = json.dumps(values, ensure_ascii=False, indent=2)
        options.json.write_text(f"{text}\n", encoding="utf-8")
    return 0 if all(result.met for result in results.values()) else 1


def _print(results):
    heads = ("case", "ours ms", "against ms", "ratio", "queries", "bytes", "MB", "goal")
    say(COLUMNS.format(*heads))
    for name, result in results.items():
        values = result.to_dict()
        shown = [
            "–" if values[key] is None else values[key]
            for key in ("ours", "reference", "ratio", "queries", "bytes", "memory_mb")
        ]
        verdict = good("met") if result.met else bad("MISSED")
        say(COLUMNS.format(name, *shown, f"{verdict}: {result.goal}"))


if __name__ == "__main__":
    sys.exit(main())
