# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Acts start from what is committed; the cursor is the test's own.
# pylint: disable=invalid-commit
from datetime import timedelta

from odoo.tests import tagged

from ..engine.tests.scanner import damage, pictures, scanned
from .common_sign import SignCase
from .common_visit import VisitCase
from .test_ceremony_http import SignHttpCase


@tagged("post_install", "-at_install")
class TestVisitTours(VisitCase, SignHttpCase):
    """Both processes in a real browser; signatures themselves by the ceremony."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # See TestTours: a file Debian's Odoo lacks fails any tour.
        cls.env["ir.attachment"].create(
            {
                "name": "selfie_segmentation",
                "url": "mail/static/lib/selfie_segmentation/selfie_segmentation.js",
                "mimetype": "application/javascript",
                "raw": b"// Not shipped here.\n",
            }
        )
        cls.env.registry.clear_cache("assets")

    def setUp(self):
        # Not SignCase's: it would hold the cursor the server is waiting for.
        super(SignCase, self).setUp()

    def sign_line(self, request, role):
        with self.acting():
            request = self.here(request)
            self.assertTrue(self.sign(self.line(request, role))["ok"])
            if role == "host":
                request._seal()
            else:
                request._cron_notify()

    def tour(self, action, name, login):
        self.start_tour(f"/odoo/action-campus_sign.{action}", name, login=login)

    def test_electronic_process_between_two_establishments(self):
        """Given an origin and a host, when each signs in turn, then each screen shows
        the right step, and both download (B005-B015).
        """
        with self.acting():
            agreement = self.prepare()
        origin, host = (
            f"campus_visit_agreement_action_{side}" for side in ("origin", "host")
        )
        self.tour(origin, "campus_sign_visit_origin_tour", "origin-office")
        agreement = self.env["campus.visit.agreement"].browse(agreement.id)
        request = agreement._circuit_request()
        self.assertRecordValues(request, [{"state": "waiting"}])
        self.sign_line(request, "origin")
        self.tour(host, "campus_sign_visit_host_tour", "host-head")
        self.sign_line(request, "host")
        self.assertRecordValues(agreement, [{"state": "done"}])
        self.tour(origin, "campus_sign_visit_done_tour", "origin-office")
        self.tour(host, "campus_sign_visit_done_tour", "host-office")

    def test_scanned_pile_of_ten_pages_with_one_damaged(self):
        """Given five returned conventions, one code stained, when the pile is dropped
        on the list, then four are filed and the fifth waits (B017-B024).
        """
        with self.acting():
            made, images = self.printed_conventions(5)
        self.assertGreaterEqual(len(images), 10)
        images[1] = damage(images[1])
        self.env["ir.attachment"].create(
            {
                "name": "pile.pdf",
                "url": "/campus_test_pile.pdf",
                "public": True,
                "mimetype": "application/pdf",
                "raw": scanned(images),
            }
        )
        self.tour(
            "campus_visit_agreement_action_origin",
            "campus_sign_visit_scan_tour",
            "origin-office",
        )
        agreements = self.env["campus.visit.agreement"].browse(made)
        self.assertEqual(agreements.mapped("state"), ["origin", *["done"] * 4])

    def printed_conventions(self, count):
        """Return ids of printed conventions, and the pictures of their pages."""
        made, images = [], []
        for index in range(count):
            start = self.opening + timedelta(days=10 + index)
            slot = {"date_start": start, "date_end": start + timedelta(hours=2)}
            offer = type(self).new_offer.__func__(
                self, name=f"Atelier {index}", slot_ids=[(0, 0, slot)]
            )
            offer.action_publish()
            type(self).register.__func__(self, self.here(self.adult), offer.slot_ids)
            agreement = self.prepare(offer)
            agreement.action_print()
            made.append(agreement.id)
            images += pictures(agreement.sudo().paper_id.raw)
        return made, images
