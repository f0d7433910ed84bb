# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The module's life beside website, sale, hr and survey."""

import unittest

import psycopg2

from devtools.harness import Server, clone_database, odoo_shell
from devtools.play.mailbox import Mailbox
from devtools.play.school import School

NEIGHBOURS = ["website", "sale", "hr", "survey"]
MODULE = "campus_sign"
LEFT_OVERS = {
    "table": "SELECT table_name FROM information_schema.tables"
    " WHERE table_name LIKE 'campus\\_%'",
    "column": "SELECT table_name || '.' || column_name FROM information_schema.columns"
    " WHERE column_name LIKE 'campus\\_%' OR column_name LIKE 'is\\_campus\\_%'",
    "function": "SELECT proname FROM pg_proc WHERE proname LIKE 'campus\\_%'",
    "trigger": "SELECT tgname FROM pg_trigger WHERE tgname LIKE 'campus\\_%'",
    "sequence": "SELECT sequencename FROM pg_sequences"
    " WHERE sequencename LIKE 'campus\\_%'",
    "identifier": "SELECT name FROM ir_model_data WHERE module = 'campus_sign'",
    "model": "SELECT model FROM ir_model WHERE model LIKE 'campus.%'",
    "attachment": "SELECT name FROM ir_attachment WHERE res_model LIKE 'campus.%'",
}


class TestLife(unittest.TestCase):
    def test_install_use_update_uninstall(self):
        """Given a database with other applications, when the module is installed,
        used, updated and uninstalled, then nothing of it is left behind."""
        with clone_database(installed=False) as database:
            database.install("Installing the neighbours", NEIGHBOURS)
            database.install("Installing the module", [MODULE])
            with Mailbox() as mailbox, Server(database, max_cron_threads=2) as server:
                school = School(server.url, mailbox).open()
                [document] = school.send(school.enrol(1))
                [result] = school.signer(document, "student").sign_everything()
                self.assertTrue(result["ok"], result)
            database.update("Updating the module", [MODULE])
            self.assertTrue(self.left_over(database))
            odoo_shell(
                database,
                "env.ref('base.module_campus_sign').button_immediate_uninstall()",
            )
            self.assertEqual(self.left_over(database), [])

    def left_over(self, database):
        """Return what of the module is in the database, kind by kind."""
        connection = psycopg2.connect(database.url)
        found = []
        try:
            with connection.cursor() as cursor:
                for kind, query in LEFT_OVERS.items():
                    cursor.execute(query)
                    found += [f"{kind} {name}" for (name,) in cursor.fetchall()]
        finally:
            connection.close()
        return found
