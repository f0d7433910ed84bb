# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Acts start from what is committed; the cursor is the test's own.
# pylint: disable=invalid-commit
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..engine.evidence.verify import verify_bundle
from ..models.campus_sign_authority import aware_now
from .common_sign import pdf_text
from .common_visit import VisitCase


@tagged("post_install", "-at_install")
class TestVisitElectronic(VisitCase):
    """The convention with electronic signature, between two establishments."""

    def test_both_sign_and_both_download(self):
        """Given two pupils with agreement, when the origin then the host sign, then
        each is told in turn and both download the same file (B010-B015).
        """
        agreement = self.start()
        request = self.circuit(agreement)
        self.assertEqual((agreement.state, request.state), ("origin", "waiting"))
        self.assertEqual(request.other_establishment_id, self.here(self.host))
        origin, host = self.line(request, "origin"), self.line(request, "host")
        self.assertFalse(origin.finaliser)
        self.assertTrue(host.finaliser)
        with self.subTest("the host does not sign first"):
            actor = self.actor(host)
            with self.refuses("not_your_turn"):
                self.ceremony._record_read(actor, host.id, 3, 30)

        self.assertTrue(self.sign(origin)["ok"])
        self.assertEqual((agreement.state, request.state), ("host", "to_finalize"))
        request._cron_notify()
        mails = self.env["mail.mail"].sudo().search([("email_to", "=", host.email)])
        self.assertIn("signature of your establishment", mails.body_html)
        self.assertTrue(host.notified_at)
        self.assertEqual(
            request.activity_ids.filtered(lambda a: a.user_id == host.user_id).res_id,
            request.id,
        )

        self.assertTrue(self.sign(host)["ok"])
        request._seal()
        self.assertEqual((agreement.state, request.state), ("done", "archived"))
        self.tell()
        told = self.env["mail.mail"].sudo().search([("email_to", "=", origin.email)])
        self.assertTrue(told, "the origin is told of the host's signature (B014)")
        for user in (self.origin_office, self.host_office):
            mine = self.as_user(agreement, user)
            name, content = mine._signed_file()
            self.assertTrue(mine.action_download()["url"].endswith("signed.pdf"))
            self.assertIn("Immersion en BUT informatique", name)
            self.assertEqual(content, request._stored_file())
        text = pdf_text(content)
        self.assertIn("MARTIN Emma", text)
        self.assertIn("DUVAL Hugo", text)

    def test_who_manages_offers_starts_without_the_right_to_send(self):
        """B006: the right of the side is enough to start its convention."""
        person = type(self).person.__func__
        user = person(self, "o-only", self.here(self.establishment), "offers")
        agreement = self.start(self.prepare(user=user))
        self.assertEqual((agreement.state, agreement.user_id), ("origin", user))

    def test_each_establishment_is_represented_by_its_own_head(self):
        agreement = self.start()
        request = self.circuit(agreement)
        template = request.template_id
        [check] = template._check(agreement.sudo())
        self.assertEqual(check.values["establishment.head"], "Hélène PROVISEUR")
        self.assertEqual(check.values["visit.host_head"], "Paul DIRECTEUR")
        text = " ".join(pdf_text(request._frozen_file()).split())
        self.assertGreaterEqual(text.count("Hélène PROVISEUR"), 1)
        self.assertEqual(text.count("Hélène PROVISEUR"), text.count("Paul DIRECTEUR"))
        for line in request.signer_ids:
            self.assertFalse(line._may_delegate())

    def test_a_deputy_of_the_host_needs_the_rights_of_the_host(self):
        """Decisions 7 and 8: a deputy holds what the replaced head holds, there."""
        agreement = self.start()
        request = self.circuit(agreement)
        self.sign(self.line(request, "origin"))
        host = self.line(request, "host")
        deputies = self.env["campus.sign.deputy"]
        company = self.here(self.host)
        for login, groups in (
            ("adjoint", ("sign", "registrations")),
            ("sous", ("sign",)),
        ):
            user = type(self).person.__func__(self, login, company, *groups)
            deputies += deputies.create(
                {
                    "company_id": company.id,
                    "user_id": self.host_head.id,
                    "deputy_id": user.id,
                    # The day of the establishment, which is not that of UTC.
                    "date_to": fields.Date.today() + timedelta(days=1),
                }
            )
        able, unable = deputies.deputy_id
        self.assertTrue(host._represents(able))
        self.assertFalse(host._represents(unable))
        self.assertFalse(self.line(request, "origin")._represents(able))
        self.assertEqual(host._told_users(), able | host.user_id)

    def test_each_signs_under_its_own_authority_and_the_proof_holds(self):
        agreement = self.start()
        request = self.circuit(agreement)
        self.sign_all(request)
        request._seal()
        authorities = self.env["campus.sign.authority"].sudo().search([])
        roots = "".join(
            authority.certificates["root_cert"]
            for authority in authorities
            if authority.company_id in (self.here(self.establishment + self.host))
        )
        verdict = verify_bundle(
            request._stored_file(), request._proof_bundle(), roots, aware_now()
        )
        self.assertEqual(verdict.failed, [])
        upload = request._verify_upload(request._stored_file())
        self.assertTrue(upload["ok"], upload["problems"])
        self.assertTrue(upload["long_term"])

    def test_only_pupils_with_agreement_are_listed(self):
        """B003: no agreement, no line; the list is printed and frozen."""
        students = self.env["campus.student"].create(
            [
                {"name": f"SANS Accord {index}", "birth_date": "2010-03-01"}
                for index in range(2)
            ]
        )
        register = type(self).register.__func__
        slot = self.here(self.slot)
        register(self, students[0], self.here(self.later))
        agreement = self.start()
        names = agreement.line_ids.mapped("name")
        self.assertEqual(names, ["DUVAL Hugo", "MARTIN Emma"])
        late = register(self, students[1], slot)
        type(self).agree(late)
        self.assertEqual(agreement.line_ids.mapped("name"), names)
        self.assertIn("SANS Accord 1", agreement.list_warning)
        text = pdf_text(self.circuit(agreement)._frozen_file())
        self.assertNotIn("SANS Accord", text)

    def test_a_later_pupil_needs_a_restart_linked_to_the_first(self):
        agreement = self.start()
        first = self.circuit(agreement)
        annex = first._frozen_file()
        student = self.env["campus.student"].create(
            {"name": "TARD Venu", "birth_date": "2010-03-01"}
        )
        late = type(self).register.__func__(self, student, self.here(self.slot))
        type(self).agree(late)
        self.env.cr.commit()
        agreement.action_restart()
        self.env.cr.commit()
        fresh = agreement.next_ids
        self.assertEqual((agreement.state, first.state), ("replaced", "cancelled"))
        self.start(fresh)
        self.assertEqual(self.circuit(fresh).previous_id, first)
        self.assertEqual(first.next_ids, self.circuit(fresh))
        self.assertIn("TARD Venu", fresh.line_ids.mapped("name"))
        self.assertIn("TARD Venu", pdf_text(self.circuit(fresh)._frozen_file()))
        self.assertNotIn("TARD Venu", agreement.line_ids.mapped("name"))
        self.assertEqual(first._frozen_file(), annex)
        self.assertNotIn("TARD Venu", pdf_text(annex))
        other = agreement.action_restart()
        self.assertEqual(other["res_id"], fresh.id, "restarted once")

    def test_restarted_after_both_signed(self):
        """The first convention keeps its signed file, linked to the new one."""
        agreement = self.start()
        request = self.circuit(agreement)
        self.sign_all(request)
        request._seal()
        signed = request._stored_file()
        agreement.action_restart()
        self.env.cr.commit()
        self.assertEqual((agreement.state, request.state), ("replaced", "archived"))
        self.start(agreement.next_ids)
        self.assertEqual(self.circuit(agreement.next_ids).previous_id, request)
        self.assertEqual(agreement._signed_file()[1], signed)

    def test_sent_again_only_with_the_same_pupils(self):
        """From the list of documents too: a changed list needs a restart."""
        agreement = self.start()
        request = self.circuit(agreement)
        template = request.template_id.with_user(self.here(self.origin_office))
        mine = self.as_user(agreement, self.origin_office)
        with self.refuses("incomplete"):
            template._send(mine)
        request.with_user(self.here(self.origin_office))._act_cancel("Erreur")
        self.assertEqual(agreement.state, "cancelled")
        again = template._send(mine).sudo()
        self.env.cr.commit()
        again._process_queued()
        self.assertEqual((agreement.state, again.state), ("origin", "waiting"))
        again.with_user(self.here(self.origin_office))._act_cancel("Erreur")
        self.here(self.emma).action_withdraw()
        self.env.cr.commit()
        with self.says("restart the convention"):
            template._send(mine)

    def test_deleted_by_the_establishment(self):
        """A circuit under way is not deleted; a signed one leaves a clear sentence."""
        agreement = self.start()
        request = self.circuit(agreement)
        person = type(self).person.__func__
        admin = person(self, "o-admin", self.here(self.establishment), "admin")
        self.env.cr.commit()
        mine = request.with_user(admin).sudo(False)
        with self.refuses("open"):
            mine._act_delete("Essai")
        self.sign_all(request)
        request._seal()
        mine._act_delete("Visite annulée")
        self.assertEqual((agreement.state, agreement.may_download), ("done", False))
        for user in (self.origin_office, self.host_office):
            with self.says("was deleted"):
                self.as_user(agreement, user).action_download()

    def test_the_sender_chooses_who_signs_for_his_own_establishment(self):
        """Decision 7: the host's head stays the host's."""
        agreement = self.prepare()
        agreement.sudo()._freeze()
        person = type(self).person.__func__
        deputy = person(
            self, "o-deputy", self.here(self.establishment), "sign", "offers"
        )
        deputy.partner_id.email = "adjoint@tilleuls.example.org"
        template = agreement.sudo()._template()
        heads = self.here(self.host_head)
        for chosen, ready in ((deputy, True), (heads, False)):
            [check] = template._check(
                agreement.sudo(), finalisers={agreement.id: chosen}
            )
            with self.subTest(chosen=chosen.login):
                self.assertEqual(
                    [party.user for party in check.parties], [chosen, heads]
                )
                self.assertEqual(check.ready, ready, "an origin's head signs for it")
        request = template._send(agreement.sudo(), {agreement.id: deputy})
        self.env.cr.commit()
        request._process_queued()
        self.assertEqual(request.state, "waiting")
        self.assertEqual(self.line(request, "origin").user_id, deputy)
        self.assertEqual(self.line(request, "host").user_id, heads)

    def test_not_offered_without_a_configured_signature(self):
        """B004, decision 10: the screen says what is missing, where, and the act
        refuses as well.
        """
        for company in (self.establishment, self.host):
            with self.subTest(company=company.name):
                visual = company.sign_visual
                self.here(company).sign_visual = False
                agreement = self.prepare()
                self.assertEqual(agreement.process, "paper")
                self.assertIn(company.name, agreement.electronic_problem)
                self.assertIn("visual", agreement.electronic_problem)
                with self.says(company.name, "Configuration"):
                    agreement.action_start_electronic()
                self.assertEqual(agreement.state, "draft")
                agreement.action_discard()
                self.here(company).sign_visual = visual
                self.env.cr.commit()

    def test_signing_needs_the_right_of_the_side_and_right_two(self):
        """Decision 8: each right alone signs nothing."""
        request = self.circuit(self.start())
        for role, user, side in (
            ("origin", self.head, "offers"),
            ("host", self.host_head, "registrations"),
        ):
            line = self.line(request, role)
            actor = self.actor(line)
            for group in (side, "sign"):
                with self.subTest(role=role, without=group):
                    group = self.env.ref(f"campus_sign.group_{group}")
                    self.here(user).group_ids = [(3, group.id)]
                    self.assertFalse(line._belongs_to(actor))
                    self.here(user).group_ids = [(4, group.id)]
            self.assertTrue(line._belongs_to(actor))

    def test_the_check_names_the_missing_right(self):
        self.here(self.host_head).group_ids = [
            (3, self.env.ref("campus_sign.group_registrations").id)
        ]
        agreement = self.prepare()
        with self.says("Paul DIRECTEUR", "Manage registrations"):
            agreement.action_start_electronic()

    def test_an_establishment_cannot_act_for_the_other(self):
        agreement = self.prepare()
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            self.as_user(agreement, self.host_office).action_start_electronic()
        self.start(agreement)
        for act in ("action_cancel", "action_restart", "action_print"):
            with (
                self.subTest(act=act),
                self.assertRaises(AccessError),
                self.env.cr.savepoint(),
            ):
                getattr(self.as_user(agreement, self.host_office), act)()
        self.assertEqual(agreement.state, "origin")

    def test_nobody_writes_a_convention(self):
        agreement = self.start()
        for user in (self.origin_office, self.host_office, self.head):
            mine = self.as_user(agreement, user)
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                mine.write({"frozen_at": False})
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                mine.line_ids[:1].write({"name": "AUTRE Élève"})

    def test_refusal_by_the_host_closes_and_restarts(self):
        agreement = self.start()
        request = self.circuit(agreement)
        self.sign(self.line(request, "origin"))
        host = self.line(request, "host")
        self.ceremony._refuse(self.actor(host), host.id, "Dates fermées.")
        self.assertEqual(agreement.state, "refused")
        agreement.action_restart()
        self.assertEqual(agreement.next_ids.state, "draft")
        self.assertEqual(agreement.state, "refused")

    def test_parental_agreement_signed_electronically(self):
        """Any one of the guardians signs; the pupil then stands on the list."""
        other = type(self).register.__func__(
            self, self.here(self.minor), self.here(self.later)
        )
        template = self.env.ref("campus_sign.template_visit_parental")
        self.assertEqual(other.parental_state, "missing")
        request = template.with_user(self.origin_office)._send(other).sudo()
        self.env.cr.commit()
        request._process_queued()
        self.assertEqual((request.state, other.parental_state), ("waiting", "asked"))
        self.assertTrue(self.sign(request.signer_ids[:1])["ok"])
        self.assertEqual((request.state, other.parental_state), ("archived", "given"))
        self.assertIn(other, self.prepare().sudo()._candidates()._agreed())
        agreement = self.start()
        other.action_withdraw()
        self.assertEqual(
            (request.state, other.parental_state), ("archived", "withdrawn")
        )
        self.assertIn("MARTIN Emma", agreement.list_warning)
        other.action_agree_again()
        self.assertEqual(other.parental_state, "given")
        self.assertFalse(agreement.list_warning)

    def test_parents_who_refuse(self):
        other = type(self).register.__func__(
            self, self.here(self.minor), self.here(self.later)
        )
        template = self.env.ref("campus_sign.template_visit_parental")
        request = template.with_user(self.origin_office)._send(other).sudo()
        self.env.cr.commit()
        request._process_queued()
        for line in request.signer_ids:
            self.ceremony._refuse(self.actor(line), line.id, "Non.")
        self.assertEqual(other.parental_state, "refused")
        self.assertNotIn(other, self.prepare().sudo()._candidates()._agreed())
        type(self).agree(other)
        self.assertEqual(other.parental_state, "given", "a paper given later counts")
