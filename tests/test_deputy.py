# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Acts start from what is committed; the cursor is the test's own.
# pylint: disable=invalid-commit
from datetime import datetime, time, timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged

from ..engine.evidence.verify import verify_bundle
from ..engine.pades import validate
from ..models.campus_sign_authority import aware_now
from .common_sign import SignCase, pdf_text


@tagged("post_install", "-at_install")
class TestDeputy(SignCase):
    """« ou son représentant », with dates (A117, decision 7)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.deputy = cls.create_user("deputy", ["sign"])
        cls.deputy.partner_id.write(
            {"name": "Denis ADJOINT", "email": "adjoint@tilleuls.example.org"}
        )
        cls.settle_identity(cls.deputy)
        cls.admin = cls.create_user("campus-admin", ["admin"])

    def name_deputy(self, first=0, last=5, by=None, **values):
        deputies = self.env["campus.sign.deputy"].with_user(self.here(by or self.head))
        today = deputies._today(self.here(self.establishment))
        found = deputies.create(
            {
                "user_id": self.head.id,
                "deputy_id": self.deputy.id,
                "company_id": self.establishment.id,
                "date_from": today + timedelta(days=first),
                "date_to": today + timedelta(days=last),
                **values,
            }
        )
        self.env.cr.commit()
        return found

    def finalisable(self):
        request = self.send()
        self.sign_all(request, but=["establishment"])
        return request

    def deputy_actor(self):
        return self.ceremony._actor_from_user(
            self.here(self.deputy), "192.0.2.7", "test"
        )

    def test_the_deputy_signs_for_the_head_in_his_own_name(self):
        self.name_deputy()
        request = self.finalisable()
        line = self.line(request, "establishment")
        self.assertTrue(request.with_user(self.here(self.deputy)).may_finalise)
        found = request.with_user(self.here(self.deputy)).search(
            [("waits_for_me", "=", True)]
        )
        self.assertEqual(found.ids, request.ids)
        actor = self.deputy_actor()
        [document] = self.ceremony._overview(actor)["documents"]
        self.assertIn(self.head.partner_id.name, document["role"])
        self.assertTrue(self.sign(line, actor)["ok"])
        self.assertEqual(request.state, "archived")
        self.assertEqual(line.signed_by, "Denis ADJOINT")
        self.assertIn("Denis ADJOINT", request.signer_6)
        self.assertIn("Hélène PROVISEUR", request.signer_6)
        content = request._stored_file()
        text = pdf_text(content)
        self.assertIn("Denis ADJOINT", text)
        root = request.authority_id.certificates["root_cert"]
        report = validate(content, [root], now=aware_now())
        self.assertTrue(report.ok, report)
        last = [one for one in report.signatures if one.kind == "signature"][-1]
        self.assertEqual(last.signer_name, "Denis ADJOINT")
        consent = request._event_context().filtered(lambda e: e.kind == "consented")
        person = request._event_persons()[consent[-1].seq]
        self.assertEqual(person["name"], "Denis ADJOINT")
        self.assertEqual(person["for"], "Hélène PROVISEUR")
        self.assertIn("For Hélène PROVISEUR", request.timeline)
        request._seal()
        self.assertTrue(
            verify_bundle(
                request._stored_file(), request._proof_bundle(), root, aware_now()
            ).ok
        )
        self.assertIn(self.here(self.deputy).partner_id, request.locker_ids.partner_id)

    def test_only_in_its_dates(self):
        request = self.finalisable()
        line = self.line(request, "establishment")
        for first, last in ((1, 5), (-9, -1)):
            deputation = self.name_deputy(first, last)
            self.assertFalse(deputation.in_force)
            self.assertFalse(line._belongs_to(self.deputy_actor()))
            self.assertFalse(request.with_user(self.here(self.deputy)).may_finalise)
        deputation = self.name_deputy(0, 0)
        self.assertTrue(deputation.in_force)
        self.assertTrue(line._belongs_to(self.deputy_actor()))
        deputation.with_user(self.here(self.head)).date_from = "2020-01-01"
        deputation.with_user(self.here(self.head)).date_to = "2020-01-02"
        self.assertFalse(line._belongs_to(self.deputy_actor()))

    def test_days_are_those_of_the_establishment(self):
        """At 23:30 UTC it is already tomorrow in Limoges, not in Guadeloupe."""
        request = self.finalisable()
        line = self.line(request, "establishment")
        self.name_deputy(1, 1)
        today = self.env["campus.sign.deputy"]._today(self.here(self.establishment))
        tonight = datetime.combine(today, time(23, 30))
        for zone, expected in (("Europe/Paris", True), ("America/Guadeloupe", False)):
            self.here(self.establishment).partner_id.tz = zone
            with freeze_time(tonight):
                self.assertEqual(line._belongs_to(self.deputy_actor()), expected, zone)

    def test_overlapping_deputations(self):
        """Two at once, each in his own name; the second finds it signed. And the same
        person named twice: the last naming tells which account was meant."""
        other = self.here(self.admin)
        group = self.env.ref("campus_sign.group_sign")
        other.write({"group_ids": [(4, group.id)]})
        self.name_deputy(-3, 3)
        self.name_deputy(-1, 1, deputy_id=other.id)
        line = self.line(self.finalisable(), "establishment")
        second = self.ceremony._actor_from_user(other, "192.0.2.8", "test")
        self.assertTrue(line._belongs_to(second))
        self.here(self.deputy).partner_id.email = "nouvelle@tilleuls.example.org"
        self.env.cr.commit()
        self.assertFalse(line._belongs_to(self.deputy_actor()), "not confirmed yet")
        with freeze_time(fields.Datetime.now() + timedelta(seconds=5)):
            self.name_deputy(0, 2)
            self.assertTrue(line._belongs_to(self.deputy_actor()))
            self.assertTrue(self.sign(line, self.deputy_actor())["ok"])
            self.assertEqual(self.sign(line, second)["code"], "already_signed")
        self.assertEqual(line.signed_by, "Denis ADJOINT")
        self.assertEqual(self.events(line.request_id).count("signed"), 6)

    def test_the_deputy_needs_the_right_today(self):
        self.name_deputy()
        line = self.line(self.finalisable(), "establishment")
        group = self.env.ref("campus_sign.group_sign")
        self.here(self.deputy).write({"group_ids": [(3, group.id)]})
        self.env.cr.commit()
        self.assertFalse(line._belongs_to(self.deputy_actor()))
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self.env["campus.sign.deputy"].sudo().create(
                {
                    "user_id": self.head.id,
                    "deputy_id": self.office.id,
                    "company_id": self.establishment.id,
                    "date_to": fields.Date.today(),
                }
            )

    def test_only_the_head_or_an_administrator_names_him(self):
        self.name_deputy(by=self.admin)
        for user in (self.deputy, self.office, self.follower):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                self.name_deputy(by=user)
        deputation = self.name_deputy()
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            deputation.with_user(self.here(self.deputy)).date_to = "2030-01-01"
        for vals in (
            {"deputy_id": self.admin.id},
            {"named_at": "2020-01-01 00:00:00"},
        ):
            with self.assertRaises(UserError):
                deputation.with_user(self.here(self.head)).write(vals)

    def test_a_deputy_of_one_head_signs_for_no_other_and_by_no_link(self):
        self.name_deputy(user_id=self.deputy.id, deputy_id=self.head.id, by=self.admin)
        line = self.line(self.finalisable(), "establishment")
        self.assertFalse(line._belongs_to(self.deputy_actor()))
        self.name_deputy()
        token = line.request_id._link_of(line)._mint()
        self.env.cr.commit()
        self.assertFalse(
            line._belongs_to(self.ceremony._open_link(token, "192.0.2.1", "test"))
        )

    def test_an_account_taken_over_after_the_naming_signs_nothing(self):
        self.name_deputy()
        line = self.line(self.finalisable(), "establishment")
        self.assertTrue(line._belongs_to(self.deputy_actor()))
        self.here(self.deputy).partner_id.email = "other@example.org"
        self.env.cr.commit()
        self.assertFalse(line._belongs_to(self.deputy_actor()))

    def test_head_and_deputy_are_told_and_the_head_still_signs(self):
        self.name_deputy()
        request = self.finalisable()
        lane = self.env.ref("campus_sign.cron_notify")
        request.with_context(cron_id=lane.id)._cron_notify()
        users = request.activity_ids.user_id
        self.assertEqual(set(users.ids), {self.head.id, self.deputy.id})
        line = self.line(request, "establishment")
        self.assertTrue(self.sign(line)["ok"])
        self.assertFalse(line.signed_by)
