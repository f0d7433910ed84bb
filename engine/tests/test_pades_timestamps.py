# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import hashlib
import unittest
from datetime import timedelta

from asn1crypto import algos, core, tsp

from engine.pades import AuthorityUnusable, TimestampAuthority
from engine.tests import pki

NOW = pki.START + timedelta(days=3, microseconds=420)


def request(algorithm="sha256", digest=b"\x01" * 32, **more):
    return tsp.TimeStampReq(
        {
            "version": 1,
            "message_imprint": {
                "hash_algorithm": algos.DigestAlgorithm({"algorithm": algorithm}),
                "hashed_message": digest,
            },
            **more,
        }
    ).dump()


class TestTimestampAuthority(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.service = pki.authority().timestamper()

    def answer(self, der, moment=NOW):
        return tsp.TimeStampResp.load(self.service.respond(der, moment))

    def refusal(self, der, moment=NOW):
        answer = core.Sequence.load(self.service.respond(der, moment))
        self.assertEqual(len(answer), 1)
        status = tsp.PKIStatusInfo.load(answer[0].dump())
        self.assertEqual(status["status"].native, "rejection")
        return status["fail_info"].native

    def test_openssl_verifies_our_answer_to_its_question(self):
        files = pki.Files()
        self.addCleanup(files.clean)
        data = files.write("data.bin", b"some bytes")
        query = files.path / "query.tsq"
        code, said = pki.run(
            "openssl", "ts", "-query", "-data", data, "-sha512", "-cert", "-out", query
        )
        self.assertEqual(code, 0, said)
        answer = files.write(
            "answer.tsr", self.service.respond(query.read_bytes(), NOW)
        )
        root = files.write("root.pem", pki.authority().ca_pem)
        code, said = pki.run(
            *("openssl", "ts", "-verify", "-queryfile", query, "-in", answer),
            *("-CAfile", root, "-attime", str(int(NOW.timestamp()))),
        )
        self.assertEqual(code, 0, said)
        self.assertIn("Verification: OK", said)

    def test_a_token_says_what_was_asked(self):
        answer = self.answer(request(nonce=77, cert_req=True))
        self.assertEqual(answer["status"]["status"].native, "granted")
        signed = answer["time_stamp_token"]["content"]
        info = signed["encap_content_info"]["content"].parsed
        self.assertEqual(info["nonce"].native, 77)
        self.assertEqual(info["gen_time"].native, NOW.replace(microsecond=0))
        self.assertEqual(info["message_imprint"]["hashed_message"].native, b"\x01" * 32)
        self.assertEqual(len(signed["certificates"]), 1)

    def test_no_certificate_unless_asked(self):
        answer = self.answer(request())
        self.assertFalse(answer["time_stamp_token"]["content"]["certificates"].native)

    def test_what_cannot_be_stamped_is_rejected(self):
        self.assertEqual(self.refusal(b"garbage"), {"bad_data_format"})
        self.assertEqual(self.refusal(b""), {"bad_data_format"})
        self.assertEqual(self.refusal(request(digest=b"short")), {"bad_data_format"})
        sha1 = request("sha1", hashlib.sha1(b"").digest())
        self.assertEqual(self.refusal(sha1), {"bad_alg"})
        policy = request(req_policy="1.2.3.4")
        self.assertEqual(self.refusal(policy), {"unaccepted_policy"})
        late = NOW + timedelta(days=11 * 365)
        self.assertEqual(self.refusal(request(), late), {"time_not_available"})

    def test_serials_never_repeat(self):
        serials = {self.service.token(b"\0" * 32, NOW).serial for _ in range(50)}
        self.assertEqual(len(serials), 50)

    def test_only_a_timestamp_certificate_serves(self):
        authority = pki.authority()
        with self.assertRaises(AuthorityUnusable):
            TimestampAuthority(authority.seal, authority.seal_key())
