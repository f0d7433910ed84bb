# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from ..wizards.campus_portal_access import AT_ONCE
from .common import SchoolCase


@tagged("post_install", "-at_install")
class TestPortalAccess(SchoolCase):
    """« Créer les accès au portail » in bulk, from the lists (A082-A088)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.secretary = cls.create_user("secretary", ["records"])
        cls.sender = cls.create_user("sender", ["send"])
        cls.portal = cls.env.ref("base.group_portal")

    def open(self, records, user=None):
        action = records.with_user(user or self.secretary).action_create_portal_access()
        wizard = self.env["campus.portal.access"].with_user(user or self.secretary)
        return wizard.browse(action["res_id"])

    def lines(self, wizard):
        return {line.partner_id: line for line in wizard.line_ids}

    def invitations(self):
        return self.env["mail.mail"].sudo().search([("state", "=", "outgoing")])

    def test_students_and_their_families(self):
        wizard = self.open(self.minor | self.adult)
        lines = self.lines(wizard)
        people = self.minor.partner_id | self.adult.partner_id
        people |= self.mother | self.father
        self.assertEqual(set(lines), set(people))
        self.assertEqual({line.status for line in lines.values()}, {"new"})
        self.assertIn("MARTIN Emma", lines[self.mother].part)
        before = len(self.invitations())
        wizard.action_create()
        self.assertEqual(wizard.created_count, 4)
        self.assertEqual(len(self.invitations()) - before, 4, "one mail each, queued")
        for partner in people:
            user = partner.user_ids
            self.assertEqual(len(user), 1)
            self.assertTrue(user._is_portal())
            self.assertFalse(user._is_internal())
            self.assertEqual(user.login, partner.email)
            self.assertEqual(user.company_ids, self.establishment)
            self.assertEqual(partner.campus_access, "invited")

    def test_audience_chooses_who(self):
        wizard = self.open(self.minor)
        with Form(wizard, "campus_sign.campus_portal_access_view_form") as form:
            form.audience = "guardians"
        self.assertEqual(set(self.lines(wizard)), {self.mother, self.father})
        wizard.audience = "students"
        self.assertEqual(set(self.lines(wizard)), {self.minor.partner_id})

    def test_unticked_people_get_nothing(self):
        wizard = self.open(self.minor)
        lines = self.lines(wizard)
        lines[self.father].selected = False
        wizard.action_create()
        self.assertFalse(self.father.user_ids)
        self.assertTrue(self.mother.user_ids)

    def test_who_cannot_and_why(self):
        self.mother.email = self.father.email
        self.minor.partner_id.email = False
        self.adult.partner_id.email = "nowhere"
        taken = new_test_user(self.env, self.tutor.email, groups="base.group_portal")
        taken.partner_id.email = "another@example.org"
        students = self.lines(self.open(self.minor | self.adult))
        for partner, word in (
            (self.mother, "Same e-mail"),
            (self.father, "Same e-mail"),
            (self.minor.partner_id, "No e-mail"),
            (self.adult.partner_id, "not valid"),
        ):
            with self.subTest(partner=partner.name):
                self.assertEqual(students[partner].status, "blocked")
                self.assertIn(word, students[partner].reason)
                self.assertFalse(students[partner].selected)
        stranger = self.env["res.partner"].create(
            {"name": "Passant", "email": "passant@example.org"}
        )
        contacts = self.lines(self.open(self.tutor | self.company | stranger))
        self.assertIn("login of another", contacts[self.tutor].reason)
        for partner in (self.company, stranger):
            self.assertEqual(contacts[partner].status, "blocked")

    def test_a_forced_tick_gives_nothing(self):
        """The click judges again: what the browser says is not believed."""
        self.minor.partner_id.email = False
        stranger = self.env["res.partner"].create(
            {"name": "Passant", "email": "passant@example.org"}
        )
        wizard = self.open(self.minor)
        wizard.line_ids.selected = True
        wizard.line_ids.status = "new"
        wizard.line_ids[0].partner_id = stranger
        wizard.action_create()
        self.assertFalse(stranger.user_ids)
        self.assertFalse(self.minor.partner_id.user_ids)

    def test_accounts_that_exist(self):
        internal = self.create_user("prof", [])
        internal.partner_id.write(
            {"is_campus_teacher": True, "email": "prof@tilleuls.example.org"}
        )
        closed = new_test_user(self.env, "closed@x.example", groups="base.group_portal")
        closed.partner_id.campus_function = "tutor"
        closed.active = False
        people = internal.partner_id | closed.partner_id
        wizard = self.open(people)
        lines = self.lines(wizard)
        self.assertEqual(lines[internal.partner_id].status, "open")
        self.assertEqual(lines[closed.partner_id].status, "blocked")
        wizard.line_ids.selected = True
        wizard.action_create()
        self.assertFalse(closed.active, "a closed account is not reopened")
        self.assertTrue(internal._is_internal())
        self.assertFalse(wizard.created_count)

    def test_inviting_again(self):
        self.open(self.tutor).action_create()
        wizard = self.open(self.tutor)
        [line] = wizard.line_ids
        self.assertEqual(line.status, "invited")
        self.assertFalse(line.selected, "not twice without being asked")
        before = len(self.invitations())
        line.selected = True
        wizard.action_create()
        self.assertEqual(wizard.again_count, 1)
        self.assertEqual(len(self.invitations()) - before, 1)
        self.assertEqual(len(self.tutor.user_ids), 1)
        with self.assertRaises(UserError):
            wizard.action_create()

    def test_a_guardian_of_two_students_has_one_line(self):
        self.env["campus.guardianship"].create(
            {"student_id": self.adult.id, "partner_id": self.mother.id}
        )
        wizard = self.open(self.minor | self.adult)
        lines = wizard.line_ids.filtered(lambda x: x.partner_id == self.mother)
        self.assertEqual(len(lines), 1)
        guardians = self.mother.campus_guardianship_ids
        self.assertEqual(len(self.open(guardians).line_ids), 1)

    def test_only_who_manages_records(self):
        for records in (self.minor, self.tutor, self.minor.guardianship_ids):
            with self.subTest(model=records._name), self.assertRaises(AccessError):
                self.open(records, self.sender)
        wizard = self.open(self.tutor)
        with self.assertRaises(AccessError):
            wizard.with_user(self.sender).action_create()

    def test_other_establishments_are_out_of_reach(self):
        other = self.env["res.company"].create({"name": "IUT"})
        elsewhere = new_test_user(
            self.env,
            "elsewhere",
            groups="campus_sign.group_records",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        records = self.minor.with_context(allowed_company_ids=other.ids)
        with self.assertRaises(AccessError):
            self.open(records, elsewhere)
        mother = self.mother.with_context(allowed_company_ids=other.ids)
        wizard = self.open(mother, elsewhere)
        wizard = wizard.with_context(allowed_company_ids=other.ids)
        self.assertEqual(wizard.line_ids.status, "blocked")
        self.assertFalse(self.mother.user_ids, "not a family of that establishment")

    def test_many_are_left_to_the_server(self):
        partners = self.env["res.partner"].create(
            [
                {
                    "name": f"Tuteur {n}",
                    "email": f"tuteur{n}@example.org",
                    "campus_function": "tutor",
                }
                for n in range(AT_ONCE + 5)
            ]
        )
        wizard = self.open(partners)
        wizard.action_create()
        self.assertEqual(wizard.state, "queued")
        self.assertFalse(partners.user_ids, "nobody waits for the click")
        partners[3].email = False
        with self.assertRaises(UserError):
            wizard.action_create()
        with self.enter_registry_test_mode():
            cron = self.env.ref("campus_sign.cron_portal_access")
            cron.method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(wizard.state, "done")
        self.assertEqual(wizard.created_count, AT_ONCE + 4)
        self.assertEqual(len(partners.user_ids), AT_ONCE + 4)
        self.assertFalse(partners[3].user_ids)
        told = self.env["mail.message"].search(
            [("partner_ids", "in", self.secretary.partner_id.ids)], limit=1
        )
        self.assertIn("Tuteur 3", told.body)

    def test_the_server_asks_the_right_again(self):
        partners = self.env["res.partner"].create(
            [
                {
                    "name": f"T{n}",
                    "email": f"t{n}@example.org",
                    "campus_function": "tutor",
                }
                for n in range(AT_ONCE + 1)
            ]
        )
        wizard = self.open(partners)
        wizard.action_create()
        self.secretary.group_ids -= self.env.ref("campus_sign.group_records")
        with self.enter_registry_test_mode():
            self.env.ref("campus_sign.cron_portal_access").method_direct_trigger()
        self.env.invalidate_all()
        self.assertFalse(partners.user_ids)
        self.assertEqual(wizard.sudo().state, "done")

    def test_a_window_is_its_owners(self):
        wizard = self.open(self.tutor)
        other = self.create_user("colleague", ["records"])
        with self.assertRaises(AccessError):
            wizard.with_user(other).write({"source_ids": []})
        with self.assertRaises(AccessError):
            wizard.line_ids.with_user(other).write({"todo": True})

    def test_judging_costs_the_same_for_ten_and_fifty(self):
        def people(count, prefix):
            return self.env["res.partner"].create(
                [
                    {
                        "name": f"{prefix} {n}",
                        "email": f"{prefix}{n}@example.org",
                        "campus_function": "tutor",
                    }
                    for n in range(count)
                ]
            )

        def cost(partners):
            wizard = self.open(partners)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            wizard._judge(wizard._people())
            return self.env.cr.sql_log_count - before

        few, many = people(10, "few"), people(50, "many")
        cost(few)
        self.assertLessEqual(cost(many), cost(few) + 2)
