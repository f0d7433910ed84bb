# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Acts start from what is committed; the cursor is the test's own.
# pylint: disable=invalid-commit
from odoo.tests import tagged

from .common_sign import SignCase, pdf_text


@tagged("post_install", "-at_install")
class TestCheck(SignCase):
    """« Aperçu avant envoi »: what is red, orange, ready (A065-A073)."""

    short_body = False

    def check(self, internship=None, template=None):
        template = self.here(template or self.template).with_user(self.office)
        return template._check(self.here(internship or self.internship))[0]

    def codes(self, check, blocking=True):
        return {i.code for i in check.all_issues() if i.blocking is blocking}

    def test_ready(self):
        check = self.check()
        self.assertTrue(check.ready)
        self.assertEqual(
            self.codes(check, blocking=False), {"phone", "never_connected"}
        )
        names = [party.partner.name for party in check.parties]
        self.assertEqual(
            names[0:2], [self.minor.name, self.mother.name], "the first legal guardian"
        )
        self.assertEqual(check.parties[-1].user, self.here(self.head))

    def test_number_of_queries_does_not_depend_on_the_rows(self):
        """500 rows of the window stay below 40 queries: so do 10 and 100."""
        students = self.env["campus.student"].create(
            [
                {
                    "name": f"ÉLÈVE {number}",
                    "email": f"eleve.{number}@example.org",
                    "birth_date": "2010-01-15",
                    "promotion_id": self.promotion.id,
                }
                for number in range(100)
            ]
        )
        self.env["campus.guardianship"].create(
            [
                {
                    "student_id": one.id,
                    "name": f"P {one.id}",
                    "email": f"p{one.id}@x.fr",
                }
                for one in students
            ]
        )
        records = self.env["campus.internship"]
        for number, student in enumerate(students):
            tutor = self.here(self.tutor).copy({"email": f"t{number}@example.org"})
            values = {"tutor_id": tutor.id if number % 5 else False}
            records |= self.new_internship(student, **values)
        wizards = self.env["campus.sign.send"].with_user(self.here(self.office))

        def count(some):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            table = wizards.check({"res_model": some._name, "res_ids": some.ids})
            self.assertEqual(len(table["rows"]), len(some))
            return self.env.cr.sql_log_count - before

        count(records[:10])
        few, many = count(records[:10]), count(records)
        self.assertEqual(few, many)
        self.assertLessEqual(many, 40)

    def test_each_missing_person_blocks(self):
        for field, code in (
            ("tutor_id", "missing"),
            ("company_head_id", "missing"),
            ("teacher_id", "missing"),
        ):
            with self.subTest(field=field), self.env.cr.savepoint() as savepoint:
                self.here(self.internship)[field] = False
                check = self.check()
                self.assertFalse(check.ready)
                self.assertIn(code, self.codes(check))
                savepoint.rollback()
                self.env.invalidate_all()

    def test_minor_without_guardian_blocks(self):
        self.here(self.minor).guardianship_ids.unlink()
        check = self.check()
        self.assertFalse(check.ready)
        self.assertIn("missing", self.codes(check))

    def test_addresses(self):
        tutor = self.here(self.tutor)
        for email, blocking in ((False, True), ("not an address", True)):
            tutor.email = email
            self.assertIs("email" in self.codes(self.check()), blocking)
        tutor.email = self.company_head.email
        check = self.check()
        self.assertIn("shared_email", self.codes(check, blocking=False))
        self.assertTrue(check.ready, "decision 16: a warning, not a refusal")

    def test_required_values_are_named(self):
        self.here(self.internship).subject = False
        check = self.check()
        [issue] = [i for i in check.issues if i.code == "value"]
        self.assertIn("subject", issue.message)

    def test_a_character_no_font_draws_is_red(self):
        self.here(self.internship).subject = "Étude 設計"
        check = self.check()
        [issue] = [i for i in check.issues if i.code == "glyph"]
        self.assertIn("設", issue.message)
        with self.refuses("incomplete", 422):
            self.queue()
        self.assertFalse(self.here(self.internship).request_ids)

    def test_hostile_texts_are_only_text(self):
        hostile = "<script>alert(1)</script> & <b>gras</b>"
        self.here(self.internship).subject = hostile
        self.here(self.minor.partner_id).name = "O'BRIEN <img src=x> " + "é" * 300
        request = self.send()
        self.assertIn("<script>alert(1)</script>", pdf_text_of(request))
        self.assertTrue(self.sign(self.line(request, "student"))["ok"])

    def test_scripts_of_the_world(self):
        for name in ("محمد بن سلمان", "דוד כהן", "Nguyễn Thị Dœuff"):
            with self.subTest(name=name):
                partner = self.env["res.partner"].create(
                    {"name": name, "email": "someone@example.org"}
                )
                internship = self.new_internship(self.adult, tutor_id=partner.id)
                request = self.send(internship)
                result = self.sign(self.line(request, "tutor"))
                self.assertTrue(result["ok"], result)

    def test_names_of_ten_thousand_characters(self):
        self.here(self.tutor).name = "Jean-Baptiste " * 720
        request = self.send()
        self.assertTrue(self.sign(self.line(request, "tutor"))["ok"])

    def test_a_queued_document_can_be_cancelled(self):
        """Nothing was rendered yet: there is no file, and nobody to tell."""
        request = self.queue()
        request.with_user(self.office)._act_cancel("Envoyé par erreur")
        self.assertEqual(request.state, "cancelled")
        request._process_queued()
        self.assertEqual((request.state, request.revisions), ("cancelled", False))

    def test_a_cancelled_internship_is_not_sent(self):
        self.here(self.internship).cancelled = True
        self.assertEqual(self.codes(self.check()), {"obstacle"})

    def test_document_already_in_circulation(self):
        self.send()
        self.assertIn("circulating", self.codes(self.check()))
        with self.refuses("incomplete"):
            self.queue()

    def test_who_may_send(self):
        for user in (self.follower, self.head):
            with self.refuses("no_right", 403):
                self.here(self.template).with_user(user)._send(
                    self.here(self.internship).with_user(user)
                )

    def test_finaliser_without_right_blocks(self):
        self.here(self.head).group_ids -= self.env.ref("campus_sign.group_sign")
        check = self.check()
        self.assertIn("right", self.codes(check))

    def test_inactive_service_blocks_with_the_way_out(self):
        self.here(self.authority).active = False
        check = self.check()
        [issue] = [i for i in check.issues if i.code == "service"]
        self.assertIn("Settings", issue.message)

    def test_sending_again_remembers_the_circuit_it_restarts(self):
        """A141, decision 5: from the beginning, linked to the old circuit."""
        first = self.send()
        self.sign(self.line(first, "student"))
        first.with_user(self.office)._act_cancel("Dates fausses")
        second = self.send()
        self.assertEqual(second.previous_id, first)
        self.assertEqual(second.signature_count, "0/6")

    def test_failed_rendering_keeps_its_reason_and_is_retried(self):
        request = self.queue()
        self.here(self.internship).subject = "設計"
        self.env.cr.commit()
        request._process_queued()
        self.assertEqual(request.state, "failed")
        self.assertIn("設", request.failure)
        self.here(self.internship).subject = "Conception"
        self.env.cr.commit()
        request.with_user(self.office).action_retry()
        request._process_queued()
        self.assertEqual((request.state, request.failure), ("waiting", False))

    def test_options_of_roles(self):
        """Decision 6."""
        template = self.here(self.template).copy({"name": "Options"})
        student = template.signer_ids.filtered(lambda s: s.role_code == "student")
        for option, roles in (
            ("self", ["student"]),
            ("guardian_if_minor", ["guardian"]),
            ("both", ["student", "guardian"]),
        ):
            student.student_option = option
            found = [p.role.code for p in self.check(template=template).parties]
            self.assertEqual(found[: len(roles)], roles)
            self.assertEqual(found.count("guardian"), roles.count("guardian"))
        student.student_option = "self"
        guardian = template.signer_ids.create(
            {
                "template_id": template.id,
                "role_id": self.env.ref("campus_sign.role_guardian").id,
                "sequence": 15,
            }
        )
        for option, people in (
            ("first", self.mother),
            ("second", self.father),
            ("all", self.mother | self.father),
            ("any", self.mother | self.father),
        ):
            guardian.guardian_option = option
            parties = [
                p
                for p in self.check(template=template).parties
                if p.role.code == "guardian"
            ]
            self.assertEqual({p.partner.id for p in parties}, set(people.ids), option)
            groups = {p.group for p in parties}
            self.assertEqual(None not in groups, option == "any")
        request = self.send(template=template)
        lines = self.line(request, "guardian")
        self.sign(lines[0])
        self.assertEqual(lines.mapped("status"), ["signed", "closed"])

    def test_teacher_options(self):
        """A037."""
        template = self.here(self.template).copy({"name": "Enseignant"})
        line = template.signer_ids.filtered(lambda s: s.role_code == "teacher")
        named = self.env["res.partner"].create(
            {"name": "Paul NOMMÉ", "email": "paul@tilleuls.example.org"}
        )
        line.write({"teacher_option": "named", "teacher_id": named.id})
        parties = self.check(template=template).parties
        self.assertIn(named, [party.partner for party in parties])

    def test_legal_warning(self):
        """Decision 11."""
        template = self.here(self.template)
        self.assertFalse(template.legal_warning)
        copy = template.copy({"name": "Sans tuteur"})
        copy.signer_ids.filtered(lambda s: s.role_code == "tutor").mandatory = False
        self.assertIn("D124-4", copy.legal_warning)


def pdf_text_of(request):

    return " ".join(pdf_text(request._stored_file()).split())
