# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Acts start from what is committed; the cursor is the test's own.
# pylint: disable=invalid-commit
from functools import partial

from odoo import fields
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common_access import OPERATIONS, ROLES, AccessCase

VISIT = ("campus.visit.agreement", "campus.visit.agreement.line", "campus.visit.step")


@tagged("post_install", "-at_install")
class TestAccessEstablishments(AccessCase):
    """What belongs to one establishment does not exist in another (A012)."""

    def setUp(self):
        super().setUp()
        self.archive()
        self.third = self.env["res.company"].create(
            {"name": "IUT tiers", "country_id": self.env.ref("base.fr").id}
        )
        self.own = self._own_records()
        self.env.cr.commit()

    def _own_records(self):
        """Return one record of the establishment for each model that names one."""
        own = {}
        for name, row in self.rows.items():
            path = row["establishment"]
            model = self.env[name].sudo().with_context(active_test=False)
            if path == "user":
                self.assertTrue(model._transient, f"{name}: whose record is it?")
            elif path:
                own[name] = model.search([(path, "=", self.establishment.id)], limit=1)
        self._fill(own)
        for name, records in own.items():
            with self.subTest(model=name):
                self.assertTrue(records, "make a record of this model in _fill()")
        return own

    def _of_role(self, name, role):
        """Return the record a role of the establishment reads in a model.

        A convention of visit is read by who manages offers where it comes from, by
        who manages registrations where it goes to (B006, B009).
        """
        if name in VISIT and role == "registrations":
            return self._convention(self.third, self.establishment)[name]
        return self.own[name]

    def test_records_of_another_establishment_do_not_exist(self):
        """Each model says by which field it belongs to an establishment."""
        reading = {
            (name, role): self._of_role(name, role)
            for name in self.own
            for role in ROLES
            if "r" in (self.rows[name][role] or "")
        }
        self.env.flush_all()
        for (name, role), records in reading.items():
            with self.subTest(model=name, role=role):
                self.assertTrue(
                    self.as_role(role, name).search([("id", "in", records.ids)]),
                    "own records are seen",
                )
        # The same users, now of the other establishment.
        for user in self.users.values():
            self.here(user).write(
                {
                    "company_ids": [(6, 0, self.other.ids)],
                    "company_id": self.other.id,
                }
            )
        for (name, role), records in reading.items():
            model = self.as_role(role, name)
            with self.subTest(model=name, role=role):
                self.assertFalse(model.search([("id", "in", records.ids)]))
                for operation in OPERATIONS.values():
                    self.assertFalse(model.browse(records.ids).has_access(operation))

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_methods_refuse_records_of_another_establishment(self):
        """Whoever holds a right, or all of them, elsewhere: every act is refused."""
        elsewhere = {
            role: new_test_user(
                self.env,
                f"elsewhere-{role}",
                groups=",".join(groups),
                company_id=self.other.id,
                company_ids=[(6, 0, self.other.ids)],
            )
            for role, groups in (
                ("follow", ROLES["follow"]),
                ("all", sum(list(ROLES.values())[3:], [])),
            )
        }
        self.users = {**self.users, **elsewhere}
        self.env.cr.commit()
        refused = 0
        for name, method in self.public_methods():
            record = self.own.get(name)
            if not record or self.is_of_model(name, method):
                continue
            for role in ("follow", "all"):
                with self.subTest(model=name, method=method, role=role):
                    self.assertTrue(
                        self.refused(role, name, method, record=record),
                        "check the access to the record inside",
                    )
                    refused += 1
        self.assertGreater(refused, 60)

    def _fill(self, own):
        """Add one record of each model that the main job does not make."""
        terms = self.env["campus.internship.terms"].sudo()
        make = {
            "campus.internship.interruption": lambda: self.env[
                "campus.internship.interruption"
            ].create(
                {
                    "internship_id": self.internship.id,
                    "date_start": self.internship.date_start,
                    "date_end": self.internship.date_start,
                }
            ),
            "campus.internship.terms": lambda: terms.search([], limit=1).copy(
                {"company_id": self.establishment.id}
            ),
            "campus.rate": lambda: self.env["campus.rate"].create(
                {
                    "code": "majority_age",
                    "date_from": "2026-01-01",
                    "value": 18,
                    "company_id": self.establishment.id,
                }
            ),
            "campus.public.holiday": lambda: self.env["campus.public.holiday"].create(
                {
                    "name": "Fête de l'établissement",
                    "date": "2026-05-04",
                    "company_id": self.establishment.id,
                }
            ),
            "campus.sign.template": lambda: self.here(self.template).copy(
                {"company_id": self.establishment.id}
            ),
            "campus.sign.template.revision": lambda: (
                self.here(self.template)
                .copy({"company_id": self.establishment.id})
                .revision_ids[:1]
            ),
            "campus.sign.deputy": lambda: self.env["campus.sign.deputy"].create(
                {
                    "company_id": self.establishment.id,
                    "user_id": self.head.id,
                    "deputy_id": self.users["sign"].id,
                    "date_to": fields.Date.today(),
                }
            ),
            "campus.sign.delegation": lambda: self.env["campus.sign.delegation"].create(
                {
                    "signer_id": self.env["campus.sign.signer"].search([], limit=1).id,
                    "proposer_id": self.tutor.id,
                    "proposer_name": self.tutor.name,
                    "name": "Paul REMPLAÇANT",
                    "email": "paul@vergne.example.com",
                    "reason": "Parti",
                }
            ),
            "campus.sign.delivery": lambda: self.env["campus.sign.delivery"].create(
                {
                    "sending_id": self.env["campus.sign.sending"]
                    .search([("company_id", "=", self.establishment.id)], limit=1)
                    .id,
                    "company_id": self.establishment.id,
                    "name": "Copie",
                    "res_model": "campus.internship",
                    "res_id": self.internship.id,
                }
            ),
            "campus.scan.pile": self._pile,
            "campus.scan.document": lambda: self.env["campus.scan.document"].create(
                {"pile_id": self._pile().id}
            ),
            "campus.scan.page": lambda: self.env["campus.scan.page"].create(
                {"pile_id": self._pile().id, "index": 1, "status": "none"}
            ),
            **{name: partial(self._own_convention, name) for name in VISIT},
            "campus.visit.offer": lambda: self._offer(self.establishment),
            "campus.visit.slot": lambda: self._offer(self.establishment).slot_ids,
            "campus.visit.registration": self._registration,
            "campus.sign.template.signer": lambda: (
                self.here(self.template)
                .copy({"company_id": self.establishment.id})
                .signer_ids[:1]
            ),
        }
        for name in own:
            if not own[name] and name in make:
                own[name] = make[name]().sudo()
        self.env.flush_all()

    def _pile(self):
        return self.env["campus.scan.pile"].create(
            {"name": "copies.pdf", "company_id": self.establishment.id}
        )

    def _offer(self, company):
        """Return the draft of an offer: a published one is for all to see."""
        return self.env["campus.visit.offer"].create(
            {
                "name": "Immersion",
                "place": "Bâtiment B",
                "company_id": company.id,
                "host_id": company.partner_id.id,
                "slot_ids": [
                    (
                        0,
                        0,
                        {
                            "date_start": "2030-01-15 08:00:00",
                            "date_end": "2030-01-15 11:00:00",
                        },
                    )
                ],
            }
        )

    def _registration(self):
        registrations = self.env["campus.visit.registration"]
        if found := registrations.search([("student_id", "=", self.adult.id)]):
            return found[0]
        offer = self._offer(self.other)
        offer.action_publish()
        return registrations.create(
            {"student_id": self.adult.id, "slot_id": offer.slot_ids.id}
        )

    def _own_convention(self, name):
        return self._convention(self.establishment, self.third)[name]

    def _convention(self, origin, host):
        """Return a started convention with its pupil and its step, ``{model: record}``.

        The office makes them by acts; here only whose they are matters.
        """
        offer = self._offer(host)
        agreement = self.env["campus.visit.agreement"].create(
            {
                "offer_id": offer.id,
                "company_id": origin.id,
                "process": "paper",
                "frozen_at": fields.Datetime.now(),
            }
        )
        line = self.env["campus.visit.agreement.line"].create(
            {
                "agreement_id": agreement.id,
                "registration_id": self._registration().id,
                "name": "MARTIN Emma",
            }
        )
        step = self.env["campus.visit.step"].create(
            {"agreement_id": agreement.id, "code": "print", "user_id": self.env.uid}
        )
        return {one._name: one.sudo() for one in (agreement, line, step)}
