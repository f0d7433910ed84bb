# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Acts start from what is committed; the cursor is the test's own.
# pylint: disable=invalid-commit
from datetime import datetime, timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, new_test_user, tagged

from ..models.campus_sign_link import PLACEHOLDER
from ..models.campus_sign_sms import CampusSignSms
from ..models.gate import gate, unlocked
from ..wizards import campus_sign_bulk as bulk
from .common_sign import SignCase
from .common_sms import SmsMixin


class RemindCase(SignCase):
    def setUp(self):
        super().setUp()
        self.model = self.env["campus.sign.request"]

    def mails(self, email):
        return self.env["mail.mail"].search([("email_to", "=", email)], order="id")

    def told(self, *internships):
        """Send, and tell everybody: their plan starts."""
        requests = self.env["campus.sign.request"].sudo()
        for internship in internships or [self.internship]:
            requests |= self.send(self.here(internship))
        self.model._cron_notify()
        self.env.cr.commit()
        return requests

    def age(self, lines, days):
        """Let ``days`` go by for these lines."""
        past = timedelta(days=days)
        for line in lines:
            unlocked(line).write(
                {
                    name: line[name] - past
                    for name in ("notified_at", "reminded_at", "reminder_at")
                    if line[name]
                }
            )
        self.env.cr.commit()

    def remind(self, requests, channel="email", force=False, user=None):
        user = self.here(user or self.office)
        return requests.with_user(user).sudo(False)._act_remind(channel, force)


@tagged("post_install", "-at_install")
class TestRemindByHand(RemindCase):
    """« Relancer le(s) signataire(s) » → « Par SMS », « Par E-mail » (A116)."""

    def test_one_message_per_person_for_all_his_documents(self):
        requests = self.told(
            self.internship, self.new_internship(self.here(self.adult))
        )
        self.age(requests.signer_ids, 2)
        done, refused = self.remind(requests)
        self.assertEqual(done.count("Kevin ROUX"), 1)
        self.assertFalse(refused)
        _first, mail = self.mails(self.tutor.email)
        self.assertIn("2", mail.subject)
        for request in requests:
            self.assertIn(request.name, mail.body_html)
            self.assertEqual(
                self.events(request).count("reminded"),
                len(request._may_sign_now()),
            )
            self.assertEqual(self.line(request, "tutor").reminder_count, 1)

    def test_the_link_is_new_and_minted_while_the_mail_leaves(self):
        request = self.told()
        self.age(request.signer_ids, 2)
        self.remind(request)
        mail = self.mails(self.tutor.email)[-1]
        self.assertIn(f"/sign#{PLACEHOLDER}", mail.body_html)
        [outgoing] = mail._prepare_outgoing_list()
        token = outgoing["body"].split("/sign#")[1].split('"')[0]
        actor = self.ceremony._open_link(token, "", "")
        self.assertEqual(actor.partner, self.here(self.tutor))

    def test_one_a_day_unless_forced(self):
        request = self.told()
        done, refused = self.remind(request)
        self.assertFalse(done, "told this very day")
        self.assertIn(("Kevin ROUX", "Already had a message today."), refused)
        self.age(request.signer_ids, 1)
        self.assertIn("Kevin ROUX", self.remind(request)[0])
        self.assertFalse(self.remind(request)[0])
        self.assertIn("Kevin ROUX", self.remind(request, force=True)[0])
        self.assertEqual(len(self.mails(self.tutor.email)), 3)

    def test_only_whose_turn_it_is(self):
        request = self.told()
        self.age(request.signer_ids, 2)
        self.sign(self.line(request, "tutor"))
        done, _refused = self.remind(request)
        self.assertNotIn("Kevin ROUX", done)
        self.assertNotIn("Hélène PROVISEUR", done)
        self.assertEqual(len(self.mails(self.tutor.email)), 1)

    def test_the_representative_is_sent_to_his_account(self):
        request = self.told()
        self.sign_all(request, but=["establishment"])
        self.model._cron_notify()
        self.age(request.signer_ids, 2)
        self.assertEqual(self.remind(request)[0], ["Hélène PROVISEUR"])
        mail = self.mails("head@tilleuls.example.org")[-1]
        self.assertIn("/my/sign", mail.body_html)
        self.assertNotIn("/sign#", mail.body_html)

    def hold(self, request, role, proposes):
        """Let a signer say that another one signs, or that he is not this person."""
        line = self.line(request, role)
        if proposes:
            new = ("Nadia LEROY", "n.leroy@vergne.example.com", "Je change de service.")
            actor = self.actor(line)
            self.ceremony._record_read(actor, line.id, 4, 30)
            self.ceremony._propose(actor, line.id, *new)
        else:
            self.ceremony._disown(self.actor(line), "")
        self.env.cr.commit()
        return line

    def test_whom_the_office_decides_about_is_not_reminded(self):
        """Wrong person (A097) and pending proposal: neither by hand nor by the plan."""
        for proposes, student in ((False, self.minor), (True, self.adult)):
            with self.subTest(proposes=proposes):
                request = self.told(self.new_internship(self.here(student)))
                line = self.hold(request, "tutor", proposes)
                self.age(request.signer_ids, 8)
                wizard = self.env["campus.sign.remind"].with_user(
                    self.here(self.office)
                )
                people = wizard.create({"request_ids": request.ids}).people
                self.assertNotIn(line.name, [one["name"] for one in people])
                done, refused = self.remind(request)
                self.assertTrue(done, "the others are reminded")
                self.assertNotIn(line.name, done)
                self.assertIn(
                    (
                        line.name,
                        "Proposed somebody else, or is not this person: decide first.",
                    ),
                    refused,
                )
                self.model._cron_reminders()
                self.assertEqual((line.reminder_count, line.reminded_at), (0, False))
                self.assertGreater(line.reminder_at, fields.Datetime.now())
                if proposes:
                    line.delegation_ids.sudo()._decide("declined", answer="Non")
                    self.age(request.signer_ids, 2)
                    self.model._cron_reminders()
                    self.assertEqual(line.reminder_count, 1, "the plan went on")

    def test_a_document_somebody_acts_on_waits_for_its_own_reminder(self):
        """The message is about it too, and its plan goes on."""
        requests = self.told(
            self.internship, self.new_internship(self.here(self.adult))
        )
        free, held = requests
        self.age(requests.signer_ids, 3)
        with gate(held):
            self.model._cron_reminders()
        self.assertEqual(self.line(free, "tutor").reminder_count, 1)
        self.assertEqual(self.line(held, "tutor").reminder_count, 0)
        self.assertIn(held.name, self.mails(self.tutor.email)[-1].body_html)
        self.model._cron_reminders()
        self.assertEqual(len(self.mails(self.tutor.email)), 2, "once that day")
        with gate(free), gate(held):
            _done, refused = self.remind(requests, force=True)
        self.assertIn("at this very moment", dict(refused)["Kevin ROUX"])
        self.assertEqual(len(self.mails(self.tutor.email)), 2)

    def test_two_languages_are_one_person(self):
        requests = self.told(
            self.internship, self.new_internship(self.here(self.adult))
        )
        self.env["res.lang"]._activate_lang("fr_FR")
        unlocked(self.line(requests[1], "tutor")).lang = "fr_FR"
        self.age(requests.signer_ids, 3)
        self.model._cron_reminders()
        self.assertEqual(len(self.mails(self.tutor.email)), 2)

    def test_what_the_office_decides_about_is_left_out_of_the_message(self):
        requests = self.told(
            self.internship, self.new_internship(self.here(self.adult))
        )
        free, proposed = requests
        self.hold(proposed, "tutor", True)
        self.age(requests.signer_ids, 3)
        self.model._cron_reminders()
        self.assertEqual(self.line(free, "tutor").reminder_count, 1)
        self.assertEqual(self.line(proposed, "tutor").reminder_count, 0)
        self.assertNotIn(proposed.name, self.mails(self.tutor.email)[-1].body_html)

    def test_the_right_is_that_of_sending(self):
        request = self.told()
        with self.refuses("no_right", 403):
            self.remind(request, user=self.follower)
        with self.assertRaises(AccessError):
            self.env["campus.sign.remind"].with_user(self.here(self.follower)).create(
                {}
            )

    def test_the_window_names_who_would_be_told(self):
        request = self.told()
        wizard = self.env["campus.sign.remind"].with_user(self.here(self.office))
        form = Form(
            wizard.with_context(active_ids=request.ids),
            "campus_sign.campus_sign_remind_view_form",
        )
        self.assertEqual(form.people_count, len(request._may_sign_now()))
        self.assertEqual(form.told_count, form.people_count)
        tutor = next(one for one in form.people if one["name"] == "Kevin ROUX")
        self.assertEqual(tutor["email"], self.tutor.email)
        form.force = True
        record = form.save()
        self.env.cr.commit()
        action = record.action_by_email()
        self.assertEqual(action["tag"], "display_notification")
        self.assertEqual(len(self.mails(self.tutor.email)), 2)

    def test_many_people_are_told_slice_by_slice_once_each(self):
        """The units of a long reminder are persons, so that nobody is told twice."""
        requests = self.told(
            self.internship, self.new_internship(self.here(self.adult))
        )
        self.age(requests.signer_ids, 2)
        wizard = self.env["campus.sign.remind"].with_user(self.here(self.office))
        wizard = wizard.create({"request_ids": requests.ids, "force": True})
        self.env.cr.commit()
        with patch.object(bulk, "AT_ONCE", 1):
            action = wizard.action_by_email()
        self.env.cr.commit()
        units = action["params"]["units"]
        names = [unit["name"] for unit in units]
        self.assertEqual(names.count("Kevin ROUX"), 1)
        for unit in units:
            self.assertEqual(wizard.run_slice([unit["id"]]), [])
        self.assertEqual(len(self.mails(self.tutor.email)), 2)
        stranger = self.send(self.new_internship(self.here(self.minor)))
        line = self.line(stranger, "tutor")
        [refused] = wizard.run_slice([line.id])
        self.assertEqual(refused["reason"], "This document was not selected.")

    def test_an_extended_deadline_starts_the_plan_again(self):
        request = self.told()
        line = self.line(request, "tutor")
        self.age(request.signer_ids, 2)
        self.remind(request)
        request.with_user(self.here(self.office))._act_extend(
            fields.Datetime.now() + timedelta(days=40)
        )
        self.model._cron_notify()
        self.assertEqual((line.reminder_count, line.reminded_at), (0, False))
        self.assertGreater(line.reminder_at, fields.Datetime.now())


@tagged("post_install", "-at_install")
class TestRemindBySms(SmsMixin, RemindCase):
    def test_a_text_without_link_and_its_event(self):
        """A116, « Par SMS »; no personal link in a text (invariant 9)."""
        phones = self.start_sms(self.here(self.establishment))
        self.here(self.tutor).phone = "06 12 34 56 78"
        request = self.told()
        self.age(request.signer_ids, 2)
        done, refused = self.remind(request, channel="sms")
        self.assertEqual(done, ["Kevin ROUX"])
        self.assertIn("There is no telephone number to write to.", refused[0][1])
        [text] = phones.texts("+33612345678")
        self.assertIn("1 document(s)", text)
        self.assertNotIn("http", text)
        step = request._steps()[-1]
        self.assertEqual(step["kind"], "reminded")
        self.assertNotIn("345", str(request._event_persons()))

    def test_two_at_once_send_one_text(self):
        """Given a colleague about to send a text to the same person, when the office
        presses « Par SMS », then it is told so and nothing leaves.
        """
        phones = self.start_sms(self.here(self.establishment))
        self.here(self.tutor).phone = "06 12 34 56 78"
        request = self.told()
        self.age(request.signer_ids, 2)
        line = self.line(request, "tutor")
        with line._alone():
            _done, refused = self.remind(request, channel="sms")
        self.assertIn(("Kevin ROUX", "Somebody is reminding him right now."), refused)
        self.assertFalse(phones.texts())
        done, refused = self.remind(request, channel="sms")
        self.assertEqual(done, ["Kevin ROUX"])
        self.assertEqual(len(phones.texts()), 1)
        self.assertFalse(self.remind(request, channel="sms")[0])
        self.assertEqual(len(phones.texts()), 1)

    def test_a_text_the_server_did_not_live_to_note_is_not_sent_again(self):
        """Given a server that stops just after the service took the text, when the
        office presses « Par SMS » again, then it is told; it may insist.
        """
        phones = self.start_sms(self.here(self.establishment))
        self.here(self.tutor).phone = "06 12 34 56 78"
        request = self.told()
        self.age(request.signer_ids, 2)
        deliver = CampusSignSms._deliver

        def stop(sms, *message):
            deliver(sms, *message)
            raise KeyboardInterrupt

        with patch.object(CampusSignSms, "_deliver", stop):
            try:
                self.remind(request, channel="sms")
            except KeyboardInterrupt:
                self.env.cr.rollback()
        self.assertEqual(len(phones.texts()), 1)
        self.assertNotIn("reminded", self.events(request))
        done, refused = self.remind(request, channel="sms")
        self.assertFalse(done)
        self.assertIn("may have arrived", dict(refused)["Kevin ROUX"])
        self.assertEqual(len(phones.texts()), 1)
        self.assertEqual(
            self.remind(request, channel="sms", force=True)[0], ["Kevin ROUX"]
        )
        self.assertEqual(len(phones.texts()), 2)
        self.assertEqual(self.events(request).count("reminded"), 1)
        self.assertFalse(self.env["campus.sign.attempt"].search([]))

    def test_nothing_is_noted_when_the_service_refuses(self):
        phones = self.start_sms(self.here(self.establishment))
        phones.state = "insufficient_credit"
        self.here(self.tutor).phone = "06 12 34 56 78"
        request = self.told()
        self.age(request.signer_ids, 2)
        done, refused = self.remind(request, channel="sms")
        self.assertFalse(done)
        self.assertTrue(any("credit" in reason for _name, reason in refused))
        self.assertNotIn("reminded", self.events(request))
        phones.state = "success"
        self.assertEqual(self.remind(request, channel="sms")[0], ["Kevin ROUX"])


@tagged("post_install", "-at_install")
class TestReminderPlan(RemindCase):
    """The plan of a template: J+3, J+7, then every 7 days, 5 at most."""

    def test_the_days_of_the_plan(self):
        template = self.here(self.template)
        told = datetime(2026, 10, 1, 9)
        now, days = told, []
        for given in range(5):
            now = template._reminder_after(told, given, now)
            days.append((now - told).days)
        self.assertEqual(days, [3, 7, 14, 21, 28])
        late = told + timedelta(days=20)
        self.assertEqual(
            template._reminder_after(told, 0, late), late + timedelta(days=1)
        )
        template.reminder_auto = False
        self.assertFalse(template._reminder_after(told, 0, told))

    def test_days_that_cannot_be_read_are_refused(self):
        for wrong in ("7, 3", "trois", "3,,7", "0, 3", "3 3"):
            with self.subTest(days=wrong), self.assertRaises(ValidationError):
                self.template.reminder_days = wrong
        self.template.reminder_days = " 2; 5 ;9"
        self.assertEqual(self.template._reminder_steps(), [2, 5, 9])
        self.template.reminder_days = False
        self.assertEqual(self.template._reminder_steps(), [])

    def test_who_is_due_is_reminded_once(self):
        request = self.told()
        self.age(request.signer_ids, 3)
        self.model._cron_reminders()
        self.model._cron_reminders()
        line = self.line(request, "tutor")
        self.assertEqual(len(self.mails(self.tutor.email)), 2)
        self.assertEqual(line.reminder_count, 1)
        self.assertEqual((line.reminder_at - line.notified_at).days, 7)

    def test_reminding_asks_few_queries_however_many_documents(self):
        requests, counts = self.env["campus.sign.request"], []
        for number in (1, 3):
            requests |= self.told(
                *(self.new_internship(self.minor) for _ in range(number))
            )
            self.age(requests.signer_ids, 8)
            before = self.env.cr.sql_log_count
            self.model._cron_reminders()
            counts.append(self.env.cr.sql_log_count - before)
        for request in requests[1:]:
            self.assertEqual(self.line(request, "student").reminder_count, 1)
        self.assertLessEqual(counts[1], counts[0] + 6)

    def test_nobody_is_reminded_before_his_day(self):
        request = self.told()
        self.age(request.signer_ids, 2)
        self.model._cron_reminders()
        self.assertEqual(len(self.mails(self.tutor.email)), 1)

    def test_a_reminder_by_hand_counts_for_the_day(self):
        request = self.told()
        self.age(request.signer_ids, 3)
        self.remind(request)
        unlocked(request.signer_ids).write(
            {"reminder_at": fields.Datetime.now() - timedelta(minutes=1)}
        )
        self.env.cr.commit()
        self.model._cron_reminders()
        self.assertEqual(len(self.mails(self.tutor.email)), 2)

    def test_it_stops_when_signed_or_closed(self):
        request = self.told()
        self.sign(self.line(request, "tutor"))
        self.age(request.signer_ids, 3)
        request.with_user(self.here(self.office))._act_cancel("Erreur")
        self.model._cron_reminders()
        self.assertNotIn("reminded", self.events(request))

    def test_the_plan_follows_who_replaces_a_signer(self):
        request = self.told()
        line, teacher = self.line(request, "tutor"), self.here(self.teacher)
        self.age(request.signer_ids, 2)
        self.remind(request)
        request.with_user(self.here(self.office))._act_replace(line, teacher)
        self.assertFalse(line.reminder_at, "nobody was told yet")
        self.model._cron_notify()
        self.assertEqual((line.reminder_count, line.reminded_at), (0, False))
        self.age(request.signer_ids, 3)
        self.model._cron_reminders()
        self.assertEqual(line.reminder_count, 1)
        self.assertEqual(len(self.mails(self.tutor.email)), 2)

    def test_an_expired_circuit_reminds_nobody(self):
        request = self.told()
        self.age(request.signer_ids, 3)
        unlocked(request).write({"deadline": fields.Datetime.now()})
        self.env.cr.commit()
        self.model._cron_deadlines()
        self.model._cron_reminders()
        self.assertEqual(request.state, "expired")
        self.assertNotIn("reminded", self.events(request))
        self.assertFalse(self.line(request, "tutor").reminder_at)

    def test_after_the_last_the_office_is_told(self):
        request = self.told()
        line = self.line(request, "tutor")
        unlocked(line).write({"reminder_count": 5})
        self.age(request.signer_ids, 10)
        others = request.signer_ids - line
        unlocked(others).write({"reminder_at": False})
        self.env.cr.commit()
        self.model._cron_reminders()
        self.model._cron_reminders()
        unanswered = self.env.ref("campus_sign.activity_unanswered")
        [activity] = request.activity_ids.filtered(
            lambda one: one.activity_type_id == unanswered
        )
        self.assertEqual(activity.user_id, self.here(self.office))
        self.assertIn("Kevin ROUX", activity.note)
        self.assertFalse(line.reminder_at)
        self.assertEqual(len(self.mails(self.tutor.email)), 1)

    def test_who_cannot_be_written_to_is_told_to_the_office(self):
        request = self.told()
        line = self.line(request, "tutor")
        unlocked(line).write({"email": False})
        self.age(request.signer_ids, 3)
        unlocked(request).write({"sender_id": self.create_outsider().id})
        self.env.cr.commit()
        self.model._cron_reminders()
        self.assertFalse(line.reminder_at)
        self.assertEqual(line.reminder_count, 0)
        [activity] = request.activity_ids
        self.assertEqual(activity.user_id, self.here(self.head))

    def create_outsider(self):
        """Return a sender who no longer holds any right."""
        return new_test_user(self.env, "outsider", "base.group_user")

    def test_a_template_may_switch_it_off(self):
        request = self.told()
        self.here(self.template).reminder_auto = False
        self.age(request.signer_ids, 3)
        self.model._cron_reminders()
        self.assertNotIn("reminded", self.events(request))

    def test_the_template_form_shows_the_plan(self):
        arch = self.env["campus.sign.template"].get_view(
            self.env.ref("campus_sign.campus_sign_template_view_form").id, "form"
        )["arch"]
        for name in ("auto", "days", "every", "max"):
            self.assertIn(f'name="reminder_{name}"', arch)
