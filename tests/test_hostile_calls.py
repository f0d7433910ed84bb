# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common_sign import SignCase


@tagged("post_install", "-at_install")
class TestHostileCalls(SignCase):
    """A caller gives any id and any context: he reads and writes no more for it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.elsewhere = cls.env["res.company"].create({"name": "IUT des Sources"})
        cls.stranger = new_test_user(
            cls.env,
            "stranger",
            groups="base.group_user,campus_sign.group_configure,"
            "campus_sign.group_records",
            company_id=cls.elsewhere.id,
            company_ids=[(6, 0, cls.elsewhere.ids)],
        )
        # A contact may be reserved to an establishment.
        cls.reserved = cls.env["res.partner"].create(
            {
                "name": "Contact réservé",
                "email": "reserve@tilleuls.example.org",
                "company_id": cls.establishment.id,
            }
        )

    def as_stranger(self, model):
        context = {"allowed_company_ids": self.elsewhere.ids}
        return self.env(user=self.stranger, context=context)[model]

    def shows(self, act, *secrets):
        """Return which of the secrets the answer of a call holds, if it answers."""
        try:
            with self.env.cr.savepoint():
                answer = str(act())
        except (AccessError, UserError):
            return []
        return [secret for secret in secrets if str(secret) in answer]

    def test_replacement_of_a_signer_elsewhere(self):
        line = self.line(self.send(), "student")
        secrets = (line.name, line.role_name, self.reserved.email)
        wanted = {name: {} for name in ("name", "role_name", "email", "partner_id")}
        window = self.as_stranger("campus.sign.replace")
        values = {"signer_id": line.id, "partner_id": self.reserved.id}
        for act in (
            lambda: window.web_save(values, wanted),
            lambda: window.onchange(values, list(values), wanted),
        ):
            self.assertEqual(self.shows(act, *secrets), [])

    def test_proposal_elsewhere(self):
        request = self.send()
        line = self.line(request, "tutor")
        name, email = "Zoé Nouvelle", "zoe@vergne.example.com"
        self.ceremony._propose(self.actor(line), line.id, name, email, "Absent")
        proposal = line.delegation_ids
        self.assertTrue(proposal)
        wanted = {name: {} for name in ("name", "email", "reason", "proposer_name")}
        window = self.as_stranger("campus.sign.delegation.decide")
        values = {"delegation_id": proposal.id}
        secrets = (name, email, proposal.proposer_name)
        for act in (
            lambda: window.web_save(values, wanted),
            lambda: window.onchange(values, list(values), wanted),
        ):
            self.assertEqual(self.shows(act, *secrets), [])

    def test_check_of_records_elsewhere(self):
        internship = self.here(self.internship)
        wanted = {name: {} for name in ("table", "ticked_ids", "template_id")}
        window = self.as_stranger("campus.sign.send")
        values = {"res_model": internship._name, "res_ids": internship.ids}
        values["template_id"] = self.template.id
        secrets = (self.minor.name, self.mother.name, self.tutor.email)
        for act in (
            lambda: window.web_save(values, wanted),
            lambda: window.onchange(values, list(values), wanted),
            lambda: window.check(values),
        ):
            self.assertEqual(self.shows(act, *secrets), [])

    def test_a_deputation_is_dated_by_the_server(self):
        """Given a default moment in the caller's context, when a deputy is named,
        then it is now: from then on a changed account is distrusted."""
        other, future = self.create_user("deputy", ["sign"]), "2099-01-01 00:00:00"
        deputy = (
            self.here(self.env["campus.sign.deputy"])
            .with_user(self.head)
            .with_context(default_named_at=future)
            .create({"deputy_id": other.id, "date_to": "2099-01-01"})
        )
        self.assertLess(str(deputy.named_at), future)
