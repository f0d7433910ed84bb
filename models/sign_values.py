# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Values of the tags every kind of record may answer, read through fields only.

Nothing is searched here: a list of records is prefetched together.
"""

#: Tags whose False is a value ("no"), not an empty field.
BOOLEANS = frozenset({"company.public", "student.minor"})


def plain(tags, booleans=frozenset()):
    """Return ``tags`` with None for what is empty, as documents expect it."""
    kept = BOOLEANS | booleans
    return {
        code: value if value or code in kept else None for code, value in tags.items()
    }


def establishment_tags(company, head, today):
    """Return what documents say of the establishment and of themselves.

    :param head: ``res.users`` who represents the establishment, may be empty
    """
    partner = company.partner_id
    return {
        "establishment.name": company.name,
        "establishment.address": partner._campus_address(),
        "establishment.city": company.city,
        "establishment.phone": company.phone,
        "establishment.email": company.email,
        "establishment.uai": partner.campus_uai,
        "establishment.siret": partner.campus_siret,
        "establishment.activity_number": company.campus_activity_number,
        "establishment.head": head.name,
        "portal.address": f"{company.get_base_url()}/my",
        "document.date": today,
        "document.place": company.city,
    }


def recipient_tags(recipient):
    """Return what documents say of the person they are addressed to."""
    return {
        "recipient.name": recipient.name,
        "recipient.function": recipient.function,
        "recipient.company": recipient.parent_id.name,
        "recipient.address": recipient._campus_address(),
        "recipient.email": recipient.email,
    }


def company_tags(company, head, tutor):
    """Return what documents say of a company, its manager and a tutor."""
    return {
        "company.name": company.name,
        "company.address": company._campus_address(),
        "company.siret": company.campus_siret,
        "company.naf": company.campus_naf,
        "company.phone": company.phone,
        "company.email": company.email,
        "company.public": company.campus_public_body,
        "company.head": head.name,
        "company.head_function": head.function,
        "tutor.name": tutor.name,
        "tutor.function": tutor.function,
        "tutor.email": tutor.email,
        "tutor.phone": tutor.phone,
    }


def teacher_tags(teacher):
    """Return what documents say of the teacher in charge."""
    return {
        "teacher.name": teacher.name,
        "teacher.email": teacher.email,
        "teacher.phone": teacher.phone,
    }


def student_tags(student, promotion, today):
    """Return what documents say of a student and of the legal guardians.

    :param today: day on which the age is counted
    """
    tags = {
        "student.name": student.name,
        "student.birth_date": student.birth_date,
        "student.ine": student.ine,
        "student.address": student.partner_id._campus_address(),
        "student.email": student.email,
        "student.phone": student.phone,
        "student.promotion": promotion.name,
        "student.minor": student._is_minor(today) if student else False,
        "student.cpam": student.cpam,
    }
    guardians = student._legal_guardians() if student else student.partner_id
    for rank in (1, 2):
        guardian = guardians[rank - 1 : rank]
        for name in ("name", "email", "phone"):
            tags[f"guardian{rank}.{name}"] = guardian[name]
    return tags
