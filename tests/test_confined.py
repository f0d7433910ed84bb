# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common_access import AccessCase

RIGHTS = "base.group_user,campus_sign.group_configure,campus_sign.group_records"


@tagged("post_install", "-at_install")
class TestConfined(AccessCase):
    """Whoever writes one record reaches no other one through it (invariant 10)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stranger = new_test_user(
            cls.env,
            "stranger",
            groups=RIGHTS,
            company_id=cls.other.id,
            company_ids=[(6, 0, cls.other.ids)],
        )
        cls.own_year = cls.env["campus.school.year"].create(
            {
                "name": "2025-2026",
                "company_id": cls.other.id,
                "date_start": "2025-09-01",
                "date_end": "2026-08-31",
            }
        )
        cls.own_promotion = cls.env["campus.promotion"].create(
            {
                "name": "BTS SIO 1",
                "company_id": cls.other.id,
                "school_year_id": cls.own_year.id,
            }
        )
        cls.own_student = cls.env["campus.student"].create(
            {
                "name": "PETIT Lou",
                "company_id": cls.other.id,
                "promotion_id": cls.own_promotion.id,
            }
        )
        cls.intruder = cls.env["res.partner"].create(
            {"name": "Un INCONNU", "email": "inconnu@evil.example"}
        )
        cls.guardian = cls.env["campus.guardianship"].create(
            {"student_id": cls.own_student.id, "partner_id": cls.intruder.id}
        )
        cls.own_internship = cls.env["campus.internship"].create(
            {
                "student_id": cls.own_student.id,
                "partner_id": cls.internship.partner_id.id,
                "date_start": "2026-01-05",
                "date_end": "2026-01-30",
            }
        )
        cls.interruption = cls.env["campus.internship.interruption"].create(
            {
                "internship_id": cls.own_internship.id,
                "date_start": "2026-01-06",
                "date_end": "2026-01-06",
            }
        )

    def as_stranger(self, record):
        context = {"allowed_company_ids": self.other.ids}
        return record.with_env(self.env(user=self.stranger, context=context))

    @mute_logger("odoo.addons.base.models.ir_rule")
    def refuses_access(self, act, error=AccessError):
        """Expect that a call by RPC is refused and leaves nothing."""
        with self.assertRaises(error), self.env.cr.savepoint():
            act()
            self.env.flush_all()
        self.env.invalidate_all()

    def test_nobody_becomes_a_guardian_elsewhere(self):
        minor = self.here(self.minor)
        before = minor.guardianship_ids
        guardian = self.as_stranger(self.guardian)
        for vals in (
            {"student_id": minor.id},
            {"company_id": self.establishment.id},
        ):
            self.refuses_access(lambda vals=vals: guardian.write(vals))
        self.refuses_access(
            lambda: guardian.with_context(default_student_id=minor.id).create(
                {"partner_id": self.intruder.id}
            )
        )
        self.refuses_access(
            lambda: self.as_stranger(self.own_student).write(
                {"guardianship_ids": [(4, minor.guardianship_ids[:1].id)]}
            )
        )
        self.assertEqual(minor.guardianship_ids, before)

    def test_records_do_not_move_to_pupils_elsewhere(self):
        # A student is of the establishment of his contact and of his promotion.
        for record, name, target, error in (
            (self.own_internship, "student_id", self.minor, AccessError),
            (self.interruption, "internship_id", self.internship, AccessError),
            (self.own_student, "partner_id", self.reserved(), AccessError),
            (self.own_student, "company_id", self.establishment, UserError),
            (self.own_promotion, "company_id", self.establishment, AccessError),
        ):
            with self.subTest(model=record._name, field=name):
                self.refuses_access(
                    lambda record=record, vals={name: target.id}: self.as_stranger(
                        record
                    ).write(vals),
                    error,
                )

    def test_a_refusal_names_nobody(self):
        """Odoo's own check of establishments would say the contact's name."""
        secret = self.reserved()
        student = self.as_stranger(self.own_student)
        with mute_logger("odoo.addons.base.models.ir_rule"):
            with self.assertRaises(AccessError) as refused:
                student.write({"partner_id": secret.id})
        self.assertNotIn(secret.name, str(refused.exception))

    def reserved(self):
        """Return a contact only the first establishment reads."""
        return self.env["res.partner"].create(
            {"name": "Contact réservé", "company_id": self.establishment.id}
        )

    def test_own_records_are_changed_as_ever(self):
        student = self.as_stranger(self.own_student)
        student.write({"cpam": "CPAM du Rhône", "email": "lou@eleves.example.org"})
        self.as_stranger(self.guardian).write({"student_id": student.id})
        made = student.create({"name": "GRAND Noa"})
        self.assertEqual(made.company_id, self.other)

    def test_a_user_of_two_establishments_moves_a_record(self):
        """The menu bar shows one of them; his rights are those of both."""
        self.here(self.stranger).company_ids |= self.here(self.establishment)
        student = self.as_stranger(self.own_student)
        student.write({"promotion_id": False})
        student.write({"company_id": self.establishment.id})
        self.assertEqual(self.here(self.own_student).company_id, self.establishment)

    def test_windows_name_nothing_of_elsewhere(self):
        """The name of whatever a record points to is shown to its reader."""
        self.archive()
        line = self.env["campus.sign.signer"].search(
            [("company_id", "=", self.establishment.id)], limit=1
        )
        replace = self.as_stranger(self.env["campus.sign.replace"])
        for act in (
            lambda: replace.create(
                {"signer_id": line.id, "partner_id": self.intruder.id}
            ),
            lambda: replace.with_context(default_signer_id=line.id).create(
                {"partner_id": self.intruder.id}
            ),
            lambda: self.as_stranger(self.env["campus.sign.send"]).create(
                {
                    "sending_id": line.request_id.sending_id.id,
                    "res_model": "campus.internship",
                    "res_ids": [1],
                }
            ),
        ):
            self.refuses_access(act)

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_a_window_is_its_opener_s(self):
        """Another sender neither reads it nor changes what its button will do."""
        window = self.as_role("send", "campus.sign.cancel").create(
            {"reason": "Stage annulé", "request_ids": []}
        )
        colleague = window.with_user(self.here(self.office))
        for operation in ("read", "write", "unlink"):
            self.assertTrue(window.has_access(operation))
            self.assertFalse(colleague.has_access(operation))
        self.assertNotIn(window.id, colleague.search([]).ids)

    def test_every_window_and_every_written_record_is_confined(self):
        """What a new model would have to say, so that none forgets it."""
        confined = self.env.registry["campus.confined"]
        rules = self.env["ir.rule"].search([("groups", "=", False)])
        own = "create_uid', '=', user.id)]"
        opened = rules.filtered(lambda rule: (rule.domain_force or "").endswith(own))
        for name, row in self.rows.items():
            letters = "".join(value or "" for value in list(row.values())[2:])
            with self.subTest(model=name):
                if row["establishment"] and set(letters) & set("wc"):
                    self.assertTrue(issubclass(self.env.registry[name], confined))
                if row["establishment"] == "user" and letters:
                    self.assertIn(name, opened.model_id.mapped("model"))
