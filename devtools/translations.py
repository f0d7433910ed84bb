"""Is the French translation complete? Run with the virtual environment's Python.

``python -m devtools.translations EXPORTED.pot [--fix]`` compares the terms that Odoo
exports with the files in ``i18n/``; ``--fix`` merges them, leaving new terms empty.
"""

import argparse
import re
import sys
from pathlib import Path

import polib

FOLDER = Path(__file__).resolve().parent.parent / "i18n"
TEMPLATE = FOLDER / "campus_sign.pot"
FRENCH = FOLDER / "fr.po"
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[-#0 +]*\d*(?:\.\d+)?[sdifrxX%]|\{\w*\}")


def main(arguments=None):
    """Print what is missing, one line each; return 1 if anything is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("exported", type=Path)
    parser.add_argument("--fix", action="store_true")
    options = parser.parse_args(arguments)
    exported = polib.pofile(str(options.exported))
    if options.fix:
        merge(exported)
    findings = [*check_template(exported), *check_french(exported)]
    for finding in findings:
        print(finding)
    return 1 if findings else 0


def check_template(exported):
    """Yield the differences between Odoo's export and the template in ``i18n/``."""
    if not TEMPLATE.is_file():
        yield f"{_shown(TEMPLATE)} is missing: ./dev lint --fix writes it"
        return
    wanted, present = _terms(exported), _terms(polib.pofile(str(TEMPLATE)))
    for term in sorted(wanted - present):
        yield f"{_shown(TEMPLATE)}: new term {term!r}: ./dev lint --fix adds it"
    for term in sorted(present - wanted):
        yield f"{_shown(TEMPLATE)}: unused term {term!r}: ./dev lint --fix removes it"


def check_french(exported):
    """Yield every term whose French is missing, empty, fuzzy or of another form."""
    if not FRENCH.is_file():
        yield f"{_shown(FRENCH)} is missing: ./dev lint --fix makes it"
        return
    french = {e.msgid: e for e in polib.pofile(str(FRENCH)) if not e.obsolete}
    for term in sorted(_terms(exported)):
        fault = _fault(french.get(term))
        if fault:
            yield f"{_shown(FRENCH)}: {fault}: {term!r}"


def merge(exported):
    """Write the template and bring the French file to its terms."""
    FOLDER.mkdir(exist_ok=True)
    # The date would make every run a change.
    for key in ("POT-Creation-Date", "PO-Revision-Date"):
        exported.metadata.pop(key, None)
    exported.save(str(TEMPLATE))
    french = polib.pofile(str(FRENCH)) if FRENCH.is_file() else polib.POFile()
    french.metadata = {**exported.metadata, **french.metadata}
    french.metadata["Language"] = "fr"
    french.metadata["Plural-Forms"] = "nplurals=2; plural=(n > 1);"
    french.merge(exported)
    for entry in french.obsolete_entries():
        french.remove(entry)
    french.save(str(FRENCH))


def _fault(entry):
    if entry is None:
        return "not translated"
    if "fuzzy" in entry.flags:
        return "to be confirmed (fuzzy)"
    if not entry.msgstr.strip():
        return "empty"
    if _placeholders(entry.msgid) != _placeholders(entry.msgstr):
        return "other placeholders than the source"
    return None


def _placeholders(text):
    return sorted(PLACEHOLDER.findall(text))


def _terms(catalogue):
    return {entry.msgid for entry in catalogue if not entry.obsolete}


def _shown(path):
    return path.relative_to(FOLDER.parent)


if __name__ == "__main__":
    sys.exit(main())
