# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Acts start from what is committed; the cursor is the test's own.
# pylint: disable=invalid-commit
from datetime import timedelta

from odoo.tests import tagged

from .common_sign import SignCase
from .common_visit import VisitCase
from .test_ceremony_http import SignHttpCase


@tagged("post_install", "-at_install")
class TestVisitOutside(VisitCase, SignHttpCase):
    """Establishments outside the database: personal links, like any signer's."""

    def setUp(self):
        # Not SignCase's: it would hold the cursor the server is waiting for.
        super(SignCase, self).setUp()

    def convention(self, name, email, day):
        """Start a convention with a host outside and let the origin sign it."""
        partner = self.env["res.partner"]
        outside = partner.create({"name": name, "is_company": True})
        head = partner.create(
            {"name": f"Anne {name}", "parent_id": outside.id, "email": email}
        )
        start = self.opening + timedelta(days=day)
        slot = {"date_start": start, "date_end": start + timedelta(hours=2)}
        offer = type(self).new_offer.__func__(
            self,
            user=self.origin_office,
            host_id=outside.id,
            host_head_id=head.id,
            slot_ids=[(0, 0, slot)],
        )
        offer.action_publish()
        register = type(self).register.__func__
        type(self).agree(register(self, self.here(self.minor), offer.slot_ids))
        self.env.cr.commit()
        request = self.circuit(self.start(self.prepare(offer)))
        self.assertTrue(self.sign(self.line(request, "origin"))["ok"])
        line = self.line(request, "host")
        self.assertFalse(line.user_id)
        return request, line

    def test_a_head_outside_signs_and_finds_its_own_conventions_only(self):
        with self.acting():
            request, line = self.convention("du Lac", "anne@lac.example.net", 20)
            other, other_line = self.convention("du Bois", "anne@bois.example.net", 30)
            self.assertTrue(self.sign(other_line)["ok"])
            other._seal()
            token = request._link_of(line)._mint()
        request, line, other, other_line = map(
            self.here, (request, line, other, other_line)
        )
        self.assertEqual(self.post("open", {"token": token}).status_code, 200)
        seen = self.post("overview").json()
        self.assertEqual([one["title"] for one in seen["documents"]], [request.name])
        self.assertFalse(seen["archives"])
        self.assertEqual(self.url_open(f"/sign/file/{line.id}").status_code, 200)
        self.post("read", {"signer_id": line.id, "pages": 9, "seconds": 30})
        [result] = self.post("sign", self.act(line.id)).json()["results"]
        self.assertTrue(result["ok"], result)
        with self.acting():
            self.here(request)._seal()
        [mine] = self.post("overview").json()["archives"]
        final = self.url_open(f"/sign/final/{mine['locker_id']}")
        with self.acting():
            self.assertEqual(final.content, self.here(request)._stored_file())
            agreement = self.env[request.res_model].browse(request.res_id)
            self.assertEqual(agreement.state, "done")
        for path in (
            f"/sign/file/{other_line.id}",
            *(f"/sign/final/{one}" for one in other.locker_ids.ids),
        ):
            with self.subTest(path=path):
                self.assertEqual(self.url_open(path).status_code, 404)
        self.assertTrue(other.locker_ids)
