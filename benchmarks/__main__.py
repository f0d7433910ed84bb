# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Measure the module against its references, in the same run."""

import argparse
import json
import sys
from functools import partial
from pathlib import Path

from devtools.console import bad, good, say, step

from .crowds import contend, parallel
from .many import COUNT, cron, tracking
from .rendering import render
from .signing import sign

CASES = {"render": render, "sign": sign, "parallel": parallel, "contend": contend}
COUNTED = {"list": tracking, "cron": cron}
COLUMNS = "{:20}{:>10}{:>11}{:>8}{:>9}{:>9}{:>8}  {}"


def main(arguments=None):
    """Run the cases; exit code 0 when every goal is met."""
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    parser.add_argument(
        "case",
        nargs="*",
        help=f"among {', '.join([*CASES, *COUNTED])}; all but the last two",
    )
    parser.add_argument(
        "--count",
        type=int,
        default=COUNT,
        help="documents of the large database of list and cron (%(default)s)",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write JSON")
    options = parser.parse_args(arguments)
    cases = CASES | {
        name: partial(case, options.count) for name, case in COUNTED.items()
    }
    unknown = sorted(set(options.case) - set(cases))
    if unknown:
        parser.error(f"no case {', '.join(unknown)}: there are {', '.join(cases)}")
    results = {}
    for name in options.case or CASES:
        with step(f"Measuring {name}"):
            results |= cases[name]()
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
