# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The last seat of a slot, asked for by two offices at the same moment."""

from datetime import datetime, timedelta

from devtools.play.browser import Office, Refused

from .world import LiveCase, at_once

SLOTS = 6
DESKS = 4


class TestLastSeat(LiveCase):
    workers = 2
    # Who comes second waits, is refused by the database, and starts again.
    expected_errors = (r'bad query: b\' UPDATE "campus_visit_slot"',)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        school = cls.school
        school.enrol(DESKS)
        cls.pupils = [
            one["id"] for one in school.secretary.find("campus.student", [], "id")
        ]
        host = school.admin.create(
            "res.company", {"name": "IUT des Sources", "city": "Grenoble"}
        )
        keeper = cls.user("accueil", host, "offers")
        cls.desks = [
            cls.user(f"inscriptions-{number}", school.company_id, "registrations")
            for number in range(DESKS)
        ]
        offer = keeper.create(
            "campus.visit.offer",
            {
                "name": "Immersion en BUT informatique",
                "place": "Bâtiment B",
                "slot_ids": [(0, 0, cls.slot(day)) for day in range(SLOTS)],
            },
        )
        keeper.call("campus.visit.offer", "action_publish", [offer])
        cls.slots = [
            one["id"]
            for one in keeper.find(
                "campus.visit.slot", [("offer_id", "=", offer)], "id"
            )
        ]

    @classmethod
    def user(cls, login, company, right):
        """Return the browser of a new user, logged in."""
        admin = cls.school.admin
        groups = ("base.group_user", f"campus_sign.group_{right}")
        password = f"{login}-2026"
        admin.create(
            "res.users",
            {
                "name": login,
                "login": login,
                "password": password,
                "company_id": company,
                "company_ids": [(6, 0, [company])],
                "group_ids": [(6, 0, [admin.ref(group) for group in groups])],
            },
            context={"no_reset_password": True},
        )
        return Office(cls.school.url).login(login, password)

    @staticmethod
    def slot(day):
        start = datetime.now().replace(microsecond=0) + timedelta(days=30 + day)
        return {
            "date_start": str(start),
            "date_end": str(start + timedelta(hours=3)),
            "capacity": 1,
        }

    def test_one_seat_is_given_once(self):
        for slot in self.slots:
            with self.subTest(slot=slot):
                outcomes = at_once(
                    [
                        lambda desk=desk, pupil=pupil, slot=slot: desk.create(
                            "campus.visit.registration",
                            {"student_id": pupil, "slot_id": slot},
                        )
                        for desk, pupil in zip(self.desks, self.pupils, strict=True)
                    ]
                )
                given = [one for one in outcomes if isinstance(one, int)]
                refused = [one for one in outcomes if isinstance(one, Refused)]
                self.assertEqual(len(given), 1, outcomes)
                self.assertEqual(len(refused), DESKS - 1, outcomes)
                for refusal in refused:
                    self.assertIn("ValidationError", refusal.code)
                [(taken, rows)] = self.world.sql(
                    "SELECT seats_taken, (SELECT count(*)"
                    " FROM campus_visit_registration"
                    " WHERE slot_id = s.id AND state = 'registered')"
                    " FROM campus_visit_slot s WHERE id = %s",
                    slot,
                )
                self.assertEqual((taken, rows), (1, 1))
