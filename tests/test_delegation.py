# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Acts start from what is committed; the cursor is the test's own.
# pylint: disable=invalid-commit
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common_sign import SignCase

NEW = ("Nadia LEROY", "n.leroy@vergne.example.com", "Je change de service.")


@tagged("post_install", "-at_install")
class TestDelegation(SignCase):
    """« Déléguer / ce n'est plus moi »: a signer proposes, the office decides."""

    def propose(self, role="tutor", values=NEW):
        line = self.line(self.send(), role)
        actor = self.actor(line)
        self.ceremony._record_read(actor, line.id, 4, 30)
        self.ceremony._propose(actor, line.id, *values)
        return line, actor

    def decide(self, line, user=None):
        wizards = self.env["campus.sign.delegation.decide"]
        wizard = wizards.with_user(user or self.here(self.office)).create(
            {"delegation_id": line.delegation_ids[:1].id}
        )
        self.env.cr.commit()
        return wizard

    def test_confirmed_by_the_office(self):
        line, actor = self.propose()
        [document] = self.ceremony._overview(actor)["documents"]
        self.assertEqual(document["state"], "proposed")
        kinds = line.request_id.activity_ids.sudo().activity_type_id
        self.assertIn(self.env.ref("campus_sign.activity_proposed"), kinds)
        self.decide(line).action_confirm()
        self.assertEqual((line.name, line.email), NEW[:2])
        self.assertEqual(line.partner_id.parent_id, self.here(self.company))
        self.assertEqual(line.delegation_ids.state, "accepted")
        self.assertEqual(line.delegation_ids.decided_by_id, self.here(self.office))
        self.assertEqual(self.ceremony._overview(actor)["documents"], [])
        self.assertFalse(line.read_at, "the new signer reads for himself")
        self.assertTrue(self.sign(line)["ok"])
        kinds = self.events(line.request_id)
        self.assertLess(kinds.index("proposed"), kinds.index("replaced"))
        mails = self.env["mail.mail"].sudo().search([("email_to", "=", actor.address)])
        self.assertIn(line.request_id.name, mails[:1].subject)

    def test_declined_the_line_is_his_again(self):
        line, actor = self.propose()
        wizard = self.decide(line)
        with self.refuses("no_reason", 422):
            wizard.action_decline()
        wizard.answer = "Vous restez le maître de stage."
        self.env.cr.commit()
        wizard.action_decline()
        self.assertEqual(line.delegation_ids.state, "declined")
        self.assertEqual(line.name, self.tutor.name)
        self.assertTrue(self.sign(line, actor)["ok"])
        self.assertIn("declined", self.events(line.request_id))

    def test_nobody_signs_before_the_office_decides(self):
        """Neither the proposer, nor the person proposed."""
        line, actor = self.propose()
        result = self.sign(line, actor)
        self.assertEqual((result["ok"], result["code"]), (False, "proposed"))
        stranger = self.here(self.teacher)
        stranger.email = NEW[1]
        self.env.cr.commit()
        other = self.actor(self.line(line.request_id, "company_head"))
        self.assertFalse(line._belongs_to(other))
        with self.refuses("proposed", 409):
            self.ceremony._propose(actor, line.id, *NEW)
        self.assertEqual(len(line.delegation_ids), 1)

    def test_personal_roles_are_not_delegated(self):
        request = self.send()
        for role in ("student", "guardian", "establishment"):
            line = self.line(request, role)
            actor = self.actor(line)
            [document] = [
                one
                for one in self.ceremony._overview(actor)["documents"]
                if one["signer_id"] == line.id
            ]
            self.assertFalse(document["delegable"])
            with self.refuses("personal", 403):
                self.ceremony._propose(actor, line.id, *NEW)
        self.assertFalse(request.delegation_ids)

    def test_what_is_proposed_is_checked(self):
        line = self.line(self.send(), "tutor")
        actor = self.actor(line)
        for values in (
            ("", NEW[1], NEW[2]),
            (NEW[0], "not an address", NEW[2]),
            (NEW[0], NEW[1], " "),
            (NEW[0], line.email.upper(), NEW[2]),
        ):
            with self.refuses("proposal", 422):
                self.ceremony._propose(actor, line.id, *values)

    def test_only_who_may_send_decides(self):
        line, _actor = self.propose()
        follower = self.here(self.follower)
        with self.assertRaises(AccessError):
            self.decide(line, follower)
        with self.assertRaises(AccessError):
            line.delegation_ids.with_user(follower).write({"state": "accepted"})
        for user in (follower, self.here(self.portal)):
            with self.refuses("no_right"):
                line.delegation_ids.with_user(user).action_decide()

    def test_another_establishment_learns_nothing(self):
        line, _actor = self.propose()
        elsewhere = self.env["res.company"].create({"name": "Lycée des Ormes"})
        office = self.here(self.office)
        office.write(
            {"company_ids": [(6, 0, elsewhere.ids)], "company_id": elsewhere.id}
        )
        self.env.cr.commit()
        foreign = self.env(context={"allowed_company_ids": elsewhere.ids})
        wizards = foreign["campus.sign.delegation.decide"].with_user(office)
        with self.assertRaises(AccessError):
            wizards.create({"delegation_id": line.delegation_ids.id})

    def test_decided_once(self):
        line, _actor = self.propose()
        first, second = self.decide(line), self.decide(line)
        first.action_confirm()
        second.partner_id = self.here(self.teacher)
        self.env.cr.commit()
        with self.refuses("decided", 409):
            second.action_confirm()
        self.assertEqual(line.name, NEW[0])

    def test_the_known_contact_is_proposed_rather_than_a_second_one(self):
        known = self.here(self.tutor).copy({"name": NEW[0], "email": NEW[1]})
        line, _actor = self.propose()
        wizard = self.decide(line)
        self.assertEqual(wizard.partner_id, known)
        wizard.action_confirm()
        self.assertEqual(line.partner_id, known)

    def test_a_closed_circuit_lets_proposals_lapse(self):
        line, _actor = self.propose()
        line.request_id.with_user(self.here(self.office))._act_cancel("Erreur")
        self.assertEqual(line.delegation_ids.state, "lapsed")
        wizard = self.decide(line)
        with self.refuses():
            wizard.action_confirm()


@tagged("post_install", "-at_install")
class TestWrongPerson(SignCase):
    """« Ce n'est pas moi » (A097): the link stops, the office is told."""

    def test_the_link_stops_and_the_office_is_told(self):
        request = self.send()
        line = self.line(request, "tutor")
        first, second = (request._link_of(line)._mint() for _time in range(2))
        self.env.cr.commit()
        actor = self.ceremony._open_link(first, "192.0.2.1", "test")
        self.ceremony._disown(actor, "Je suis un homonyme <b>.")
        self.env.cr.commit()
        for token in (first, second):
            with self.refuses("expired_link", 410):
                self.ceremony._open_link(token, "192.0.2.1", "test")
        self.assertFalse(line._belongs_to(actor))
        self.assertIn("disowned", self.events(request))
        activity = request.activity_ids.sudo()
        self.assertEqual(
            activity.activity_type_id, self.env.ref("campus_sign.activity_disowned")
        )
        self.assertIn("homonyme &lt;b&gt;", activity.note)
        later = self.actor(line)
        self.assertFalse(self.ceremony._overview(later)["documents"], "no new link")

    def test_the_office_confirms_the_same_person(self):
        line = self.line(self.send(), "tutor")
        self.ceremony._disown(self.actor(line), "")
        self.env.cr.commit()
        wizard = (
            self.env["campus.sign.replace"]
            .with_user(self.here(self.office))
            .create({"signer_id": line.id, "partner_id": self.here(self.tutor).id})
        )
        self.env.cr.commit()
        wizard.action_replace()
        self.assertFalse(line.disowned_at)
        self.assertTrue(self.sign(line)["ok"])

    def test_other_people_go_on(self):
        request = self.send()
        self.ceremony._disown(self.actor(self.line(request, "tutor")), "")
        self.env.cr.commit()
        self.assertTrue(self.sign(self.line(request, "teacher"))["ok"])

    def test_an_account_is_its_person(self):
        request = self.send()
        head = self.line(request, "establishment")
        with self.refuses("account", 403):
            self.ceremony._disown(self.actor(head), "")
