# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from freezegun import freeze_time
from lxml import etree

from odoo.tests import tagged
from odoo.tools import file_path, html2plaintext

from ..engine import rendering
from .common_library import LibraryCase
from .common_sign import pdf_text

#: Template → record of the class, tick of A019, boxes on a minor's document.
SHIPPED = {
    "template_internship_agreement": ("internship", True, 6),
    "template_pfmp": ("internship", True, 6),
    "template_apprenticeship": ("period", True, 4),
    "template_professionalisation": ("period", False, 4),
    "template_completion_certificate": ("period", True, 1),
    "template_absence_statement": ("period", True, 2),
    "template_mission_order": ("mission", True, 2),
    "template_letter": ("company_head", True, 1),
    "template_letter_family": ("minor", True, 1),
    "template_portal_letter": ("company_head", True, 1),
    "template_parental_authorisation": ("minor", True, 2),
}
#: What each document cannot do without, by the rule that wants it.
MENTIONS = {
    # D6353-1: title, content, means, duration and period, follow-up, price
    "template_apprenticeship": (
        "period.diploma",
        "period.objectives",
        "period.programme",
        "period.means",
        "period.hours",
        "period.start",
        "period.end",
        "period.follow_up",
        "period.sanction",
        "period.price",
        "establishment.activity_number",
    ),
    # who, employer, title, dates, duration, provider
    "template_completion_certificate": (
        "student.name",
        "company.name",
        "period.diploma",
        "period.start",
        "period.end",
        "period.hours_done",
        "establishment.name",
    ),
    "template_absence_statement": ("period.absences", "period.hours_unjustified"),
    # decree 2006-781: who, purpose, places, dates, transport, costs
    "template_mission_order": (
        "mission.agent",
        "mission.subject",
        "mission.departure",
        "mission.destination",
        "mission.start",
        "mission.end",
        "mission.transport",
        "mission.transport_details",
        "mission.cost_terms",
    ),
    "template_parental_authorisation": ("student.name", "guardian1.name"),
    "template_portal_letter": ("access.login", "portal.address"),
}
MENTIONS["template_professionalisation"] = MENTIONS["template_apprenticeship"]


@tagged("post_install", "-at_install")
@freeze_time(LibraryCase.TODAY)
class TestLibraryTemplates(LibraryCase):
    """The shipped documents, rendered by the real renderer (A001, A019, A053)."""

    def template_of(self, name):
        return self.env.ref(f"campus_sign.{name}")

    def compose(self, name):
        """Return what the renderer makes of a shipped template on its record."""
        template = self.template_of(name)
        record = getattr(self, SHIPPED[name][0])
        request = template._draft(record)
        slots = request._signature_slots()
        values = template._values(record, self.head.name)
        composed = rendering.compose(template.body, values, slots, lang="fr_FR")
        return template, record, request, slots, composed

    def test_every_template_renders_without_an_empty_mention(self):
        required = set(
            self.env["campus.sign.tag"].search([("required", "=", True)]).mapped("code")
        )
        for name, (_record, _tick, boxes) in SHIPPED.items():
            with self.subTest(template=name):
                template, record, request, slots, composed = self.compose(name)
                self.assertFalse(required & set(composed.missing))
                html = request._document_html(template, record, slots)
                rendered = rendering.render(
                    html, expected=[slot.name for slot in slots], identifier="x"
                )
                self.assertEqual(len(rendered.boxes), boxes)
                self.assertLessEqual(rendered.pages, 5)
                text = pdf_text(rendered.pdf)
                self.assertIn(self.establishment.name, text)
                self.assertNotIn("False", text)
                self.assertNotIn("None", text)

    def test_legal_mentions_are_printed(self):
        for name, mentions in MENTIONS.items():
            with self.subTest(template=name):
                used = self.compose(name)[-1].used_tags
                self.assertFalse(set(mentions) - used)

    def test_pfmp_carries_the_mentions_of_the_agreement_and_two_annexes(self):
        agreement = self.compose("template_internship_agreement")[-1]
        pfmp = self.compose("template_pfmp")[-1]
        known = {tag for tag in agreement.used_tags if tag.startswith("internship.")}
        self.assertFalse(
            known
            - pfmp.used_tags
            # Two months are never reached, nor credits, secrets or foreign law.
            - {"internship.months_total", "internship.ects", "internship.abroad"}
            - {"internship.confidential", "internship.gratification_terms"}
        )
        for words in ("Annexe pédagogique", "Annexe financière"):
            self.assertIn(words, pfmp.text)

    def test_nothing_is_said_twice(self):
        """No sentence beside the establishment's own clauses repeats them."""
        for name in SHIPPED:
            with self.subTest(template=name):
                text = " ".join(self.compose(name)[-1].text.split())
                words = text.lower().replace("’", "'").split()
                runs = [" ".join(words[i : i + 9]) for i in range(len(words) - 8)]
                twice = {run for run in runs if runs.count(run) > 1}
                self.assertFalse(twice)

    def test_check_window_finds_every_one_ready(self):
        for name, (record, _tick, _boxes) in SHIPPED.items():
            with self.subTest(template=name):
                [check] = self.template_of(name)._check(getattr(self, record))
                blocking = [i.message for i in check.all_issues() if i.blocking]
                self.assertEqual(blocking, [])

    def test_ticks_and_categories_of_the_guide(self):
        """A019: which are eligible, and under which category."""
        categories = {
            "template_internship_agreement": "Internship > Agreement",
            "template_pfmp": "Internship > PFMP",
            "template_apprenticeship": "Work-study > Agreement",
            "template_professionalisation": "Work-study > Agreement",
            "template_completion_certificate": "Attendance",
            "template_absence_statement": "Attendance",
            "template_mission_order": "Mission",
            "template_letter": "Miscellaneous",
            "template_portal_letter": "Miscellaneous",
            "template_letter_family": "Miscellaneous > Students and families",
            "template_parental_authorisation": "Miscellaneous > Students and families",
        }
        for name, category in categories.items():
            with self.subTest(template=name):
                template = self.template_of(name)
                self.assertEqual(template.eligible, SHIPPED[name][1])
                self.assertEqual(template.category_id.complete_name, category)
                record = getattr(self, SHIPPED[name][0])
                self.assertEqual(template.res_model, record._name)

    def test_no_legal_warning_on_the_two_agreements(self):
        for name in ("template_internship_agreement", "template_pfmp"):
            self.assertFalse(self.template_of(name).legal_warning)
        teacher = self.template_of("template_pfmp").signer_ids.filtered(
            lambda line: line.role_code == "teacher"
        )
        teacher.mandatory = False
        self.assertTrue(self.template_of("template_pfmp").legal_warning)

    def test_wrong_template_is_warned_about(self):
        period, internship = self.period, self.internship
        pro = self.template_of("template_professionalisation")
        self.assertTrue(period._sign_warning(pro))
        pfmp = self.template_of("template_pfmp")
        self.assertTrue(internship._sign_warning(pfmp))
        internship.kind = "pfmp"
        self.assertFalse(internship._sign_warning(pfmp))
        [check] = self.template_of("template_internship_agreement")._check(internship)
        self.assertIn("warning", [issue.code for issue in check.issues])
        self.assertTrue(check.ready)

    def test_amounts_and_rates_are_never_in_the_words(self):
        for name in SHIPPED:
            with self.subTest(template=name):
                words = html2plaintext(self.template_of(name).body)
                self.assertNotRegex(words, r"\d\s*(€|euro|%)")

    def test_family_letter_shows_where_the_student_lives(self):
        """A050: the guardian has no address of her own."""
        self.minor.write({"street": "3 rue des Lilas", "zip": "87000"})
        template, record, request, slots, _composed = self.compose(
            "template_letter_family"
        )
        html = request._document_html(template, record, slots)
        frame = etree.HTML(html).xpath("//div[@class='cs-address']")[0]
        text = " ".join(frame.itertext())
        self.assertIn("MARTIN Laurence", text)
        self.assertIn("3 rue des Lilas", text)
        self.assertNotIn("cs-title", html, "a letter has no title")

    def test_files_are_plain_records_left_to_their_author(self):
        """« Restaurer l'original » reads them: one file, records only, noupdate."""
        for name in SHIPPED:
            data = self.env["ir.model.data"].search(
                [("module", "=", "campus_sign"), ("name", "=", name)]
            )
            self.assertTrue(data.noupdate, name)
        tree = etree.parse(file_path("campus_sign/data/template_pfmp.xml"))
        self.assertEqual({node.tag for node in tree.getroot()}, {"record"})
