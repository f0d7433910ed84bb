# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Acts start from what is committed; the cursor is the test's own.
# pylint: disable=invalid-commit
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..models.ceremony_errors import CeremonyError
from .common_sign import SignCase


@tagged("post_install", "-at_install")
class TestOfficeSend(SignCase):
    """« Aperçu avant envoi », then the sending (A056-A081)."""

    def setUp(self):
        super().setUp()
        self.ready = self.here(self.internship)
        self.incomplete = self.new_internship(self.here(self.adult), tutor_id=False)
        self.env.cr.commit()

    def window(self, records, user=None, **context):
        """Open the window as the list's button does."""
        records = records.with_user(user or self.here(self.office))
        action = records.action_send_for_signature()
        context = {**action["context"], **context}
        model = records.env["campus.sign.send"].with_context(**context)
        return Form(model, "campus_sign.campus_sign_send_view_form")

    def row(self, wizard, record):
        return next(row for row in wizard.table["rows"] if row["id"] == record.id)

    def test_ready_rows_are_ticked_and_incomplete_ones_say_why(self):
        """A067, A068, A073."""
        wizard = self.window(self.ready | self.incomplete).save()
        self.assertEqual(wizard.template_id, self.here(self.template))
        self.assertEqual(wizard.ticked_ids, self.ready.ids)
        self.assertTrue(self.row(wizard, self.ready)["ready"])
        row = self.row(wizard, self.incomplete)
        self.assertFalse(row["ready"])
        tutor = self.env.ref("campus_sign.role_tutor")
        [person] = row["cells"][f"mandatory-{tutor.id}"]
        self.assertEqual(person["name"], "")
        self.assertTrue(person["issues"][0]["blocking"])

    def test_orange_does_not_block(self):
        """A070, A071."""
        wizard = self.window(self.ready).save()
        cells = self.row(wizard, self.ready)["cells"].values()
        issues = [i for cell in cells for person in cell for i in person["issues"]]
        self.assertTrue(issues, "phone numbers are missing")
        self.assertFalse([issue for issue in issues if issue["blocking"]])

    def test_columns_are_grouped_by_modality_and_the_finaliser_comes_last(self):
        """A063-A065."""
        line = self.here(self.template).signer_ids.filtered(
            lambda s: s.role_code == "tutor"
        )
        line.mandatory = False
        wizard = self.window(self.ready | self.incomplete).save()
        groups = [column["group"] for column in wizard.table["columns"]]
        self.assertEqual(groups, ["mandatory"] * 4 + ["optional", "finaliser"])
        last = wizard.table["columns"][-1]["key"]
        [person] = self.row(wizard, self.ready)["cells"][last]
        self.assertEqual(person["name"], "Hélène PROVISEUR")

    def test_only_eligible_templates_of_the_screen_are_offered(self):
        """A059."""
        other = self.here(self.template).copy({"sharing": "none"})
        wizard = self.window(self.ready).save()
        self.assertEqual(wizard._eligible_templates(), self.here(self.template))
        self.assertEqual(wizard.template_count, 1)
        with self.assertRaises(CeremonyError):
            wizard.template_id = other
            wizard.ticked_ids = self.ready.ids
            wizard.action_send()

    def test_another_template_computes_the_rows_again(self):
        office = self.here(self.office)
        first = self.here(self.template).with_user(office)
        other = first.copy({"body": "<p>Texte</p>"})
        other.signer_ids.filtered(lambda s: s.role_code == "tutor").unlink()
        with self.window(self.incomplete) as window:
            window.template_id = first
            self.assertFalse(window.ticked_ids)
            window.template_id = other
            self.assertEqual(window.ticked_ids, self.incomplete.ids)

    def test_without_eligible_template_nothing_is_shown(self):
        self.here(self.template).sharing = "none"
        wizard = self.window(self.ready).save()
        self.assertFalse(wizard.template_count)
        self.assertFalse(wizard.table["rows"])
        with self.assertRaises(UserError):
            wizard.action_send()

    def test_send_the_ticked_documents(self):
        """A078, A080, A081."""
        wizard = self.window(self.ready | self.incomplete).save()
        action = wizard.action_send()
        self.assertEqual((wizard.state, wizard.sent_count), ("done", 1))
        self.assertEqual(action["res_id"], wizard.id)
        request = self.ready.request_ids
        self.assertEqual(request.state, "queued")
        self.assertEqual(request.sender_id, self.here(self.office))
        self.assertFalse(self.incomplete.request_ids)
        with self.assertRaises(UserError):
            wizard.action_send()
        self.assertEqual(len(self.ready.request_ids), 1)

    def test_ticks_of_the_browser_are_not_believed(self):
        """An RPC caller ticks what is incomplete or was never in the window."""
        wizard = self.window(self.incomplete).save()
        wizard.ticked_ids = self.incomplete.ids
        with self.assertRaises(CeremonyError):
            wizard.action_send()
        wizard.ticked_ids = [*self.ready.ids, "1", None]
        with self.assertRaises(UserError):
            wizard.action_send()
        self.assertFalse(self.ready.request_ids)

    def test_any_other_model_is_refused(self):
        for model in ("res.company", "res.users", "campus.signable", "nothing"):
            with self.subTest(model=model), self.assertRaises(UserError):
                wizards = self.env["campus.sign.send"].with_user(self.here(self.office))
                wizards.create({"res_model": model, "res_ids": [1]}).read(["table"])

    def test_price_is_shown_unless_zero(self):
        """Decision 12."""
        self.assertIn("0.80", self.window(self.ready).save().table["price"])
        self.ready.company_id.sign_unit_price = 0
        self.assertEqual(self.window(self.ready).save().table["price"], "")

    def test_a_follower_cannot_send(self):
        """A012: right 3 follows, no more."""
        follower = self.here(self.follower)
        with self.assertRaises(AccessError):
            self.env["campus.sign.send"].with_user(follower).create(
                {"res_model": self.ready._name, "res_ids": self.ready.ids}
            )
        wizard = self.window(self.ready).save()
        with self.assertRaises(CeremonyError):
            wizard.with_user(follower).sudo(False).action_send()
