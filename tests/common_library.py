# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from .common_sign import SignCase


class LibraryCase(SignCase):
    """A school with a mission, a training period with absences and a portal account."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.ref("campus_sign.template_pfmp").sharing = "sign"
        cls.establishment.partner_id.write({"lang": cls.env.lang or "en_US"})
        cls.establishment.campus_activity_number = "75 87 00123 87"
        cls.mission = cls.env["campus.mission"].create(
            {
                "internship_id": cls.internship.id,
                "date_start": "2027-01-20 08:00:00",
                "date_end": "2027-01-20 11:30:00",
                "transport": "own_car",
                "transport_details": "EX-087-LM",
                "cost_terms": "Trajet aller et retour",
            }
        )
        cls.period = cls.env["campus.training.period"].create(
            {
                "student_id": cls.minor.id,
                "partner_id": cls.company.id,
                "contract_kind": "apprenticeship",
                "date_start": "2026-09-01",
                "date_end": "2027-08-31",
                "hours_total": 675,
                "rncp_code": "38878",
                "objectives": "Installer et mettre en service",
                "programme": "Référentiel du diplôme",
                "means": "Ateliers équipés",
                "follow_up": "Livret d'apprentissage",
                "sanction": "Baccalauréat professionnel",
                "price": 7500,
                "absence_ids": [
                    (
                        0,
                        0,
                        {
                            "date_start": "2026-10-01",
                            "date_end": "2026-10-02",
                            "hours": 14,
                            "justified": True,
                            "reason": "Arrêt de travail",
                        },
                    ),
                    (0, 0, {"date_start": "2026-10-05", "hours": 3.5}),
                ],
            }
        )
        cls.env["res.users"].with_context(no_reset_password=True).create(
            {
                "login": "b.vergne@vergne.example.com",
                "partner_id": cls.company_head.id,
                "group_ids": [(6, 0, cls.env.ref("base.group_portal").ids)],
            }
        )

    def setUp(self):
        super().setUp()
        for name in ("mission", "period", "internship", "minor", "adult"):
            setattr(self, name, self.here(getattr(type(self), name)))
        for name in ("company_head", "establishment", "head", "office", "tutor"):
            setattr(self, name, self.here(getattr(type(self), name)))

    def start(self, record, template):
        """Send a document whose mandatory signer may be the establishment alone."""
        request = self.queue(record, template)
        request._process_queued()
        self.assertIn(request.state, ("waiting", "finalizable", "to_finalize"))
        return request
