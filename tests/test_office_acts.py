# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Acts start from what is committed; the cursor is the test's own.
# pylint: disable=invalid-commit
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from ..models.gate import unlocked
from ..wizards import campus_sign_bulk as bulk
from .common_sign import SignCase


@tagged("post_install", "-at_install")
class TestOfficeActs(SignCase):
    """Cancel, extend, replace, finalise: the office's buttons."""

    def wizard(self, name, requests, user=None, **context):
        env = self.env(user=user or self.here(self.office))
        model = env[f"campus.sign.{name}"].with_context(
            active_model="campus.sign.request", active_ids=requests.ids, **context
        )
        return Form(model, f"campus_sign.campus_sign_{name}_view_form")

    def save(self, form):
        wizard = form.save()
        # The gate starts from what is committed, as after the client's own save.
        self.env.cr.commit()
        return wizard

    def test_cancel_with_a_reason(self):
        """A139, A140."""
        request = self.send()
        form = self.wizard("cancel", request)
        form.reason = "Les dates ont changé"
        self.save(form).action_cancel_circuits()
        self.assertEqual(request.state, "cancelled")
        self.assertEqual(request.close_reason, "Les dates ont changé")

    def test_what_is_over_is_left_alone(self):
        open_one = self.send()
        archived = self.archive(self.send(self.new_internship(self.here(self.adult))))
        form = self.wizard("cancel", open_one | archived)
        self.assertEqual((form.cancellable_count, form.skipped_count), (1, 1))
        form.reason = "Erreur"
        self.save(form).action_cancel_circuits()
        self.assertEqual(open_one.state, "cancelled")
        self.assertEqual(archived.state, "archived")
        wizard = self.env["campus.sign.cancel"].with_user(self.here(self.office))
        wizard = wizard.create({"request_ids": archived.ids, "reason": "Erreur"})
        with self.assertRaises(UserError):
            wizard.action_cancel_circuits()

    def test_many_go_slice_by_slice_and_stopping_loses_nothing(self):
        """A139: beyond some documents the screen asks for them a few at a time."""
        one = self.send()
        other, third = (
            self.send(self.new_internship(self.here(student)))
            for student in (self.adult, self.minor)
        )
        form = self.wizard("cancel", one | other)
        form.reason = "Les dates ont changé"
        wizard = self.save(form)
        with patch.object(bulk, "AT_ONCE", 1):
            action = wizard.action_cancel_circuits()
        self.assertEqual(action["tag"], "campus_sign_bulk")
        self.assertEqual(
            {unit["id"]: unit["name"] for unit in action["params"]["units"]},
            {request.id: request.name for request in one | other},
        )
        self.assertEqual((one.state, other.state), ("waiting", "waiting"))
        self.assertEqual(wizard.run_slice([one.id]), [])
        self.env.cr.rollback()  # the browser is closed here
        self.assertEqual((one.state, other.state), ("cancelled", "waiting"))
        refused = wizard.run_slice([one.id, other.id, third.id])
        self.assertEqual(
            refused,
            [
                {
                    "id": one.id,
                    "reason": "The establishment cancelled this document.",
                },
                {"id": third.id, "reason": "This document was not selected."},
            ],
        )
        self.assertEqual((other.state, third.state), ("cancelled", "waiting"))
        self.assertEqual(self.events(one).count("cancelled"), 1)
        for user in (self.follower, self.head):
            with self.assertRaises(AccessError):
                wizard.with_user(self.here(user)).run_slice([third.id])

    def test_extend_an_expired_circuit(self):
        """Decision 1."""
        request = self.send()
        before = request.deadline
        form = self.wizard("extend", request)
        proposed = fields.Datetime.context_timestamp(
            request.with_context(tz="Europe/Paris"), form.deadline
        )
        sent = fields.Datetime.context_timestamp(
            request.with_context(tz="Europe/Paris"), before
        )
        self.assertEqual(proposed.date(), sent.date() + timedelta(days=15))
        self.assertEqual((proposed.hour, proposed.minute), (23, 59))
        form.deadline = before + timedelta(days=3)
        self.save(form).action_extend()
        self.assertEqual(request.deadline, before + timedelta(days=3))
        form = self.wizard("extend", request)
        form.deadline = fields.Datetime.now() - timedelta(days=1)
        wizard = self.save(form)
        with self.refuses("past"):
            wizard.action_extend()

    def test_trying_again_says_what_it_did(self):
        """Among many ticked only those that failed are touched."""
        waiting = self.send()
        failed = self.send(self.new_internship(self.here(self.adult)))
        unlocked(failed).write({"phase": "failed", "failure": "Sans police."})
        failed._refresh()
        self.env.cr.commit()
        both = (waiting | failed).with_user(self.here(self.office))
        told = both.action_retry()
        self.assertEqual(told["tag"], "display_notification")
        self.assertEqual(told["params"]["message"], "1 document(s) will be sent again.")
        self.assertEqual(
            (waiting.state, failed.state, failed.failure), ("waiting", "queued", False)
        )
        with self.assertRaises(UserError):
            both.action_retry()

    def test_extend_when_a_new_circuit_took_its_place(self):
        request = self.send()
        unlocked(request).deadline = fields.Datetime.now() - timedelta(days=1)
        self.env.cr.commit()
        request._cron_deadlines()
        self.assertEqual(request.state, "expired")
        again = self.send()
        self.assertEqual(again.previous_id, request)
        later = fields.Datetime.now() + timedelta(days=3)
        with self.refuses("restarted"):
            request.with_user(self.office)._act_extend(later)
        again.with_user(self.office)._act_cancel("Repris par erreur.")
        request.with_user(self.office)._act_extend(later)
        self.assertEqual(request.state, "waiting")

    def test_replace_an_unsigned_signer(self):
        request = self.send()
        tutor = self.line(request, "tutor")
        self.assertTrue(tutor.may_replace)
        form = self.wizard("replace", tutor, default_signer_id=tutor.id)
        form.partner_id = self.here(self.teacher)
        self.save(form).action_replace()
        self.assertEqual(tutor.partner_id, self.here(self.teacher))
        self.assertIn("replaced", self.events(request))

    def test_a_window_shows_no_line_of_another_establishment(self):
        """The id of a line is anybody's guess: names are read with one's own rights."""
        tutor = self.line(self.send(), "tutor")
        other = self.env["res.company"].create({"name": "Lycée des Ormes"})
        stranger = new_test_user(
            self.env,
            "ormes",
            "campus_sign.group_send",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        self.env.cr.commit()
        windows = self.env(user=stranger, context={}, su=False)["campus.sign.replace"]
        self.assertFalse(windows.new({}).name, "the window itself opens")
        for name in ("name", "role_name", "request_id"):
            with self.subTest(field=name), self.assertRaises(AccessError):
                windows.onchange(
                    {"signer_id": tutor.id}, ["signer_id"], {"signer_id": {}, name: {}}
                )
            with self.subTest(field=name), self.assertRaises(AccessError):
                windows.new({"signer_id": tutor.id})[name]  # noqa: B018
        with self.assertRaises(AccessError):
            windows.create(
                {"signer_id": tutor.id, "partner_id": self.here(self.teacher).id}
            )

    def test_the_representative_is_not_replaced_here(self):
        request = self.send()
        head = self.line(request, "establishment")
        self.assertFalse(head.may_replace)
        form = self.wizard("replace", head, default_signer_id=head.id)
        form.partner_id = self.here(self.teacher)
        wizard = self.save(form)
        with self.refuses("finaliser"):
            wizard.action_replace()

    def test_same_person_is_no_replacement(self):
        tutor = self.line(self.send(), "tutor")
        form = self.wizard("replace", tutor, default_signer_id=tutor.id)
        form.partner_id = self.here(self.tutor)
        wizard = self.save(form)
        with self.assertRaises(UserError):
            wizard.action_replace()

    def test_a_follower_acts_on_nothing(self):
        request = self.send()
        follower = self.here(self.follower)
        for name in ("cancel", "extend", "replace"):
            with self.subTest(wizard=name), self.assertRaises(AccessError):
                self.env[f"campus.sign.{name}"].with_user(follower).create({})
        form = self.wizard("cancel", request)
        form.reason = "Pour voir"
        wizard = self.save(form)
        with self.assertRaises(UserError):
            wizard.with_user(follower).action_cancel_circuits()
        self.assertEqual(request.state, "waiting")

    def test_only_the_representative_is_asked_to_finalise(self):
        """A120."""
        request = self.send()
        head, office = self.here(self.head), self.here(self.office)
        self.sign_all(request, but=["establishment"])
        self.assertTrue(request.with_user(head).sudo(False).may_finalise)
        action = request.with_user(head).action_finalise()
        self.assertEqual(action["url"], f"/my/sign/batch?documents={request.id}")
        self.assertFalse(request.with_user(office).may_finalise)
        with self.assertRaises(UserError):
            request.with_user(office).action_finalise()

    def test_columns_say_who_signed(self):
        """A112, A115."""
        request = self.send()
        self.sign(self.line(request, "student"))
        self.assertEqual(request.signer_1, "✓ MARTIN Emma (Student)")
        self.assertTrue(request.signer_2.startswith("⌚ "))
        self.assertIn("PROVISEUR", request.signer_6)

    def test_timeline_tells_the_events_to_people(self):
        """A134; names are text, never markup."""
        self.here(self.minor).partner_id.name = "<script>alert(1)</script>"
        request = self.send()
        self.sign(self.line(request, "student"))
        timeline = request.with_user(self.here(self.follower)).timeline
        self.assertIn("Consent given", timeline)
        self.assertIn("192.0.2.1", timeline)
        self.assertNotIn("<script>", timeline)
