# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Acts start from what is committed; the cursor is the test's own.
# pylint: disable=invalid-commit
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_visit import VisitCase


@tagged("post_install", "-at_install")
class TestVisitTrouble(VisitCase):
    """Bad input: a clear sentence, and the state stays right."""

    def test_overlapping_slots_of_one_pupil(self):
        other = type(self).new_offer.__func__(self, name="Atelier", kind="workshop")
        other.action_publish()
        with self.says("already registered at that time"):
            with self.env.cr.savepoint():
                type(self).register.__func__(
                    self, self.here(self.minor), other.slot_ids[0]
                )
        type(self).register.__func__(self, self.here(self.minor), other.slot_ids[1])

    def test_seats(self):
        """The fourth pupil of a slot of three is refused, and so is a smaller slot."""
        students = self.env["campus.student"].create(
            [{"name": f"ÉLÈVE {index}"} for index in range(2)]
        )
        slot = self.here(self.slot)
        type(self).register.__func__(self, students[0], slot)
        with self.says("3 seats"), self.env.cr.savepoint():
            type(self).register.__func__(self, students[1], slot)
        with self.says("2 seats"), self.env.cr.savepoint():
            self.as_user(slot, self.host_office).capacity = 2
        self.assertRecordValues(slot, [{"capacity": 3, "seats_taken": 3}])
        self.here(self.hugo).action_cancel()
        self.assertEqual(slot.seats_left, 1)

    def test_agreement_withdrawn_after_sending(self):
        agreement = self.start()
        self.here(self.emma).action_withdraw()
        self.assertIn("MARTIN Emma", agreement.list_warning)
        self.assertEqual(agreement.line_ids.mapped("present"), [True, False])
        self.assertEqual(agreement.state, "origin")
        note = agreement.sudo().activity_ids.note
        self.assertIn("MARTIN Emma", note)
        host = self.as_user(agreement, self.host_office)
        self.assertIn("MARTIN Emma", host.list_warning)

    def test_offer_cancelled_in_the_middle(self):
        agreement = self.start()
        request = self.circuit(agreement)
        self.sign(self.line(request, "origin"))
        offer = self.as_user(self.offer, self.host_office)
        offer.action_cancel()
        told = self.env["mail.message"].search(
            [
                ("model", "=", offer._name),
                ("res_id", "=", offer.id),
                ("message_type", "=", "user_notification"),
            ]
        )
        self.assertEqual(told.partner_ids, self.here(self.origin_office).partner_id)
        self.assertEqual((agreement.state, request.state), ("cancelled", "cancelled"))
        self.assertEqual(
            set(self.here(self.emma + self.hugo).mapped("state")), {"cancelled"}
        )
        with self.says("not published"), self.env.cr.savepoint():
            type(self).register.__func__(
                self, self.here(self.minor), self.here(self.later)
            )
        with self.says("not published"):
            self.prepare()

    def test_what_a_convention_says_does_not_move(self):
        self.start()
        slot = self.as_user(self.slot, self.host_office)
        with self.says("names this slot"), self.env.cr.savepoint():
            slot.date_start = slot.date_start.replace(hour=1)
        with self.says("circulate"), self.env.cr.savepoint():
            slot.offer_id.place = "Ailleurs"
        emma = self.here(self.emma)
        with self.says("list of a convention"), self.env.cr.savepoint():
            emma.slot_id = self.here(self.later)
        with self.says("list of a convention"), self.env.cr.savepoint():
            emma.unlink()

    def test_collective_offers_have_no_convention(self):
        """B001, B002."""
        offer = type(self).new_offer.__func__(self, kind="collective")
        offer.action_publish()
        with self.says("collective offer"):
            self.prepare(offer)
        kinds = dict(offer._fields["kind"]._description_selection(self.env))
        self.assertEqual(set(kinds), {"immersion", "workshop", "collective"})

    def test_nobody_with_agreement(self):
        self.here(self.emma).action_withdraw()
        self.here(self.hugo).action_cancel()
        agreement = self.prepare()
        with self.says("empty list"):
            agreement.action_start_electronic()
        self.assertEqual(agreement.state, "draft")

    def test_own_pupils_are_not_visitors(self):
        student = self.env["campus.student"].create(
            {"name": "DE LA MAISON", "company_id": self.host.id}
        )
        with self.says("host establishment"), self.env.cr.savepoint():
            type(self).register.__func__(
                self, student, self.here(self.slot), self.host_office
            )

    def test_same_convention_is_prepared_once(self):
        self.assertEqual(self.prepare(), self.prepare())

    def test_paper_in_the_future(self):
        with self.says("future"), self.env.cr.savepoint():
            self.here(self.emma).parental_date = "2999-01-01"

    def test_started_twice(self):
        agreement = self.start()
        with self.assertRaises(UserError), self.env.cr.savepoint():
            agreement.action_start_electronic()
