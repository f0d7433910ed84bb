# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_access import HARMLESS, UNKNOWN, AccessCase
from .test_ceremony_http import SignHttpCase

REFUSED = "odoo.exceptions.AccessError"
#: The module's own refusal, which is a sentence too; what it means is held in process.
ACT_REFUSED = "odoo.addons.campus_sign.models.ceremony_errors.CeremonyError"

#: Refused to everybody, the superuser included, before it is asked who calls.
FROZEN = {
    ("campus.sign.event", "write"),
    ("campus.sign.request", "create"),
    ("campus.sign.signer", "create"),
    ("campus.sign.signer", "write"),
}
EVERYBODY_REFUSED = "odoo.exceptions.UserError"


@tagged("post_install", "-at_install")
class TestAccessRpc(AccessCase, SignHttpCase):
    """Portal and public users reach nothing by RPC, over real HTTP (invariant 10)."""

    def records(self):
        """Return a record of each model, ``{model: id}``."""
        with self.acting():
            self.archive()
            ids = {name: self.first_id(name) for name in self.models()}
        # The account's own record is what it may act on best.
        ids["res.partner"] = self.portal.partner_id.id
        ids["res.company"] = self.establishment.id
        return ids

    def first_id(self, name):
        model = self.env[name].sudo().with_context(active_test=False)
        return model.search([], limit=1).id or UNKNOWN

    def call(self, model, method, args):
        """Call a method as a browser does; return the name of its error, if any."""
        response = self.url_open(
            f"/web/dataset/call_kw/{model}/{method}",
            data=json.dumps(
                {
                    "jsonrpc": "2.0",
                    "method": "call",
                    "params": {
                        "model": model,
                        "method": method,
                        "args": args,
                        "kwargs": {},
                    },
                }
            ),
            headers={"Content-Type": "application/json"},
        )
        error = response.json().get("error")
        return error and error["data"]["name"]

    def calls(self, records):
        """Yield ``(model, method, arguments, harmless)``: records, then every act."""
        for name in self.models():
            ids = [records.get(name, UNKNOWN)]
            yield name, "search_read", [[]], False
            yield name, "write", [ids, {}], False
            yield name, "create", [[{}]], False
            yield name, "unlink", [ids], False
        for name, method in self.public_methods():
            arguments = self.arguments(name, method)
            if not self.is_of_model(name, method):
                arguments = [[records.get(name, UNKNOWN)], *arguments]
            yield name, method, arguments, (name, method) in HARMLESS

    @mute_logger(
        "odoo.http",
        "odoo.addons.base.models.ir_model",
        "odoo.addons.base.models.ir_rule",
    )
    def test_a_portal_account_with_documents_of_its_own_reaches_nothing(self):
        records = self.records()
        self.authenticate("portal-emma", "portal-emma")
        refused = 0
        for model, method, arguments, harmless in self.calls(records):
            if harmless:
                continue
            with self.subTest(model=model, method=method):
                expected = (REFUSED, ACT_REFUSED)
                if (model, method) in FROZEN:
                    expected = (EVERYBODY_REFUSED,)
                self.assertIn(self.call(model, method, arguments), expected)
                refused += 1
        self.assertGreater(refused, 250)

    @mute_logger("odoo.http")
    def test_nobody_calls_anything_without_logging_in(self):
        self.authenticate(None, None)
        for model, method, arguments, _harmless in self.calls({}):
            if method in ("create", "write", "unlink"):
                continue  # the same door
            with self.subTest(model=model, method=method):
                self.assertEqual(
                    self.call(model, method, arguments),
                    "odoo.http.SessionExpiredException",
                )
