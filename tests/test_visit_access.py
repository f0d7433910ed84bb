# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Acts start from what is committed; the cursor is the test's own.
# pylint: disable=invalid-commit
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..engine.tests.scanner import damage, pictures, scanned
from .test_visit_paper import PaperCase

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
class TestVisitAccess(PaperCase):
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
        """Drafts, circuits and pupils; the other models in the next test."""
        agreement = self.prepare()
        origin = {"origin offers"}
        with self.subTest("before the convention starts"):
            self.assertEqual(self.sees(agreement), origin)
        self.start(agreement)
        request = self.circuit(agreement)
        draft = type(self).new_offer.__func__(self)
        expected = (
            (draft, {"host offers", "host registrations"}),
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

    def by_rpc(self, user, model, method, *args):
        """Call a method as the web client does; ``None`` when it is refused."""
        model = self.env[model].with_user(user)
        model = model.with_context(allowed_company_ids=user.company_ids.ids)
        try:
            with self.env.cr.savepoint():
                return call_kw(model, method, args, {})
        except AccessError:
            return None

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_matrix_by_rpc(self):
        """Each model of visits and piles, each right of each establishment: what is
        found, what is read by its number, and what is written.
        """
        agreement, paper = self.printed()
        pile = self.drop(scanned([damage(pictures(paper)[0]), pictures(paper)[1]]))
        mine = {"origin offers"}
        both = {"origin offers", "host registrations"}
        offices = {n for n in self.people if n.split()[1] != "follow"}
        expected = {
            "campus.visit.offer": (self.offer.ids, offices),
            "campus.visit.slot": (self.slot.ids, offices),
            "campus.visit.registration": (
                self.emma.ids,
                {"origin offers", "origin registrations"},
            ),
            "campus.visit.agreement": (agreement.ids, both),
            "campus.visit.agreement.line": (agreement.line_ids.ids, both),
            "campus.visit.step": (agreement.step_ids.ids, both),
            "campus.scan.pile": (pile.ids, mine),
            "campus.scan.document": (pile.document_ids.ids, mine),
            "campus.scan.page": (pile.page_ids.ids, mine),
        }
        self.assertEqual(set(expected), set(VISIT_MODELS))
        writers = {
            "campus.visit.offer": {"host offers"},
            "campus.visit.slot": {"host offers"},
            "campus.visit.registration": {"origin registrations"},
            "campus.scan.document": mine,
        }
        for model, (ids, who) in expected.items():
            for name, user in self.people.items():
                user = self.here(user)
                with self.subTest(model=model, user=name):
                    found = self.by_rpc(user, model, "search", [("id", "in", ids)])
                    self.assertEqual(set(found or ()), set(ids if name in who else ()))
                    read = self.by_rpc(user, model, "read", ids, ["display_name"])
                    self.assertEqual(read is not None, name in who)
                    written = self.by_rpc(user, model, "write", ids, {})
                    self.assertEqual(
                        bool(written), name in writers.get(model, ()), "written"
                    )

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

    def test_the_head_of_a_host_is_read_by_whoever_keeps_the_offer(self):
        """Reserved to another establishment, he is named by nobody, not even by who
        reads both; and a refusal never says his name.
        """
        offers = self.as_user(self.offer, self.people["host offers"])
        kept, third = offers.company_id, self.people["third both"].company_id
        head = self.env["res.partner"].create(
            {"name": "Chef réservé", "company_id": third.id}
        )
        values = {"host_head_id": head.id}
        create = {"name": "Stage", "place": "B", "host_id": kept.partner_id.id}
        for act in (
            lambda: offers.copy(values),
            lambda: offers.create({**create, **values}),
            lambda: offers.write(values),
        ):
            with mute_logger("odoo.addons.base.models.ir_rule"):
                with self.assertRaises(AccessError) as refused:
                    act()
            self.assertNotIn(head.name, str(refused.exception))
        self.here(self.people["host offers"]).company_ids |= self.here(third)
        with self.assertRaises(UserError):
            offers.with_context(allowed_company_ids=(kept | third).ids).write(values)
        head.company_id = kept
        offers.write(values)
        self.assertEqual(self.here(self.offer).host_head_id, head)

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
