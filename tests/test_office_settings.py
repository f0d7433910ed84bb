# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..models.ceremony_errors import CeremonyError
from .common import SchoolCase
from .common_mail import MailMixin
from .common_sign import SECRET, secret
from .common_sms import SmsMixin

OTHER_SECRET = "Another secret entirely: 1c5e8a9d04b7f263 Zt9Kq2Vx7M"


@tagged("post_install", "-at_install")
class TestOfficeSettings(SmsMixin, MailMixin, SchoolCase):
    """Activation and first steps, for the super-administrator only (A004, A005)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = cls.create_user("superadmin", ["admin"])
        cls.configurer = cls.create_user("configurer", ["configure", "records", "sign"])

    def setUp(self):
        super().setUp()
        self.enterContext(secret(SECRET))
        self.company = self.establishment.with_user(self.admin)

    def test_the_templates_are_where_the_office_looks_for_them(self):
        """A015: the path of the menu, in French, for who may send and nobody else."""
        self.env["res.lang"]._activate_lang("fr_FR")
        module = self.env["ir.module.module"].search([("name", "=", "campus_sign")])
        module._update_translations(["fr_FR"])
        menu = self.env.ref("campus_sign.menu_templates").with_context(lang="fr_FR")
        self.assertEqual(
            menu.complete_name.split("/", 1)[1],
            "Communication/Courriers et documents/Modèles de document",
        )
        self.assertEqual(menu.action.res_model, "campus.sign.template")
        follower = self.create_user("follower-here", ["follow"])
        menus = self.env["ir.ui.menu"]
        sender = self.create_user("sender-here", ["send"])
        self.assertIn(menu.id, menus.with_user(sender)._visible_menu_ids())
        self.assertNotIn(menu.id, menus.with_user(follower)._visible_menu_ids())

    def steps(self):
        """Open the first steps; return ``{name: step}``."""
        model = self.env["campus.sign.checklist"].with_user(self.admin)
        action = model.action_open()
        checklist = model.browse(action["res_id"])
        return self.read_again(checklist)

    def read_again(self, checklist):
        """Read the screen as the web client does; return ``{name: step}``."""
        checklist.web_read({"step_ids": {"fields": {"state": {}}}})
        return {step.name: step for step in checklist.step_ids}

    def report(self):
        """Test the connection to the service; return ``{part: (state, sentence)}``."""
        action = self.company.action_sign_test()
        test = self.env[action["res_model"]].browse(action["res_id"])
        return {line.name: (line.state, line.message) for line in test.line_ids}

    def test_the_box_activates_and_switches_off(self):
        """A005: « Activer le service »."""
        with Form(self.company, "campus_sign.res_company_view_form_sign") as form:
            self.assertFalse(form.sign_active)
            form.sign_active = True
        self.assertEqual(self.company.sign_service_state, "active")
        authority = self.company._sign_authority()
        self.company.sign_active = False
        self.assertEqual(self.company.sign_service_state, "off")
        with self.assertRaises(CeremonyError):
            self.env["campus.sign.authority"]._for_company(self.establishment)
        self.assertFalse(authority._problems(), "documents under way go on")
        self.company.sign_active = True
        self.assertEqual(self.company._sign_authority(), authority)

    def test_saving_an_inactive_service_leaves_it_as_it_is(self):
        self.company.sign_active = False
        self.assertTrue(self.establishment.sign_enabled)
        self.company.action_sign_activate()
        self.assertEqual(self.company.sign_service_state, "active")

    def test_the_report_says_what_works(self):
        self.company.action_sign_activate()
        smtp = self.start_smtp()
        self.start_sms(self.establishment).credit = 42
        report = self.report()
        self.assertEqual({state for state, _ in report.values()}, {"ok"}, report)
        self.assertIn("42", report["SMS"][1])
        self.assertIn("contact@tilleuls", report["Outgoing e-mail"][1])
        self.assertFalse(smtp.messages, "nothing is sent")

    @mute_logger("odoo.addons.iap.tools.iap_tools", "odoo.tools.translate")
    def test_the_report_says_what_is_wrong_in_a_sentence_each(self):
        smtp = self.start_smtp()
        phones = self.start_sms(self.establishment)
        self.assertEqual(self.report()["Signature keys"][0], "problem")
        self.company.action_sign_activate()
        smtp.refuses_senders = True
        phones.credit = 0
        report = self.report()
        self.assertIn("Sender not allowed", report["Outgoing e-mail"][1])
        self.assertIn("no credit", report["SMS"][1])
        self.mail_server.smtp_port = 1
        phones.down = True
        report = self.report()
        self.assertIn("nothing listens", report["Outgoing e-mail"][1])
        self.assertIn("does not answer", report["SMS"][1])
        self.enterContext(secret(OTHER_SECRET))
        report = self.report()
        self.assertEqual(report["Signature keys"][0], "problem")
        self.assertNotIn("Test signature and timestamp", report)
        self.establishment.write({"email": False, "sign_sms": False})
        report = self.report()
        self.assertEqual(report["Outgoing e-mail"][0], "problem")
        self.assertEqual(report["SMS"][0], "off")
        for name, (_state, message) in report.items():
            self.assertNotIn("Traceback", message, name)
            self.assertNotIn("\n", message, name)

    @mute_logger("odoo.addons.campus_sign.wizards.campus_sign_service_test")
    def test_a_part_that_breaks_hides_none_of_the_others(self):
        """A library may raise anything: the report says it and goes on."""
        tests = self.env["campus.sign.service.test"]
        test = tests.create({"company_id": self.establishment.id})

        def part(_company):
            raise RuntimeError("libpango is gone\nsomewhere")

        line = test._tried("PDF engine", part)
        self.assertEqual(line["state"], "problem")
        self.assertTrue(line["message"].endswith("libpango is gone"), line["message"])

    def test_damaged_certificates_are_a_sentence_too(self):
        """A bad restoration of the database breaks them in any way."""
        self.company.action_sign_activate()
        authority = self.company._sign_authority()
        whole = dict(authority.certificates)
        less = {name: text for name, text in whole.items() if "timestamp" not in name}
        for damaged in ({**whole, "seal_cert": "AAAA"}, less):
            authority.certificates = damaged
            self.company.invalidate_recordset()
            with self.subTest(kept=len(damaged)):
                state, message = self.report()["Signature keys"]
                self.assertEqual(state, "problem")
                self.assertIn("damaged", message)
                self.assertEqual(self.company.sign_service_state, "broken")

    def test_the_report_says_what_to_correct_in_the_mail_server(self):
        self.start_smtp()
        self.mail_server.write({"smtp_user": "office", "smtp_pass": "wrong"})
        self.assertIn("does not answer", self.report()["Outgoing e-mail"][1])
        self.mail_server.write({"smtp_user": False, "smtp_host": "mail.invalid"})
        self.assertIn("no server of that name", self.report()["Outgoing e-mail"][1])

    def test_the_path_opens_the_establishment(self):
        """« Configuration > Paramètres > Communication > Signature électronique »."""
        menu = self.env.ref("campus_sign.menu_service")
        self.assertEqual(
            menu.complete_name.split("/")[1:],
            ["Configuration", "Settings", "Communication", "Electronic signature"],
        )
        action = menu.action.with_user(self.admin).run()
        self.assertEqual(action["res_model"], "res.company")
        self.assertEqual(action["res_id"], self.establishment.id)

    def test_activate_then_test_the_service(self):
        self.assertEqual(self.company.sign_service_state, "inactive")
        self.company.action_sign_activate()
        self.assertEqual(self.company.sign_service_state, "active")
        self.assertTrue(self.company.sign_service_ends_at)
        self.assertIsNone(self.company._sign_test())
        self.assertEqual(self.report()["Test signature and timestamp"][0], "ok")
        with self.assertRaises(UserError):
            self.company.action_sign_activate()

    def test_without_secret_the_screen_says_what_to_set(self):
        self.enterContext(secret(""))
        self.assertEqual(self.company.sign_service_state, "no_secret")
        self.assertIn("CAMPUS_SIGN_SECRET", self.company.sign_service_message)
        with self.assertRaises(CeremonyError):
            self.company.action_sign_activate()
        self.assertIn(
            "CAMPUS_SIGN_SECRET", self.steps()["Key secret of the server"].message
        )

    def test_another_secret_is_seen_at_once(self):
        """Invariant 8: nothing passes silently."""
        self.company.action_sign_activate()
        self.enterContext(secret(OTHER_SECRET))
        self.company.invalidate_recordset()
        self.assertEqual(self.company.sign_service_state, "broken")
        self.assertTrue(self.company._sign_test())
        self.assertEqual(self.steps()["Service activated"].state, "todo")

    def test_only_a_super_administrator_of_that_establishment(self):
        elsewhere = self.env["res.company"].create({"name": "IUT"})
        for company in (
            self.establishment.with_user(self.configurer),
            elsewhere.with_user(self.admin),
        ):
            for method in ("action_sign_activate", "action_sign_test"):
                with self.subTest(company=company.id), self.assertRaises(AccessError):
                    getattr(company, method)()
        with self.assertRaises(AccessError):
            self.env["campus.sign.checklist"].with_user(self.configurer).action_open()
        with self.assertRaises(AccessError):
            self.establishment.with_user(self.configurer).read(["sign_service_state"])

    def test_first_steps_follow_what_is_done(self):
        steps = self.steps()
        self.assertEqual(steps["Service activated"].state, "todo")
        self.assertEqual(steps["Representative who signs"].state, "todo")
        self.assertEqual(steps["Students"].state, "done")
        steps["Service activated"].action_do()
        self.establishment.sign_finaliser_id = self.configurer
        kept = steps["Service activated"].checklist_id
        self.assertEqual(self.read_again(kept), steps, "a button is still the same one")
        for name in (
            "Key secret of the server",
            "Service activated",
            "Test signature and timestamp",
            "Representative who signs",
            "Template eligible for signature",
        ):
            self.assertEqual(steps[name].state, "done", steps[name].message)

    def test_a_representative_without_the_right_is_a_step_to_do(self):
        self.establishment.sign_finaliser_id = self.create_user("nobody", [])
        step = self.steps()["Representative who signs"]
        self.assertEqual(step.state, "todo")

    def test_each_button_opens_a_screen_that_exists(self):
        self.admin.group_ids += self.env.ref("base.group_system")
        for step in self.steps().values():
            if step.label and not step.method:
                action = step.action_do()
                self.assertEqual(action["type"], "ir.actions.act_window", step.name)
                if action["res_model"] == "res.company":
                    self.assertEqual(action["res_id"], self.establishment.id)
                    self.assertEqual([kind for _, kind in action["views"]], ["form"])

    def test_first_steps_open_once_the_module_is_installed(self):
        todo = self.env.ref("campus_sign.campus_sign_first_steps_todo")
        todo.state = "open"
        opened = self.env["ir.module.module"].next()
        menu = self.env.ref("campus_sign.menu_campus")
        self.assertEqual(
            opened["url"],
            f"/odoo/action-campus_sign.campus_sign_checklist_action?menu_id={menu.id}",
        )

    def test_first_steps_of_another_establishment_are_not_read(self):
        checklist = self.steps()["Students"].checklist_id
        elsewhere = self.env["res.company"].create({"name": "IUT"})
        checklist.sudo().company_id = elsewhere
        with self.assertRaises(AccessError):
            checklist.web_read({"step_ids": {"fields": {"state": {}}}})

    def test_the_super_administrator_describes_his_establishment(self):
        self.company.write({"sign_unit_price": 0.5, "street": "1 rue des Tilleuls"})
        self.assertEqual(self.establishment.sign_unit_price, 0.5)
        with self.assertRaises(AccessError):
            self.establishment.with_user(self.configurer).sign_unit_price = 9

    def test_settings_page_saves_for_the_establishment(self):
        self.admin.group_ids += self.env.ref("base.group_system")
        settings = self.env["res.config.settings"].with_user(self.admin)
        settings = settings.with_company(self.establishment).create(
            {"sign_unit_price": 0.9, "sign_finaliser_id": self.configurer.id}
        )
        settings.execute()
        self.assertEqual(self.establishment.sign_unit_price, 0.9)
        self.assertEqual(self.establishment.sign_finaliser_id, self.configurer)
