"""Choices given by ``--odoo`` and ``--database``.

They travel in environment variables, so that the processes ``./dev`` starts (live
tests, benchmarks, smoke run) use the same Odoo and PostgreSQL without being told.
"""

import os

ODOO_VARIABLE = "CAMPUS_DEV_ODOO"
DATABASE_VARIABLE = "CAMPUS_DEV_DATABASE"


def remember(odoo=None, database=None):
    """Keep the command line's choices for this process and its children."""
    if odoo:
        os.environ[ODOO_VARIABLE] = os.path.abspath(odoo)
    if database:
        os.environ[DATABASE_VARIABLE] = database


def odoo_path():
    """Return the folder of an existing Odoo, or None to use the fetched one."""
    return os.environ.get(ODOO_VARIABLE)


def database_url():
    """Return the URL of an existing PostgreSQL, or None to use the private one."""
    return os.environ.get(DATABASE_VARIABLE)
