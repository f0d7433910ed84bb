# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Acts start from what is committed; the cursor is the test's own.
# pylint: disable=invalid-commit
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..models.ceremony_errors import CeremonyError
from .common_sign import SignCase


@tagged("post_install", "-at_install")
class TestReservedContacts(SignCase):
    """A contact reserved to another establishment since a record named it (A069)."""

    def setUp(self):
        super().setUp()
        self.other = self.env["res.company"].create({"name": "Lycée d'en face"})
        self.first = self.here(self.internship)
        self.second = self.new_internship(
            self.here(self.adult), tutor_id=self.company_head.id
        )

    def reserve(self, *partners):
        for partner in partners:
            self.here(partner).company_id = self.other
        self.env.cr.commit()
        self.env.invalidate_all()

    def check(self, records, **values):
        """Ask what the window asks, as the office."""
        self.values = {"res_model": records._name, "res_ids": records.ids, **values}
        wizards = self.env["campus.sign.send"].with_user(self.here(self.office))
        return wizards.check(self.values)

    def row(self, table, record):
        return next(row for row in table["rows"] if row["id"] == record.id)

    def assert_silent(self, answer, *partners):
        said = str(answer)
        for partner in map(self.here, partners):
            self.assertNotIn(partner.sudo().name, said)
            self.assertNotIn(partner.sudo().email or "nobody@", said)

    def issue(self, row):
        people = [person for cell in row["cells"].values() for person in cell]
        issues = row["issues"] + [i for person in people for i in person["issues"]]
        [issue] = [one for one in issues if "reserved" in one["message"]]
        self.assertTrue(issue["blocking"])
        return issue

    def test_the_window_opens_and_the_cell_is_red(self):
        for role in ("tutor", "teacher", "company_head"):
            with self.subTest(role=role):
                person = self.here(getattr(self, role))
                self.second.write({"tutor_id": False, "company_head_id": False})
                self.second.teacher_id = False
                self.reserve(person)
                table = self.check(self.first | self.second)
                row = self.row(table, self.first)
                self.assertFalse(row["ready"])
                self.assert_silent(row, person)
                key = f"mandatory-{self.env.ref(f'campus_sign.role_{role}').id}"
                [cell] = row["cells"][key]
                self.assertEqual(cell["name"], "")
                self.assertEqual(cell["issues"], [self.issue(row)])
                self.assertEqual(
                    (cell["issues"][0]["target"]["model"], row["student"]),
                    (self.first._name, "MARTIN Emma"),
                )
                person.company_id = False

    def test_the_other_rows_leave(self):
        self.reserve(self.tutor)
        table = self.check(self.first | self.second)
        self.assertTrue(self.row(table, self.second)["ready"])
        wizards = self.env["campus.sign.send"].with_user(self.here(self.office))
        values = {**self.values, "template_id": table["template_id"]}
        marks = {str(row["id"]): row["mark"] for row in table["rows"]}
        both = (self.first | self.second).ids
        answer = wizards.submit({**values, "ticked_ids": both}, marks)
        self.assertEqual(answer["ids"], self.first.ids)
        answer = wizards.submit({**values, "ticked_ids": self.second.ids}, marks)
        self.assertIn("action", answer)

    def test_no_other_way_out(self):
        """Prints, e-mails, previews would say as much as a circuit."""
        self.reserve(self.tutor)
        first = self.first.with_user(self.here(self.office))
        template = self.here(self.template).with_user(self.here(self.office))
        for output in ("pdf", "mail"):
            [row] = self.check(first, output=output)["rows"]
            self.assertFalse(row["ready"])
            self.issue(row)
            self.assert_silent(row, self.tutor)
            with self.refuses("incomplete", 422):
                template._deliver(template._check(first, output), output)
        with self.refuses("incomplete", 422):
            template._send(first)
        with self.assertRaises(UserError) as refused:
            template._print(first)
        self.assertNotIsInstance(refused.exception, CeremonyError)
        self.assertIn("reserved", str(refused.exception))

    def test_whoever_the_document_speaks_of(self):
        """The company, the recipient's, the agent, the class teacher."""
        office = self.here(self.office)
        mission = self.env["campus.mission"].create(
            {
                "agent_id": self.teacher.id,
                "subject": "Visite",
                "date_start": "2027-01-04 08:00:00",
                "date_end": "2027-01-04 18:00:00",
            }
        )
        self.reserve(self.company, self.teacher)
        # They follow their company, and were freed by hand.
        tutor = self.here(self.tutor)
        (tutor | self.here(self.company_head)).company_id = False
        self.env.cr.commit()
        for record, partner in (
            (self.first, self.company),
            (tutor, self.company),
            (mission, self.teacher),
            (self.here(self.minor), self.teacher),
        ):
            with self.subTest(model=record._name):
                self.env.invalidate_all()
                table = self.check(record.with_user(office), output="pdf")
                [row] = table["rows"]
                self.assertFalse(row["ready"])
                self.issue(row)
                self.assert_silent(row, partner)

    def test_somebody_who_reads_both_establishments_sends(self):
        self.here(self.office).company_ids |= self.other
        self.reserve(self.tutor)
        wizards = self.env["campus.sign.send"].with_user(self.here(self.office))
        wizards = wizards.with_context(
            allowed_company_ids=(self.here(self.establishment) | self.other).ids
        )
        values = {"res_model": self.first._name, "res_ids": self.first.ids}
        [row] = wizards.check(values)["rows"]
        self.assertTrue(row["ready"])
