# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from lxml import etree

from odoo.tests import Form, tagged
from odoo.tools.safe_eval import safe_eval

from .common import SchoolCase

ACTIONS = (
    "campus_school_year_action",
    "campus_promotion_action",
    "campus_student_action",
    "campus_guardianship_action",
    "campus_internship_action",
    "campus_mission_action",
    "campus_training_period_action",
    "campus_absence_action",
    "campus_internship_terms_action",
    "campus_rate_action",
    "campus_public_holiday_action",
    "res_partner_action_company",
    "res_partner_action_company_contact",
    "res_partner_action_teacher",
)


@tagged("post_install", "-at_install")
class TestRecordsViews(SchoolCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.secretary = cls.create_user("secretary", ["records"])
        cls.follower = cls.create_user("follower", ["follow"])

    def test_every_screen_and_filter_works_for_who_may_read(self):
        for user in (self.secretary, self.follower):
            for name in ACTIONS:
                with self.subTest(user=user.login, action=name):
                    self.check_action(self.env(user=user), name)

    def check_action(self, env, name):
        action = self.env.ref(f"campus_sign.{name}").sudo()
        model = env[action.res_model]
        model.search_count(safe_eval(action.domain or "[]"))
        self.assertTrue(action.help, "the empty list says what to do")
        views = [(False, kind) for kind in action.view_mode.split(",")]
        arches = model.get_views([*views, (False, "search")])["views"]
        search = etree.fromstring(arches["search"]["arch"])
        for node in search.iter("filter"):
            if node.get("domain"):
                model.search_count(safe_eval(node.get("domain"), {"uid": env.uid}))
            group_by = safe_eval(node.get("context") or "{}").get("group_by")
            # Odoo asks for the property to group by when one is chosen.
            if group_by and model._fields[group_by.split(":")[0]].type != "properties":
                model.formatted_read_group([], [group_by], ["__count"])

    def test_smart_buttons_show_what_they_count(self):
        for record, method, field in (
            (self.promotion, "action_view_students", "student_count"),
            (self.promotion, "action_view_internships", "internship_count"),
            (self.minor, "action_view_internships", "internship_count"),
            (self.company, "action_view_campus_internships", "campus_internship_count"),
        ):
            with self.subTest(method=method, model=record._name):
                record = record.with_user(self.secretary)
                action = getattr(record, method)()
                found = self.env[action["res_model"]].search_count(action["domain"])
                self.assertEqual(found, record[field])
                self.assertTrue(found)

    def test_secretary_types_an_internship(self):
        form = Form(self.env["campus.internship"].with_user(self.secretary))
        form.student_id = self.adult
        form.partner_id = self.company
        self.assertTrue(form.missing_text)
        form.teacher_id = self.teacher
        form.subject = "Accueil"
        form.skills = "Accueillir"
        form.activities = "Tenir l'accueil"
        form.date_start = "2027-01-04"
        form.date_end = "2027-01-29"
        with form.interruption_ids.new() as interruption:
            interruption.date_start = "2027-01-11"
            interruption.date_end = "2027-01-15"
        internship = form.save()
        self.assertEqual(internship.situation, "ready")
        self.assertEqual(internship.hours_total, 105)
