# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Acts start from what is committed; the cursor is the test's own.
# pylint: disable=invalid-commit
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..models.ceremony_errors import CeremonyError
from ..wizards.send_rows import Rows
from .common_sign import SignCase


@tagged("post_install", "-at_install")
class TestOfficeSend(SignCase):
    """« Aperçu avant envoi », then the sending (A056-A081)."""

    def setUp(self):
        super().setUp()
        self.ready = self.here(self.internship)
        self.incomplete = self.new_internship(self.here(self.adult), tutor_id=False)
        self.env.cr.commit()

    def window(self, records, **values):
        """Ask what the list's button makes the window ask; return its answer."""
        records = records.with_user(self.here(self.office))
        context = records.action_send_for_signature()["context"]
        self.values = {
            "res_model": context["default_res_model"],
            "res_ids": context["default_res_ids"],
            **values,
        }
        self.wizards = records.env["campus.sign.send"]
        return self.wizards.check(self.values)

    def submit(self, table, ids, **values):
        """Send what the window shows, as its button does."""
        marks = {str(row["id"]): row["mark"] for row in table["rows"]}
        self.values |= {"template_id": table["template_id"], "ticked_ids": ids}
        return self.wizards.submit({**self.values, **values}, marks)

    def test_another_worker_recognises_what_this_one_showed(self):
        """The order in which the tags were read is no change of the document."""
        template = self.here(self.template)
        [check] = template._check(self.ready)
        rows = Rows(template)
        mark = rows.mark(check)
        check.values = dict(reversed(check.values.items()))
        self.assertEqual(rows.mark(check), mark)
        check.values["student.name"] = "Quelqu'un d'autre"
        self.assertNotEqual(rows.mark(check), mark)

    def wizard(self, records, **values):
        """Create the wizard as another program does."""
        records = records.with_user(self.here(self.office))
        context = records.action_send_for_signature()["context"]
        return records.env["campus.sign.send"].with_context(**context).create(values)

    def sending(self, answer):
        return self.env["campus.sign.sending"].browse(answer["action"]["res_id"])

    def row(self, table, record):
        return next(row for row in table["rows"] if row["id"] == record.id)

    def test_ready_rows_are_ticked_and_incomplete_ones_say_why(self):
        """A062, A067, A068, A073: and each cause leads to the record to correct."""
        table = self.window(self.ready | self.incomplete)
        self.assertEqual(table["template_id"], self.template.id)
        row = self.row(table, self.ready)
        self.assertTrue(row["ready"])
        self.assertEqual(
            (row["contact"], row["student"], row["promotion"]),
            ("Kevin ROUX", "MARTIN Emma", "Terminale MELEC"),
        )
        self.assertIn("Électricité Vergne", row["record"])
        row = self.row(table, self.incomplete)
        self.assertFalse(row["ready"])
        tutor = self.env.ref("campus_sign.role_tutor")
        [person] = row["cells"][f"mandatory-{tutor.id}"]
        [issue] = person["issues"]
        self.assertEqual((person["name"], issue["blocking"]), ("", True))
        self.assertEqual(
            (issue["target"]["model"], issue["target"]["id"]),
            ("campus.internship", self.incomplete.id),
        )
        wizard = self.wizard(self.ready | self.incomplete)
        self.assertEqual(wizard.ticked_ids, self.ready.ids)

    def test_orange_does_not_block(self):
        """A070-A072: phone, a portal never opened, an address that bounces."""
        self.here(self.tutor).message_bounce = 2
        self.env["mail.blacklist"].create({"email": self.company_head.email})
        row = self.row(self.window(self.ready), self.ready)
        self.assertTrue(row["ready"])
        said = {
            person["name"]: [issue["message"] for issue in person["issues"]]
            for cell in row["cells"].values()
            for person in cell
        }
        self.assertIn("The phone number is missing", said["MARTIN Emma"])
        never = "This person has never connected to the portal"
        self.assertIn(never, said["MARTIN Emma"])
        self.assertNotIn(never, said["MARTIN Laurence"], "told by mail: no account")
        for name in ("Kevin ROUX", "Bernard VERGNE"):
            self.assertTrue([m for m in said[name] if "come back" in m], name)

    def test_somebody_who_connected_is_not_orange(self):
        portal = self.here(self.portal)
        self.env["res.users.log"].with_user(portal).sudo().create({})
        row = self.row(self.window(self.ready), self.ready)
        messages = [
            issue["message"] for issue in row["cells"][self.key("student")][0]["issues"]
        ]
        self.assertEqual(messages, ["The phone number is missing"])

    def key(self, role, group="mandatory"):
        return f"{group}-{self.env.ref(f'campus_sign.role_{role}').id}"

    def test_columns_are_grouped_by_modality_and_the_finaliser_comes_last(self):
        """A063-A065."""
        self.tutor_line().mandatory = False
        table = self.window(self.ready | self.incomplete)
        groups = [column["group"] for column in table["columns"]]
        self.assertEqual(groups, ["mandatory"] * 4 + ["optional", "finaliser"])

    def tutor_line(self):
        lines = self.here(self.template).signer_ids
        return lines.filtered(lambda line: line.role_code == "tutor")

    def test_a_role_made_optional_makes_the_row_ready(self):
        """A076: « Incomplet » becomes « Prêt à envoyer », « ? » under optional."""
        self.incomplete.company_head_id = self.company_head.id
        table = self.window(self.incomplete)
        self.assertFalse(table["rows"][0]["ready"])
        self.tutor_line().mandatory = False
        [row] = self.window(self.incomplete)["rows"]
        self.assertTrue(row["ready"])
        [person] = row["cells"][self.key("tutor", "optional")]
        self.assertEqual(person["name"], "")
        self.assertFalse(person["issues"][0]["blocking"])

    def test_only_eligible_templates_of_the_screen_are_offered(self):
        """A021, A026, A059; a print takes any template of the screen (A058)."""
        other = self.here(self.template).copy({"name": "Brouillon", "sharing": "none"})
        table = self.window(self.ready)
        self.assertEqual([one["id"] for one in table["templates"]], self.template.ids)
        answer = self.submit(table, self.ready.ids, template_id=other.id)
        self.assertIn("not eligible", answer["changed"])
        self.assertFalse(self.ready.request_ids)
        printed = self.window(self.ready, output="pdf")
        self.assertIn(other.id, [one["id"] for one in printed["templates"]])

    def test_another_template_computes_the_rows_again(self):
        office = self.here(self.office)
        first = self.here(self.template).with_user(office)
        other = first.copy({"body": "<p>Texte</p>"})
        other.signer_ids.filtered(lambda s: s.role_code == "tutor").unlink()
        for template, ready in ((first, False), (other, True)):
            table = self.window(self.incomplete, template_id=template.id)
            self.assertIs(table["rows"][0]["ready"], ready)

    def test_without_eligible_template_nothing_is_shown(self):
        self.here(self.template).sharing = "none"
        table = self.window(self.ready)
        self.assertFalse(table["templates"] or table["rows"] or table["template_id"])
        with self.assertRaises(UserError):
            self.wizard(self.ready).action_send()

    def test_send_the_ticked_documents(self):
        """A078, A080, A081: at once in the list, as « Envoi en cours »."""
        table = self.window(self.ready | self.incomplete)
        sending = self.sending(self.submit(table, self.ready.ids))
        self.assertEqual(sending.result_text, "1 sending taken over by the server")
        request = self.ready.request_ids
        self.assertEqual((request.state, request.sending_id), ("queued", sending))
        self.assertEqual(request.sender_id, self.here(self.office))
        self.assertFalse(self.incomplete.request_ids)
        self.assertEqual((sending.count, sending.left_count), (1, 1))
        again = self.submit(table, self.ready.ids)
        self.assertEqual(again["ids"], self.ready.ids, "already in circulation")
        self.assertEqual(len(self.ready.request_ids), 1)

    def test_what_changed_since_the_check_is_shown_not_sent(self):
        """A record, a person, the template: nothing leaves unseen."""
        for change in (
            lambda: self.ready.write({"subject": "Autre sujet"}),
            lambda: self.here(self.tutor).write({"email": "other@example.org"}),
            lambda: self.here(self.template).write({"footer_text": "Nouveau"}),
            lambda: self.tutor_line().write({"mandatory": False}),
        ):
            table = self.window(self.ready)
            change()
            answer = self.submit(table, self.ready.ids)
            self.assertEqual(answer["ids"], self.ready.ids)
            self.assertFalse(self.ready.request_ids)
        gone = self.window(self.ready | self.incomplete)
        self.incomplete.unlink()
        answer = self.submit(gone, (self.ready | self.incomplete).ids)
        self.assertEqual(answer["ids"], self.incomplete.ids)
        self.assertFalse(self.ready.request_ids)
        self.here(self.template).active = False
        self.assertIn("archived", self.submit(gone, self.ready.ids)["changed"])

    def test_a_template_deleted_between_check_and_send(self):
        """Nothing leaves, whatever the output; the window then offers the others."""
        for output in ("signature", "pdf", "mail"):
            template = self.small_template("tutor", "establishment")
            table = self.window(self.ready, output=output, template_id=template.id)
            self.assertEqual(table["template_id"], template.id)
            template.unlink()
            self.env.cr.commit()
            answer = self.submit(table, self.ready.ids)
            self.assertIn("deleted", answer["changed"])
            self.assertEqual(answer["ids"], [])
            again = self.wizards.check(self.values)
            self.assertEqual(again["template_id"], self.template.id)
        self.assertFalse(self.ready.request_ids)
        self.assertFalse(self.env["campus.sign.sending"].search([]))

    def test_the_sender_chooses_the_finaliser(self):
        """A065, decision 7: establishment, promotion's head, then the choice."""
        deputy = self.create_deputy("deputy", ["sign"])
        other = self.create_deputy("other", ["follow"])
        table = self.window(self.ready)
        named = {user["id"] for user in table["finalisers"]}
        self.assertIn(deputy.id, named)
        self.assertNotIn(other.id, named)
        key = self.key("establishment", "finaliser")
        self.assertEqual(table["rows"][0]["cells"][key][0]["user"], self.head.id)
        self.ready.promotion_id.head_id = deputy
        table = self.window(self.ready)
        self.assertEqual(table["rows"][0]["cells"][key][0]["user"], deputy.id)
        chosen = {str(self.ready.id): self.head.id}
        table = self.window(self.ready, finalisers=chosen)
        self.assertEqual(table["rows"][0]["cells"][key][0]["user"], self.head.id)
        refused = self.window(self.ready, finalisers={str(self.ready.id): other.id})
        self.assertFalse(refused["rows"][0]["ready"], "he may not sign")
        self.assertTrue(self.submit(refused, self.ready.ids)["ids"])
        table = self.window(self.ready, finalisers=chosen)
        self.submit(table, self.ready.ids)
        line = self.line(self.ready.request_ids, "establishment")
        self.assertEqual(line.user_id, self.here(self.head))

    def create_deputy(self, login, groups):
        user = self.here(type(self).create_user.__func__(self, login, groups))
        user.partner_id.email = f"{login}@tilleuls.example.org"
        return user

    def test_ticks_of_the_browser_are_not_believed(self):
        """An RPC caller ticks what is incomplete or was never in the window."""
        wizard = self.wizard(self.incomplete)
        wizard.ticked_ids = self.incomplete.ids
        with self.assertRaises(CeremonyError):
            wizard.action_send()
        wizard.ticked_ids = [*self.ready.ids, "1", None]
        with self.assertRaises(UserError):
            wizard.action_send()
        table = self.window(self.incomplete)
        for ticked in (self.incomplete.ids, [0], [*self.incomplete.ids, self.ready.id]):
            self.assertTrue(self.submit_any(table, ticked))
        self.assertFalse(self.ready.request_ids | self.incomplete.request_ids)

    def submit_any(self, table, ticked):
        """Tell whether the server refused, with a sentence or changed rows."""
        try:
            return self.submit(table, ticked).get("ids")
        except UserError as error:
            return str(error)

    def test_questions_that_make_no_sense_get_a_sentence(self):
        wizards = self.env["campus.sign.send"].with_user(self.here(self.office))
        good = {"res_model": self.ready._name, "res_ids": self.ready.ids}
        for values in (
            None,
            {},
            {**good, "output": "paper"},
            {**good, "template_id": "1"},
            {**good, "res_model": "res.company"},
        ):
            with self.subTest(values=values), self.assertRaises(UserError):
                wizards.check(values)
        for odd in ({"finalisers": [1]}, {"finalisers": {"x": "y"}}, {"res_ids": "no"}):
            self.assertIn("rows", wizards.check({**good, **odd}))

    def test_any_other_model_is_refused(self):
        for model in ("res.company", "res.users", "campus.signable", "nothing"):
            with self.subTest(model=model), self.assertRaises(UserError):
                wizards = self.env["campus.sign.send"].with_user(self.here(self.office))
                wizards.create({"res_model": model, "res_ids": [1]}).read(["table"])

    def test_price_is_shown_unless_zero(self):
        """Decision 12."""
        self.assertIn("0.80", self.window(self.ready)["price"])
        self.ready.company_id.sign_unit_price = 0
        self.assertEqual(self.window(self.ready)["price"], "")

    def test_a_follower_cannot_send(self):
        """A012: right 3 follows, no more."""
        follower = self.here(self.follower)
        values = {"res_model": self.ready._name, "res_ids": self.ready.ids}
        wizards = self.env["campus.sign.send"].with_user(follower)
        with self.assertRaises(AccessError):
            wizards.create(values)
        for ask in (lambda: wizards.check(values), lambda: wizards.submit(values, {})):
            with self.assertRaises(CeremonyError):
                ask()
        with self.assertRaises(CeremonyError):
            self.wizard(self.ready).with_user(follower).sudo(False).action_send()
