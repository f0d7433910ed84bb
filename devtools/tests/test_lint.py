"""The checks of our own: XML indentation and the completeness of the French."""

import tempfile
import unittest
from pathlib import Path
from unittest import mock

import polib

from devtools import lint_files, translations


def xml(text):
    return list(lint_files.xml_findings(text.encode(), "view.xml"))


class TestXml(unittest.TestCase):
    def test_four_columns_per_level(self):
        self.assertEqual(xml("<a>\n    <b>\n        <c/>\n    </b>\n</a>\n"), [])

    def test_a_wrong_level_is_reported_once(self):
        found = xml("<a>\n  <b>\n      <c/>\n  </b>\n</a>\n")
        self.assertEqual(found, [(2, "indented by 2 columns instead of 4")])

    def test_what_does_not_begin_a_line_is_free(self):
        self.assertEqual(xml("<a>\n    text <b/> and <c/>\n</a>\n"), [])

    def test_verbatim_content_is_free(self):
        self.assertEqual(xml("<a>\n    <pre>\n<b/>\n</pre>\n</a>\n"), [])

    def test_a_broken_file_is_reported_with_its_line(self):
        [(line, sentence)] = xml("<a>\n    <b>\n</a>\n")
        self.assertEqual(line, 3)
        self.assertIn("not well-formed", sentence)


class TestFrench(unittest.TestCase):
    def findings(self, *entries, terms=("Sign %(name)s",)):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        french = polib.POFile()
        french.extend(polib.POEntry(**entry) for entry in entries)
        path = Path(folder.name, "i18n", "fr.po")
        path.parent.mkdir()
        french.save(str(path))
        exported = polib.POFile()
        exported.extend(polib.POEntry(msgid=term) for term in terms)
        with (
            mock.patch.object(translations, "FRENCH", path),
            mock.patch.object(translations, "FOLDER", path.parent),
        ):
            return [text.split(": ")[1] for text in translations.check_french(exported)]

    def test_a_complete_file_is_accepted(self):
        entry = {"msgid": "Sign %(name)s", "msgstr": "Signer %(name)s"}
        self.assertEqual(self.findings(entry), [])

    def test_every_fault_is_named(self):
        term = "Sign %(name)s"
        for entries, fault in (
            ([], "not translated"),
            ([{"msgid": term, "msgstr": ""}], "empty"),
            (
                [{"msgid": term, "msgstr": "Signer %(name)s", "flags": ["fuzzy"]}],
                "to be confirmed (fuzzy)",
            ),
            (
                [{"msgid": term, "msgstr": "Signer %(nom)s"}],
                "other placeholders than the source",
            ),
        ):
            with self.subTest(fault=fault):
                self.assertEqual(self.findings(*entries), [fault])
