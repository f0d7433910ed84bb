# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Acts start from what is committed; the cursor is the test's own.
# pylint: disable=invalid-commit
import io
import zipfile

from pypdf import PdfReader

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.ceremony_errors import CeremonyError
from .common_sign import SignCase, pdf_text


@tagged("post_install", "-at_install")
class TestOfficeSending(SignCase):
    """What the server took over: progress, failures, prints, e-mails (A058, A081)."""

    short_body = False

    def setUp(self):
        super().setUp()
        self.first = self.here(self.internship)
        self.second = self.new_internship(self.here(self.adult))
        self.both = self.first | self.second
        self.env.cr.commit()

    def give(self, records, **values):
        """Give records to the server; return the sending."""
        records = records.with_user(self.here(self.office))
        context = records.action_send_for_signature()["context"]
        wizard = records.env["campus.sign.send"].with_context(**context).create(values)
        wizard.action_send()
        sending = wizard.sending_id
        self.env.cr.commit()
        return sending

    def counts(self, sending):
        sending.invalidate_recordset()
        return {
            name: sending[f"{name}_count"]
            for name in ("done", "left", "failed", "cancelled")
            if sending[f"{name}_count"]
        }

    def test_progress_failure_and_retry(self):
        sending = self.give(self.both)
        self.assertEqual(self.counts(sending), {"left": 2})
        self.second.subject = "設計"
        self.env.cr.commit()
        self.env["campus.sign.request"]._cron_queue()
        self.assertEqual(self.counts(sending), {"done": 1, "failed": 1})
        failed = sending.failed_request_ids
        self.assertEqual(failed, self.second.request_ids)
        self.assertIn("設", failed.failure)
        self.second.subject = "Conception"
        self.env.cr.commit()
        action = sending.action_retry_failed()
        self.assertEqual(action["res_id"], sending.id, "the result stays in sight")
        self.assertEqual(self.counts(sending), {"done": 1, "left": 1})
        self.env["campus.sign.request"]._cron_queue()
        self.assertEqual(self.counts(sending), {"done": 2})

    def both_kinds(self, state):
        """Return a sending with a circuit and a copy, both in a state."""
        sending = self.give(self.first)
        request = sending.request_ids.sudo()
        if state == "failed":
            request._fail("no font")
        copy = self.env["campus.sign.delivery"].create(
            {
                "sending_id": sending.id,
                "company_id": sending.company_id.id,
                "name": "Copie",
                "res_model": self.second._name,
                "res_id": self.second.id,
                "state": state,
            }
        )
        self.env.cr.commit()
        return sending, request, copy

    def test_both_kinds_are_retried_once(self):
        """Acts on circuits drop what was written before them: they come first."""
        sending, request, copy = self.both_kinds("failed")
        self.assertEqual(self.counts(sending), {"failed": 2})
        sending.action_retry_failed()
        self.env.cr.commit()
        self.assertEqual((request.state, copy.state), ("queued", "queued"))
        self.env["campus.sign.request"]._cron_queue()
        self.assertEqual(self.counts(sending), {"done": 2})
        self.assertEqual(self.events(request).count("sent"), 1)
        self.assertEqual(len(copy.sudo().attachment_id), 1)
        sending.action_retry_failed()
        self.assertEqual(self.counts(sending), {"done": 2})

    def test_both_kinds_are_taken_back(self):
        sending, request, copy = self.both_kinds("queued")
        action = sending.action_cancel_queued()
        self.env.cr.commit()
        self.assertEqual((request.state, copy.state), ("cancelled", "cancelled"))
        self.assertEqual(action["res_id"], sending.id, "the result stays in sight")

    def test_queued_documents_are_taken_back_and_only_those(self):
        sending = self.give(self.both)
        made, queued = sending.request_ids
        made.sudo()._process_queued()
        # The list was read before the first document was made.
        (made | queued)._act_unqueue()
        self.assertEqual(made.state, "waiting")
        self.assertEqual(queued.state, "cancelled")
        self.assertEqual(self.counts(sending), {"done": 1, "cancelled": 1})
        sending.action_cancel_queued()
        self.assertEqual(self.counts(sending), {"done": 1, "cancelled": 1})

    def test_who_may_retry_and_cancel(self):
        sending = self.give(self.both)
        with self.refuses("no_right", 403):
            sending.with_user(self.here(self.follower)).action_cancel_queued()
        with self.refuses("no_right", 403):
            sending.with_user(self.here(self.follower)).action_retry_failed()
        with self.assertRaises(AccessError):
            sending.with_user(self.here(self.office)).write({"count": 3})
        stranger = self.here(self.portal)
        with self.assertRaises(AccessError):
            sending.with_user(stranger).read(["count"])

    def test_print_several_in_one_file(self):
        """A058: no circuit, boxes to sign by hand, no verification code."""
        sending = self.give(self.both, output="pdf")
        self.assertEqual(self.counts(sending), {"done": 2})
        name, content = sending._bundle_file()
        self.assertTrue(name.endswith(".pdf"))
        text = pdf_text(content)
        self.assertIn("MARTIN Emma", text)
        self.assertIn("DUVAL Hugo", text)
        self.assertNotIn("/verify/", text)
        self.assertGreater(len(PdfReader(io.BytesIO(content)).pages), 4)
        self.assertFalse(self.both.request_ids)

    def test_print_several_in_a_zip(self):
        sending = self.give(self.both, output="pdf", bundle="zip")
        name, content = sending._bundle_file()
        self.assertTrue(name.endswith(".zip"))
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            self.assertEqual(len(archive.namelist()), 2)
            for one in archive.namelist():
                self.assertTrue(archive.read(one).startswith(b"%PDF-"))

    def test_a_print_needs_no_signers(self):
        """A red row of a circuit is no obstacle to paper."""
        self.second.tutor_id = False
        template = self.here(self.template).copy(
            {"name": "Brouillon", "sharing": "none"}
        )
        sending = self.give(self.second, output="pdf", template_id=template.id)
        self.assertEqual(self.counts(sending), {"done": 1})

    def publishable(self, **options):
        """Return a template to publish without signature, to nobody but options."""
        template = self.here(self.template).copy({"name": "Note aux familles"})
        template.category_id.can_publish = True
        template.write(
            {
                "sharing": "publish",
                "publish_student": False,
                "publish_guardians": False,
                "publish_recipient": False,
                **options,
            }
        )
        return template

    def test_publish_without_signature(self):
        """A025, A045-A047: no circuit; in the lockers of the template, no other."""
        nature = self.env["campus.sign.nature"].create({"name": "Information"})
        template = self.publishable(publish_student=True, nature_id=nature.id)
        sending = self.give(self.both, output="publish", template_id=template.id)
        self.assertEqual(self.counts(sending), {"left": 2})
        self.env["campus.sign.request"]._cron_queue()
        self.assertEqual(self.counts(sending), {"done": 2})
        self.assertFalse(self.both.request_ids)
        lockers = self.env["campus.locker.document"].search(
            [("delivery_id", "in", sending.delivery_ids.ids)]
        )
        parents = self.mother | self.father
        students = self.minor.partner_id | self.adult.partner_id
        self.assertEqual(set(lockers.partner_id.ids), set((students | parents).ids))
        self.assertEqual(lockers.nature_id, nature)
        self.assertEqual(lockers.company_id, self.here(self.establishment))
        self.assertEqual(lockers.school_year_id, self.here(self.year))
        mine = lockers.filtered(lambda one: one.partner_id.id == self.mother.id)
        self.assertEqual(mine.student_id.id, self.minor.id)
        name, content = lockers.sudo()._open(mine.partner_id, mine.id)
        self.assertTrue(name.startswith("Note aux familles"))
        self.assertIn("MARTIN Emma", pdf_text(content))
        self.assertIsNone(lockers.sudo()._open(self.here(self.tutor), mine.id))
        self.assertIsNone(lockers.sudo()._open_attestation(mine.partner_id, mine.id))

    def test_what_is_published_stays_until_the_office_takes_it_out(self):
        template = self.publishable(publish_recipient=True)
        sending = self.give(self.first, output="publish", template_id=template.id)
        self.env["campus.sign.request"]._cron_queue()
        self.env.cr.execute(
            "UPDATE campus_sign_sending SET create_date = create_date - INTERVAL"
            " '8 days' WHERE id = %s",
            [sending.id],
        )
        sending.invalidate_recordset()
        self.env["campus.sign.sending"]._gc_deliveries()
        lockers = self.env["campus.locker.document"]
        mine = lockers.search([("delivery_id", "in", sending.delivery_ids.ids)])
        self.assertEqual(mine.partner_id, self.first.company_head_id)
        self.assertTrue(lockers.sudo()._open(mine.partner_id, mine.id)[1])
        with self.refuses("no_right", 403):
            mine.with_user(self.here(self.follower)).action_withdraw()
        url = mine.with_user(self.here(self.follower)).action_open()["url"]
        self.assertEqual(url, f"/campus_sign/delivery/{mine.delivery_id.id}.pdf")
        mine.with_user(self.here(self.office)).action_withdraw()
        self.assertIsNone(lockers.sudo()._open(mine.partner_id, mine.id))

    def test_only_what_may_be_published_is(self):
        """A025: another template, a forbidden category, nobody to publish to."""
        with self.assertRaises(CeremonyError):
            self.give(
                self.first,
                output="publish",
                template_id=self.template.id,
                ticked_ids=self.first.ids,
            )
        template = self.publishable()
        with self.assertRaises(CeremonyError):
            self.give(
                self.first,
                output="publish",
                template_id=template.id,
                ticked_ids=self.first.ids,
            )
        template.publish_student = True
        sending = self.give(self.first, output="publish", template_id=template.id)
        # The category changes its mind before the server publishes.
        template.category_id.can_publish = False
        self.env.cr.commit()
        self.env["campus.sign.request"]._cron_queue()
        self.assertEqual(self.counts(sending), {"failed": 1})
        self.assertFalse(self.env["campus.locker.document"].search([]))

    def test_one_mail_per_recipient(self):
        """A058: the documents of a person leave together, once."""
        self.here(self.template).with_context(lang=None).write(
            {"mail_subject": "Vos conventions", "mail_body": "<p>Bonne lecture.</p>"}
        )
        sending = self.give(self.both, output="mail")
        self.assertEqual(self.counts(sending), {"left": 2})
        self.env["campus.sign.request"]._cron_queue()
        self.assertEqual(self.counts(sending), {"done": 2})
        mail = sending.sudo().delivery_ids.mail_id
        self.assertEqual(len(mail), 1)
        self.assertEqual(mail.email_to, self.company_head.email)
        self.assertEqual(mail.subject, "Vos conventions")
        self.assertIn("Bonne lecture.", mail.body_html)
        self.assertEqual(len(mail.attachment_ids), 2)
        self.assertTrue(mail.attachment_ids[0].raw.startswith(b"%PDF-"))
        self.env["campus.sign.request"]._cron_queue()
        self.assertEqual(sending.sudo().delivery_ids.mail_id, mail, "not twice")

    @mute_logger("odoo.addons.mail.models.mail_mail")
    def test_a_mail_that_cannot_leave_is_seen_and_retried(self):
        sending = self.give(self.first, output="mail")
        self.env["campus.sign.request"]._cron_queue()
        mail = sending.sudo().delivery_ids.mail_id
        mail.email_to = "no address"
        mail.write({"state": "exception"})
        mail._postprocess_sent_message([], [], failure_type="mail_email_invalid")
        self.assertEqual(self.counts(sending), {"failed": 1})
        self.assertTrue(sending.failed_delivery_ids.failure)
        sending.action_retry_failed()
        self.assertFalse(mail.exists())
        self.env["campus.sign.request"]._cron_queue()
        self.assertEqual(self.counts(sending), {"done": 1})

    def test_nobody_to_write_to_is_red(self):
        self.here(self.company_head).email = False
        with self.assertRaises(CeremonyError):
            self.give(self.first, output="mail", ticked_ids=self.first.ids)
        self.assertFalse(self.env["campus.sign.delivery"].search([]))

    def test_old_copies_are_forgotten(self):
        sending = self.give(self.first, output="pdf")
        self.env.cr.execute(
            "UPDATE campus_sign_sending SET create_date = create_date - INTERVAL"
            " '8 days' WHERE id = %s",
            [sending.id],
        )
        sending.invalidate_recordset()
        self.env["campus.sign.sending"]._gc_deliveries()
        self.assertFalse(sending.delivery_ids.attachment_id)
        with self.refuses("gone", 404):
            sending._bundle_file()
