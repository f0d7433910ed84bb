"""The documentation is kept true: features, tests, links and labels exist."""

import ast
import functools
import re
import unittest

import polib

from devtools import paths

DOCS = paths.ROOT / "docs"
IDS = [
    *(f"A{number:03}" for number in range(1, 146)),
    *(f"B{number:03}" for number in range(1, 26)),
]
FOLDERS = ("tests/", "tests_live/", "engine/tests/", "static/tests/")
NO_TEST = "–"
ROW = re.compile(r"\| ([AB]\d{3}) \| (.+) \| (.+) \|")
TEST = re.compile(r"([\w/]+\.py)::(\w+)\.(\w+)")


def text_of(name):
    return (DOCS / name).read_text(encoding="utf-8")


def rows():
    """Return ``(id, where, test)`` of each line of the acceptance map."""
    lines = text_of("features.md").splitlines()
    return [_row(line) for line in lines if re.match(r"\| [AB]\d", line)]


def _row(line):
    match = ROW.fullmatch(line)
    if not match:
        raise AssertionError(f"not three cells: {line}")
    return match.groups()


@functools.cache
def methods(file):
    """Return ``{(class, method)}`` of a file of tests, none when there is no file."""
    path = paths.ROOT / file
    if not file.startswith(FOLDERS) or not path.is_file():
        return set()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {
        (group.name, part.name)
        for group in tree.body
        if isinstance(group, ast.ClassDef)
        for part in group.body
        if isinstance(part, ast.FunctionDef) and part.name.startswith("test_")
    }


class TestFeatures(unittest.TestCase):
    def test_each_id_appears_once(self):
        self.assertEqual([feature for feature, _where, _test in rows()], IDS)

    def test_a_row_names_one_test_or_says_why_not(self):
        for feature, where, test in rows():
            with self.subTest(feature=feature):
                if test == NO_TEST:
                    self.assertRegex(where, r"^not built yet$|^context: |\(partly: ")
                else:
                    self.assertRegex(test, rf"^{TEST.pattern}$")
                    self.assertNotEqual(where, "not built yet")

    def test_each_place_exists(self):
        for feature, where, _test in rows():
            for place in re.findall(r"`(\w[^`]*/[^`]*)`", where):
                with self.subTest(feature=feature, place=place):
                    self.assertTrue((paths.ROOT / place).exists())


class TestReferences(unittest.TestCase):
    def test_each_test_named_exists(self):
        for name in ("features.md", "security.md"):
            found = TEST.findall(text_of(name))
            self.assertTrue(found)
            for file, group, method in found:
                with self.subTest(page=name, test=f"{file}::{group}.{method}"):
                    self.assertIn((group, method), methods(file))

    def test_each_rule_is_attacked(self):
        rules = re.findall(r"^\| (\d+)\. .+ \| (.+) \|$", text_of("security.md"), re.M)
        self.assertEqual([int(number) for number, _ in rules], list(range(1, 13)))
        for number, attacks in rules:
            with self.subTest(rule=number):
                self.assertRegex(attacks, TEST)

    def test_each_link_leads_somewhere(self):
        for page in DOCS.glob("*.md"):
            for target in re.findall(r"\]\(([^)\s#]+)", page.read_text("utf-8")):
                if "://" not in target:
                    with self.subTest(page=page.name, target=target):
                        self.assertTrue((DOCS / target).exists())


class TestGuide(unittest.TestCase):
    def test_labels_are_those_of_the_screens(self):
        catalogue = polib.pofile(str(paths.ROOT / "i18n" / "fr.po"))
        known = {re.sub(r"<[^>]+>|%s|\{\w+\}", "", entry.msgstr) for entry in catalogue}
        for bold in re.findall(r"\*\*(.+?)\*\*", text_of("guide.md")):
            for label in bold.split(" > "):
                with self.subTest(label=label):
                    self.assertIn(label.replace("(…)", "()"), known)


if __name__ == "__main__":
    unittest.main()
