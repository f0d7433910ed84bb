# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from .common import SchoolCase

MODELS = (
    "campus.school.year",
    "campus.promotion",
    "campus.student",
    "campus.guardianship",
    "campus.internship",
    "campus.internship.interruption",
    "campus.mission",
    "campus.training.period",
    "campus.absence",
    "campus.internship.terms",
    "campus.rate",
    "campus.public.holiday",
)
SETTINGS = {"campus.rate", "campus.public.holiday"}


@tagged("post_install", "-at_install")
class TestRecordsAccess(SchoolCase):
    def test_who_reads_and_who_writes(self):
        expected = {
            "records": ("read", "write", "create", "unlink"),
            "follow": ("read",),
            "send": ("read",),
            "sign": ("read",),
            "": (),
        }
        for group, rights in expected.items():
            user = self.create_user(f"user_{group}", [group] if group else [])
            for model in MODELS:
                allowed = {"read"} & set(rights) if model in SETTINGS else set(rights)
                for operation in ("read", "write", "create", "unlink"):
                    with self.subTest(group=group, model=model, operation=operation):
                        self.assertEqual(
                            self.env[model].with_user(user).has_access(operation),
                            operation in allowed,
                        )

    def test_portal_and_public_have_no_access_at_all(self):
        portal = new_test_user(self.env, "portal_user", groups="base.group_portal")
        for user in (portal, self.env.ref("base.public_user")):
            for model in MODELS:
                with self.subTest(user=user.login, model=model):
                    self.assertFalse(self.env[model].with_user(user).has_access("read"))

    def test_secretary_creates_the_whole_file(self):
        user = self.create_user("secretary", ["records"])
        env = self.env(user=user)
        student = env["campus.student"].create(
            {"name": "NOUVEL Élève", "birth_date": "2010-05-05"}
        )
        env["campus.guardianship"].create(
            {"student_id": student.id, "name": "NOUVEL Parent"}
        )
        internship = env["campus.internship"].create(
            {"student_id": student.id, "partner_id": self.company.id}
        )
        self.assertEqual(internship.situation, "draft")
        self.assertTrue(internship.missing_text)
        internship.unlink()
        student.unlink()

    def test_establishments_do_not_see_each_other(self):
        other = self.env["res.company"].create({"name": "IUT"})
        user = new_test_user(
            self.env,
            "elsewhere",
            groups="campus_sign.group_records",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        env = self.env(user=user, context={"allowed_company_ids": other.ids})
        for record in (self.minor, self.internship, self.promotion, self.year):
            with self.subTest(model=record._name), self.assertRaises(AccessError):
                record.with_env(env).read(["display_name"])
        shared = self.env.ref("campus_sign.internship_terms_default").with_env(env)
        self.assertTrue(shared.name)
        with self.assertRaises(AccessError):
            shared.name = "Les nôtres"

    def test_a_contact_of_another_establishment_is_nobodys_relative_here(self):
        """Named as a pupil or a guardian, he would show his address and telephone."""
        other = self.env["res.company"].create({"name": "IUT"})
        theirs = self.env["res.partner"].create(
            {
                "name": "RÉSERVÉ Paul",
                "email": "paul@prive.example.org",
                "company_id": other.id,
            }
        )
        env = self.env(user=self.create_user("secretary", ["records"]))
        mine = env["res.partner"].create({"name": "MARTIN Jeanne"})
        kin = env["campus.guardianship"].create(
            {"student_id": self.minor.id, "partner_id": mine.id}
        )
        student = env["campus.student"].browse(self.minor.id)
        named = {"partner_id": theirs.id}
        for refused in (
            lambda: env["campus.student"].create(named),
            lambda: student.write(named),
            lambda: kin.write(named),
            lambda: env["campus.guardianship"].create(
                {"student_id": self.minor.id, **named}
            ),
            lambda: student.write({"guardianship_ids": [(0, 0, named)]}),
        ):
            with self.assertRaises(UserError) as caught, self.env.cr.savepoint():
                refused()
            self.assertNotIn("paul@", str(caught.exception))
        # What a form asks before anything is written says no more.
        spec = {"partner_id": {}, "email": {}, "phone": {}}
        lines = {"guardianship_ids": [(0, "virtual", named)]}
        for records, values, fields_spec in (
            (env["campus.student"], named, spec),
            (env["campus.guardianship"], named, spec),
            (student, lines, {"guardianship_ids": {"fields": spec}}),
        ):
            self.env.invalidate_all()
            said = records.onchange(values, list(values), fields_spec)
            self.assertNotIn("paul@", str(said))

    def test_a_family_is_not_reserved_to_another_establishment(self):
        """It would make the lists of this one unreadable."""
        other = self.env["res.company"].create({"name": "IUT"})
        mother = self.env["res.partner"].create({"name": "MARTIN Jeanne"})
        self.env["campus.guardianship"].create(
            {"student_id": self.minor.id, "partner_id": mother.id}
        )
        for contact in (mother, self.minor.partner_id):
            contact.company_id = self.establishment
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                contact.company_id = other
        self.tutor.company_id = other

    def test_plain_user_opens_a_contact(self):
        user = self.create_user("plain", [])
        company = self.company.with_user(user)
        self.assertEqual(company.campus_siret, self.SIRET)
        with self.assertRaises(AccessError):
            company.read(["campus_internship_count"])

    def test_plain_user_changes_the_email_a_situation_depends_on(self):
        user = new_test_user(
            self.env,
            "contacts",
            groups="base.group_user,base.group_partner_manager",
            company_id=self.establishment.id,
            company_ids=[(6, 0, self.establishment.ids)],
        )
        self.tutor.with_user(user).email = False
        self.assertEqual(self.internship.situation, "draft")
