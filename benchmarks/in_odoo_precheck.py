# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What runs inside Odoo's shell for ``precheck``: five hundred rows of the window."""

import resource
import statistics
from datetime import date, timedelta

from devtools.play.school import address, person_name, siret

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
