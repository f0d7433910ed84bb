# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Acts start from what is committed; the cursor is the test's own.
# pylint: disable=invalid-commit
from odoo.tests import tagged

from .common_sign import SignCase


@tagged("post_install", "-at_install")
class TestNews(SignCase):
    """One mail per person, however many documents changed (A084, A131)."""

    def setUp(self):
        super().setUp()
        template = self.small_template("tutor", "establishment")
        records = self.here(self.internship) | self.new_internship(
            self.here(self.adult)
        )
        self.env.cr.commit()
        self.both = self.send(records, template)
        self.first, self.second = self.both
        self.env["campus.sign.request"]._cron_notify()
        self.env.cr.commit()

    def mails(self, email):
        """Return the mails of a person since « to sign »."""
        return self.env["mail.mail"].search([("email_to", "=", email)], order="id")[1:]

    def test_available(self):
        self.archive(self.first)
        self.sign_all(self.second)
        self.tell()
        self.assertFalse(self.mails(self.tutor.email), "the other is being sealed")
        self.second._seal()
        self.tell()
        [mail] = self.mails(self.tutor.email)
        self.assertEqual(mail.subject, "2 documents available")
        for request in self.both:
            self.assertIn(request.name, mail.body_html)
        heads = self.env["mail.mail"].search([("email_to", "=", self.head.email)])
        self.assertEqual(len(heads), 1, "who signs a batch gets one mail, not 300")
        self.tell()
        self.assertEqual(len(self.mails(self.tutor.email)), 1, "once")
        self.assertFalse(self.env["campus.sign.news"].search([]))
        actor = self.ceremony._open_link(self.token(mail), "", "")
        shown = self.ceremony._overview(actor)["archives"]
        mine = self.both.locker_ids.filtered(
            lambda one: one.partner_id == self.here(self.tutor)
        )
        self.assertEqual({one["locker_id"] for one in shown}, set(mine.ids))

    def token(self, mail):
        [outgoing] = mail._prepare_outgoing_list()
        return outgoing["body"].split("/sign#")[1].split('"')[0]

    def test_a_seal_that_cannot_be_made_does_not_hold_the_mail_for_ever(self):
        self.archive(self.first)
        self.sign_all(self.second)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE campus_sign_request SET closed_at = closed_at - interval '2 hours'"
            " WHERE id = %s",
            [self.second.id],
        )
        self.tell()
        [mail] = self.mails(self.tutor.email)
        self.assertIn(self.first.name, mail.body_html)

    def test_cancelled(self):
        for request, reason in zip(self.both, ("Dates", "Adresse"), strict=True):
            request.with_user(self.office)._act_cancel(reason)
        self.env["campus.sign.request"]._cron_notify()
        self.assertFalse(self.mails(self.tutor.email), "more may be coming")
        lane = self.env.ref("campus_sign.cron_notify")
        waiting = self.env["ir.cron.trigger"].search([("cron_id", "=", lane.id)])
        news = self.env["campus.sign.news"].search([], order="id desc", limit=1)
        self.assertGreater(max(waiting.mapped("call_at")), news.create_date)
        self.tell()
        [mail] = self.mails(self.tutor.email)
        self.assertEqual(mail.subject, "Signatures of 2 documents cancelled")
        for text in (self.first.name, "Dates", self.second.name, "Adresse"):
            self.assertIn(text, mail.body_html)

    def test_refused(self):
        for request in self.both:
            self.sign(self.line(request, "tutor"))
            line = self.line(request, "establishment")
            self.ceremony._refuse(self.actor(line), line.id, "Dates fausses")
        self.tell()
        [mail] = self.mails(self.tutor.email)
        self.assertEqual(mail.subject, "2 documents refused")
        self.assertEqual(mail.body_html.count("Dates fausses"), 2)

    def test_a_document_shared_by_the_office_is_told_to_who_gets_it(self):
        self.archive(self.first)
        friend = self.env["res.partner"].create(
            {"name": "Inspecteur", "email": "inspecteur@ac.example.org"}
        )
        self.env.cr.commit()
        share = self.first.with_user(self.office)._act_share
        share(set(), friend, True)
        self.tell()
        mail = self.env["mail.mail"].search([("email_to", "=", friend.email)])
        self.assertIn(self.first.name, mail.subject)
        share(set(), friend, False)
        share(set(), friend, True)
        share(set(), friend, False)
        self.tell()
        again = self.env["mail.mail"].search([("email_to", "=", friend.email)])
        self.assertEqual(again, mail, "what was taken out meanwhile is not promised")


@tagged("post_install", "-at_install")
class TestPublicationNews(SignCase):
    """Documents published without signature are told to their owners (A025)."""

    def setUp(self):
        super().setUp()
        self.env["res.lang"]._activate_lang("fr_FR")
        module = self.env["ir.module.module"].search([("name", "=", "campus_sign")])
        module._update_translations(["fr_FR"])
        self.here(self.mother).lang = "fr_FR"
        self.here(self.father).lang = "en_US"
        template = self.here(self.template).copy({"name": "Note aux familles"})
        template.category_id.can_publish = True
        template.write(
            {"sharing": "publish", "publish_student": True, "publish_guardians": True}
        )
        records = self.here(self.internship)
        records |= self.new_internship(self.here(self.minor))
        records = records.with_user(self.here(self.office))
        self.env.cr.commit()
        context = records.action_send_for_signature()["context"]
        wizard = records.env["campus.sign.send"].with_context(**context)
        wizard = wizard.create({"output": "publish", "template_id": template.id})
        wizard.action_send()
        self.sending = wizard.sending_id.sudo()
        self.env.cr.commit()

    def mails(self, partner):
        return self.env["mail.mail"].search([("email_to", "=", partner.email)])

    def publish(self):
        self.env["campus.sign.request"]._cron_queue()
        return self.env["campus.locker.document"].search([])

    def link(self, mail):
        [outgoing] = mail._prepare_outgoing_list()
        token = outgoing["body"].split("/sign#")[1].split('"')[0]
        return self.ceremony._open_link(token, "", "")

    def test_one_mail_per_owner_in_his_language(self):
        first = self.sending.delivery_ids[0]
        first._process()
        self.tell()
        self.assertFalse(self.mails(self.mother), "the rest is being published")
        self.publish()
        self.tell()
        for partner, subject, button in (
            (self.mother, "2 documents disponibles", "Voir les documents"),
            (self.father, "2 documents available", "See the documents"),
        ):
            with self.subTest(partner=partner.name):
                [mail] = self.mails(partner)
                self.assertEqual(mail.subject, subject)
                self.assertIn(button, mail.body_html)
                self.assertNotIn("sign", mail.subject)
                for title in self.sending.delivery_ids.mapped("name"):
                    self.assertIn(title, mail.body_html)
        self.assertFalse(self.mails(self.tutor), "not published to him")

    def test_the_link_opens_what_was_announced_there_and_nothing_else(self):
        """Without an account too; an address corrected later is told by itself."""
        lockers = self.publish()
        self.tell()
        mine = lockers.filtered(lambda one: one.partner_id == self.here(self.father))
        actor = self.link(self.mails(self.father))
        self.assertFalse(actor.partner.user_ids, "no account")
        shown = self.ceremony._overview(actor)
        self.assertEqual({one["locker_id"] for one in shown["archives"]}, set(mine.ids))
        self.assertFalse(
            shown["documents"] or any(a["signed"] for a in shown["archives"])
        )
        _name, content = self.ceremony._final_file(actor, mine[0].id)
        self.assertTrue(content.startswith(b"%PDF"))
        for other in lockers - mine:
            with self.refuses("not_found", 404):
                self.ceremony._final_file(actor, other.id)
        mine.published = False
        self.assertFalse(self.ceremony._overview(actor)["archives"])
        mine.write({"published": True, "email": "autre@famille.example.net"})
        self.assertFalse(
            self.ceremony._overview(actor)["archives"], "told at another address"
        )

    def test_who_has_no_address_is_told_nothing_and_stops_nobody(self):
        self.here(self.mother).email = False
        self.env.cr.commit()
        lockers = self.publish()
        self.assertIn(self.here(self.mother), lockers.partner_id)
        self.tell()
        self.assertTrue(self.mails(self.father))
        self.assertFalse(self.env["campus.sign.news"].search([]))
