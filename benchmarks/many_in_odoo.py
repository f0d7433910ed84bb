# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What runs inside Odoo's shell for ``list`` and ``cron``."""

import json
import statistics

from lxml import etree

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry

from .measure import milliseconds

OPEN = ["queued", "failed", "waiting", "finalizable", "to_finalize"]
PAGE = 80
# Cards of a column: as many as the smallest state has among a thousand documents.
CARDS = 20
TURNS = 5
# Kind of the event, and what makes some documents due.
_LET_DUE = {
    "reminders": (
        "reminded",
        """UPDATE campus_sign_signer
              SET reminder_at = now() - interval '1 hour',
                  notified_at = now() - interval '4 days'
            WHERE id IN (
                SELECT line.id
                  FROM campus_sign_signer line
                  JOIN campus_sign_request request ON request.id = line.request_id
                 WHERE request.state = 'waiting' AND line.status = 'pending'
                   AND line.reminder_at > now() AND line.reminder_count = 0
              ORDER BY line.id LIMIT %s)""",
    ),
    "deadlines": (
        "expired",
        """UPDATE campus_sign_request
              SET deadline = now() - interval '1 hour'
            WHERE id IN (
                SELECT id
                  FROM campus_sign_request
                 WHERE state = 'waiting' AND deadline > now()
              ORDER BY id DESC LIMIT %s)""",
    ),
}


def school(env):
    """Make the few records every document refers to; return their ids."""
    company = env.ref("base.main_company")
    year = env["campus.school.year"].create(
        {"name": "2026-2027", "date_start": "2026-09-01", "date_end": "2027-08-31"}
    )
    promotions = env["campus.promotion"].create(
        [{"name": f"Promotion {i}", "school_year_id": year.id} for i in range(20)]
    )
    students = env["campus.student"].create(
        [
            {"name": f"ÉLÈVE {i}", "promotion_id": promotions[i % 20].id}
            for i in range(100)
        ]
    )
    office, head = (
        env["res.users"].create(
            {
                "name": login,
                "login": login,
                "email": f"{login}@example.org",
                "group_ids": [(4, env.ref(f"campus_sign.group_{group}").id)],
            }
        )
        for login, group in (("bench-office", "send"), ("bench-head", "sign"))
    )
    template = env.ref("campus_sign.template_internship_agreement")
    roles = [
        env["campus.sign.role"].search([("code", "=", code)]).id
        for code in ("student", "tutor", "establishment")
    ]
    env.cr.commit()  # pylint: disable=invalid-commit
    return {
        "company": company.id,
        "template": template.id,
        "category": template.category_id.id,
        "year": year.id,
        "promotions": promotions.ids,
        "students": students.ids,
        "roles": roles,
        "office": office.id,
        "head": head.id,
        "head_partner": head.partner_id.id,
    }


def tracking(env, few, rounds):
    """Return the median of each call the list makes, here and in a smaller database.

    The databases take turns, call by call: what else the machine does concerns both.

    :param few: name of the smaller database
    :return: ``{call: {"many": {ms, queries, bytes}, "few": {…}}}``
    """
    with Registry(few).cursor() as cr:
        sides = {"many": env, "few": api.Environment(cr, SUPERUSER_ID, {})}
        calls = {side: _calls(sides[side]) for side in sides}
        return {
            name: _medians(
                {side: (sides[side], calls[side][name]) for side in sides}, rounds
            )
            for name in calls["many"]
        }


def _calls(env):
    """Return ``{name: call}``: what the list and the kanban ask, as the office."""
    office = env["res.users"].search([("login", "=", "bench-office")])
    requests = env(user=office, su=False)["campus.sign.request"]
    view = requests.env.ref("campus_sign.campus_sign_request_view_list")
    columns = requests.get_views([(view.id, "list")])["views"]["list"]
    specification = {
        name: {"fields": {"display_name": {}}}
        if requests._fields[name].type == "many2one"
        else {}
        for name in _columns(columns["arch"])
        if name in requests._fields
    }
    domain = [("state", "in", OPEN)]
    return {
        "page": lambda: requests.web_search_read(
            domain, specification, limit=PAGE, count_limit=1001
        ),
        "groups": lambda: requests.web_read_group(domain, ["state"], ["__count"]),
        "kanban": lambda: requests.web_read_group(
            domain,
            ["state"],
            ["__count"],
            auto_unfold=True,
            unfold_read_specification=specification,
            unfold_read_default_limit=CARDS,
        ),
        "counters": lambda: requests.search_panel_select_multi_range(
            "state", enable_counters=True, expand=True
        ),
        "all-page": lambda: requests.web_search_read(
            [], specification, limit=PAGE, count_limit=1001
        ),
        "all-groups": lambda: requests.web_read_group([], ["state"], ["__count"]),
    }


def _columns(arch):
    nodes = etree.fromstring(arch).iterchildren("field")
    return [n.get("name") for n in nodes if n.get("optional") != "hide"]


def _medians(sides, rounds):
    """Call each side in turn; return ``{side: {ms, queries, bytes}}``."""
    taken = {side: [] for side in sides}
    answers = {side: call() for side, (_env, call) in sides.items()}
    for _ in range(rounds):
        for side, (env, call) in sides.items():
            env.invalidate_all()
            before = env.cr.sql_log_count
            spent, _answer = milliseconds(call)
            taken[side].append((spent, env.cr.sql_log_count - before))
    return {
        side: {
            "ms": statistics.median(spent for spent, _queries in taken[side]),
            "queries": statistics.median(queries for _spent, queries in taken[side]),
            "bytes": len(json.dumps(answers[side], default=str)),
        }
        for side in sides
    }


def clock(env, few, due):
    """Return what the reminders and the deadlines took, here and in a smaller database.

    The databases take turns, a part of the due ones at a time.

    :param few: name of the smaller database
    :return: ``{name: {"many": {ms, queries}, "few": {…}}}``
    :raise RuntimeError: another number was done than was due
    """
    found = {
        name: {side: {"ms": 0, "queries": 0} for side in ("many", "few")}
        for name in _LET_DUE
    }
    with Registry(few).cursor() as cr:
        sides = {"many": env, "few": api.Environment(cr, SUPERUSER_ID, {})}
        for _turn in range(TURNS):
            for name, totals in found.items():
                for side, one in sides.items():
                    spent, queries = _tick(one, name, due // TURNS)
                    totals[side]["ms"] += spent
                    totals[side]["queries"] += queries
    return found


def _tick(env, name, count):
    """Let ``count`` be due, run the scheduled action; return (ms, queries)."""
    kind, query = _LET_DUE[name]
    env.cr.execute(query, [count])
    env.cr.commit()  # pylint: disable=invalid-commit
    env.invalidate_all()
    events = env["campus.sign.event"].sudo()
    done = events.search_count([("kind", "=", kind)])
    before = env.cr.sql_log_count
    action = getattr(env["campus.sign.request"], f"_cron_{name}")
    spent, _none = milliseconds(action)
    queries = env.cr.sql_log_count - before
    done = events.search_count([("kind", "=", kind)]) - done
    if done != count:
        raise RuntimeError(f"{name}: {done} of {count}")
    return spent, queries
