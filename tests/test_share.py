# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Acts start from what is committed; the cursor is the test's own.
# pylint: disable=invalid-commit
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_sign import SignCase


@tagged("post_install", "-at_install")
class TestShare(SignCase):
    """« Partager les documents » (A111, A129, decision 15)."""

    def share(self, request, audiences=(), others=None, published=True):
        record = request.with_user(self.here(self.office)).sudo(False)
        record._act_share(set(audiences), others or self.env["res.partner"], published)

    def owners(self, request):
        return request.locker_ids.filtered("published").partner_id

    def test_out_of_a_locker_and_in_again(self):
        request = self.archive()
        student = self.here(self.minor).partner_id
        self.assertIn(student, self.owners(request))
        self.share(request, ["student"], published=False)
        self.assertNotIn(student, self.owners(request))
        self.assertIsNone(
            self.env["campus.locker.document"]
            .sudo()
            ._open(
                student,
                request.locker_ids.filtered(lambda one: one.partner_id == student).id,
            )
        )
        self.share(request, ["student"])
        self.assertIn(student, self.owners(request))
        self.assertEqual(self.events(request)[-2:], ["withdrawn", "published"])
        self.assertEqual(request.shared_mark, "🌐")

    def test_further_persons_chosen_by_the_office(self):
        request = self.archive()
        friend = self.env["res.partner"].create({"name": "Inspection"})
        self.env.cr.commit()
        self.share(request, others=friend)
        locker = request.locker_ids.filtered(lambda one: one.partner_id == friend)
        self.assertEqual(locker.reason, "office")
        self.assertIn("Inspection", request._steps()[-1]["detail"])

    def test_only_what_is_final_and_only_when_something_changes(self):
        open_one = self.send(self.new_internship(self.here(self.adult)))
        with self.refuses("not_final", 409):
            self.share(open_one, ["student"])
        request = self.archive()
        with self.refuses("unchanged", 409):
            self.share(request, ["signer"])

    def test_the_right_is_that_of_sending(self):
        request = self.archive()
        follower = request.with_user(self.here(self.follower)).sudo(False)
        with self.refuses("no_right", 403):
            follower._act_share({"student"}, self.env["res.partner"], False)

    def test_the_window_publishes_many_and_says_what_it_left(self):
        request = self.archive()
        open_one = self.send(self.new_internship(self.here(self.adult)))
        wizard = self.env["campus.sign.share"].with_user(self.here(self.office))
        wizard = wizard.create(
            {
                "request_ids": (request | open_one).ids,
                "operation": "withdraw",
                "to_signers": True,
            }
        )
        self.env.cr.commit()
        self.assertEqual((wizard.final_count, wizard.skipped_count), (1, 1))
        action = wizard.action_share()
        shown = self.env["campus.sign.outcome"].browse(action["res_id"])
        self.assertEqual(shown.summary, "1 document(s) withdrawn.")
        self.assertEqual(
            shown.refusals,
            [
                {
                    "name": open_one.name,
                    "reason": "Only a finalised document can be shared.",
                }
            ],
        )
        signers = request.signer_ids.partner_id
        self.assertFalse(self.owners(request) & signers)
        self.assertEqual(self.events(request)[-1], "withdrawn")
        empty = wizard.create({"request_ids": request.ids})
        with self.assertRaises(UserError):
            empty.action_share()
