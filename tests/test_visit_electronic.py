# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Acts start from what is committed; the cursor is the test's own.
# pylint: disable=invalid-commit
from odoo import fields
from odoo.exceptions import AccessError, UserError
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
                    "date_to": fields.Date.today(),
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
        self.assertIn("TARD Venu", fresh.line_ids.mapped("name"))
        self.assertNotIn("TARD Venu", agreement.line_ids.mapped("name"))

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

    def test_partner_establishment_outside_the_database(self):
        """Its head signs from a personal link, and finds the signed file there."""
        partner = self.env["res.partner"]
        outside = partner.create({"name": "Lycée du Lac", "is_company": True})
        head = partner.create(
            {
                "name": "Anne DULAC",
                "parent_id": outside.id,
                "email": "anne@lac.example.net",
            }
        )
        offer = type(self).new_offer.__func__(
            self, user=self.origin_office, host_id=outside.id, host_head_id=head.id
        )
        offer.action_publish()
        registration = type(self).register.__func__(
            self, self.here(self.minor), offer.slot_ids[1]
        )
        type(self).agree(registration)
        self.env.cr.commit()
        agreement = self.start(self.prepare(offer))
        request = self.circuit(agreement)
        line = self.line(request, "host")
        self.assertFalse(line.user_id)
        self.assertTrue(self.sign(self.line(request, "origin"))["ok"])
        actor = self.actor(line)
        self.assertEqual(
            [d["title"] for d in self.ceremony._overview(actor)["documents"]],
            [request.name],
        )
        self.assertTrue(self.sign(line, actor)["ok"])
        request._seal()
        self.assertEqual(agreement.state, "done")
        [mine] = self.ceremony._overview(actor)["archives"]
        _name, content = self.ceremony._final_file(actor, mine["locker_id"])
        self.assertEqual(content, request._stored_file())

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
