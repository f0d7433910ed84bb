# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Acts start from what is committed; the cursor is the test's own.
# pylint: disable=invalid-commit
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..models.campus_sign_template_content import MAX_SIGNERS
from .common_sign import SignCase

#: Two hundred work too, in 10 s.
MANY = 40


@tagged("post_install", "-at_install")
class TestManySigners(SignCase):
    """Two hundred signers: a clear sentence, nothing half-written."""

    def test_two_hundred_roles_are_refused_in_a_sentence(self):
        roles = self.env["campus.sign.role"].create(
            [{"name": f"Témoin {n}", "code": f"witness_{n}"} for n in range(200)]
        )
        template = self.here(self.template).copy().with_user(self.here(self.office))
        self.env.cr.commit()
        before = template.signer_ids
        lines = [{"role_id": role.id} for role in roles]
        sentence = f"A circuit holds {MAX_SIGNERS} roles at most."
        with self.assertRaises(UserError) as caught:
            template.write({"signer_ids": [(0, 0, line) for line in lines]})
        self.assertIn(sentence, str(caught.exception))
        with self.assertRaises(UserError) as caught:
            before.create([{**line, "template_id": template.id} for line in lines])
        self.assertIn(sentence, str(caught.exception))
        template.invalidate_recordset()
        self.assertEqual(template.signer_ids, before)

    def test_more_persons_than_roles_sign_one_document(self):
        self.env["campus.guardianship"].create(
            [
                {
                    "student_id": self.minor.id,
                    "name": f"TUTEUR {n:03}",
                    "email": f"t{n}@f.example.net",
                    "relation": "other",
                }
                for n in range(MANY)
            ]
        )
        template = self.small_template("establishment")
        template.signer_ids.create(
            {
                "template_id": template.id,
                "role_id": self.env.ref("campus_sign.role_guardian").id,
                "guardian_option": "all",
            }
        )
        self.env.cr.commit()
        request = self.send(template=template)
        people = request.signer_ids.partner_id
        self.assertEqual(len(people), MANY + 3, "two parents and the head besides")
        self.assertEqual(len(set(request.signer_ids.mapped("field_name"))), MANY + 3)
        request._cron_notify()
        mails = self.env["mail.mail"].search([("email_to", "like", "@f.example.net")])
        self.assertEqual(len(mails), MANY)
