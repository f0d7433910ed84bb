# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Acts start from what is committed; the cursor is the test's own.
# pylint: disable=invalid-commit
import json
import re
from contextlib import suppress

from markupsafe import Markup
from psycopg2 import Error as DatabaseError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import file_open, mute_logger

from ..engine.evidence import check_chain
from ..models.campus_sign_event import Chain
from ..models.ceremony_errors import CeremonyError
from ..models.gate import gate, is_unlocked
from .common_sign import SignCase, pdf_text, secret


@tagged("post_install", "-at_install")
class TestFrozen(SignCase):
    """Invariant 1: what was sent cannot change by any path."""

    def setUp(self):
        super().setUp()
        self.request = self.send()

    def test_orm_writes_are_refused_even_to_the_superuser(self):
        for record, vals in (
            (self.request, {"state": "archived"}),
            (self.request, {"deadline": "2050-01-01"}),
            (self.request, {"revisions": []}),
            (self.request.signer_ids[0], {"email": "me@evil.example"}),
            (self.request.signer_ids[0], {"mandatory": False}),
            (self.request.attachment_id, {"raw": b"%PDF-evil"}),
            (self.request.attachment_id, {"res_id": 0}),
            (self.request.attachment_id, {"access_token": "open sesame"}),
        ):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                record.sudo().write(vals)

    def test_deletion_and_creation_are_refused(self):
        for record in (
            self.request,
            self.request.signer_ids[0],
            self.request.attachment_id,
        ):
            with self.subTest(record=record), self.assertRaises(UserError):
                record.sudo().unlink()
        with self.assertRaises(UserError):
            self.env["campus.sign.request"].create({"name": "Forged"})
        with self.assertRaises(UserError):
            self.env["campus.sign.signer"].create({"request_id": self.request.id})
        with self.assertRaises(UserError):
            self.request.copy()

    def test_no_rpc_context_unlocks(self):
        """The mark is an object of the process, whatever a browser sends."""
        for forged in (True, 1, "unlock", {}, []):
            env = self.env(context={"campus_sign_unlock": forged})
            self.assertFalse(is_unlocked(env))
            with self.assertRaises(UserError):
                self.request.with_env(env).write({"state": "archived"})

    def test_template_edits_leave_sent_documents_alone(self):
        before = self.request._stored_file()
        template = self.here(self.template)
        template.write({"body": "<p>Autre contenu</p>", "ordered": True})
        template.signer_ids.filtered(lambda s: s.role_code == "tutor").unlink()
        self.assertEqual(self.request._stored_file(), before)
        self.assertFalse(self.request.ordered)
        self.assertEqual(len(self.request.signer_ids), 6)

    def test_import_is_refused(self):
        result = (
            self.env["campus.sign.request"]
            .with_user(self.office)
            .load(["id", "name"], [["forged_1", "Forged"]])
        )
        self.assertFalse(result["ids"])

    def test_people_changes_leave_the_circuit_alone(self):
        line = self.line(self.request, "tutor")
        line.partner_id.write({"name": "AUTRE Nom", "email": "other@example.org"})
        self.assertEqual(line.email, "k.roux@vergne.example.com")
        self.assertEqual(line.name, "Kevin ROUX")

    def test_used_template_record_and_people_are_kept(self):
        with self.assertRaises(UserError):
            self.here(self.template).unlink()
        with self.assertRaises(DatabaseError), mute_logger("odoo.sql_db"):
            self.line(self.request, "tutor").partner_id.unlink()

    def test_altered_storage_closes_the_door(self):
        """Who can write on the server's disk is detected (invariant 3)."""
        line = self.line(self.request, "student")
        actor = self.actor(line)
        self.ceremony._record_read(actor, line.id, 1, 1)
        self.env.cr.execute(
            "UPDATE ir_attachment SET store_fname = NULL, db_datas = %s WHERE id = %s",
            [b"%PDF-1.7 another file", self.request.attachment_id.id],
        )
        self.env.cr.commit()
        self.assertEqual(self.sign(line, actor)["code"], "altered")
        self.assertEqual(line.status, "pending")

    def test_a_revision_that_does_not_extend_is_refused(self):
        """Invariant 2, at the only place that stores."""
        stored = self.request._stored_file()
        for content in (stored, b"%PDF" + stored, stored[:-1] + b"x", stored[:100]):
            with self.refuses(code="not_incremental"):
                self.request._store_revision(content, "signature", "sig-1")


@tagged("post_install", "-at_install")
class TestEvents(SignCase):
    """Invariant 6: the log is append-only and provable."""

    def test_orm_refuses_changes_to_everybody(self):
        request = self.send()
        event = request._event_context()[0].sudo()
        with self.assertRaises(UserError):
            event.write({"kind": "signed"})
        with self.assertRaises(UserError):
            event.unlink()

    @mute_logger("odoo.sql_db")
    def test_database_refuses_changes(self):
        self.send()
        for query in (
            "UPDATE campus_sign_event SET kind = 'signed'",
            "DELETE FROM campus_sign_event",
            "TRUNCATE campus_sign_event",
        ):
            with (
                self.subTest(query=query),
                self.assertRaisesRegex(DatabaseError, "append-only"),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(query)

    def test_two_events_cannot_share_a_place(self):
        request = self.send()
        first, second = Chain(request), Chain(request)
        first.append("downloaded")
        second.append("downloaded")
        first.store()
        with (
            self.assertRaises(DatabaseError),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            second.store()

    def test_forgetting_a_person_keeps_the_chain(self):
        request = self.archive()
        self.env["campus.sign.event.person"].search(
            [("request_ref", "=", request.id)]
        ).unlink()
        events = [event._to_engine() for event in request._event_context()]
        self.assertFalse(check_chain(events, request.code, {}))
        text = json.dumps([event.to_dict() for event in events])
        for personal in ("MARTIN", "example.org", "192.0.2.1"):
            self.assertNotIn(personal, text, "no personal data in the chain itself")

    def test_an_altered_log_is_seen_by_the_verification(self):
        request = self.archive()
        content = request._stored_file()
        good = self.env["campus.sign.request"]._verify_upload(content)
        self.assertTrue(good["ok"] and good["unchanged"] and good["long_term"])
        self.env.cr.execute(
            "ALTER TABLE campus_sign_event DISABLE TRIGGER campus_sign_event_no_change"
        )
        self.env.cr.execute(
            "UPDATE campus_sign_event SET time = replace(time, '2', '3') "
            "WHERE request_ref = %s AND kind = 'consented'",
            [request.id],
        )
        self.env.invalidate_all()
        bad = self.env["campus.sign.request"]._verify_upload(content)
        self.assertFalse(bad["ok"])


@tagged("post_install", "-at_install")
class TestWhoSigns(SignCase):
    """Invariants 3, 5, 9 and 11."""

    def setUp(self):
        super().setUp()
        self.request = self.send()

    def refused(self, signer, actor):
        if not signer.read_at:
            with suppress(CeremonyError):
                self.ceremony._record_read(actor, signer.id, 1, 1)
        [result] = self.ceremony._sign(actor, [signer.id], self.consents, self.visual())
        self.assertFalse(result["ok"])
        self.assertEqual(signer.status, "pending")
        return result["code"]

    def test_nobody_signs_in_anothers_place(self):
        tutor = self.line(self.request, "tutor")
        student = self.actor(self.line(self.request, "student"))
        self.assertEqual(self.refused(tutor, student), "not_found")
        for user in (self.office, self.head, self.env.ref("base.user_admin")):
            actor = self.ceremony._actor_from_user(self.here(user), "", "")
            self.assertEqual(self.refused(tutor, actor), "not_found")

    def test_guards_hold_on_the_act_itself(self):
        tutor = self.line(self.request, "tutor")
        actor = self.actor(self.line(self.request, "student"))
        with self.refuses(code="not_yours"):
            self.request._act_sign(tutor, actor, None, [])

    def test_an_account_signs_its_own_line(self):
        actor = self.ceremony._actor_from_user(self.here(self.portal), "", "")
        self.assertTrue(self.sign(self.line(self.request, "student"), actor)["ok"])

    def test_links(self):
        line = self.line(self.request, "tutor")
        link = self.request._link_of(line)
        token = link._mint()
        self.env.cr.commit()
        open_link = self.ceremony._open_link
        self.assertEqual(open_link(token, "", "").partner, line.partner_id)
        self.assertNotIn(token, json.dumps(link.read(), default=str))
        almost = token[:-1] + ("A" if token[-1] != "A" else "E")
        for wrong in ("", "x" * 43, almost, None, 5, "é" * 40):
            with self.refuses(status=404):
                open_link(wrong, "198.51.100.7", "")
        link.revoked_at = "2020-01-01"
        with self.refuses(status=410):
            open_link(token, "", "")
        expired = self.request._link_of(line)
        expired.expires_at = "2020-01-01"
        with self.refuses(status=410):
            open_link(expired._mint(), "", "")

    def test_guessing_is_slowed(self):
        for _try in range(20):
            with self.refuses():
                self.ceremony._open_link("x" * 43, "203.0.113.9", "")
        with self.refuses(status=429):
            self.ceremony._open_link("y" * 43, "203.0.113.9", "")

    def test_a_link_opens_only_the_address_it_was_sent_to(self):
        line = self.line(self.request, "tutor")
        old = self.actor(line)
        line.partner_id.email = "new@vergne.example.com"
        other = self.send(self.new_internship(self.adult))
        self.assertEqual(self.refused(self.line(other, "tutor"), old), "not_found")

    def test_the_establishment_signs_last_with_right_and_account(self):
        """Invariant 11 and right 2 (A011), looked at on the act."""
        last = self.line(self.request, "establishment")
        head = self.actor(last)
        self.assertEqual(self.refused(last, head), "not_your_turn")
        self.sign_all(self.request, but=["establishment"])
        link = self.request._link_of(last)
        token = link._mint()
        self.env.cr.commit()
        by_link = self.ceremony._open_link(token, "", "")
        self.assertEqual(self.refused(last, by_link), "not_found")
        self.here(self.head).group_ids -= self.env.ref("campus_sign.group_sign")
        self.env.cr.commit()
        self.assertEqual(self.refused(last, head), "not_found")
        self.here(self.head).group_ids |= self.env.ref("campus_sign.group_sign")
        self.env.cr.commit()
        self.assertTrue(self.sign(last, head)["ok"])

    def test_double_submit_signs_once(self):
        """Invariant 7."""
        line = self.line(self.request, "tutor")
        actor = self.actor(line)
        self.assertTrue(self.sign(line, actor)["ok"])
        length = self.request.revisions[-1]["length"]
        self.assertEqual(self.sign(line, actor)["code"], "already_signed")
        self.assertEqual(self.request.revisions[-1]["length"], length)

    def test_the_document_must_be_read(self):
        line = self.line(self.request, "tutor")
        actor = self.actor(line)
        [result] = self.ceremony._sign(actor, [line.id], self.consents, self.visual())
        self.assertEqual(result["code"], "not_read")

    def test_consents_are_those_in_force(self):
        line = self.line(self.request, "tutor")
        actor = self.actor(line)
        self.ceremony._record_read(actor, line.id, 1, 1)
        for consents in ({}, None, {"terms": "1"}, {**self.consents, "terms": "0"}):
            with self.refuses(code="consent"):
                self.ceremony._sign(actor, [line.id], consents, self.visual())

    def test_closed_circuits_accept_nothing(self):
        line = self.line(self.request, "tutor")
        actor = self.actor(line)
        self.ceremony._record_read(actor, line.id, 1, 1)
        self.request.with_user(self.office)._act_cancel("Erreur de dates")
        self.assertEqual(self.request.state, "cancelled")
        self.assertEqual(self.sign(line, actor)["code"], "closed")
        with self.refuses():
            self.ceremony._refuse(actor, line.id, "trop tard")

    def test_refusals(self):
        """Decision 3."""
        line = self.line(self.request, "tutor")
        actor = self.actor(line)
        with self.refuses():
            self.ceremony._refuse(actor, line.id, "  ")
        self.sign(self.line(self.request, "student"))
        self.ceremony._refuse(actor, line.id, "Les dates sont fausses <script>")
        self.assertEqual((self.request.state, line.status), ("refused", "refused"))
        self.tell()
        mails = self.env["mail.mail"].search([("email_to", "like", "emma.martin")])
        self.assertIn("&lt;script&gt;", mails[0].body_html)
        self.assertEqual(self.request.activity_ids.user_id, self.here(self.office))
        self.assertIn("&lt;script&gt;", self.request.activity_ids.note)

    def test_replacing_a_person(self):
        """One of the three logged acts of the office."""
        line = self.line(self.request, "tutor")
        old = self.actor(line)
        new = self.env["res.partner"].create(
            {"name": "Sofia NGUYEN", "email": "sofia@vergne.example.com"}
        )
        self.env.cr.commit()
        office = self.request.with_user(self.office)
        office._act_replace(line.with_user(self.office), new)
        self.assertEqual((line.name, line.email), (new.name, new.email))
        self.assertEqual(self.refused(line, old), "not_found")
        self.assertTrue(self.sign(line)["ok"])
        with self.refuses():
            office._act_replace(line.with_user(self.office), self.here(self.teacher))
        for user in (self.follower, self.head):
            with self.refuses():
                self.request.with_user(user)._act_replace(line, new)

    def test_a_busy_document_says_so(self):
        with gate(self.request), self.refuses("busy", 409):
            with gate(self.request, wait=0.05):
                self.fail("two acts on one document")


@tagged("post_install", "-at_install")
class TestKeysAndTemplates(SignCase):
    """Invariants 8 and 12."""

    def test_a_wrong_or_missing_secret_closes_the_door(self):
        request = self.send()
        line = self.line(request, "tutor")
        actor = self.actor(line)
        self.ceremony._record_read(actor, line.id, 1, 1)
        events = len(request._event_context())
        for other in ("", "short", "Another secret: 99 bottles of wine +Zq7!kk"):
            with secret(other):
                self.assertFalse(self.sign(line, actor)["ok"])
                self.assertTrue(self.here(self.authority)._problems())
        self.assertEqual(len(request._event_context()), events, "nothing half-written")
        self.assertTrue(self.sign(line, actor)["ok"])

    def test_private_keys_never_leave(self):
        with self.assertRaises(AccessError):
            self.here(self.authority).with_user(self.env.ref("base.user_admin")).read(
                ["sealed_keys"]
            )
        self.env.cr.execute("SELECT sealed_keys::text FROM campus_sign_authority")
        self.assertNotIn("PRIVATE", self.env.cr.fetchone()[0])

    def test_nothing_of_a_template_is_evaluated(self):
        template = self.here(self.template).copy({"name": "Hostile"})
        body = (
            "<p>${7*7} {{7*7}} <t t-out='7*7'>49?</t> {% raw %}"
            "<script>alert(1)</script><img src='file:///etc/passwd'/>"
            "<span t-esc='env.cr'>esc</span></p>"
        )
        with self.assertRaises(ValidationError, msg="no local file"):
            template.body = body
        template.body = re.sub("<img[^>]*>", "", body)
        self.assertNotIn("<script", template.body)
        request = self.send(template=template)
        text = pdf_text(request._stored_file())
        self.assertIn("{{7*7}}", text)

    def test_unknown_names_are_refused_on_saving(self):
        template = self.here(self.template).copy({"name": "Fautive"})
        for body in (
            ("campusTag", '{"tag": "env.cr"}'),
            ("campusSignature", '{"role": "nobody"}'),
            ("campusCondition", '{"tag": "1==1"}'),
            ("campusTag", "broken"),
            ("campusScript", '{"tag": "student.name"}'),
        ):
            with self.subTest(body=body), self.assertRaises(ValidationError):
                block = Markup("<i data-embedded='%s' data-embedded-props='%s'>x</i>")
                template.body = block % body


@tagged("post_install", "-at_install")
class TestIdentity(SignCase):
    """No right of the application lets anybody sign in another's place."""

    def setUp(self):
        super().setUp()
        self.request = self.send()
        self.student = self.line(self.request, "student")

    def codes(self, user):
        actor = self.ceremony._actor_from_user(self.here(user), "", "")
        return [d["signer_id"] for d in self.ceremony._overview(actor)["documents"]]

    def test_an_address_changed_by_the_office_disarms_the_account(self):
        self.assertEqual(self.codes(self.portal), self.student.ids)
        partner = self.here(self.minor.partner_id).with_user(self.office)
        frozen = partner.email
        partner.email = "attacker@evil.example"
        self.env.cr.commit()
        self.assertFalse(self.codes(self.portal))
        partner.write({"email": frozen, "campus_identity_changed_at": False})
        self.env.cr.commit()
        self.assertFalse(self.codes(self.portal), "putting it back hides nothing")
        self.assertTrue(self.sign(self.student)["ok"], "the link still signs")

    def test_an_account_made_after_sending_does_not_count(self):
        tutor = self.line(self.request, "tutor")
        late = new_test_user(
            self.env,
            "late",
            "base.group_portal",
            partner_id=tutor.partner_id.id,
        )
        self.env.cr.execute(
            "UPDATE res_users SET create_date = now() + interval '1h' WHERE id = %s",
            [late.id],
        )
        self.env.invalidate_all()
        self.env.cr.commit()
        self.assertFalse(self.codes(late))

    def test_a_password_set_by_somebody_else_disarms_the_account(self):
        admin = self.env.ref("base.user_admin")
        admin.company_ids |= self.here(self.establishment)
        companies = {"allowed_company_ids": self.establishment.ids}
        as_admin = self.env(user=admin.id, context=companies)
        self.portal.with_env(as_admin).write({"password": "stolen-password"})
        self.env.cr.commit()
        self.assertFalse(self.codes(self.portal))

    def manager(self):
        """Return an old account that manages the accounts of the others."""
        user = new_test_user(
            self.env, "manager", "base.group_erp_manager,base.group_partner_manager"
        )
        self.env.cr.execute(
            "UPDATE res_users SET create_date = now() - interval '1 year' "
            "WHERE id = %s",
            [user.id],
        )
        self.env.invalidate_all()
        return user

    def test_nobody_becomes_a_signer_by_moving_his_own_account(self):
        tutor = self.line(self.request, "tutor")
        user = self.manager()
        user.with_user(user).write({"partner_id": tutor.partner_id.id})
        self.env.cr.commit()
        self.assertFalse(self.codes(user))
        self.assertTrue(self.sign(tutor)["ok"], "the link still signs")

    def test_an_account_made_with_a_chosen_password_does_not_count(self):
        """Under the address of the signer, whose invitation nobody answered."""
        tutor = self.line(self.request, "tutor")
        user = self.manager()
        account = (
            self.env["res.users"]
            .with_user(user)
            .create(
                {
                    "name": tutor.name,
                    "login": tutor.email,
                    "partner_id": tutor.partner_id.id,
                    "password": "chosen by another",
                }
            )
        )
        self.env.cr.commit()
        self.assertFalse(self.codes(account))

    def test_portal_and_public_reach_no_model(self):
        """Invariant 10."""
        for user in (self.portal, self.env.ref("base.public_user")):
            for name in self.env:
                if not name.startswith(("campus.sign.", "campus.locker.")):
                    continue
                model = self.env[name].with_user(user)
                if model._abstract:
                    continue
                for operation in ("read", "write", "create", "unlink"):
                    self.assertFalse(model.has_access(operation), (name, operation))

    def test_a_copy_of_the_database_signs_nothing(self):
        link = self.request._link_of(self.student)
        token = link._mint()
        self.env.flush_all()
        with file_open("campus_sign/data/neutralize.sql") as script:
            self.env.cr.execute(script.read())
        self.env.invalidate_all()
        with self.refuses(status=404):
            self.ceremony._open_link(token, "", "")
        self.assertTrue(self.here(self.authority)._problems())
