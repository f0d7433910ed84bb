# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""``list`` and ``cron``: the same work among a thousand documents and among many.

The documents are rows written by PostgreSQL itself (``INSERT … SELECT``): three lines
each, one in ten still open, spread over the years. They have no file: neither the
list nor the clock opens one.
"""

import json

import psycopg2
from psycopg2 import sql

from devtools import paths
from devtools.harness import clone_database, odoo_shell

from .measure import Result

COUNT = 1_000_000
FEW = 1_000
DUE = 500
LIST_RATIO = 1.5
CRON_RATIO = 1.3
OPEN_EVERY = 10
ROUNDS = 15

SCRIPT = """
import json, sys
sys.path.append({root!r})
from benchmarks import many_in_odoo
print("MEASURED " + json.dumps(many_in_odoo.{call}))
"""

_TABLES = ("res_partner", "campus_sign_signer", "campus_sign_request")
_PEOPLE = """
INSERT INTO res_partner (name, complete_name, email, email_normalized, active, lang,
                         type, create_date, write_date)
SELECT 'Personne ' || i, 'Personne ' || i, 'p' || i || '@example.org',
       'p' || i || '@example.org', true, 'en_US', 'contact', now(), now()
FROM generate_series(1, %(people)s) i
RETURNING id
"""
_REQUESTS = """
INSERT INTO campus_sign_request (
    name, active, code, company_id, template_id, template_name, category_id, student_id,
    promotion_id, school_year_id, recipient_id, sender_id, lang, res_model, res_id,
    state, phase, signature_done, signature_total, signature_starred, ordered,
    queued_at, sent_at, deadline, closed_at, sealed_at, revisions, frozen_sha256,
    create_uid, create_date, write_uid, write_date)
SELECT 'Convention de stage - ' || i, true, lpad(i::text, 16, '0'), %(company)s,
    %(template)s, 'Convention de stage', %(category)s,
    (%(students)s)[1 + i %% cardinality(%(students)s)],
    (%(promotions)s)[1 + i %% cardinality(%(promotions)s)], %(year)s,
    %(first)s + (i %% %(people)s), %(office)s, 'en_US', 'campus.internship', i,
    CASE WHEN i %% %(every)s = 0
        THEN CASE WHEN %(waiting)s THEN 'waiting'
            ELSE (ARRAY['waiting', 'waiting', 'waiting', 'finalizable',
                        'to_finalize'])[1 + (i / %(every)s) %% 5] END
        ELSE (ARRAY['archived', 'archived', 'archived', 'archived', 'archived',
                    'refused', 'cancelled', 'expired'])[1 + i %% 8] END,
    CASE WHEN i %% %(every)s = 0 OR i %% 8 <> 6 THEN 'open' ELSE 'cancelled' END,
    1, 3, true, false, moment, moment, moment + interval '30 days' + interval
    '20 years' * (i %% %(every)s = 0)::int, NULL, moment,
    '[{"kind": "seal", "field": "seal", "length": 1, "sha256": "00"}]', '00',
    %(office)s, moment, %(office)s, moment
FROM generate_series(1, %(count)s) i,
    LATERAL (SELECT date_trunc('second', now() - i * interval '60 seconds'
                               * (525600.0 * 10 / %(count)s)) AS moment) at
"""
_LINES = """
INSERT INTO campus_sign_signer (
    request_id, company_id, sequence, role_id, role_name, partner_id, user_id, name,
    email, lang, field_name, status, mandatory, finaliser, notify_due, notified_at,
    addressed_at, signed_at, reminder_at, reminder_count, create_date, write_date)
SELECT request.id, request.company_id, rank, (%(roles)s)[rank],
    (ARRAY['Student', 'Tutor', 'Establishment'])[rank],
    CASE rank WHEN 3 THEN %(head_partner)s
        ELSE %(first)s + ((request.res_id / %(every)s * rank) %% %(people)s) END,
    CASE rank WHEN 3 THEN %(head)s END,
    'Personne ' || rank,
    CASE WHEN rank < 3
        THEN 'p' || (1 + (request.res_id / %(every)s * rank) %% %(people)s)
            || '@example.org' END,
    'en_US', 'signer-' || rank,
    CASE WHEN rank = 2 OR request.state = 'archived' THEN 'signed'
        WHEN request.phase = 'open' AND request.state NOT IN ('refused')
        THEN 'pending' ELSE 'closed' END,
    true, rank = 3, false, now() - interval '1 day', request.sent_at, NULL,
    CASE WHEN rank = 1 AND request.state = 'waiting' THEN now() + interval '2 days' END,
    0, request.sent_at, request.sent_at
FROM campus_sign_request request, generate_series(1, 3) rank
"""


def tracking(count=COUNT):
    """Measure the first page, the groups by state and their counters."""
    with clone_database() as small, clone_database() as large:
        for database, documents in ((small, FEW), (large, count)):
            fill(database.url, _shell(database, "school(env)"), documents)
        found = _shell(large, f"tracking(env, {small.name!r}, {ROUNDS})")
    return {
        f"list-{name}": Result(
            sides["many"]["ms"],
            sides["few"]["ms"],
            goal=f"{count} documents ≤ {LIST_RATIO} × {FEW}, as many queries",
            met=sides["many"]["ms"] <= LIST_RATIO * sides["few"]["ms"]
            and sides["many"]["queries"] == sides["few"]["queries"],
            queries=sides["many"]["queries"],
            bytes=sides["many"]["bytes"],
        )
        for name, sides in found.items()
    }


def cron(count=COUNT):
    """Measure 500 reminders and 500 deadlines that are due."""
    with clone_database() as small, clone_database() as large:
        for database, documents in ((small, FEW), (large, count)):
            fill(database.url, _shell(database, "school(env)"), documents, waiting=True)
        found = _shell(large, f"clock(env, {small.name!r}, {DUE})")
    return {
        f"cron-{name}": Result(
            sides["many"]["ms"],
            sides["few"]["ms"],
            goal=f"{DUE} due among {count} ≤ {CRON_RATIO} × {DUE} among {FEW}",
            met=sides["many"]["ms"] <= CRON_RATIO * sides["few"]["ms"],
            queries=sides["many"]["queries"],
        )
        for name, sides in found.items()
    }


def _shell(database, call):
    said = odoo_shell(database, SCRIPT.format(root=str(paths.ROOT), call=call))
    return json.loads(said.partition("MEASURED ")[2].splitlines()[0])


def fill(url, ids, count, waiting=False):
    """Write ``count`` documents with their lines into a database.

    :param dict ids: what ``many_in_odoo.school`` returned
    :param waiting: every open document waits for its signers
    """
    people = max(2 * DUE + 7, count // OPEN_EVERY)
    values = {
        **ids,
        "count": count,
        "people": people,
        # Enough of them for all that will be due.
        "every": 1 if waiting and count <= 2 * DUE else OPEN_EVERY,
        "waiting": waiting,
    }
    connection = psycopg2.connect(url)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(_PEOPLE, values)
            values["first"] = cursor.fetchone()[0]
            cursor.execute(_REQUESTS, values)
            cursor.execute(_LINES, values)
        connection.autocommit = True
        with connection.cursor() as cursor:
            # As autovacuum leaves them; once more, as what it does meanwhile may hold
            # the first one back.
            for _round in range(2):
                for table in _TABLES:
                    cursor.execute(
                        sql.SQL("VACUUM ANALYZE {}").format(sql.Identifier(table))
                    )
    finally:
        connection.close()
