# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Acts start from what is committed; the cursor is the test's own.
# pylint: disable=invalid-commit
from contextlib import contextmanager
from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import new_test_user

from .common_sign import SignCase, scribble

GROUPS = "base.group_user,campus_sign.group_{}"


class VisitCase(SignCase):
    """A host establishment beside the school: one immersion, two slots.

    `emma` (minor) has a parental agreement on paper, `hugo` is of age.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.establishment.sign_visual = scribble()
        cls.host = cls.env["res.company"].create(
            {
                "name": "IUT des Sources",
                "city": "Grenoble",
                "street": "4 allée du Campus",
                "email": "contact@sources.example.org",
                "country_id": cls.env.ref("base.fr").id,
                "currency_id": cls.env.ref("base.EUR").id,
            }
        )
        cls.env["campus.sign.authority"]._activate(cls.host)
        cls.host_head = cls.person("host-head", cls.host, "sign", "registrations")
        cls.host_head.partner_id.write(
            {"name": "Paul DIRECTEUR", "email": "paul@sources.example.org"}
        )
        cls.host.write(
            {"sign_finaliser_id": cls.host_head.id, "sign_visual": scribble()}
        )
        cls.head.group_ids = [(4, cls.env.ref("campus_sign.group_offers").id)]
        cls.origin_office = cls.person(
            "origin-office", cls.establishment, "offers", "registrations", "send"
        )
        cls.host_office = cls.person("host-office", cls.host, "offers", "registrations")
        cls.opening = fields.Datetime.now().replace(minute=0, second=0) + timedelta(30)
        cls.offer = cls.new_offer()
        cls.offer.action_publish()
        cls.offer = cls.offer.with_env(cls.env)
        cls.slot, cls.later = cls.offer.slot_ids
        cls.emma = cls.register(cls.minor, cls.slot)
        cls.agree(cls.emma)
        cls.hugo = cls.register(cls.adult, cls.slot)
        cls.age_accounts()

    @classmethod
    def person(cls, login, company, *groups):
        return new_test_user(
            cls.env,
            login,
            groups=",".join(GROUPS.format(group) for group in groups)
            or "base.group_user",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )

    @classmethod
    def new_offer(cls, user=None, **values):
        """Create an offer of two slots, three seats each, as the host's office."""
        user = user or cls.host_office
        offers = cls.env["campus.visit.offer"].with_user(user)
        slots = [
            {
                "date_start": cls.opening + timedelta(days=day),
                "date_end": cls.opening + timedelta(days=day, hours=3),
                "capacity": 3,
            }
            for day in (0, 1)
        ]
        return offers.with_context(allowed_company_ids=user.company_ids.ids).create(
            {
                "name": "Immersion en BUT informatique",
                "kind": "immersion",
                "place": "Bâtiment B",
                "slot_ids": [(0, 0, slot) for slot in slots],
                **values,
            }
        )

    @classmethod
    def register(cls, student, slot, user=None):
        user = user or cls.origin_office
        registrations = cls.env["campus.visit.registration"].with_user(user)
        return registrations.with_context(
            allowed_company_ids=user.company_ids.ids
        ).create({"student_id": student.id, "slot_id": slot.id})

    @classmethod
    def agree(cls, registration):
        registration.write(
            {
                "parental_document": scribble(),
                "parental_filename": "accord.png",
                "parental_date": fields.Date.today(),
            }
        )

    # === On the cursor of the test ===#

    @contextmanager
    def says(self, *words):
        """Expect a refusal in a sentence with these words; without the savepoint
        that ``assertRaises`` would put around acts that commit.
        """
        try:
            yield
        except UserError as error:
            for word in words:
                self.assertIn(word, str(error))
        else:
            self.fail("nothing was refused")

    def as_user(self, record, user):
        """Return a record as a user at work in his own establishments."""
        return (
            self.here(record)
            .with_user(user)
            .with_context(allowed_company_ids=user.company_ids.ids)
        )

    def prepare(self, offer=None, user=None):
        user = user or self.origin_office
        offer = self.as_user(offer or self.offer, user)
        agreement = offer.env["campus.visit.agreement"]._prepare(
            offer, offer.env.company
        )
        self.env.cr.commit()
        return agreement

    def start(self, agreement=None):
        """Prepare and start a convention with electronic signature."""
        agreement = agreement or self.prepare()
        agreement.action_start_electronic()
        return agreement

    def circuit(self, agreement):
        return agreement.sudo()._circuit_request()
