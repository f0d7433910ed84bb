# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Acts start from what is committed; the cursor is the test's own.
# pylint: disable=invalid-commit
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from odoo.addons.base.models.ir_cron import IrCron

from ..engine.pades import validate
from ..models import ir_cron
from ..models.campus_sign_authority import aware_now
from ..models.gate import gate, unlocked
from .common_sign import scribble
from .test_reminders import RemindCase

LANES = {
    "queue": "_cron_queue",
    "notify": "_cron_notify",
    "seal": "_cron_seal",
    "deadlines": "_cron_deadlines",
    "reminders": "_cron_reminders",
    "renew": "_cron_renew",
    "cleanup": "_cron_cleanup",
}


class Interrupted(Exception):
    """The server died after a commit."""


@tagged("post_install", "-at_install")
class TestCrons(RemindCase):
    """Scheduled actions: twice in a row, and after an interruption (invariant 7)."""

    def interrupted(self, method):
        """Run a lane whose server dies right after its first step."""

        def die(cron, *args, **kwargs):
            cron.env.cr.commit()
            raise Interrupted

        with patch.object(IrCron, "_commit_progress", die):
            try:
                getattr(self.model, method)()
            except Interrupted:
                self.env.cr.rollback()
            else:
                self.fail("the lane had nothing to do")

    def out_of_time(self, method):
        """Run a lane that has time for one step only."""

        def one_step(cron, *args, **kwargs):
            cron.env.cr.commit()
            return 0

        with patch.object(IrCron, "_commit_progress", one_step):
            getattr(self.model, method)()

    def two(self):
        return self.told(self.internship, self.new_internship(self.here(self.adult)))

    def test_every_lane_is_a_scheduled_action(self):
        crons = self.env["ir.cron"].sudo().search([("campus_lane", "!=", False)])
        crons = crons.filtered(lambda cron: cron.model_name == "campus.sign.request")
        found = {cron.campus_lane: cron.code for cron in crons}
        self.assertEqual(
            found, {lane: f"model.{name}()" for lane, name in LANES.items()}
        )

    def test_lanes_with_nothing_to_do_do_nothing(self):
        self.told()
        events = self.env["campus.sign.event"].sudo().search_count([])
        for method in LANES.values():
            getattr(self.model, method)()
            getattr(self.model, method)()
        self.assertEqual(self.env["campus.sign.event"].sudo().search_count([]), events)

    # === Reminders ===#

    def test_reminders_after_an_interruption(self):
        requests = self.two()
        self.age(requests.signer_ids, 3)
        self.interrupted("_cron_reminders")
        self.model._cron_reminders()
        for request in requests:
            self.assertEqual(
                self.events(request).count("reminded"), len(request._may_sign_now())
            )
        self.assertEqual(len(self.mails(self.tutor.email)), 2)

    def test_reminders_in_slices(self):
        requests = self.two()
        self.age(requests.signer_ids, 3)
        for _run in range(12):
            self.out_of_time("_cron_reminders")
        self.assertEqual(len(self.mails(self.tutor.email)), 2)
        self.assertEqual(self.line(requests[0], "student").reminder_count, 1)

    # === Deadlines ===#

    def test_deadlines_twice_and_interrupted(self):
        """A044, decisions 1 and 2."""
        requests = self.two()
        unlocked(requests).write({"deadline": fields.Datetime.now()})
        self.env.cr.commit()
        with patch.object(ir_cron, "SLICE", 1):
            self.interrupted("_cron_deadlines")
        self.assertEqual(sorted(requests.mapped("state")), ["expired", "waiting"])
        self.model._cron_deadlines()
        self.model._cron_deadlines()
        self.assertEqual(set(requests.mapped("state")), {"expired"})
        for request in requests:
            self.assertEqual(self.events(request).count("expired"), 1)

    def test_deadlines_of_many_documents_ask_few_queries(self):
        counts = []
        for number in (1, 3):
            requests = self.told(
                *(self.new_internship(self.minor) for _ in range(number))
            )
            unlocked(requests).write({"deadline": fields.Datetime.now()})
            self.env.cr.commit()
            before = self.env.cr.sql_log_count
            self.model._cron_deadlines()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(set(requests.mapped("state")), {"expired"})
        self.assertLessEqual(counts[1], counts[0] + 6)

    def test_a_document_somebody_acts_on_expires_with_the_next_run(self):
        free, held = self.two()
        unlocked(free | held).write({"deadline": fields.Datetime.now()})
        self.env.cr.commit()
        with gate(held):
            self.model._cron_deadlines()
        self.assertEqual((free.state, held.state), ("expired", "waiting"))
        self.model._cron_deadlines()
        self.assertEqual(held.state, "expired")

    # === Somebody acts on a document at that moment ===#

    def forget(self, triggers):
        triggers.unlink()
        self.env.cr.commit()

    def test_a_lane_comes_back_in_a_moment_to_what_somebody_holds(self):
        queued = self.queue()
        to_tell = self.send(self.new_internship(self.minor))
        to_seal = self.send(self.new_internship(self.minor))
        self.sign_all(to_seal)
        for lane, held in (("queue", queued), ("notify", to_tell), ("seal", to_seal)):
            triggers = self.env["ir.cron.trigger"].sudo()
            ours = [("cron_id.campus_lane", "=", lane)]
            self.forget(triggers.search(ours))
            with gate(held):
                getattr(self.model, LANES[lane])()
            moments = triggers.search(ours).mapped("call_at")
            self.assertTrue(moments, lane)
            self.assertLess(max(moments), fields.Datetime.now() + timedelta(minutes=1))
            self.forget(triggers.search(ours))
            getattr(self.model, LANES[lane])()
            self.assertFalse(triggers.search(ours), lane)
        self.assertEqual(queued.state, "waiting")
        self.assertTrue(to_seal.sealed_at)
        self.assertIn("notified", self.events(to_tell))

    # === Long-term seals ===#

    def near_the_end(self, request):
        soon = fields.Datetime.now() + timedelta(days=100)
        unlocked(request).write({"sealed_until": soon})
        self.env.cr.commit()

    def test_a_seal_knows_its_end(self):
        request = self.archive()
        years = (request.sealed_until - fields.Datetime.now()).days / 365
        self.assertGreater(years, 9)

    def test_seals_are_renewed_once_before_they_end(self):
        request = self.archive()
        before = request._stored_file()
        self.near_the_end(request)
        self.model._cron_renew()
        self.model._cron_renew()
        content = request._stored_file()
        self.assertTrue(content.startswith(before))
        self.assertEqual(self.events(request).count("long_term_sealed"), 2)
        self.assertGreater(
            request.sealed_until, fields.Datetime.now() + timedelta(days=3000)
        )
        root = request.authority_id.certificates["root_cert"]
        report = validate(content, [root], now=aware_now())
        self.assertTrue(report.ok and report.long_term, report.problems)

    def test_renewals_share_one_timestamp_certificate(self):
        requests = self.archive() | self.archive(
            self.send(self.new_internship(self.here(self.adult)))
        )
        self.near_the_end(requests)
        self.interrupted("_cron_renew")
        made = requests[0].authority_id.renewed_certificates
        self.assertTrue(made)
        self.model._cron_renew()
        self.assertEqual(requests[0].authority_id.renewed_certificates, made)
        for request in requests:
            self.assertEqual(self.events(request).count("long_term_sealed"), 2)

    def test_the_new_keys_are_as_secret_as_the_first(self):
        request = self.archive()
        self.near_the_end(request)
        self.model._cron_renew()
        authority = request.authority_id.sudo()
        self.assertNotIn("PRIVATE", str(authority.renewed_certificates))
        self.assertNotIn("PRIVATE", str(authority.renewed_keys))
        admin = self.env["campus.sign.authority"].with_user(
            self.env.ref("base.user_admin")
        )
        self.assertNotIn("renewed_keys", admin.sudo(False).fields_get())

    def test_a_root_in_its_last_year_gains_nothing(self):
        request = self.archive()
        self.near_the_end(request)
        request.authority_id.sudo().ends_at = fields.Datetime.now() + timedelta(days=90)
        self.env.cr.commit()
        self.model._cron_renew()
        self.assertEqual(self.events(request).count("long_term_sealed"), 1)

    # === Clean-up ===#

    def test_clean_up_takes_what_nobody_needs_and_nothing_else(self):
        request = self.told()
        line = self.line(request, "tutor")
        live = request._link_of(line)
        dead = request._link_of(line)
        dead.expires_at = fields.Datetime.now() - timedelta(days=31)
        visuals = self.env["campus.sign.visual"].sudo()
        idle = self.env["res.partner"].create({"name": "Parti"})
        image = scribble()
        forgotten, used = visuals.create(
            [
                {"partner_id": idle.id, "image": image},
                {"partner_id": line.partner_id.id, "image": image},
            ]
        )
        attempt = (
            self.env["campus.sign.attempt"]
            .sudo()
            .create({"kind": "token", "key": "192.0.2.9"})
        )
        orphan = self.env["ir.attachment"].create(
            {"name": "x", "raw": b"x", "res_model": request._name, "res_id": 2**30}
        )
        file = request.attachment_id
        self.env.flush_all()
        for table in ("campus_sign_visual", "campus_sign_attempt", "ir_attachment"):
            self.env.cr.execute(
                f"UPDATE {table} SET create_date = now() - interval '2 years', "
                "write_date = now() - interval '2 years'"
            )
        self.env.invalidate_all()
        self.env.cr.commit()
        self.interrupted("_cron_cleanup")
        self.model._cron_cleanup()
        self.model._cron_cleanup()
        gone = (dead, forgotten, attempt, orphan)
        self.assertFalse([one for one in gone if one.exists()])
        self.assertEqual([one for one in (live, used, file) if not one.exists()], [])
