# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""``portal``: a signer's home and locker beside few or many documents of others."""

import statistics

import psycopg2
from psycopg2 import sql

from devtools.play.browser import Signer

from .measure import Result, Stage, milliseconds

FEW, MANY = 10, 100_000
RATIO = 1.2
ROUNDS = 25
ACCOUNT = ("tuteur", "tuteur-2026")
# Copies are numbered from here on: no row of the school is.
COPIES = 1_000_000
# What a copy has of its own; the rest is the signed document's.
_TABLES = {
    "campus_sign_request": {
        "id": "%(copies)s + g",
        "code": "'B' || lpad(g::text, 15, '0')",
    },
    "campus_sign_signer": {
        "id": "%(copies)s + g",
        "request_id": "%(copies)s + g",
        "partner_id": "%(other)s",
        "user_id": "NULL",
    },
    "campus_locker_document": {
        "id": "%(copies)s + g",
        "request_id": "%(copies)s + g",
        "partner_id": "%(other)s",
    },
}
_COPY = sql.SQL(
    "INSERT INTO {table} ({columns}) SELECT {values} "
    "FROM (SELECT * FROM {table} WHERE id < %(copies)s ORDER BY id LIMIT 1) source, "
    "generate_series(%(start)s, %(stop)s) g"
)
_DELETE = sql.SQL("DELETE FROM {table} WHERE id > %s")
_VACUUM = sql.SQL("VACUUM ANALYZE {table}")
_SHRINK = sql.SQL("VACUUM FULL ANALYZE {table}")


def portal():
    """Measure both pages with the documents of others multiplied in between."""
    with Stage(workers=2, max_cron_threads=1) as stage:
        school = stage.school
        template = school.small_template(["tutor"])
        internships = school.enrol(2)
        school.secretary.call(
            "campus.internship",
            "write",
            internships[1:],
            {"tutor_id": _tutor(school, internships[0])},
        )
        signed, _open = school.send(internships, template)
        tutor = school.signer(signed, "tutor")
        overview = tutor.open()
        [first] = [d for d in overview["documents"] if signed.name == d["title"]]
        tutor.read(first)
        tutor.sign([first["signer_id"]], overview)
        school.wait_for_seal(signed)
        person = _account(school, internships[0])
        _multiply(stage, 0, FEW)
        before = _visit(person)
        _multiply(stage, FEW, MANY)
        many = _visit(person)
        # Few once more: what else the machine does moves slowly over the three.
        _forget(stage, FEW)
        few = (before + _visit(person)) / 2
        memory = stage.peak_memory_mb()
    return {
        "portal": Result(
            many,
            few,
            goal=f"{MANY:,} documents of others ≤ {RATIO} × {FEW}",
            met=many <= RATIO * few,
            memory_mb=memory,
        )
    }


def _tutor(school, internship):
    read = school.secretary.read("campus.internship", internship, "tutor_id")
    return read["tutor_id"][0]


def _account(school, internship):
    """Give the tutor a portal account and log him in."""
    login, password = ACCOUNT
    school.admin.create(
        "res.users",
        {
            "login": login,
            "password": password,
            "partner_id": _tutor(school, internship),
            "group_ids": [(6, 0, [school.admin.ref("base.group_portal")])],
        },
        context={"no_reset_password": True},
    )
    return Signer.by_account(school.url, login, password)


def _visit(person):
    """Return the median of opening home, counters and locker, one after another."""

    def visit():
        person.get("/my").raise_for_status()
        answer = person.session.post(
            f"{person.url}/my/counters",
            json={"params": {"counters": ["to_sign_count", "locker_count"]}},
            timeout=60,
        )
        if answer.json()["result"]["locker_count"] != 1:
            raise RuntimeError("the locker is not what it should be")
        person.get("/my/documents").raise_for_status()

    for _ in range(5):
        visit()
    return statistics.median(milliseconds(visit)[0] for _ in range(ROUNDS))


def _multiply(stage, start, stop):
    """Copy the signed document for other people, from number ``start`` to ``stop``."""
    connection = psycopg2.connect(stage.database.url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("SELECT partner_id FROM res_company ORDER BY id LIMIT 1")
        values = {"other": cursor.fetchone()[0]}
        for table, changed in _TABLES.items():
            cursor.execute(
                "SELECT column_name FROM information_schema.columns"
                " WHERE table_name = %s ORDER BY ordinal_position",
                [table],
            )
            columns = [name for (name,) in cursor.fetchall()]
            query = _COPY.format(
                table=sql.Identifier(table),
                columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
                values=sql.SQL(", ").join(
                    sql.SQL(changed[name])
                    if name in changed
                    else sql.Identifier("source", name)
                    for name in columns
                ),
            )
            cursor.execute(
                query, {**values, "copies": COPIES, "start": start + 1, "stop": stop}
            )
            cursor.execute(_VACUUM.format(table=sql.Identifier(table)))
    connection.close()


def _forget(stage, kept):
    """Delete the copies but the first ``kept``."""
    connection = psycopg2.connect(stage.database.url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        for table in reversed(_TABLES):
            name = sql.Identifier(table)
            cursor.execute(_DELETE.format(table=name), [COPIES + kept])
            cursor.execute(_SHRINK.format(table=name))
    connection.close()
