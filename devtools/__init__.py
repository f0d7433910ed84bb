"""Developer tooling behind ``./dev``: standard library only, never imported by Odoo.

One file answers one question: which system packages (``system``), where Odoo comes
from (``odoo_source``), the virtual environment (``python_env``), PostgreSQL
(``postgres``), databases (``database``), server processes (``server``), the stages of
the tests (``stages``), the linters (``lint``). ``harness`` is what live tests,
benchmarks and the smoke run import.
"""
