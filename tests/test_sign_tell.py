# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Acts start from what is committed; the cursor is the test's own.
# pylint: disable=invalid-commit
from unittest.mock import patch

from odoo.tests import tagged

from ..models import ir_cron
from ..models.campus_sign_link import PLACEHOLDER
from ..models.gate import gate, unlocked
from ..models.one_line import one_line
from .common_sign import SignCase, scribble


@tagged("post_install", "-at_install")
class TestTell(SignCase):
    """Mails: one per person, secret minted while leaving (A083-A086, invariant 9)."""

    def mails(self, email):
        return self.env["mail.mail"].search([("email_to", "=", email)], order="id")

    def test_one_mail_per_person_with_the_number_of_documents(self):
        internships = self.here(self.internship) + self.new_internship(self.adult)
        self.send(internships)
        self.env["campus.sign.request"]._cron_notify()
        mail = self.mails(self.tutor.email)
        self.assertEqual(len(mail), 1)
        self.assertIn("2", mail.subject)
        self.assertEqual(len(self.mails("emma.martin@eleves.example.org")), 1)
        self.env["campus.sign.request"]._cron_notify()
        self.assertEqual(len(self.mails(self.tutor.email)), 1, "once for one turn")
        kinds = self.events(internships.request_ids[0].sudo())
        self.assertEqual(kinds.count("notified"), 5)

    def test_mails_wait_for_the_rest_of_the_batch(self):
        self.send()
        self.queue(self.new_internship(self.adult))
        self.env["campus.sign.request"]._cron_notify()
        self.assertFalse(self.mails(self.tutor.email))

    def test_names_fit_on_one_line(self):
        """Neither another recipient nor a name read backwards, and the mail leaves."""
        self.here(
            self.minor
        ).partner_id.name = "Emma\r\nBcc: x@evil.example\u202eNITRAM"
        self.here(self.tutor).name = "\u202e\u2066"
        request = self.send()
        student, tutor = self.line(request, "student"), self.line(request, "tutor")
        self.assertEqual(student.name, "Emma Bcc: x@evil.exampleNITRAM")
        self.assertEqual(tutor.name, tutor.role_name)
        self.assertNotRegex(request.name, "[\r\n\u202e]")
        request._cron_notify()
        request.with_user(self.office)._act_cancel("Stage annulé")
        self.tell()
        mails = self.env["mail.mail"].search([("subject", "like", "Emma")])
        self.assertTrue(mails)
        servers = self.env["ir.mail_server"]
        for mail in mails:
            made = servers._build_email__(
                "a@example.org", ["b@example.org"], mail.subject, "x"
            )
            self.assertFalse(made["Bcc"])

    def test_names_keep_what_they_are_made_of(self):
        for name in ("Chloé Nguyễn-Dœuff", "دی\u200cماه", "D'ANDRÉ  Zoë", "李 小龍"):
            self.assertEqual(one_line(name), " ".join(name.split()))

    def three(self):
        """Send three documents of the same tutor, each to five people."""
        return self.send(
            self.here(self.internship).browse(
                self.new_internship(self.minor).id for _ in range(3)
            )
        )

    def test_many_people_are_told_in_one_run(self):
        requests = self.three()
        with patch.object(ir_cron, "SLICE", 2):
            self.env["campus.sign.request"]._cron_notify()
        for request in requests:
            self.assertEqual(self.events(request).count("notified"), 5)
        [mail] = self.mails(self.tutor.email)
        self.assertIn("3", mail.subject)
        self.assertFalse(requests.signer_ids.filtered("notify_due"))

    def test_telling_asks_few_queries_however_many_documents(self):
        model = self.env["campus.sign.request"]
        self.send(self.new_internship(self.minor))
        model._cron_notify()
        counts = []
        for send in (self.send, self.three):
            send()
            before = self.env.cr.sql_log_count
            model._cron_notify()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 6)

    def test_a_mail_that_cannot_be_written_leaves_everybody_to_tell(self):
        """Events, marks, links and mails are one transaction (invariant 7)."""
        request = self.send()
        view = self.env.ref("campus_sign.mail_to_sign")
        arch = view.arch
        view.arch = (
            '<t t-name="campus_sign.mail_to_sign"><p t-out="lines.nothing"/></t>'
        )
        self.env.cr.commit()
        links = self.env["campus.sign.link"].sudo()
        before = links.search_count([])
        try:
            request._cron_notify()
        except Exception as error:  # noqa: BLE001
            self.assertIn("nothing", str(error))
        else:
            self.fail("the mail was written")
        self.assertNotIn("notified", self.events(request))
        self.assertEqual(links.search_count([]), before)
        view.arch = arch
        self.env.cr.commit()
        request._cron_notify()
        self.assertEqual(self.events(request).count("notified"), 5)
        self.assertEqual(len(self.mails(self.tutor.email)), 1)

    def test_a_document_somebody_acts_on_is_told_by_the_next_run(self):
        free = self.send()
        held = self.send(self.new_internship(self.minor))
        with gate(held):
            held._cron_notify()
        self.assertEqual(self.events(free).count("notified"), 5)
        self.assertNotIn("notified", self.events(held))
        held._cron_notify()
        self.assertEqual(self.events(held).count("notified"), 5)
        self.assertEqual(self.events(free).count("notified"), 5)

    def test_a_sender_still_being_served_holds_nobody_elses_mails(self):
        request = self.send()
        self.queue(self.new_internship(self.adult))
        other = self.create_user("office2", ["configure", "records"])
        unlocked(request).sender_id = other
        self.env.cr.commit()
        with patch.object(ir_cron, "SLICE", 1):
            request._cron_notify()
        self.assertEqual(self.events(request).count("notified"), 5)

    def test_the_secret_is_minted_while_the_mail_leaves(self):
        request = self.send()
        self.env["campus.sign.request"]._cron_notify()
        mail = self.mails(self.tutor.email)
        self.assertIn(f"/sign#{PLACEHOLDER}", mail.body_html)
        [outgoing] = mail._prepare_outgoing_list()
        self.assertNotIn(PLACEHOLDER, outgoing["body"])
        token = outgoing["body"].split("/sign#")[1].split('"')[0]
        actor = self.ceremony._open_link(token, "", "")
        self.assertEqual(actor.partner, self.here(self.tutor))
        self.assertNotIn(token, mail.body_html)
        self.assertNotIn(token, mail.mail_message_id.body)
        self.assertEqual(
            [d["signer_id"] for d in self.ceremony._overview(actor)["documents"]],
            [self.line(request, "tutor").id],
        )

    def test_masked_address(self):
        request = self.send()
        person = self.ceremony._overview(self.actor(self.line(request, "tutor")))[
            "person"
        ]
        self.assertEqual(person["masked_email"], "k.rXXXX@vergne.example.com")
        self.assertEqual(person["initials"], "KR")

    def test_the_signed_document_is_announced_with_a_link_of_its_own(self):
        request = self.archive()
        self.tell()
        mail = self.mails(self.tutor.email)[-1]
        self.assertIn(request.name, mail.subject)
        [outgoing] = mail._prepare_outgoing_list()
        token = outgoing["body"].split("/sign#")[1].split('"')[0]
        actor = self.ceremony._open_link(token, "", "")
        [archive] = self.ceremony._overview(actor)["archives"]
        _name, content = self.ceremony._final_file(actor, archive["locker_id"])
        self.assertEqual(content, request._stored_file())
        others = request.locker_ids - request.locker_ids.browse(archive["locker_id"])
        with self.refuses("not_found"):
            self.ceremony._final_file(actor, others[0].id)

    def test_cancellation_is_told_to_those_concerned(self):
        """A139, A140."""
        request = self.send()
        request._cron_notify()
        self.sign(self.line(request, "student"))
        link = self.actor(self.line(request, "tutor"))
        self.assertTrue(self.ceremony._overview(link)["documents"])
        with self.refuses("no_reason"):
            request.with_user(self.office)._act_cancel(" ")
        request.with_user(self.office)._act_cancel("Dates <b>fausses</b>")
        self.assertEqual(request.state, "cancelled")
        self.tell()
        told = request.signer_ids.filtered("notified_at")
        self.assertEqual(len(told), 5)
        for line in told:
            self.assertIn("&lt;b&gt;fausses", self.mails(line.email)[-1].body_html)
        [document] = self.ceremony._overview(link)["documents"]
        self.assertEqual(document["state"], "closed", "said, and nothing more")
        with self.refuses("closed"):
            self.ceremony._file(link, document["signer_id"])
        with self.refuses("closed"):
            request.with_user(self.office)._act_cancel("encore")

    def test_visual_is_saved_for_its_owner_only(self):
        request = self.send()
        line = self.line(request, "tutor")
        actor = self.actor(line)
        self.ceremony._record_read(actor, line.id, 1, 1)
        self.ceremony._sign(actor, [line.id], self.consents, self.visual(), True)
        saved = self.ceremony._overview(actor)["saved_visual"]
        self.assertTrue(saved.startswith("data:image/png;base64,"))
        other = self.actor(self.line(request, "teacher"))
        self.assertIsNone(self.ceremony._overview(other)["saved_visual"])

    def test_the_establishment_picture_is_proposed_to_its_representative(self):
        """B016: the image of the settings is the visual."""
        request = self.send()
        self.here(self.establishment).sign_visual = scribble()
        self.env.cr.commit()
        head = self.actor(self.line(request, "establishment"))
        picture = self.ceremony._overview(head)["saved_visual"]
        self.assertTrue(picture.startswith("data:image/png;base64,"))
        tutor = self.actor(self.line(request, "tutor"))
        self.assertIsNone(self.ceremony._overview(tutor)["saved_visual"])
