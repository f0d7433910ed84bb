# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Acts start from what is committed; the cursor is the test's own.
# pylint: disable=invalid-commit
from datetime import date, datetime, timedelta

from odoo.tests import tagged

from ..models.gate import unlocked
from .common_sign import SignCase


@tagged("post_install", "-at_install")
class TestUsage(SignCase):
    """Finalised circuits per month and establishment, at the price of their day."""

    def usage(self, user=None):
        usage = self.env["campus.sign.usage"].with_context(allowed_company_ids=None)
        self.env.flush_all()
        self.env.invalidate_all()
        return usage.with_user(self.here(user or self.office))

    def price(self, value, day, company=None):
        self.env["campus.rate"].create(
            {
                "code": "sign_unit_price",
                "date_from": day,
                "value": value,
                "company_id": company and company.id,
            }
        )

    def test_only_finalised_circuits_are_counted(self):
        """A008: neither sending nor cancelling costs anything."""
        sent = self.send(self.new_internship(self.adult))
        self.assertFalse(self.usage().search([]))
        sent.with_user(self.office)._act_cancel("Dates fausses")
        self.assertFalse(self.usage().search([]))
        self.archive()
        found = self.usage().search([])
        self.assertEqual(found.mapped("documents"), [1])
        self.assertEqual(found.unit_price, 0.8)
        self.assertEqual(found.amount, 0.8)
        self.assertEqual(found.template_id, self.here(self.template))

    def test_each_document_keeps_the_price_of_its_day(self):
        """A007: dated data; an establishment's own price goes before the common one."""
        school = self.here(self.establishment)
        self.price(1.0, "2026-03-01")
        self.price(0.5, "2026-05-01", school)
        request = self.archive()
        for day, price in (
            (date(2019, 1, 1), 0.8),
            (date(2026, 2, 28), 0.8),
            (date(2026, 3, 1), 1.0),
            (date(2026, 5, 1), 0.5),
            (date(2026, 12, 31), 0.5),
        ):
            noon = datetime.combine(day, datetime.min.time()) + timedelta(hours=12)
            unlocked(request).closed_at = noon
            with self.subTest(day=day):
                [found] = self.usage().search([])
                self.assertEqual((found.date, found.unit_price), (day, price))
                self.assertEqual(
                    found.unit_price,
                    self.env["campus.rate"]._value("sign_unit_price", day, school),
                )

    def test_the_month_is_the_establishments_own(self):
        request = self.archive()
        unlocked(request).closed_at = datetime(2026, 9, 30, 22, 30)
        self.assertEqual(self.usage().search([]).date, date(2026, 10, 1))

    def test_months_and_sums(self):
        first = self.archive()
        second = self.archive(self.send(self.new_internship(self.adult)))
        unlocked(first).closed_at = datetime(2026, 9, 15, 12)
        unlocked(second).closed_at = datetime(2026, 10, 15, 12)
        [*rows] = self.usage()._read_group(
            [], ["date:month", "company_id"], ["documents:sum", "amount:sum"]
        )
        school = self.here(self.establishment)
        self.assertEqual(
            [
                (month.month, company.id, n, round(sum_, 2))
                for month, company, n, sum_ in rows
            ],
            [(9, school.id, 1, 0.8), (10, school.id, 1, 0.8)],
        )

    def test_a_new_price_counts_from_today(self):
        school = self.here(self.establishment)
        request = self.archive()
        unlocked(request).closed_at = datetime(2026, 1, 15, 12)
        school.sign_unit_price = 2
        self.env.flush_all()
        self.assertEqual(school.sign_unit_price, 2)
        self.assertEqual(self.usage().search([]).unit_price, 0.8)
        rates = self.env["campus.rate"].search_count([("company_id", "=", school.id)])
        school.sign_unit_price = 2
        self.assertEqual(
            self.env["campus.rate"].search_count([("company_id", "=", school.id)]),
            rates,
            "saving the page again changes nothing",
        )

    def test_each_establishment_sees_its_own(self):
        self.archive()
        elsewhere = self.env["res.company"].create({"name": "IUT"})
        self.office.with_env(self.env).write(
            {"company_ids": [(6, 0, elsewhere.ids)], "company_id": elsewhere.id}
        )
        self.assertFalse(self.usage().search([]))
