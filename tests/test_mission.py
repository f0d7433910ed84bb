# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Acts start from what is committed; the cursor is the test's own.
# pylint: disable=invalid-commit
from freezegun import freeze_time

from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged

from .common_library import LibraryCase
from .common_sign import pdf_text


@tagged("post_install", "-at_install")
class TestMission(LibraryCase):
    """An « ordre de mission » from its record to the archive (A002, A021)."""

    def order(self):
        return self.env.ref("campus_sign.template_mission_order")

    def test_a_visit_is_filled_in_from_the_internship(self):
        form = Form(self.env["campus.mission"].with_user(self.office))
        form.internship_id = self.internship
        self.assertEqual(form.agent_id, self.here(self.teacher))
        self.assertIn("MARTIN Emma", form.subject)
        self.assertIn("Électricité Vergne", form.destination)
        self.assertIn("Limoges", form.departure)
        form.date_start = "2027-01-20 08:00:00"
        form.date_end = "2027-01-20 10:00:00"
        mission = form.save()
        self.assertEqual(mission.signing, "todo")
        self.assertEqual(self.internship.mission_count, 2)

    def test_dates_are_checked(self):
        with self.assertRaises(ValidationError):
            self.mission.date_end = "2027-01-19 08:00:00"
        with self.assertRaises(ValidationError):
            self.mission.write({"permanent": True, "date_end": "2028-03-01 08:00:00"})
        self.mission.write({"permanent": True, "date_end": "2028-01-20 08:00:00"})

    def test_hours_are_those_of_the_establishment(self):
        self.establishment.partner_id.tz = "Europe/Paris"
        tags = self.mission._sign_tags()
        self.assertEqual(tags["mission.start"].hour, 9, "08:00 UTC in winter")
        self.assertIsNone(tags["mission.start"].tzinfo)

    def test_send_from_the_list_sign_and_archive(self):
        """A002, A021, A056: another kind of document goes the whole way."""
        missions = self.mission.with_user(self.office)
        action = missions.action_send_for_signature()
        wizards = self.env["campus.sign.send"].with_user(self.office)
        wizard = wizards.with_context(**action["context"]).create({})
        self.assertEqual(wizard.template_id, self.order())
        self.assertEqual(wizard._eligible_templates(), self.order())
        [row] = wizard.table["rows"]
        self.assertTrue(row["ready"])
        # The agent has a column of his own; no pupil is concerned.
        self.assertIn(self.mission.subject, row["record"])
        self.assertNotIn(row["contact"], row["record"])
        request = self.start(self.mission, self.order())
        self.mission.invalidate_recordset(["signing"])
        self.assertEqual(self.mission.signing, "signing")
        self.assertEqual(request.recipient_id, self.here(self.teacher))
        self.assertEqual(
            set(request.signer_ids.role_id.mapped("code")), {"agent", "establishment"}
        )
        text = pdf_text(request._stored_file())
        self.assertIn("MARTIN Emma", text)
        self.assertIn("EX-087-LM", text)
        self.archive(request)
        self.assertEqual(request.state, "archived")
        self.mission.invalidate_recordset(["signing"])
        self.assertEqual(self.mission.signing, "signed")
        Mission = self.env["campus.mission"].with_user(self.office)
        self.assertIn(self.mission, Mission.search([("signing", "=", "signed")]))
        self.assertNotIn(self.mission, Mission.search([("signing", "=", "todo")]))

    def test_the_person_on_mission_is_optional(self):
        """A036: the authority alone orders the mission."""
        request = self.start(self.mission, self.order())
        self.sign_all(request, but=("agent",))
        self.assertEqual(request.state, "archived")

    def test_a_cancelled_mission_is_not_sent(self):
        self.mission.with_user(self.office).action_cancel()
        self.assertEqual(self.mission.signing, "cancelled")
        with self.refuses("incomplete", 422):
            self.queue(self.mission, self.order())
        self.mission.with_user(self.office).action_reopen()
        self.assertFalse(self.mission._sign_obstacle())

    def test_late_order_is_warned_about(self):
        with freeze_time("2027-01-21"):
            self.assertTrue(self.mission._sign_warning(self.order()))
        with freeze_time("2027-01-19"):
            self.assertFalse(self.mission._sign_warning(self.order()))
