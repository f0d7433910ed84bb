# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from lxml import etree

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_access import HARMLESS, OPERATIONS, PROFILES, ROLES, AccessCase


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

    def test_profiles_are_chosen_in_the_reader_s_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        module = self.env["ir.module.module"].search([("name", "=", "campus_sign")])
        module._update_translations(["fr_FR"])
        groups = self.env["res.groups"]
        profile = self.env.ref("campus_sign.privilege_profile")
        right = self.env.ref("campus_sign.privilege_sign")
        for lang, words in (
            ("fr_FR", ("Aucun profil", "Aucun droit")),
            ("en_US", ("No profile", "No right")),
        ):
            found = groups.with_context(lang=lang)._get_view_group_hierarchy()
            shown = [found["privileges"][one.id] for one in (profile, right)]
            self.assertEqual(tuple(one["placeholder"] for one in shown), words)
            self.assertEqual("rights" in shown[0]["description"], lang == "en_US")

    def _rights(self):
        return self.env["res.groups"].union(
            *(
                self.env.ref(f"campus_sign.group_{right}")
                for right in ROLES
                if right not in ("public", "portal", "user")
            )
        )

    # === RPC ===#

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
