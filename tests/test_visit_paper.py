# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Acts start from what is committed; the cursor is the test's own.
# pylint: disable=invalid-commit
import base64
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from ..engine.scanning import read_pile
from ..engine.tests.scanner import damage, pictures, scanned
from ..models.campus_visit_agreement_steps import PAPER
from .common_sign import pdf_text
from .common_visit import VisitCase


class PaperCase(VisitCase):
    def printed(self, agreement=None):
        """Print a convention; return it and the frozen paper."""
        agreement = agreement or self.prepare()
        agreement.action_print()
        self.env.cr.commit()
        return agreement, agreement.sudo().paper_id.raw

    def drop(self, pdf, user=None, name="pile.pdf"):
        """Drop a pile as a user of the office; return the pile."""
        user = user or self.origin_office
        piles = self.as_user(self.env["campus.scan.pile"], user)
        action = piles.file_pile(name, base64.b64encode(pdf).decode())
        self.env.cr.commit()
        return piles.browse(action["res_id"])

    def wizard(self, page, **values):
        return page.env["campus.scan.settle"].create({"page_id": page.id, **values})

    def settle(self, page, **values):
        """Say what a page is, in the window that shows it."""
        self.wizard(page, **values).action_settle()


@tagged("post_install", "-at_install")
class TestVisitPaper(PaperCase):
    """The convention without electronic signature (B017-B024)."""

    def test_every_step_with_its_date_and_person(self):
        agreement, _paper = self.printed()
        sides = {"origin": self.origin_office, "host": self.host_office}
        self.assertEqual((agreement.process, agreement.state), ("paper", "origin"))
        for step in PAPER[1:]:
            self.assertEqual(agreement.next_step, step.code)
            other = sides["host" if step.side == "origin" else "origin"]
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                self.as_user(agreement, other).action_record_step()
            self.as_user(agreement, sides[step.side]).action_record_step()
        self.assertEqual(agreement.state, "done")
        self.assertEqual(
            [(s.code, s.user_id) for s in agreement.step_ids],
            [(step.code, self.here(sides[step.side])) for step in PAPER],
        )
        self.assertTrue(all(agreement.step_ids.mapped("done_at")))

    def test_a_step_recorded_in_error_is_taken_back(self):
        """By its own side; what was recorded and who took it back stay."""
        agreement, _paper = self.printed()
        with self.says("cancel or restart"):
            agreement.action_undo_step()
        for _step in range(2):
            agreement.action_record_step()
        self.assertEqual(agreement.state, "host")
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            self.as_user(agreement, self.host_office).action_undo_step()
        self.assertTrue(agreement.may_undo)
        agreement.action_undo_step()
        self.assertEqual((agreement.state, agreement.next_step), ("origin", "sent"))
        agreement.action_record_step()
        self.assertEqual(
            [(s.code, bool(s.undone_at), s.undone_by_id) for s in agreement.step_ids],
            [
                ("printed", False, self.env["res.users"]),
                ("signed_origin", False, self.env["res.users"]),
                ("sent", True, self.here(self.origin_office)),
                ("sent", False, self.env["res.users"]),
            ],
        )
        self.as_user(agreement, self.host_office).action_record_step()
        self.assertFalse(agreement.may_undo)
        self.assertTrue(self.as_user(agreement, self.host_office).may_undo)
        agreement.action_cancel()
        with self.says("no step to take back"):
            self.as_user(agreement, self.host_office).action_undo_step()

    def test_two_columns_and_the_words_of_the_guide(self):
        """B010, B011-B015, B017-B024, in both processes."""
        self.env["res.lang"]._activate_lang("fr_FR")
        agreement, _paper = self.printed()
        html = str(agreement.with_context(lang="en_US").progress)
        self.assertLess(
            html.index("Establishment of origin"), html.index("Host establishment")
        )
        self.assertIn("Without electronic signature", html)
        self.assertEqual(len(agreement._steps()), 7)
        for step in agreement._steps():
            self.assertIn(str(step["label"]), html)

    def test_both_copies_are_printed_with_the_list(self):
        agreement, paper = self.printed()
        _name, both = agreement._paper_file()
        pages = [(page.code, page.page) for page in read_pile(both)]
        once = [(agreement.code, n + 1) for n in range(agreement.page_count)]
        self.assertEqual(pages, once + once)
        self.assertIn("MARTIN Emma", pdf_text(paper))
        agreement.action_print()
        self.assertEqual(agreement.sudo().paper_id.raw, paper)
        self.assertEqual(len(agreement.step_ids), 1)

    def test_overdue_steps_are_seen(self):
        agreement, _paper = self.printed()
        domain = [("is_overdue", "=", True)]
        self.assertNotIn(agreement, agreement.search(domain))
        past = fields.Datetime.now() - timedelta(days=10)
        agreement.sudo().step_ids.done_at = past
        agreement.sudo().invalidate_recordset()
        agreement.sudo()._compute_next()
        self.assertIn(agreement, agreement.search(domain))
        self.assertIn("Overdue", str(agreement.with_context(lang="en_US").progress))

    def test_a_host_outside_is_recorded_by_the_origin(self):
        outside = self.env["res.partner"].create(
            {"name": "Lycée du Lac", "is_company": True}
        )
        head = self.env["res.partner"].create({"name": "Anne", "parent_id": outside.id})
        offer = type(self).new_offer.__func__(
            self, user=self.origin_office, host_id=outside.id, host_head_id=head.id
        )
        offer.action_publish()
        type(self).register.__func__(self, self.here(self.adult), offer.slot_ids[1])
        agreement, _paper = self.printed(self.prepare(offer))
        for _step in PAPER[1:]:
            agreement.action_record_step()
        self.assertEqual(agreement.state, "done")
        agreement.action_undo_step()
        self.assertEqual(agreement.next_step, "received_origin")


@tagged("post_install", "-at_install")
class TestScannedPile(PaperCase):
    """A pile of returned copies in one PDF: nothing is guessed."""

    def agreements(self, count):
        """Return printed conventions of as many offers, each with one pupil."""
        found = []
        for index in range(count):
            start = self.opening + timedelta(days=10 + index)
            end = start + timedelta(hours=2)
            slot = {"date_start": start, "date_end": end}
            offer = type(self).new_offer.__func__(
                self, name=f"Atelier {index}", slot_ids=[(0, 0, slot)]
            )
            offer.action_publish()
            type(self).register.__func__(self, self.here(self.adult), offer.slot_ids)
            found.append(self.printed(self.prepare(offer)))
        return found

    def test_ten_pages_one_damaged(self):
        """Given five returned copies shuffled, one code stained, when the pile is
        dropped, then four are filed and a human settles the fifth.
        """
        made = self.agreements(5)
        images = [image for _a, paper in made for image in pictures(paper)]
        self.assertGreaterEqual(len(images), 10)
        images[1] = damage(images[1])
        images[2] = images[2].rotate(180)
        order = list(range(len(images)))[::-1]
        pile = self.drop(scanned([images[n] for n in order]))
        first, others = made[0][0], [agreement for agreement, _paper in made[1:]]
        self.assertEqual({one.state for one in others}, {"done"})
        self.assertEqual(first.state, "origin")
        self.assertEqual(
            (pile.state, pile.open_count), ("to_check", len(pictures(made[0][1])))
        )
        [document] = pile.document_ids.filtered(lambda d: d.agreement_id == first)
        self.assertIn("2", document.problem)
        with self.says("Missing"):
            document.action_file()
        [page] = pile.page_ids.filtered(lambda p: p.status != "found")
        self.assertEqual(page.index, len(images) - 1)
        self.settle(page, agreement_id=first.id, number=2)
        self.assertEqual(page.document_id, document)
        self.assertFalse(document.problem)
        document.action_file()
        self.assertEqual((first.state, pile.state), ("done", "done"))
        scan = read_pile(first.sudo().scan_id.raw)
        self.assertEqual(len(scan), first.page_count)
        self.assertEqual((scan[0].code, scan[0].page), (first.code, 1))
        last = first.step_ids[-1]
        self.assertEqual((last.code, last.implied), ("received_origin", False))
        self.assertTrue(all(first.step_ids[1:-1].mapped("implied")))
        name, content = self.as_user(first, self.host_office)._signed_file()
        self.assertTrue(content.startswith(b"%PDF"), name)

    def test_duplicated_and_missing_pages_wait(self):
        [(agreement, paper)] = self.agreements(1)
        images = pictures(paper)
        pile = self.drop(scanned([images[0], *images]))
        self.assertEqual(agreement.state, "origin")
        self.assertIn("several times", pile.document_ids.problem)
        pile.page_ids[0].action_leave_out()
        self.assertFalse(pile.document_ids.problem)
        pile.page_ids[0].action_put_back()
        self.assertIn("several times", pile.document_ids.problem)
        pile.page_ids[0].action_leave_out()
        pile.document_ids.action_file()
        self.assertEqual(agreement.state, "done")
        with self.says("already filed"):
            pile.page_ids[1].action_leave_out()

    def test_pages_of_which_nothing_was_read(self):
        """A human chooses among all that wait for paper; nothing is guessed, and what
        is impossible is refused.
        """
        (agreement, paper), (other, _paper) = self.agreements(2)
        images = [damage(image) for image in pictures(paper)]
        self.assertGreaterEqual(len(images), 2)
        pile = self.drop(scanned(images))
        self.assertFalse(pile.document_ids)
        self.assertFalse(set(pile.page_ids.mapped("status")) & {"found", "stranger"})
        first = pile.page_ids[0]
        wizard = self.wizard(first, agreement_id=agreement.id)
        self.assertTrue(base64.b64decode(wizard.picture).startswith(b"\x89PNG"))
        domain = safe_eval(
            wizard._fields["agreement_id"].domain,
            {"allowed_company_ids": self.establishment.ids},
        )
        offered = wizard.agreement_id.search(domain)
        self.assertEqual(offered, agreement | other)
        for number in (0, len(images) + 1):
            with self.says(f"{len(images)} pages"):
                self.settle(first, agreement_id=agreement.id, number=number)
        with self.says("Choose the document"):
            self.settle(first, number=1)
        for number, page in enumerate(pile.page_ids, 1):
            self.settle(page, agreement_id=agreement.id, number=number)
        pile.document_ids.action_file()
        self.assertEqual((agreement.state, other.state), ("done", "origin"))
        self.assertEqual(pile.state, "done")

    def test_what_was_read_is_not_said_to_be_something_else(self):
        (agreement, paper), (other, _paper) = self.agreements(2)
        pile = self.drop(scanned(pictures(paper)[:1]))
        with self.says("was read"):
            self.settle(pile.page_ids, agreement_id=other.id, number=1)
        self.assertEqual(pile.document_ids.agreement_id, agreement)
        page = self.drop(scanned([damage(pictures(paper)[0])])).page_ids
        started = self.start(self.prepare(self.offer))
        with self.says("expects no paper"):
            self.settle(page, agreement_id=started.id, number=1)

    def test_nobody_settles_pages_of_another_establishment(self):
        """Neither its pages, nor with its documents, even by their numbers."""
        [(agreement, paper)] = self.agreements(1)
        page = self.drop(scanned([damage(pictures(paper)[0])])).page_ids
        third = self.env["res.company"].create({"name": "Autre"})
        person = type(self).person.__func__
        stranger = person(self, "stranger", third, "offers", "send")
        for act in ("action_look", "action_leave_out", "action_put_back"):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                getattr(self.as_user(page, stranger), act)()
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            self.wizard(self.as_user(page, stranger))
        pile = self.drop(scanned([damage(pictures(paper)[0])]), user=stranger)
        for field, one in (("agreement_id", agreement), ("request_id", self.send())):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                self.wizard(pile.page_ids, **{field: one.id})

    def test_a_copy_filed_in_error_goes_back_to_its_pile(self):
        """Steps that only the copy showed go with it; it is filed again at will."""
        [(agreement, paper)] = self.agreements(1)
        agreement.action_record_step()
        pile = self.drop(scanned(pictures(paper)))
        self.assertEqual((agreement.state, pile.state), ("done", "done"))
        scan = agreement.sudo().scan_id
        agreement.action_undo_step()
        self.assertEqual(
            (agreement.state, agreement.next_step, pile.state),
            ("origin", "sent", "to_check"),
        )
        self.assertFalse(agreement.may_download)
        self.assertTrue(scan.exists(), "the history keeps it")
        pile.document_ids.action_file()
        self.assertEqual((agreement.state, pile.state), ("done", "done"))
        self.assertEqual(
            agreement.step_ids.filtered("undone_at").mapped("code"),
            [step.code for step in PAPER[2:]],
        )

    def test_a_copy_comes_after_every_step_was_recorded(self):
        [(agreement, paper)] = self.agreements(1)
        for step in PAPER[1:]:
            side = self.origin_office if step.side == "origin" else self.host_office
            self.as_user(agreement, side).action_record_step()
        self.assertEqual((agreement.state, agreement.may_download), ("done", False))
        self.drop(scanned(pictures(paper)))
        self.assertEqual(len(agreement.step_ids), len(PAPER))
        self.assertTrue(agreement.may_download)
        again = self.drop(scanned(pictures(paper)))
        self.assertIn("expects no paper copy", again.document_ids.problem)

    def test_pages_of_others_and_of_nobody(self):
        [(agreement, paper)] = self.agreements(1)
        stranger = type(self).person.__func__(
            type(self),
            "stranger",
            self.env["res.company"].create({"name": "Autre"}),
            "offers",
        )
        pile = self.drop(scanned(pictures(paper)), user=self.here(stranger))
        self.assertEqual(set(pile.page_ids.mapped("status")), {"stranger"})
        self.assertFalse(pile.document_ids)
        self.assertEqual(agreement.state, "origin")

    def test_the_host_does_not_file_for_the_origin(self):
        [(agreement, paper)] = self.agreements(1)
        pile = self.drop(scanned(pictures(paper)), user=self.host_office)
        self.assertEqual(agreement.state, "origin")
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            pile.document_ids.action_file()

    def test_refused_files_leave_nothing(self):
        piles = self.as_user(self.env["campus.scan.pile"], self.origin_office)
        for content, word in (
            (base64.b64encode(b"hello").decode(), "not a PDF"),
            ("@@@", "could not be read"),
            (None, "not a PDF"),
        ):
            with self.says(word):
                piles.file_pile("x.pdf", content)
        self.assertFalse(piles.search([]))

    def test_what_was_read_does_not_change(self):
        [(_agreement, paper)] = self.agreements(1)
        pile = self.drop(scanned(pictures(paper)[:1]))
        for record, vals in (
            (pile.document_ids, {"filed_at": fields.Datetime.now()}),
            (pile.document_ids, {"agreement_id": False}),
        ):
            with self.says("does not change"):
                record.write(vals)
        for vals in ({"code": "X"}, {"number": 2}, {"left_out": True}):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                pile.page_ids.write(vals)
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            self.as_user(self.env["campus.scan.pile"], self.follower).file_pile("x", "")
