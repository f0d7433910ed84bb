# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What runs inside Odoo's shell for ``precheck`` and ``send``."""

import json
import resource
import statistics
from datetime import date, timedelta

import weasyprint

from odoo.addons.campus_sign.engine import rendering
from odoo.addons.campus_sign.engine.pades import FieldSpec, certify
from odoo.addons.campus_sign.engine.rendering.pdf import module_fetcher
from odoo.addons.campus_sign.models.campus_sign_authority import aware_now

from devtools.play.school import address, person_name, siret

from .in_odoo import _render
from .measure import milliseconds

# One in ten lacks its tutor: red rows cost more than ready ones.
INCOMPLETE_EVERY = 10


def enrol(env, count):
    """Create ``count`` complete internships, one tutor in ten missing.

    :return: the internships
    """
    start = date.today() + timedelta(days=30)
    year = env["campus.school.year"].create(
        {
            "name": "Mesures",
            "date_start": f"{start.year}-01-01",
            "date_end": f"{start.year}-12-31",
        }
    )
    promotion = env["campus.promotion"].create(
        {
            "name": "Terminale MELEC",
            "school_year_id": year.id,
            "training_name": "Bac pro Métiers de l'électricité",
            "training_hours": 840,
        }
    )
    numbers = range(1, count + 1)
    companies = env["res.partner"].create(
        [
            {
                "name": f"Électricité {person_name(number, 2)}",
                "is_company": True,
                "campus_siret": siret(700000 + number),
                "street": f"{number} avenue Garibaldi",
                "zip": "87000",
                "city": "Limoges",
            }
            for number in numbers
        ]
    )
    people = {
        role: env["res.partner"].create(
            [
                {
                    "name": person_name(number, shift),
                    "email": address(role, number),
                    "is_campus_teacher": role == "teacher",
                    "campus_function": role if role != "teacher" else False,
                    "parent_id": company.id if role != "teacher" else False,
                }
                for number, company in zip(numbers, companies, strict=True)
            ]
        )
        for shift, role in enumerate(("tutor", "company_head", "teacher"))
    }
    students = env["campus.student"].create(
        [
            {
                "name": person_name(number, 4),
                "email": address("student", number),
                "birth_date": date.today() - timedelta(days=16 * 365 + number % 300),
                "promotion_id": promotion.id,
                "street": f"{number} rue des Écoles",
                "zip": "87000",
                "city": "Limoges",
                "cpam": "CPAM de la Haute-Vienne",
            }
            for number in numbers
        ]
    )
    env["campus.guardianship"].create(
        [
            {
                "student_id": student.id,
                "name": person_name(number, 5),
                "email": address("guardian", number),
                "relation": "mother",
                "legal": True,
            }
            for number, student in zip(numbers, students, strict=True)
        ]
    )
    internships = env["campus.internship"].create(
        [
            {
                "student_id": students[index].id,
                "partner_id": companies[index].id,
                "tutor_id": people["tutor"][index].id,
                "company_head_id": people["company_head"][index].id,
                "teacher_id": people["teacher"][index].id,
                "subject": "Installation électrique d'un logement neuf",
                "skills": "Lire un schéma.\nContrôler une installation.",
                "activities": "Poser les appareillages, raccorder le tableau.",
                "date_start": start,
                "date_end": start + timedelta(days=32),
                "weekly_hours": 35,
            }
            for index in range(count)
        ]
    )
    internships[::INCOMPLETE_EVERY].write({"tutor_id": False})
    env.flush_all()
    return internships


def precheck(env, count, rounds):
    """Ask what the window asks for ``count`` rows; return medians.

    :return: milliseconds, queries, those of the first call, bytes of the answer,
        peak memory
    """
    records = enrol(env, count)
    env.cr.commit()
    user = env["res.users"].search([("login", "=", "secretariat")])
    window = env["campus.sign.send"].with_user(user)
    values = {"res_model": records._name, "res_ids": records.ids}
    times, queries = [], []
    for _ in range(rounds + 1):
        env.invalidate_all()
        before = env.cr.sql_log_count
        spent, table = milliseconds(lambda: window.check(values))
        times.append(spent)
        queries.append(env.cr.sql_log_count - before)
    ready = sum(row["ready"] for row in table["rows"])
    if len(table["rows"]) != count or ready != count - len(records[::INCOMPLETE_EVERY]):
        raise RuntimeError(f"{ready} rows of {count} are ready")
    return {
        # The first round fills the caches of a fresh process: rights, views, names.
        "first": times[0],
        "first_queries": queries[0],
        "ours": statistics.median(times[1:]),
        "queries": max(queries[1:]),
        "bytes": len(json.dumps(table, ensure_ascii=False).encode()),
        "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def alone(env, request_ids, rounds):
    """Return the milliseconds one document costs without us.

    The reference is WeasyPrint on the same HTML, its style sheet parsed beforehand,
    plus the certification seal on ready bytes.
    """
    fetcher = module_fetcher()
    sheet = weasyprint.CSS(string=rendering.document_css(), url_fetcher=fetcher)
    authority = env["campus.sign.authority"]._for_company(env.company)._open()
    spent = []
    for request in env["campus.sign.request"].browse(request_ids[: rounds + 1]):
        html, rendered = _render(request)
        boxes = [
            FieldSpec(b.name, b.name, b.page, b.x1, b.y1, b.x2, b.y2)
            for b in rendered.boxes
        ]

        def make(html=html, pdf=rendered.pdf, boxes=boxes, request=request):
            page = weasyprint.HTML(string=html, url_fetcher=fetcher)
            page.write_pdf(pdf_variant="pdf/a-3a", stylesheets=[sheet])
            certify(
                pdf,
                boxes,
                authority,
                now=aware_now(),
                texts=[s.name for s in request.signer_ids],
                reason="Sealed",
                contact="https://school.example.org/verify/0",
                location="Limoges",
            )

        spent.append(milliseconds(make)[0])
    return statistics.median(spent[1:])
