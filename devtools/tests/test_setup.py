"""Obstacles are told in one sentence; unfinished steps are done again."""

import contextlib
import io
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from devtools import addon, cli, odoo_source, paths, postgres, server, stamps, system
from devtools.console import Problem


def folder_of(test):
    folder = tempfile.TemporaryDirectory()
    test.addCleanup(folder.cleanup)
    return Path(folder.name)


class TestSystemPackages(unittest.TestCase):
    def setUp(self):
        absent = system.Need(("qpdf", "poppler-utils"), lambda: False, (system.TEST,))
        present = system.Need(("openssl",), lambda: True, (system.TEST,))
        needs = mock.patch.object(system, "NEEDS", (absent, present))
        needs.start()
        self.addCleanup(needs.stop)

    def test_an_ordinary_user_gets_the_line_to_run(self):
        with mock.patch("os.geteuid", return_value=1000):
            with self.assertRaises(Problem) as caught:
                system.ensure(system.TEST)
        self.assertIn("apt-get install", str(caught.exception))
        self.assertIn("qpdf poppler-utils", str(caught.exception))
        self.assertNotIn("openssl", str(caught.exception))

    def test_what_another_command_needs_is_not_asked_for(self):
        system.ensure(system.RUN)


class TestOdooSource(unittest.TestCase):
    def make(self, series=19):
        folder = folder_of(self)
        (folder / "odoo" / "addons" / "base").mkdir(parents=True)
        (folder / "addons" / "web").mkdir(parents=True)
        release = f"version_info = ({series}, 0, 0, 'final', 0, '')"
        (folder / "odoo" / "release.py").write_text(release)
        return folder

    def test_a_checkout_is_recognised(self):
        folder = self.make()
        source = odoo_source.describe(folder)
        self.assertEqual(source.python_path, folder)
        self.assertEqual(
            set(source.addons), {folder / "addons", folder / "odoo/addons"}
        )

    def test_another_series_is_refused(self):
        with self.assertRaisesRegex(Problem, "not Odoo 19"):
            odoo_source.describe(self.make(series=18))

    def test_a_wrong_folder_is_named(self):
        with self.assertRaisesRegex(Problem, "is not an Odoo"):
            odoo_source.describe(folder_of(self))


class TestPostgres(unittest.TestCase):
    def test_every_part_of_an_address_is_read(self):
        connection = postgres.parse_url("postgresql://ada:p%40ss@db.lan:5433")
        self.assertEqual(connection, postgres.Connection("db.lan", 5433, "ada", "p@ss"))

    def test_a_socket_folder_is_read(self):
        connection = postgres.parse_url("postgresql:///?host=/var/run/postgresql")
        self.assertEqual(connection.host, "/var/run/postgresql")

    def test_its_own_address_is_readable_again(self):
        connection = postgres.Connection("/run/a b", 5433, "ada", "p@ss")
        self.assertEqual(postgres.parse_url(connection.url("x")), connection)

    def test_another_scheme_is_refused(self):
        with self.assertRaisesRegex(Problem, "should look like"):
            postgres.parse_url("mysql://db")


class TestStamps(unittest.TestCase):
    def test_a_step_is_done_again_when_its_inputs_change(self):
        folder = folder_of(self)
        source = folder / "list.txt"
        source.write_text("one")
        with mock.patch.object(paths, "STAMPS", folder / "stamps"):
            stamps.write("step", stamps.digest(source))
            self.assertTrue(stamps.is_fresh("step", stamps.digest(source)))
            source.write_text("two")
            self.assertFalse(stamps.is_fresh("step", stamps.digest(source)))


class TestAddonFolder(unittest.TestCase):
    def test_it_holds_the_module_and_nothing_of_the_work_folder(self):
        names = ["__init__.py", "models/a.py", "dev", "devtools/x.py", ".ci/run"]
        with (
            mock.patch.object(paths, "ADDONS", folder_of(self)),
            mock.patch.object(addon, "tracked_files", return_value=names),
        ):
            folder = addon.link()
            self.assertFalse(folder.is_symlink())
            found = {entry.name for entry in folder.iterdir()}
        self.assertEqual(found, {"__init__.py", "models"})

    def test_what_left_the_repository_leaves_the_folder(self):
        with mock.patch.object(paths, "ADDONS", folder_of(self)):
            for names in (["models/a.py", "data/b.xml"], ["models/a.py"]):
                with mock.patch.object(addon, "tracked_files", return_value=names):
                    folder = addon.link()
            self.assertEqual([entry.name for entry in folder.iterdir()], ["models"])


class TestServer(unittest.TestCase):
    def test_a_taken_port_is_passed_over(self):
        import socket

        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            self.assertGreater(server.first_free_port(port), port)


class TestCommandLine(unittest.TestCase):
    def call(self, error):
        printed = io.StringIO()
        with (
            contextlib.redirect_stdout(printed),
            mock.patch("devtools.demo.run", side_effect=error),
        ):
            code = cli.main(["demo"])
        return code, printed.getvalue()

    def test_a_known_obstacle_is_one_sentence(self):
        code, text = self.call(Problem("Install foo."))
        self.assertEqual((code, text), (2, "error: Install foo.\n"))

    def test_an_interruption_says_how_to_go_on(self):
        code, text = self.call(KeyboardInterrupt())
        self.assertEqual(code, 130)
        self.assertIn("interrupted; run again to resume", text)
