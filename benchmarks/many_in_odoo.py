# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What runs inside Odoo's shell for ``list`` and ``cron``."""

import json
import statistics

from .measure import milliseconds

OPEN = ["queued", "failed", "waiting", "finalizable", "to_finalize"]
PAGE = 80
# Cards of a column: as many as the smallest state has among a thousand documents.
CARDS = 20


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


def tracking(env, rounds):
    """Return the median of each call the list makes, as the office makes it."""
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
    calls = {
        "page": lambda: requests.web_search_read(
            domain, specification, limit=PAGE, count_limit=1001
        ),
        "all": lambda: requests.web_search_read(
            [], specification, limit=PAGE, count_limit=1001
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
        "all-groups": lambda: requests.web_read_group([], ["state"], ["__count"]),
        "counters": lambda: requests.search_panel_select_multi_range(
            "state", enable_counters=True, expand=True
        ),
    }
    return {name: _median(env, call, rounds) for name, call in calls.items()}


def _columns(arch):
    from lxml import etree

    nodes = etree.fromstring(arch).iterchildren("field")
    return [n.get("name") for n in nodes if n.get("optional") != "hide"]


def _median(env, call, rounds):
    call()
    times, queries, answer = [], [], None
    for _ in range(rounds):
        env.invalidate_all()
        before = env.cr.sql_log_count
        spent, answer = milliseconds(call)
        times.append(spent)
        queries.append(env.cr.sql_log_count - before)
    return {
        "ms": statistics.median(times),
        "queries": statistics.median(queries),
        "bytes": len(json.dumps(answer, default=str)),
    }


def clock(env, due):
    """Return what the reminders and the deadlines took; refuse a wrong count."""
    requests = env["campus.sign.request"]
    events = env["campus.sign.event"].sudo()
    found = {}
    for name, kind in (("reminders", "reminded"), ("deadlines", "expired")):
        before = env.cr.sql_log_count
        spent, _none = milliseconds(getattr(requests, f"_cron_{name}"))
        found[name] = {"ms": spent, "queries": env.cr.sql_log_count - before}
        done = events.search_count([("kind", "=", kind)])
        if done < due:
            raise RuntimeError(f"{name}: {done} of {due}")
    return found
