# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Acts start from what is committed; the cursor is the test's own.
# pylint: disable=invalid-commit
import csv
import inspect
from pathlib import Path

from lxml import etree

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.models import BaseModel
from odoo.service.model import get_public_method
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..models.ceremony_errors import CeremonyError
from .common_library import LibraryCase

# Rights are asked before existence.
UNKNOWN = 2**31 - 1
TABLE = Path(__file__).with_name("access_matrix.csv")
OPERATIONS = {"r": "read", "w": "write", "c": "create", "u": "unlink"}
# Column of the table: groups of the user. Rights first, then the ready-made profiles.
ROLES = {
    "public": ["base.group_public"],
    "portal": ["base.group_portal"],
    "user": ["base.group_user"],
    "follow": ["campus_sign.group_follow"],
    "send": ["campus_sign.group_send"],
    "configure": ["campus_sign.group_configure"],
    "records": ["campus_sign.group_records"],
    "sign": ["campus_sign.group_sign"],
    "offers": ["campus_sign.group_offers"],
    "registrations": ["campus_sign.group_registrations"],
    "admin": ["campus_sign.group_admin"],
}
# A profile may do what these rights may do together, and nothing else.
PROFILES = {
    "profile_follower": ["follow"],
    "profile_teacher": ["send"],
    "profile_office": ["configure", "records"],
    "profile_head": ["sign"],
    "group_admin": ["admin"],
}
# Public methods anybody may call, and why that is right.
HARMLESS = {
    # Addresses of empty files to fill in, as Odoo's own method of contacts.
    ("campus.guardianship", "get_import_templates"),
    ("campus.internship", "get_import_templates"),
    ("campus.student", "get_import_templates"),
    ("res.partner", "get_import_templates"),
}


class AccessCase(LibraryCase):
    """Two establishments with the same records, one user per role in the first."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["res.company"].create(
            {"name": "Lycée d'à côté", "country_id": cls.env.ref("base.fr").id}
        )
        cls.users = {role: cls._role_user(role, ids) for role, ids in ROLES.items()}
        cls.rows = cls._table()

    @classmethod
    def _role_user(cls, role, groups):
        internal = groups[0] not in ("base.group_public", "base.group_portal")
        return new_test_user(
            cls.env,
            f"role-{role}",
            groups=",".join((["base.group_user"] if internal else []) + groups),
            company_id=cls.establishment.id,
            company_ids=[(6, 0, cls.establishment.ids)],
        )

    @classmethod
    def _table(cls):
        with TABLE.open(encoding="utf-8", newline="") as file:
            return {row["model"]: row for row in csv.DictReader(file)}

    def models(self):
        """Return the names of the models of this module that hold records."""
        return sorted(
            name
            for name, model in self.env.registry.items()
            if name.startswith("campus.") and not model._abstract
        )

    def as_role(self, role, model):
        """Return a model as the user of a role sees it in his establishment."""
        user = self.here(self.users[role])
        return self.env[model].with_user(user).with_context(allowed_company_ids=None)


@tagged("post_install", "-at_install")
class TestAccessMatrix(AccessCase):
    """Rights (A009-A012): table, rules, menus, buttons and RPC agree."""

    def test_every_model_is_in_the_table(self):
        self.assertEqual(
            sorted(self.rows),
            self.models(),
            "add the missing models to tests/access_matrix.csv, with who may what",
        )

    def test_every_role_and_operation_on_every_model(self):
        for name, row in self.rows.items():
            for role in ROLES:
                model = self.as_role(role, name)
                for letter, operation in OPERATIONS.items():
                    with self.subTest(model=name, role=role, operation=operation):
                        self.assertEqual(
                            model.has_access(operation), letter in (row[role] or "")
                        )

    def test_profiles_are_their_rights_and_no_more(self):
        access = self.env["ir.model.access"]
        for profile, rights in PROFILES.items():
            group = self.env.ref(f"campus_sign.{profile}")
            wanted = self.env["res.groups"].union(
                *(self.env.ref(f"campus_sign.group_{right}") for right in rights)
            )
            with self.subTest(profile=profile):
                self.assertEqual(
                    group.privilege_id,
                    self.env.ref("campus_sign.privilege_profile"),
                )
                self.assertFalse(
                    access.search([("group_id", "=", group.id)])
                    - (access.search([("group_id", "in", wanted.ids)]))
                )
                inherited = group.all_implied_ids | group
                self.assertLessEqual(wanted, inherited)
                self.assertFalse(
                    (inherited & self._rights()) - (wanted.all_implied_ids | wanted)
                )

    def _rights(self):
        return self.env["res.groups"].union(
            *(
                self.env.ref(f"campus_sign.group_{right}")
                for right in ROLES
                if right not in ("public", "portal", "user")
            )
        )

    # === ESTABLISHMENTS ===#

    def test_records_of_another_establishment_do_not_exist(self):
        """Each model says by which field it belongs to an establishment."""
        self.archive()
        own = {}
        for name, row in self.rows.items():
            path = row["establishment"]
            model = self.env[name].sudo().with_context(active_test=False)
            if path == "user":
                self.assertTrue(model._transient, f"{name}: whose record is it?")
            elif path:
                own[name] = model.search([(path, "=", self.establishment.id)], limit=1)
        self._fill(own)
        for name, records in own.items():
            with self.subTest(model=name):
                self.assertTrue(records, "make a record of this model in _fill()")
        reading = {
            (name, role): self.as_role(role, name).search_count(
                [("id", "in", records.ids)]
            )
            for name, records in own.items()
            for role in ROLES
            if "r" in (self.rows[name][role] or "")
        }
        self.assertEqual(set(reading.values()), {1}, "own records are seen")
        # The same users, now of the other establishment.
        for user in self.users.values():
            self.here(user).write(
                {
                    "company_ids": [(6, 0, self.other.ids)],
                    "company_id": self.other.id,
                }
            )
        for name, role in reading:
            records = own[name]
            model = self.as_role(role, name)
            with self.subTest(model=name, role=role):
                self.assertFalse(model.search([("id", "in", records.ids)]))
                for operation in OPERATIONS.values():
                    self.assertFalse(model.browse(records.ids).has_access(operation))

    def _fill(self, own):
        """Add one record of each model that the main job does not make."""
        terms = self.env["campus.internship.terms"].sudo()
        make = {
            "campus.internship.interruption": lambda: self.env[
                "campus.internship.interruption"
            ].create(
                {
                    "internship_id": self.internship.id,
                    "date_start": self.internship.date_start,
                    "date_end": self.internship.date_start,
                }
            ),
            "campus.internship.terms": lambda: terms.search([], limit=1).copy(
                {"company_id": self.establishment.id}
            ),
            "campus.rate": lambda: self.env["campus.rate"].create(
                {
                    "code": "majority_age",
                    "date_from": "2026-01-01",
                    "value": 18,
                    "company_id": self.establishment.id,
                }
            ),
            "campus.public.holiday": lambda: self.env["campus.public.holiday"].create(
                {
                    "name": "Fête de l'établissement",
                    "date": "2026-05-04",
                    "company_id": self.establishment.id,
                }
            ),
            "campus.sign.template": lambda: self.here(self.template).copy(
                {"company_id": self.establishment.id}
            ),
            "campus.sign.template.revision": lambda: (
                self.here(self.template)
                .copy({"company_id": self.establishment.id})
                .revision_ids[:1]
            ),
            "campus.sign.deputy": lambda: self.env["campus.sign.deputy"].create(
                {
                    "company_id": self.establishment.id,
                    "user_id": self.head.id,
                    "deputy_id": self.users["sign"].id,
                    "date_to": fields.Date.today(),
                }
            ),
            "campus.sign.delegation": lambda: self.env["campus.sign.delegation"].create(
                {
                    "signer_id": self.env["campus.sign.signer"].search([], limit=1).id,
                    "proposer_id": self.tutor.id,
                    "proposer_name": self.tutor.name,
                    "name": "Paul REMPLAÇANT",
                    "email": "paul@vergne.example.com",
                    "reason": "Parti",
                }
            ),
            "campus.sign.delivery": lambda: self.env["campus.sign.delivery"].create(
                {
                    "sending_id": self.env["campus.sign.sending"]
                    .search([("company_id", "=", self.establishment.id)], limit=1)
                    .id,
                    "company_id": self.establishment.id,
                    "name": "Copie",
                    "res_model": "campus.internship",
                    "res_id": self.internship.id,
                }
            ),
            "campus.scan.pile": self._pile,
            "campus.scan.document": lambda: self.env["campus.scan.document"].create(
                {"pile_id": self._pile().id}
            ),
            "campus.scan.page": lambda: self.env["campus.scan.page"].create(
                {"pile_id": self._pile().id, "index": 1, "status": "none"}
            ),
            "campus.visit.offer": lambda: self._offer(self.establishment),
            "campus.visit.slot": lambda: self._offer(self.establishment).slot_ids,
            "campus.visit.registration": self._registration,
            "campus.sign.template.signer": lambda: (
                self.here(self.template)
                .copy({"company_id": self.establishment.id})
                .signer_ids[:1]
            ),
        }
        for name in own:
            if not own[name] and name in make:
                own[name] = make[name]().sudo()
        self.env.flush_all()

    def _pile(self):
        return self.env["campus.scan.pile"].create(
            {"name": "copies.pdf", "company_id": self.establishment.id}
        )

    def _offer(self, company):
        """Return the draft of an offer: a published one is for all to see."""
        return self.env["campus.visit.offer"].create(
            {
                "name": "Immersion",
                "place": "Bâtiment B",
                "company_id": company.id,
                "host_id": company.partner_id.id,
                "slot_ids": [
                    (
                        0,
                        0,
                        {
                            "date_start": "2030-01-15 08:00:00",
                            "date_end": "2030-01-15 11:00:00",
                        },
                    )
                ],
            }
        )

    def _registration(self):
        offer = self._offer(self.other)
        offer.action_publish()
        return self.env["campus.visit.registration"].create(
            {"student_id": self.adult.id, "slot_id": offer.slot_ids.id}
        )

    # === RPC ===#

    def public_methods(self):
        """Yield ``(model, method name)`` of what this module lets RPC call."""
        for name, model in sorted(self.env.registry.items()):
            if model._abstract:
                continue
            names = {
                method
                for definition in model.__mro__
                if getattr(definition, "_module", None) == "campus_sign"
                and not getattr(definition, "pool", None)
                for method, value in vars(definition).items()
                if inspect.isfunction(value) and not method.startswith("_")
            }
            for method in sorted(names):
                # Reading and writing are covered by the table.
                if not hasattr(BaseModel, method):
                    yield name, method

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_public_methods_refuse_who_has_no_right(self):
        called = 0
        for name, method in self.public_methods():
            if (name, method) in HARMLESS:
                continue
            for role in ("public", "portal", "user"):
                with self.subTest(model=name, method=method, role=role):
                    self.assertTrue(
                        self.refused(role, name, method),
                        "anybody may call it: check the right inside",
                    )
                    called += 1
        self.assertGreater(called, 60)

    def refused(self, role, name, method):
        """Tell whether a call by RPC is refused for want of right."""
        function = getattr(self.env.registry[name], method)
        arguments = [
            False
            for parameter in list(inspect.signature(function).parameters.values())[1:]
            if parameter.default is parameter.empty
            and parameter.kind
            in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD)
        ]
        return self.called(role, name, method, *arguments) is AccessError

    # === MENUS AND BUTTONS ===#

    def menus(self, role):
        """Return the menus a role finds in its web client."""
        menus = self.env["ir.ui.menu"].with_user(self.here(self.users[role]))
        return menus.sudo().browse(set(menus.load_menus(False)) - {"root"})

    def test_menus_open_what_their_readers_may_read(self):
        root = self.env.ref("campus_sign.menu_campus")
        for role in list(ROLES)[2:]:
            mine = self.menus(role).filtered(
                lambda menu: menu.parent_path.startswith(f"{root.id}/")
            )
            if role == "user":
                self.assertFalse(mine)
                continue
            self.assertIn(root, mine)
            for menu in mine.filtered("action"):
                model = getattr(menu.action, "res_model", False)
                with self.subTest(role=role, menu=menu.complete_name):
                    if model:
                        self.assertTrue(self.as_role(role, model).has_access("read"))
                    else:
                        self.assertEqual(role, "admin", "a server action")

    def test_menus_of_each_role(self):
        expected = {
            "menu_templates": {"send", "configure", "admin"},
            "menu_history_signature": set(ROLES) - {"public", "portal", "user"},
            "menu_configuration": {"configure", "admin"},
            "menu_usage": {"configure", "admin"},
            "menu_service": {"admin"},
            "menu_first_steps": {"admin"},
            "menu_roles": {"admin"},
            "menu_settings_general": set(),
            "menu_settings_users": set(),
        }
        for role in list(ROLES)[2:]:
            visible = self.menus(role).ids
            for xmlid, roles in expected.items():
                menu = self.env.ref(f"campus_sign.{xmlid}")
                with self.subTest(role=role, menu=xmlid):
                    self.assertEqual(menu.id in visible, role in roles)

    def buttons(self, role, model):
        """Return the methods of the buttons a role finds on the views of a model."""
        found = set()
        views = self.env["ir.ui.view"].search(
            [
                ("model", "=", model),
                ("type", "in", ("form", "list", "kanban")),
                ("mode", "=", "primary"),
            ]
        )
        for view in views:
            arch = self.as_role(role, model).get_view(view.id, view.type)["arch"]
            tree = etree.fromstring(arch)
            for button in tree.iterfind(".//button[@type='object']"):
                inside = any(parent.tag == "field" for parent in button.iterancestors())
                if not inside:
                    found.add(button.get("name"))
        return found

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_buttons_exist_only_for_who_may_use_them(self):
        """Whoever reads the screen without the button is refused by the method."""
        self.archive()
        checked = 0
        for name in self.models():
            readers = [r for r in ROLES if "r" in (self.rows[name][r] or "")]
            shown = {role: self.buttons(role, name) for role in readers}
            for method in sorted(set().union(*shown.values()) if shown else ()):
                for role in readers:
                    with self.subTest(model=name, method=method, role=role):
                        self.assertEqual(
                            self.called(role, name, method) is AccessError,
                            method not in shown[role],
                        )
                        checked += 1
        self.assertGreater(checked, 40)

    def called(self, role, name, method, *arguments):
        """Call a method as RPC does; return the kind of refusal, ``None`` without."""
        with self.registry.cursor() as cr:
            model = self.as_role(role, name).with_env(
                self.as_role(role, name).env(cr=cr)
            )
            record = model.sudo().search([], limit=1) or model.browse(UNKNOWN)
            try:
                get_public_method(model, method)(record.with_env(model.env), *arguments)
            except AccessError:
                return AccessError
            except CeremonyError as error:
                return AccessError if error.status == 403 else CeremonyError
            except (UserError, ValueError, TypeError) as error:
                return type(error)
            finally:
                cr.rollback()
        return None
