# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Acts start from what is committed; the cursor is the test's own.
# pylint: disable=invalid-commit
import json
import re

from odoo.tests import tagged
from odoo.tests.common import HOST
from odoo.tools import mute_logger

from .common_sign import scribble
from .test_ceremony_http import FRENCH, SignHttpCase

ENDLESS = "@endless number@"  # more digits than Python agrees to read
HOSTILE = (
    None,
    True,
    -1,
    3.5,
    float("nan"),
    10**30,
    ENDLESS,
    [],
    {},
    ["x", {}],
    {"$ne": 1},
    "a\0b",
    "\ud800",
    "x" * 70_000,
)
# French of the answers, whichever they are: English has none of these words.
SENTENCE = re.compile(r"\b(le|la|les|de|des|du|un|une|ce|cette|est|vous|pas)\b")


@tagged("post_install", "-at_install")
class TestHostileRequests(SignHttpCase):
    """What an enemy sends to the public routes: a sentence, and nothing written."""

    def acts(self, line_id):
        """Return a good body for each act of the pages."""
        return {
            "open": {"token": "A" * 43},
            "read": {"signer_id": line_id, "pages": 4, "seconds": 9},
            "sign": {
                "signer_ids": [line_id],
                "consents": self.consents,
                "visual": {"kind": "drawn", "data": scribble()},
                "code": "123456",
            },
            "code": {"signer_ids": [line_id]},
            "delegate": {
                "signer_id": line_id,
                "name": "Nadia LEROY",
                "email": "n.leroy@x.example",
                "reason": "Absente",
            },
            "disown": {"reason": ""},
            "refuse": {"signer_id": line_id, "reason": "Non, merci"},
            "refuse_all": {"signer_ids": [line_id], "reason": "Non, merci"},
            "batch_start": {
                "documents": [{"signer_id": line_id, "sha256": "0" * 64}],
                "consents": self.consents,
                "visual": {"kind": "drawn", "data": scribble()},
            },
            "batch_run": {"batch": 1},
        }

    def send_raw(self, act, body, **headers):
        if not isinstance(body, bytes):
            body = json.dumps(body).replace(f'"{ENDLESS}"', "9" * 5000).encode()
        usual = {"Content-Type": "application/json", "X-Campus-Sign": "1", **FRENCH}
        return self.url_open(
            f"/sign/api/{act}", data=body, headers={**usual, **headers}
        )

    def assertSentence(self, answer):
        self.assertIn(answer.status_code, range(400, 500), answer.text[:200])
        message = answer.json()["error"]["message"]
        self.assertRegex(message, SENTENCE)
        self.assertNotIn("Traceback", answer.text)

    def written(self, line_id):
        """Return everything an act could have left behind."""
        with self.acting():
            line = self.env["campus.sign.signer"].sudo().browse(line_id)
            request = line.request_id
            names = [*line._fields.keys() - {"activity_ids", "display_name"}]
            return (
                line.read(names),
                request.state,
                self.events(request),
                self.env["campus.sign.batch"].sudo().search_count([]),
                self.env["campus.sign.code"].sudo().search_count([]),
                request._link_of(line).revoked_at,
            )

    @mute_logger("odoo.http")
    def test_every_value_of_every_act(self):
        """Given an open link, when each value is replaced by something hostile, then
        the answer is a 4xx in French, nothing is written, and reading goes on."""
        line_id = self.enter()
        before = self.written(line_id)
        for act, body in self.acts(line_id).items():
            for name in body:
                for value in HOSTILE:
                    with self.subTest(act=act, name=name, value=repr(value)[:40]):
                        self.assertSentence(self.send_raw(act, {**body, name: value}))
            self.assertSentence(self.send_raw(act, {}))
        self.assertEqual(self.written(line_id), before)
        reading = self.acts(line_id)["read"]
        self.assertEqual(self.post("read", reading).status_code, 200)

    @mute_logger("odoo.http")
    def test_what_is_inside_a_visual_a_list_a_text(self):
        line_id = self.enter()
        before = self.written(line_id)
        good = self.acts(line_id)
        sign, batch, delegate = good["sign"], good["batch_start"], good["delegate"]
        for data in ("é" * 50, "\u0664" * 8, "data:image/png;base64,é", "=" * 40, "A"):
            visual = {"kind": "drawn", "data": data}
            self.assertSentence(self.send_raw("sign", {**sign, "visual": visual}))
        for kind in (*HOSTILE, "DRAWN"):
            visual = {"kind": kind, "data": scribble()}
            self.assertSentence(self.send_raw("sign", {**sign, "visual": visual}))
        for one in ({"signer_id": ENDLESS, "sha256": "0"}, {"signer_id": 10**30}, 1):
            body = {**batch, "documents": [one] * 2}
            self.assertSentence(self.send_raw("batch_start", body))
        huge = {"signer_id": 10**18, "sha256": "0" * 64}
        body = {**batch, "documents": [huge]}
        self.assertSentence(self.send_raw("batch_start", body))
        for ids in ([line_id] * 51, [[line_id]], [True], [str(line_id)]):
            self.assertSentence(self.send_raw("sign", {**sign, "signer_ids": ids}))
        [result] = self.send_raw("sign", {**sign, "signer_ids": [10**18]}).json()[
            "results"
        ]
        self.assertEqual((result["ok"], result["code"]), (False, "not_found"))
        for email in ("a@b\r\nBcc: c@d.example", "x" * 300, "a@b@c", "<script>"):
            self.assertSentence(self.send_raw("delegate", {**delegate, "email": email}))
        self.assertEqual(self.written(line_id), before)

    @mute_logger("odoo.http")
    def test_a_name_on_several_lines_becomes_one(self):
        """It goes into subjects of mails and into a contact."""
        line_id = self.enter()
        body = {**self.acts(line_id)["delegate"], "name": "Nadia\r\nBcc: x\t LEROY"}
        self.assertEqual(self.post("delegate", body).status_code, 200)
        with self.acting():
            line = self.env["campus.sign.signer"].sudo().browse(line_id)
            self.assertEqual(line.delegation_ids.name, "Nadia Bcc: x LEROY")

    @mute_logger("odoo.http")
    def test_bodies_headers_addresses_and_cookies(self):
        line_id = self.enter()
        before = self.written(line_id)
        for body in (b"\xff\xfe", b"\0", b'"\\ud800"', b'{"a":' * 900, b"[" * 60_000):
            self.assertSentence(self.send_raw("read", body))
        for origin in ("http://[", "https://[::1", "null", "javascript:x"):
            self.assertSentence(self.send_raw("read", {}, Origin=origin))
        for kind in ("", "application/json;" * 500, "text/plain"):
            headers = {"Content-Type": kind} if kind else {"Content-Type": "x"}
            self.assertSentence(self.send_raw("read", {}, **headers))
        for number in (0, 2**31, 10**18, 10**400):
            for address in ("file/{}", "final/{}", "final/{}/attestation"):
                answer = self.url_open(
                    f"/sign/{address.format(number)}", headers=FRENCH
                )
                self.assertSentence(answer)
        for query in ("?documents=" + "9" * 3000, "?x=%00&x=%ED%A0%80", "?lang=%00"):
            for page in ("/sign", "/sign/batch"):
                self.assertEqual(self.url_open(page + query).status_code, 200)
        for cookie in ("x", '"\\000\\355\\240\\200"', "%00%ff", "A" * 3000):
            self.opener.cookies.set("campus_sign", cookie, domain=HOST, path="/sign")
            self.assertSentence(self.url_open("/sign/file/1", headers=FRENCH))
        self.assertEqual(self.written(line_id), before)
