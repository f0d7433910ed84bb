# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Acts start from what is committed; the cursor is the test's own.
# pylint: disable=invalid-commit
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common_visit import VisitCase

VISIT_MODELS = (
    "campus.visit.offer",
    "campus.visit.slot",
    "campus.visit.registration",
    "campus.visit.agreement",
    "campus.visit.agreement.line",
    "campus.visit.step",
    "campus.scan.pile",
    "campus.scan.document",
    "campus.scan.page",
)


@tagged("post_install", "-at_install")
class TestVisitAccess(VisitCase):
    """An establishment sees the other's data only through a common convention."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        third = cls.env["res.company"].create({"name": "Collège tiers"})
        cls.people = {
            "origin offers": cls.person("o-off", cls.establishment, "offers"),
            "origin registrations": cls.person(
                "o-reg", cls.establishment, "registrations"
            ),
            "origin follow": cls.person("o-fol", cls.establishment, "follow"),
            "host offers": cls.person("h-off", cls.host, "offers"),
            "host registrations": cls.person("h-reg", cls.host, "registrations"),
            "host follow": cls.person("h-fol", cls.host, "follow", "sign"),
            "third both": cls.person("t-both", third, "offers", "registrations"),
        }

    def sees(self, record):
        """Return who may read a record, as a set of the names above."""
        found = set()
        for name, user in self.people.items():
            mine = self.as_user(record, user)
            if mine.has_access("read") and mine.search([("id", "=", mine.id)]):
                found.add(name)
        return found

    def test_the_host_manages_nothing_of_the_origins_document(self):
        request = self.circuit(self.start())
        rights = ("admin", "sign", "registrations", "offers")
        host = type(self).person.__func__(self, "h-all", self.here(self.host), *rights)
        mine = self.as_user(request.sudo(False), host)
        self.env.cr.commit()
        self.assertTrue(mine.has_access("read"))
        with self.refuses("no_right", 403):
            mine._act_cancel("Essai")
        with self.refuses("no_right", 403):
            mine._act_extend(fields.Datetime.now() + timedelta(days=40))
        with self.refuses("no_right", 403):
            mine._act_remind("email")
        with self.refuses("no_right", 403):
            mine.action_retry()
        with self.refuses("no_right", 403):
            mine.action_restart()
        self.assertEqual(request.state, "waiting")
        self.sign_all(request)
        request._seal()
        with self.refuses("no_right", 403):
            mine._act_delete("Essai")
        with self.refuses("no_right", 403):
            mine._act_share({"recipient"}, self.env["res.partner"], True)
        self.assertTrue(request._stored_file())

    def test_matrix(self):
        agreement = self.prepare()
        offices = {n for n in self.people if n.split()[1] != "follow"}
        origin = {"origin offers"}
        both = {"origin offers", "host registrations"}
        with self.subTest("before the convention starts"):
            self.assertEqual(self.sees(agreement), origin)
        self.start(agreement)
        request = self.circuit(agreement)
        draft = type(self).new_offer.__func__(self)
        expected = (
            (self.offer, offices),
            (self.slot, offices),
            (draft, {"host offers", "host registrations"}),
            (self.emma, {"origin offers", "origin registrations"}),
            (agreement, both),
            (agreement.line_ids[0], both),
            (
                request,
                {
                    "origin offers",
                    "origin registrations",
                    "origin follow",
                    "host registrations",
                },
            ),
            (
                request.signer_ids[0],
                {
                    "origin offers",
                    "origin registrations",
                    "origin follow",
                    "host registrations",
                },
            ),
            (self.minor, {"origin offers", "origin registrations", "origin follow"}),
        )
        for record, who in expected:
            with self.subTest(record=record._name):
                self.assertEqual(self.sees(record), who)

    def test_the_host_learns_no_more_than_the_list(self):
        agreement = self.start()
        mine = self.as_user(agreement, self.people["host registrations"])
        self.assertEqual(
            mine.line_ids.mapped("name"), agreement.line_ids.mapped("name")
        )
        with self.assertRaises(AccessError):
            mine.line_ids.mapped("registration_id")
        shown = mine.web_read({"display_name": {}, "progress": {}, "list_warning": {}})
        self.assertIn("Immersion", shown[0]["display_name"])

    def test_who_writes_what(self):
        """B006, B009: offers and slots by who manages offers, pupils by who manages
        registrations, each of his own establishment; conventions by nobody.
        """
        cases = (
            (self.offer, "host offers"),
            (self.slot, "host offers"),
            (self.emma, "origin registrations"),
            (self.prepare(), None),
        )
        for record, writer in cases:
            for name, user in self.people.items():
                with self.subTest(record=record._name, user=name):
                    self.assertEqual(
                        self.as_user(record, user).has_access("write"), name == writer
                    )

    def test_portal_and_public_have_no_access_at_all(self):
        portal = new_test_user(self.env, "visit-portal", "base.group_portal")
        for user in (portal, self.env.ref("base.public_user")):
            for model in VISIT_MODELS:
                with self.subTest(user=user.login, model=model):
                    self.assertFalse(self.env[model].with_user(user).has_access("read"))

    def test_the_circuit_of_one_establishment_is_not_the_other_s(self):
        """An ordinary document of the origin stays unseen by the host."""
        request = self.send()
        self.assertEqual(
            self.sees(request),
            {"origin offers", "origin registrations", "origin follow"},
        )

    def test_menus(self):
        """B005, B006, B008, B009: each side's « Conventions » with its right."""
        for name, expected in (
            ("origin offers", ["menu_visit_origin_agreements"]),
            ("host registrations", ["menu_visit_host_agreements"]),
            ("origin follow", []),
        ):
            visible = self.env["ir.ui.menu"].with_user(self.here(self.people[name]))
            visible = visible._visible_menu_ids()
            menus = ("menu_visit_origin_agreements", "menu_visit_host_agreements")
            self.assertEqual(
                [m for m in menus if self.env.ref(f"campus_sign.{m}").id in visible],
                expected,
            )
