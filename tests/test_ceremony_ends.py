# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Acts start from what is committed; the cursor is the test's own.
# pylint: disable=invalid-commit
from datetime import timedelta

from odoo import fields
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from ..models.actor import Actor
from .test_ceremony_http import SignHttpCase


@tagged("post_install", "-at_install")
class TestCeremonyEnds(SignHttpCase):
    """Documents that end otherwise than by a signature."""

    @mute_logger("odoo.http")
    def test_several_are_refused_in_one_act(self):
        """Given three documents of which one is not his, when they are refused, then
        each has its result; asking again after a lost answer writes nothing more."""
        first = self.enter()
        with self.acting():
            request = self.send(self.new_internship(self.here(self.adult)))
            second = self.line(request, "tutor").id
        body = {"signer_ids": [first, 10**9, second, first], "reason": "Dates fausses"}
        for _time in range(2):
            results = self.post("refuse_all", body).json()["results"]
            self.assertEqual(
                [(one["signer_id"], one["ok"], one["code"]) for one in results],
                [
                    (first, True, "refused"),
                    (10**9, False, "not_found"),
                    (second, True, "refused"),
                ],
            )
        with self.acting():
            lines = self.env["campus.sign.signer"].sudo().browse([first, second])
            self.assertEqual(lines.mapped("refuse_reason"), ["Dates fausses"] * 2)
            for request in lines.request_id:
                self.assertEqual(self.events(request).count("refused"), 1)
        self.assertRefused(self.post("refuse_all", {**body, "reason": " "}), 422)
        self.assertRefused(self.post("refuse_all", {**body, "signer_ids": []}), 400)

    @mute_logger("odoo.http")
    def test_a_link_says_what_became_of_its_document(self):
        """Given a link of an older mail, when its document has ended, then the page
        names the document and the reason, and the file stays shut."""
        line_id = self.enter()
        with self.acting():
            line = self.env["campus.sign.signer"].sudo().browse(line_id)
            later = line.request_id.deadline + timedelta(days=2)
            # The deadline has passed, no scheduled action has run yet.
            with freeze_time(later):
                [document] = self.ceremony._overview(self.actor(line))["documents"]
            self.assertEqual(document["state"], "closed")
            self.assertIn("deadline", document["state_label"])
            line.request_id.with_user(self.here(self.office))._act_cancel("Erreur")
        [document] = self.post("overview").json()["documents"]
        self.assertEqual(document["state"], "closed")
        self.assertIn("annulé", document["state_label"])
        self.assertRefused(self.url_open(f"/sign/file/{line_id}"), 409, "closed")
        with self.acting():
            line = self.env["campus.sign.signer"].sudo().browse(line_id)
            with freeze_time(fields.Datetime.now() + timedelta(days=40)):
                actor = self.actor(line)
                self.assertEqual(len(self.ceremony._overview(actor)["documents"]), 1)
            with freeze_time(fields.Datetime.now() + timedelta(days=46)):
                actor = Actor(line.partner_id, "link", "", "", address=line.email)
                self.assertFalse(self.ceremony._overview(actor)["documents"])
