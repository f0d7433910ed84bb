# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Acts start from what is committed; the cursor is the test's own.
# pylint: disable=invalid-commit
import dataclasses
import hashlib
import json
from pathlib import Path

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..engine.evidence import check_chain, read_bundle
from ..engine.evidence.verify import verify_bundle
from ..models.campus_sign_authority import aware_now
from .common_sign import SignCase

WINDOW = ("ir.actions.client", "campus_sign.send")


@tagged("post_install", "-at_install")
class TestRestart(SignCase):
    """« Relancer un nouveau parcours » (A138, A139, A141)."""

    def cancelled(self, requests):
        """Cancel circuits as the office; return them as the office sees them."""
        mine = requests.with_user(self.here(self.office)).sudo(False)
        mine._act_cancel("Les dates ont changé")
        return mine

    def restart(self, requests, **changes):
        """Click the button, then send all that the window shows."""
        action = requests.action_restart()
        self.assertEqual((action["type"], action["tag"]), WINDOW)
        context = action["context"]
        names = ("res_model", "res_ids", "template_id", "finalisers", "restart_ids")
        values = {name: context[f"default_{name}"] for name in names} | changes
        wizards = self.env["campus.sign.send"].with_user(self.here(self.office))
        table = wizards.check(values)
        marks = {str(row["id"]): row["mark"] for row in table["rows"]}
        ticked = [row["id"] for row in table["rows"]]
        self.assertEqual(ticked, values["res_ids"])
        values |= {"template_id": table["template_id"], "ticked_ids": ticked}
        answer = wizards.submit(values, marks)
        self.assertIn("action", answer)
        self.env.cr.commit()
        return values

    def test_new_circuit_linked_to_the_old_one(self):
        old = self.send(template=self.small_template("tutor", "establishment"))
        self.sign(self.line(old, "tutor"))
        with self.assertRaises(UserError):
            old.with_user(self.here(self.office)).sudo(False).action_restart()
        values = self.restart(self.cancelled(old))
        self.assertEqual(values["template_id"], old.template_id.id)
        new = old.next_ids
        self.assertEqual((new.previous_id, len(new)), (old, 1))
        new._process_queued()
        self.assertEqual(new.state, "waiting")
        self.assertEqual(set(new.signer_ids.mapped("status")), {"pending"})
        self.assertEqual(old.state, "cancelled")

    def test_several_at_once_with_whom_was_chosen(self):
        """Each new circuit names the one restarted, even under another template;
        who was chosen to finalise is chosen again, unless he lost the right.
        """
        deputy = self.here(type(self).create_user.__func__(self, "deputy", ["sign"]))
        deputy.partner_id.email = "deputy@tilleuls.example.org"
        first = self.here(self.internship)
        second = self.new_internship(self.here(self.adult))
        template = self.small_template("tutor", "establishment")
        chosen = {first.id: deputy, second.id: deputy}
        office = self.here(self.office)
        old = template.with_user(office)._send(
            (first | second).with_user(office), chosen
        )
        self.env.cr.commit()
        older = old.sudo()
        self.restart(self.cancelled(older), template_id=self.template.id)
        new = older.next_ids
        self.assertEqual(len(new), 2)
        self.assertEqual(new.template_id.id, self.template.id)
        self.assertEqual({one.previous_id.res_id for one in new}, {*chosen})
        for one in new:
            self.assertEqual(one.previous_id.res_id, one.res_id)
            self.assertEqual(self.line(one, "establishment").user_id, deputy)
        deputy.group_ids -= self.env.ref("campus_sign.group_sign")
        self.assertEqual(self.cancelled(new)._former_finalisers(), {})

    def test_another_category_and_what_cannot_start_again(self):
        """A mission; then a document that failed, or whose record is gone."""
        template = self.here(self.env.ref("campus_sign.template_mission_order"))
        template.sharing = "sign"
        mission = self.env["campus.mission"].create(
            {
                "agent_id": self.teacher.id,
                "company_id": self.establishment.id,
                "subject": "Salon de l'orientation",
                "destination": "Parc des expositions",
                "date_start": "2031-03-02 08:00:00",
                "date_end": "2031-03-02 17:00:00",
            }
        )
        self.env.cr.commit()
        old = self.queue(mission, template)
        self.restart(self.cancelled(old))
        new = old.next_ids
        self.assertEqual((new.res_model, new.res_id), (mission._name, mission.id))
        # A failed one is tried again, not doubled; a forged window links nothing.
        new._fail("Le sceau manque")
        mine = new.with_user(self.here(self.office)).sudo(False)
        with self.assertRaisesRegex(UserError, "cancel its circuit first"):
            mine.action_restart()
        values = {"res_model": mission._name, "restart_ids": [new.id, "1", None, 0]}
        wizards = self.env["campus.sign.send"].with_user(self.here(self.office))
        self.assertEqual(wizards._from_window(values)._restarted(), {})
        self.cancelled(new)
        mission.unlink()
        with self.assertRaisesRegex(UserError, "was deleted"):
            mine.action_restart()

    def test_one_template_at_a_time_and_the_right_to_send(self):
        one = self.send(template=self.small_template("tutor", "establishment"))
        two = self.send(
            self.new_internship(self.here(self.adult)),
            self.small_template("tutor", "establishment"),
        )
        both = (one | two).with_user(self.here(self.office)).sudo(False)
        both._act_cancel("Erreur")
        with self.assertRaisesRegex(UserError, "one template"):
            both.action_restart()
        with self.refuses("no_right"):
            one.with_user(self.here(self.follower)).action_restart()


@tagged("post_install", "-at_install")
class TestDelete(SignCase):
    """« Supprimer les documents »: the content goes, the evidence stays (A111)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = cls.create_user("campus-admin", ["admin"])

    def small(self, **values):
        internship = self.new_internship(self.here(self.minor), **values)
        return self.send(internship, self.small_template("tutor", "establishment"))

    def wizard(self, requests, user, **values):
        wizard = self.env["campus.sign.delete"].with_user(self.here(user))
        wizard = wizard.create(
            {"request_ids": requests.ids, "reason": "Envoi par erreur", **values}
        )
        self.env.cr.commit()
        return wizard

    def test_open_circuits_are_never_deleted(self):
        request = self.small()
        wizard = self.wizard(request, self.admin)
        self.assertEqual((wizard.deletable_count, wizard.skipped_count), (0, 1))
        with self.assertRaises(UserError):
            wizard.action_delete_documents()
        with self.refuses("open"):
            request.with_user(self.here(self.admin)).sudo(False)._act_delete("Non")
        self.assertTrue(request._stored_file())

    def test_a_cancelled_document(self):
        request = self.small()
        office = self.here(self.office)
        mine = request.with_user(office).sudo(False)
        mine._act_cancel("Erreur")
        attachment = request.attachment_id
        self.wizard(request, self.office).action_delete_documents()
        self.assertFalse(attachment.exists())
        self.assertTrue(request.deleted_at and not request.active)
        self.assertEqual(self.events(request)[-1], "deleted")
        self.assertIn("Envoi par erreur", request.timeline)
        self.assertNotIn(mine, mine.search([]))
        self.assertIn(mine, mine.search([("active", "=", False)]))
        with self.refuses("deleted", 410):
            request._stored_file()
        self.assertTrue(mine._proof_pdf().startswith(b"%PDF"), "the log still speaks")
        with self.refuses("deleted"):
            mine._act_delete("Encore")

    def test_archived_documents_are_the_administrators(self):
        request = self.archive(self.small())
        kept = request._stored_file()
        root = request.authority_id.certificates["root_cert"]
        wizard = self.wizard(request, self.office)
        self.assertFalse(wizard.request_ids.may_delete)
        with self.assertRaises(UserError):
            wizard.action_delete_documents()
        with self.refuses("no_right", 403):
            request.with_user(self.here(self.office)).sudo(False)._act_delete("Non")
        wizard = self.wizard(request, self.admin)
        self.assertTrue(wizard.request_ids.may_delete)
        with self.assertRaisesRegex(UserError, "Type the number"):
            wizard.action_delete_documents()
        self.wizard(request, self.admin, confirmation=1).action_delete_documents()
        self.assertFalse(request.locker_ids)
        self.assertEqual(request.state, "archived")
        found = self.env["campus.sign.request"]._verify_code(request.code)
        self.assertEqual(found["state_label"], "Deleted by the establishment")
        # A copy somebody kept is still judged by the log.
        bundle = request._proof_bundle()
        self.assertTrue(verify_bundle(kept, bundle, root, aware_now()).ok)

    def test_content_is_really_gone_and_the_log_still_verifies(self):
        """No byte of any revision stays in the storage; the chain, the commitments
        and the fingerprints are checked offline without the file."""
        request = self.archive(self.small())
        attachments = self.env["ir.attachment"].sudo()
        kept, store = request._stored_file(), Path(attachments._filestore())
        digests = [
            hashlib.sha1(kept[: one["length"]]).hexdigest() for one in request.revisions
        ]
        files = [store / digest[:2] / digest for digest in digests]
        self.assertTrue(files[-1].is_file())
        code, link = request.code, self.actor(self.line(request, "tutor"))
        self.wizard(request, self.admin, confirmation=1).action_delete_documents()
        self.env.cr.commit()
        attachments._gc_file_store_unsafe()
        self.assertEqual(len(files), 4)
        self.assertFalse([path for path in files if path.exists()])
        self.assertFalse(
            attachments.search(
                [("res_model", "=", request._name), ("res_id", "=", request.id)]
            )
        )
        self.assertFalse(self.ceremony._overview(link)["archives"])
        bundle = read_bundle(json.loads(request._proof_json()))
        self.assertEqual(bundle.events[-1].kind, "deleted")
        self.assertEqual(check_chain(bundle.events, code, bundle.persons), [])
        self.assertEqual(bundle.revisions[-1]["length"], len(kept))
        broken = [*bundle.events]
        broken[2] = dataclasses.replace(broken[2], kind=broken[3].kind)
        self.assertTrue(check_chain(broken, code, bundle.persons))

    def test_who_may_not(self):
        request = self.small()
        request.with_user(self.here(self.office)).sudo(False)._act_cancel("Erreur")
        with self.refuses("no_right", 403):
            request.with_user(self.here(self.follower)).sudo(False)._act_delete("Non")
        with self.refuses("no_reason", 422):
            request.with_user(self.here(self.office)).sudo(False)._act_delete(" ")
        self.assertTrue(request.attachment_id)
