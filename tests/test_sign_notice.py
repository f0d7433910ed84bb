# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Acts start from what is committed; the cursor is the test's own.
# pylint: disable=invalid-commit
import json

from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common_mail import MailMixin
from .common_sign import SignCase
from .test_ceremony_http import SignHttpCase

BOUNCE = """Return-Path: <>
From: MAILER-DAEMON@mx.example.com (Mail Delivery System)
To: bounce@tilleuls.example.org
Subject: Undelivered Mail Returned to Sender
Message-ID: <bounce-{message_id}
Date: Mon, 12 Oct 2026 10:00:00 +0200
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="=="

--==
Content-Type: text/plain; charset=utf-8

The mail system could not deliver the mail. http://localhost/sign#{token}

--==
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.com

Final-Recipient: rfc822; {email}
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 mailbox unknown

--==
Content-Type: text/rfc822-headers

Message-ID: {message_id}
To: {email}

--==--
"""


@tagged("post_install", "-at_install")
class TestNotice(MailMixin, SignCase):
    """An address that does not answer is seen, and told to the office."""

    def notify(self):
        self.env["campus.sign.request"]._cron_notify()
        self.env.cr.commit()

    def activities(self, kind, user):
        return self.env["mail.activity"].search(
            [
                ("activity_type_id", "=", self.env.ref(f"campus_sign.{kind}").id),
                ("user_id", "=", user.id),
            ]
        )

    def office_line(self, line):
        """Return a line as the office reads it now."""
        self.env.invalidate_all()
        return line.with_user(self.here(self.office)).with_context(
            allowed_company_ids=None
        )

    def deliver(self):
        """Let Odoo's own queue send, through the real server."""
        self.env["mail.mail"].sudo().search(
            [("state", "=", "outgoing"), ("campus_link_id", "!=", False)]
        ).send()
        self.env.cr.commit()

    @mute_logger("odoo.addons.mail.models.mail_mail")
    def test_a_refused_recipient_is_seen_on_his_line(self):
        smtp = self.start_smtp()
        smtp.refused.add(self.tutor.email)
        request = self.send()
        self.notify()
        self.deliver()
        told = {str(message["To"]) for message in smtp.messages}
        self.assertIn("b.vergne@vergne.example.com", told)
        line = self.office_line(self.line(request, "tutor"))
        self.assertEqual(line.notice_state, "undelivered")
        self.assertIn("No such mailbox", line.notice_reason)
        document = line.request_id
        self.assertTrue(document.has_undelivered)
        columns = [document[f"signer_{index}"] or "" for index in range(1, 7)]
        self.assertIn("⚠ Kevin ROUX", " ".join(columns))
        found = document.search([("has_undelivered", "=", True)])
        self.assertEqual(found, document)
        self.assertFalse(document.search([("has_undelivered", "=", False)]))
        [activity] = self.activities("activity_undelivered", self.office)
        self.assertIn("Kevin ROUX", activity.note)
        other = self.office_line(self.line(request, "company_head"))
        self.assertEqual(other.notice_state, "told")

    @mute_logger("odoo.addons.mail.models.mail_mail")
    def test_a_mail_server_that_is_down_blames_no_address(self):
        self.start_smtp()
        self.mail_server.smtp_port = 1  # nobody listens there
        request = self.send()
        self.notify()
        self.deliver()
        line = self.office_line(self.line(request, "tutor"))
        self.assertEqual(line.notice_state, "unsent")
        badges = dict(line._fields["notice_state"]._description_selection(line.env))
        self.assertIn("server", badges[line.notice_state])
        self.assertIn("did not answer", line.notice_reason)
        self.assertIn("remind the signer", line.request_id.undelivered_message)
        self.assertNotIn("Correct the address", line.request_id.undelivered_message)
        self.assertIn("(mail server in error)", line.request_id.held_up_by)

        document = line.request_id
        self.assertEqual(
            document.search([("has_undelivered", "=", True)]), document, "all the same"
        )

    @mute_logger("odoo.addons.mail.models.mail_mail")
    def test_a_final_document_the_mail_server_did_not_announce(self):
        self.start_smtp()
        request = self.send(template=self.small_template("tutor", "establishment"))
        self.archive(request)
        self.tell()
        self.mail_server.smtp_port = 1  # nobody listens there
        self.deliver()
        locker = self.office_line(request.locker_ids).filtered("email")[:1]
        self.assertEqual(locker.notice_state, "unsent")
        self.assertIn(locker, locker.search([("notice_state", "=", "unsent")]))
        self.assertFalse(locker.search([("notice_state", "=", "undelivered")]))
        self.assertIn("service tested", locker.request_id.undelivered_message)
        self.assertNotIn("correct the address", locker.request_id.undelivered_message)

    @mute_logger("odoo.addons.mail.models.mail_mail")
    def test_one_activity_per_person_not_per_document(self):
        smtp = self.start_smtp()
        smtp.refused.add(self.tutor.email)
        self.send(self.here(self.internship) + self.new_internship(self.adult))
        self.notify()
        self.deliver()
        [activity] = self.activities("activity_undelivered", self.office)
        self.assertIn("2", activity.note)

    @mute_logger("odoo.addons.mail.models.mail_mail")
    def test_a_later_mail_that_arrives_clears_the_line(self):
        smtp = self.start_smtp()
        smtp.refused.add(self.tutor.email)
        request = self.send()
        self.notify()
        self.deliver()
        smtp.refused.clear()
        line = self.line(request, "tutor")
        request._note_news("cancelled", line, reason="essai")
        self.tell()
        self.deliver()
        self.assertEqual(self.office_line(line).notice_state, "told")

    def test_a_mail_that_comes_back_is_seen_on_his_line(self):
        """A real returned message, through Odoo's mail gateway."""
        smtp = self.start_smtp()
        request = self.send()
        self.notify()
        self.deliver()
        [sent] = [m for m in smtp.messages if str(m["To"]) == self.tutor.email]
        bounce = BOUNCE.format(
            message_id=str(sent["Message-Id"]),
            email=self.tutor.email,
            token="A" * 43,
        )
        line = self.line(request, "tutor")
        self.assertEqual(self.office_line(line).notice_state, "told")
        for _again in range(2):
            self.env["mail.thread"].message_process("mail.thread", bounce)
            self.env.cr.commit()
        line = self.office_line(line)
        self.assertEqual(line.notice_state, "undelivered")
        self.assertIn("550 5.1.1 mailbox unknown", line.notice_reason)
        self.assertEqual(len(self.activities("activity_undelivered", self.office)), 1)
        link = self.env["campus.sign.link"].search([("failed_at", "!=", False)])
        self.assertNotIn("AAAA", str(link.read()))
        others = request.signer_ids.filtered("notified_at") - line
        self.assertEqual(set(self.office_line(others).mapped("notice_state")), {"told"})

    def test_the_announcement_of_a_final_document_comes_back(self):
        """Nothing is left to sign: the locker, the document and the office know."""
        smtp = self.start_smtp()
        request = self.send(template=self.small_template("tutor", "establishment"))
        self.archive(request)
        self.tell()
        self.deliver()
        [sent] = [m for m in smtp.messages if str(m["To"]) == self.tutor.email]
        bounce = BOUNCE.format(
            message_id=str(sent["Message-Id"]), email=self.tutor.email, token="C" * 43
        )
        office = self.here(self.office)
        locker = self.office_line(request.locker_ids).filtered(
            lambda one: one.partner_id.id == self.tutor.id
        )
        self.assertEqual(locker.notice_state, "told")
        self.env["mail.thread"].message_process("mail.thread", bounce)
        self.env.cr.commit()
        locker = self.office_line(locker)
        self.assertEqual(locker.notice_state, "undelivered")
        self.assertIn("550 5.1.1 mailbox unknown", locker.notice_reason)
        self.assertEqual(
            locker.search([("notice_state", "=", "undelivered")]).ids, locker.ids
        )
        document = locker.request_id
        self.assertTrue(document.has_undelivered)
        self.assertIn(self.tutor.email, document.undelivered_message)
        found = document.search([("has_undelivered", "=", True)])
        self.assertEqual(found, document)
        self.assertFalse(document.search([("has_undelivered", "=", False)]))
        [activity] = self.activities("activity_undelivered", office)
        self.assertIn("Kevin ROUX", activity.note)
        # He found it on his own.
        locker.sudo().opened_at = "2026-11-02 08:00:00"
        locker = self.office_line(locker)
        self.assertFalse(locker.request_id.has_undelivered)
        self.assertFalse(locker.search([("notice_state", "=", "undelivered")]))

    def test_a_returned_mail_without_its_message_names_the_address(self):
        smtp = self.start_smtp()
        request = self.send()
        self.notify()
        self.deliver()
        self.assertTrue(smtp.messages)
        bounce = BOUNCE.format(
            message_id="<nobody@example.com>", email=self.tutor.email, token="B" * 43
        )
        self.env["mail.thread"].message_process("mail.thread", bounce)
        self.env.cr.commit()
        line = self.office_line(self.line(request, "tutor"))
        self.assertEqual(line.notice_state, "undelivered")

    def test_reading_the_list_asks_the_same_number_of_queries(self):
        adults = self.env["campus.student"].create(
            [
                {
                    "name": f"ADULTE {n}",
                    "birth_date": "2004-01-01",
                    "email": f"a{n}@eleves.example.org",
                    "promotion_id": self.promotion.id,
                }
                for n in range(12)
            ]
        )
        requests = self.env["campus.sign.request"]
        for student in adults:
            requests |= self.send(self.new_internship(student))
        few, many = requests[:2], requests
        counts = []
        for documents in (few, many):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            documents.read(["signer_1", "signer_2", "signer_3", "has_undelivered"])
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 1, counts)

    # === ACCOUNTS (A083) ===#

    def test_internal_signers_get_an_activity_that_ends_with_their_signature(self):
        teacher = new_test_user(
            self.env,
            "claire",
            groups="base.group_user,campus_sign.profile_teacher",
            company_id=self.establishment.id,
            company_ids=[(6, 0, self.establishment.ids)],
        )
        teacher.partner_id = self.here(self.teacher)
        self.env.cr.commit()
        request = self.send()
        self.notify()
        [activity] = self.activities("activity_sign", teacher)
        self.assertEqual(activity.res_id, request.id)
        self.notify()
        self.assertEqual(len(self.activities("activity_sign", teacher)), 1)
        self.sign(self.line(request, "teacher"))
        self.assertFalse(self.activities("activity_sign", teacher))

    def test_activities_of_a_closed_document_go_away(self):
        request = self.send()
        self.sign_all(request, but=("establishment",))
        self.notify()
        head = self.here(self.head)
        self.assertTrue(self.activities("activity_finalise", head))
        request.with_user(self.office)._act_cancel("Dates fausses")
        self.assertFalse(self.activities("activity_finalise", head))

    def test_only_what_the_account_may_sign_is_counted(self):
        """The identity rule: an account made after the sending opens nothing."""
        request = self.send()
        portal = self.here(self.portal)
        self.assertEqual(self.ceremony._count_to_sign(portal), 1)
        line = self.line(request, "student")
        line.partner_id.with_user(self.here(self.office)).email = "autre@example.org"
        self.env.flush_all()
        self.assertEqual(self.ceremony._count_to_sign(portal), 0)
        self.assertEqual(
            self.ceremony._count_to_sign(self.env.ref("base.public_user")), 0
        )

    def test_an_altered_file_alarms_the_office(self):
        request = self.send()
        path = request.attachment_id._full_path(request.attachment_id.store_fname)
        with open(path, "r+b") as file:
            content = file.read()
            file.seek(100)
            file.write(b"XX")
        self.addCleanup(lambda: open(path, "wb").write(content))
        admin = self.create_admin()
        for _again in range(2):
            with self.refuses("altered", 409):
                request._stored_file()
        for user in (self.here(self.office), admin):
            [activity] = self.activities("activity_altered", user)
            self.assertIn(request.name, activity.note)

    def create_admin(self):
        admin = new_test_user(
            self.env,
            "superadmin-here",
            groups="base.group_user,campus_sign.group_admin",
            company_id=self.establishment.id,
            company_ids=[(6, 0, self.establishment.ids)],
        )
        self.env.cr.commit()
        return admin


@tagged("post_install", "-at_install")
class TestMailLanguage(SignCase):
    """Each mail in the language of who reads it, whoever causes it (A084, A131)."""

    def setUp(self):
        super().setUp()
        self.env["res.lang"]._activate_lang("fr_FR")
        module = self.env["ir.module.module"].search([("name", "=", "campus_sign")])
        module._update_translations(["fr_FR"])
        self.here(self.tutor).lang = "fr_FR"
        self.here(self.company_head).lang = "en_US"
        self.env.cr.commit()

    def last(self, partner):
        return self.env["mail.mail"].search(
            [("email_to", "=", self.here(partner).email)], order="id desc", limit=1
        )

    def assertTold(self, french, english):
        """The tutor reads French, the head of the company English: subject, body."""
        for person, (subject, words) in (
            (self.tutor, french),
            (self.company_head, english),
        ):
            mail = self.last(person)
            with self.subTest(person=person.name):
                self.assertIn(subject, mail.subject)
                self.assertIn(words, mail.body_html)
                self.assertNotIn("False", mail.subject + mail.body_html)

    def sent_and_signed_by_both(self):
        request = self.send()
        for role in ("tutor", "company_head"):
            self.sign(self.line(request, role))
        return request

    def test_new_document(self):
        self.send()
        self.env["campus.sign.request"]._cron_notify()
        self.assertTold(
            ("1 document à signer", "Lire et signer"),
            ("1 document to sign", "Read and sign"),
        )

    def test_who_reads_without_html(self):
        """The same words on lines of their own, the link where it is spoken of."""
        self.send(self.here(self.internship) + self.new_internship(self.adult))
        self.env["campus.sign.request"]._cron_notify()
        mail = self.last(self.tutor)
        [outgoing] = mail._prepare_outgoing_list()
        text = outgoing["body_alternative"]
        lines = text.splitlines()
        self.assertIn("Bonjour Kevin ROUX,", lines)
        self.assertIn("2 documents attendent votre signature\N{NO-BREAK SPACE}:", lines)
        items = [line for line in lines if line.startswith("- ")]
        self.assertEqual(len(items), 2)
        for item in items:
            self.assertRegex(item, r"^- Convention de stage - .+ \(Internship tutor\)$")
        link = lines[lines.index("Lire et signer") + 1]
        self.assertRegex(link, r"^http\S+/sign#[\w-]{43}$")
        self.assertIn(link, outgoing["body"])
        self.assertNotIn("  ", text)
        self.assertNotRegex(text, r"[^\n] [,.)]|\[\d\]|\n{3}")

    def test_document_available(self):
        self.archive()
        self.tell()
        self.assertTold(
            ("Document signé disponible", "Voir le document signé"),
            ("Signed document available", "See the signed document"),
        )

    def test_refusal(self):
        request = self.sent_and_signed_by_both()
        line = self.line(request, "teacher")
        self.ceremony._refuse(self.actor(line), line.id, "Dates fausses")
        self.tell()
        self.assertTold(
            ("Document refusé", "Dates fausses"),
            ("Document refused", "The establishment may send"),
        )
        [activity] = request.activity_ids.filtered(
            lambda a: a.user_id == self.here(self.office)
        )
        self.assertIn("Dates fausses", activity.note)

    def test_cancellation(self):
        request = self.sent_and_signed_by_both()
        request.with_user(self.office)._act_cancel("Dates fausses")
        self.tell()
        self.assertTold(
            ("Signatures annulées", "Dates fausses"),
            ("Signatures cancelled", "You have nothing more to do"),
        )


@tagged("post_install", "-at_install")
class TestTwoRoles(SignHttpCase):
    """A087: the head of the company who is also the tutor signs twice, in a row."""

    def test_two_roles_two_signatures(self):
        with self.acting():
            head = self.here(self.company_head)
            head.campus_function = "company_head"
            internship = self.here(self.internship)
            internship.tutor_id = head
            self.env.cr.commit()
            request = self.send(internship)
            lines = request.signer_ids.filtered(lambda s: s.partner_id == head)
            self.assertEqual(
                set(lines.mapped("role_id.code")), {"tutor", "company_head"}
            )
            token = request._link_of(lines[0])._mint()
            first, second = lines.ids
            request_id = request.id
        self.post("open", {"token": token})
        page = self.post("overview").json()
        mine = [d for d in page["documents"] if d["state"] == "to_sign"]
        self.assertEqual({d["signer_id"] for d in mine}, {first, second})
        self.assertEqual(len({d["role"] for d in mine}), 2)
        # The page shows the paper once, for both.
        self.assertEqual(self.url_open(f"/sign/file/{first}").status_code, 200)
        for line in (first, second):
            read = self.post("read", {"signer_id": line, "pages": 4, "seconds": 9})
            self.assertEqual(read.status_code, 200, read.text)
            [result] = self.post("sign", self.act(line)).json()["results"]
            self.assertTrue(result["ok"], result)
        with self.acting():
            request = self.env["campus.sign.request"].browse(request_id)
            given = [r["field"] for r in request.revisions if r["kind"] == "signature"]
            self.assertEqual(len(given), 2)
            self.assertEqual(len(set(given)), 2)
            self.assertEqual(request.signature_done, 2)
            readings = request._event_context().filtered(lambda e: e.kind == "read")
            served = [json.loads(event.payload)["served"] for event in readings]
            self.assertEqual(served, [request.frozen_sha256] * 2)


@tagged("post_install", "-at_install")
class TestPortalPath(SignHttpCase):
    """« Document(s) à signer » → « À signer » → « Suivant » (A085, A088)."""

    def test_the_path_of_the_portal(self):
        with self.acting():
            request = self.send()
            line = self.line(request, "student")
            other = self.line(request, "tutor")
        self.authenticate("portal-emma", "portal-emma")
        home = self.url_open("/my/home")
        self.assertIn("/my/documents/to-sign", home.text)
        page = self.url_open("/my/documents/to-sign")
        self.assertIn(f"/my/documents/to-sign/{line.id}", page.text)
        self.assertNotIn(f"/my/documents/to-sign/{other.id}", page.text)
        following = self.url_open(f"/my/documents/to-sign/{line.id}")
        self.assertIn('href="/my/sign"', following.text)
        stranger = self.url_open(
            f"/my/documents/to-sign/{other.id}", allow_redirects=False
        )
        self.assertEqual(stranger.status_code, 303)

    def count(self):
        answer = self.url_open(
            "/campus_sign/to_sign",
            data='{"jsonrpc": "2.0", "id": 1, "params": {}}',
            headers={"Content-Type": "application/json"},
        )
        return answer.json()["result"]

    def test_the_counter_of_the_menu_bar(self):
        """A083: it is the account's own, whoever asks."""
        with self.acting():
            self.send()
        self.authenticate("portal-emma", "portal-emma")
        self.assertEqual(self.count(), 1)
        self.authenticate("office", "office")
        self.assertEqual(self.count(), 0)
