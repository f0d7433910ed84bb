# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date, datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from odoo.tests import TransactionCase, new_test_user


def _show_the_real_clock():
    """Issue a certificate for nobody, before any test freezes the clock.

    cryptography keeps the class of dates it meets first: that of a frozen clock would
    make it refuse every real date afterwards.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    nobody, day = x509.Name([]), datetime(2026, 1, 1)
    builder = x509.CertificateBuilder(nobody, nobody, key.public_key(), 1, day, day)
    builder.sign(key, hashes.SHA256())


_show_the_real_clock()


class SchoolCase(TransactionCase):
    """A small school: one establishment, a minor, an adult, a host company.

    `internship` is complete and belongs to `minor`, whose two legal guardians
    are `mother` and `father`, in this order. Today is 12 October 2026 for
    tests that freeze the clock at `TODAY`.
    """

    TODAY = date(2026, 10, 12)
    SIRET = "99901009300014"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.establishment = cls.env["res.company"].create(
            {
                "name": "Lycée des Tilleuls",
                "city": "Limoges",
                "email": "contact@tilleuls.example.org",
                "country_id": cls.env.ref("base.fr").id,
                "currency_id": cls.env.ref("base.EUR").id,
            }
        )
        cls.env.user.company_ids |= cls.establishment
        cls.env = cls.env(
            context=dict(
                cls.env.context,
                allowed_company_ids=cls.establishment.ids,
                tracking_disable=True,
            )
        )
        cls.year = cls.env["campus.school.year"].create(
            {"name": "2026-2027", "date_start": "2026-09-01", "date_end": "2027-08-31"}
        )
        cls._create_people()
        cls.promotion = cls.env["campus.promotion"].create(
            {
                "name": "Terminale MELEC",
                "school_year_id": cls.year.id,
                "class_teacher_id": cls.teacher.id,
                "training_name": "Bac pro MELEC",
                "training_hours": 840,
            }
        )
        cls._create_students()
        cls.internship = cls.create_internship(cls.minor)

    @classmethod
    def _create_people(cls):
        Partner = cls.env["res.partner"]
        cls.company = Partner.create(
            {
                "name": "Électricité Vergne",
                "is_company": True,
                "campus_siret": cls.SIRET,
                "campus_naf": "4321A",
                "street": "18 avenue Garibaldi",
                "zip": "87000",
                "city": "Limoges",
                "country_id": cls.env.ref("base.fr").id,
            }
        )
        cls.company_head, cls.tutor = Partner.create(
            [
                {
                    "name": "Bernard VERGNE",
                    "parent_id": cls.company.id,
                    "campus_function": "company_head",
                    "function": "Gérant",
                    "email": "b.vergne@vergne.example.com",
                },
                {
                    "name": "Kevin ROUX",
                    "parent_id": cls.company.id,
                    "campus_function": "tutor",
                    "function": "Chef d'équipe",
                    "email": "k.roux@vergne.example.com",
                },
            ]
        )
        cls.teacher = Partner.create(
            {
                "name": "Claire FONTAINE",
                "is_campus_teacher": True,
                "email": "claire.fontaine@tilleuls.example.org",
            }
        )

    @classmethod
    def _create_students(cls):
        cls.minor, cls.adult = cls.env["campus.student"].create(
            [
                {
                    "name": "MARTIN Emma",
                    "email": "emma.martin@eleves.example.org",
                    "birth_date": "2010-01-15",
                    "ine": "123456789AB",
                    "promotion_id": cls.promotion.id,
                },
                {
                    "name": "DUVAL Hugo",
                    "email": "hugo.duval@eleves.example.org",
                    "birth_date": "2005-05-20",
                    "promotion_id": cls.promotion.id,
                },
            ]
        )
        guardianships = cls.env["campus.guardianship"].create(
            [
                {
                    "student_id": cls.minor.id,
                    "name": "MARTIN Éric",
                    "email": "eric.martin@famille.example.net",
                    "relation": "father",
                    "sequence": 2,
                },
                {
                    "student_id": cls.minor.id,
                    "name": "MARTIN Laurence",
                    "email": "laurence.martin@famille.example.net",
                    "relation": "mother",
                    "sequence": 1,
                },
            ]
        )
        cls.father, cls.mother = (link.partner_id for link in guardianships)

    @classmethod
    def create_internship(cls, student, **values):
        """Create a complete internship of five weeks, whatever is not said."""
        return cls.env["campus.internship"].create(
            {
                "student_id": student.id,
                "partner_id": cls.company.id,
                "company_head_id": cls.company_head.id,
                "tutor_id": cls.tutor.id,
                "teacher_id": cls.teacher.id,
                "subject": "Installation électrique d'un logement neuf",
                "skills": "Lire un schéma.",
                "activities": "Poser les appareillages.",
                "date_start": "2027-01-04",
                "date_end": "2027-02-05",
                "weekly_hours": 35,
                **values,
            }
        )

    @classmethod
    def create_user(cls, login, groups):
        """Create an internal user of the establishment with campus groups."""
        xmlids = ",".join(f"campus_sign.group_{group}" for group in groups)
        return new_test_user(
            cls.env,
            login,
            groups=f"base.group_user,{xmlids}" if groups else "base.group_user",
            company_id=cls.establishment.id,
            company_ids=[(6, 0, cls.establishment.ids)],
        )
