# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import unittest

from engine.rendering import check_template, compose, render

from .rendering_samples import (
    ROLES,
    catalogue,
    page,
    pdf_fonts,
    pdf_text,
    run,
    shipped_body,
    slot,
)

# Article D124-4: what stands for each of the fifteen mentions in the agreement.
MENTIONS = {
    1: ("training.name", "training.hours"),
    2: ("teacher.name", "tutor.name"),
    3: ("internship.skills",),
    4: ("internship.activities",),
    5: ("internship.start", "internship.end", "internship.hours_total"),
    6: (
        "internship.weekly_hours",
        "internship.night",
        "internship.sunday",
        "internship.holidays",
    ),
    7: ("internship.supervision_school", "internship.supervision_company"),
    8: ("internship.gratification_amount", "internship.gratification_terms"),
    9: ("internship.social_protection", "internship.liability_insurance"),
    10: ("internship.leave_terms",),
    11: ("internship.suspension_terms",),
    12: ("internship.interruption_validation",),
    13: ("internship.benefits",),
    14: ("internship.house_rules",),
    15: ("internship.certificate_terms",),
}


class TestConvention(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.body = shipped_body()
        cls.values = catalogue()

    def compose(self, roles=tuple(ROLES), **changes):
        values = {
            **self.values,
            **{k.replace("__", "."): v for k, v in changes.items()},
        }
        slots = [slot(f"sig-{n}", role) for n, role in enumerate(roles, start=1)]
        return compose(self.body, values, slots)

    def test_says_only_what_exists(self):
        self.assertEqual(check_template(self.body, self.values, ROLES), [])

    def test_has_the_fifteen_mentions(self):
        used = self.compose(internship__gratified=True).used_tags
        for number, tags in MENTIONS.items():
            with self.subTest(mention=number):
                self.assertLessEqual(set(tags), used)

    def test_uses_the_whole_catalogue(self):
        used = self.compose(
            internship__gratified=True,
            internship__confidential=True,
            internship__abroad=True,
            internship__ects=3,
        ).used_tags
        self.assertEqual(set(self.values) - used, {"establishment.city"})

    def test_has_no_amount_of_its_own(self):
        self.assertNotRegex(self.body, r"\d\s*(€|euro|%)")

    def test_minor_variant(self):
        minor = self.compose().text
        roles = [role for role in ROLES if role != "guardian"]
        adult = self.compose(roles, student__minor=False)
        for words in (
            "stagiaire mineur",
            "représentants légaux",
            "35 heures par semaine, ",
        ):
            with self.subTest(words=words):
                self.assertIn(words, minor)
                self.assertNotIn(words, adult.text)
        self.assertNotIn("Responsable élève", adult.html)
        self.assertNotIn("guardian1.name", adult.used_tags)

    def test_second_guardian_has_a_row_when_there_is_one(self):
        one = self.compose(guardian2__name=None)
        self.assertNotIn("guardian2.phone", one.used_tags)
        self.assertNotIn("guardian2.name", one.missing)

    def test_sections_on_conditions(self):
        for tag, words in (
            ("internship__abroad", "Stage à l’étranger"),
            ("internship__confidential", "Clause particulière"),
            ("internship__gratified", "par heure de présence effective, due"),
            ("company__public", "est un organisme public"),
        ):
            with self.subTest(tag=tag):
                self.assertIn(words, self.compose(**{tag: True}).text)
                self.assertNotIn(words, self.compose(**{tag: False}).text)

    def test_four_pages_numbered_articles_six_boxes(self):
        expected = [f"sig-{n}" for n in range(1, 7)]
        html = page(self.compose().html, title="Convention de stage")
        html = html.replace("<body>", "<style>html {font-size: 9pt}</style><body>")
        rendered = render(html, expected=expected, identifier="x")
        self.assertEqual(rendered.pages, 4)
        self.assertEqual({box.page for box in rendered.boxes}, {3})
        text = pdf_text(rendered.pdf)
        self.assertIn("Article 1 – Objet de la convention", text)
        self.assertIn("Article 15 – Droit applicable", text)
        self.assertEqual(set(pdf_fonts(rendered.pdf)), {"Noto-Sans", "Noto-Sans-Bold"})
        self.assertIn("No syntax", run("qpdf", "--check", "PDF", pdf=rendered.pdf))
