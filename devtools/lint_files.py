"""Checks of files that need no tool: encodings, line ends, XML and its indentation."""

import re
from xml.parsers import expat

from . import paths

INDENT = 4
CONFLICT = re.compile(r"^(<{7}|>{7}) ", re.M)


def check_texts(names):
    """Return what is wrong with text files, as ``name:line: sentence``."""
    return [finding for name in names for finding in _check_text(name)]


def check_xml(names):
    """Return what is wrong with XML files, as ``name:line: sentence``."""
    return [
        f"{name}:{line}: {sentence}"
        for name in names
        for line, sentence in xml_findings((paths.ROOT / name).read_bytes(), name)
    ]


def _check_text(name):
    data = (paths.ROOT / name).read_bytes()
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        yield f"{name}: not UTF-8 at byte {error.start}"
        return
    if "\r" in text:
        yield f"{name}: carriage returns at line ends"
    if text and not text.endswith("\n"):
        yield f"{name}: no new line at the end"
    if CONFLICT.search(text):
        yield f"{name}: a merge conflict is left"
    for number, line in enumerate(text.splitlines(), 1):
        # Two spaces at a line's end are a line break in Markdown.
        if line != line.rstrip() and not name.endswith((".md", ".po", ".pot")):
            yield f"{name}:{number}: white space at the end of the line"


def xml_findings(data, name):
    """Yield (line, sentence) for bytes that are not well-formed or badly indented.

    An element that begins its line stands four columns right of its parent; text,
    attributes on lines of their own and drawings (SVG) are left alone.
    """
    reader = _Reader(data, indented=not name.endswith(".svg"))
    try:
        reader.parse()
    except expat.ExpatError as error:
        reader.findings.append((error.lineno, f"not well-formed: {error}"))
    return reader.findings


VERBATIM = ("pre", "script", "style", "textarea")


class _Reader:
    def __init__(self, data, indented):
        self.findings = []
        self._data = data
        self._lines = data.split(b"\n")
        self._indented = indented
        # One column per open element, None where its children may stand anywhere.
        self._columns = []
        self._free = 0  # open elements since the one whose content is left alone
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end

    def parse(self):
        self._parser.Parse(self._data, True)

    def _start(self, name, attributes):
        column = self._indentation()
        parent = self._columns[-1] if self._columns else -INDENT
        checked = self._indented and not self._free
        if column is not None and parent is not None and checked:
            # The root of a page of its own stands where its doctype does.
            self._check(column, column if name == "html" else parent + INDENT)
        self._columns.append(column)
        if self._free or name in VERBATIM or attributes.get("type") == "html":
            self._free += 1

    def _end(self, name):
        self._columns.pop()
        self._free = max(0, self._free - 1)

    def _indentation(self):
        """Return the column of an element that begins its line, else None."""
        line = self._lines[self._parser.CurrentLineNumber - 1]
        before = line[: self._parser.CurrentColumnNumber]
        return None if before.strip() else len(before)

    def _check(self, column, wanted):
        if column != wanted:
            sentence = f"indented by {column} columns instead of {wanted}"
            self.findings.append((self._parser.CurrentLineNumber, sentence))
