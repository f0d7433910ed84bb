# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import unittest
from dataclasses import replace
from datetime import timedelta

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from engine.pades import (
    Authority,
    AuthorityUnusable,
    KeyVault,
    SealedAuthority,
    WrongSecret,
    create_authority,
    renew_authority,
)
from engine.tests import pki

NOW = pki.START + timedelta(days=3)


class TestAuthority(unittest.TestCase):
    def test_one_day_ends_issuing_authority_seal_and_signers(self):
        authority = pki.authority()
        certificate, _key = authority.issue_signer(
            name="Ada", email="ada@example.org", organization="L", request="R", now=NOW
        )
        end = authority.issuing.not_valid_after_utc
        self.assertEqual(authority.seal.not_valid_after_utc, end)
        self.assertEqual(certificate.not_valid_after_utc, end)
        self.assertLess(authority.timestamp.not_valid_after_utc, end)
        self.assertEqual(authority.timestamp.issuer, authority.root.subject)

    def test_openssl_accepts_the_chains(self):
        files = pki.Files()
        self.addCleanup(files.clean)
        authority = pki.authority()
        root = files.write("root.pem", authority.ca_pem)
        chain = files.write("chain.pem", authority.chain_pem)
        seal = files.write("seal.pem", pki.sealed_authority().seal_cert)
        stamps = files.write("tsa.pem", pki.sealed_authority().timestamp_cert)
        moment = str(int(NOW.timestamp()))
        for purpose, file in (("any", seal), ("timestampsign", stamps)):
            code, said = pki.run(
                *("openssl", "verify", "-x509_strict", "-attime", moment),
                *("-purpose", purpose, "-CAfile", root, "-untrusted", chain, file),
            )
            self.assertEqual(code, 0, said)

    def test_a_sound_authority_has_no_problem(self):
        self.assertEqual(pki.authority().check(NOW), [])

    def test_problems_are_named(self):
        sealed = pki.sealed_authority()
        other = create_authority(pki.profile(), pki.vault())
        wrong = Authority(sealed, KeyVault(pki.SECRET + "!"))
        self.assertEqual(
            wrong.check(NOW),
            [f"decrypt:{role}" for role in ("root", "issuing", "seal", "timestamp")],
        )
        moved = Authority(replace(sealed, seal_key=sealed.issuing_key), pki.vault())
        self.assertEqual(moved.check(NOW), ["decrypt:seal"])
        foreign = replace(sealed, seal_cert=other.seal_cert, seal_key=other.seal_key)
        self.assertEqual(Authority(foreign, pki.vault()).check(NOW), ["chain:seal"])
        late = pki.short_authority().check(NOW + timedelta(days=6 * 365))
        self.assertEqual(late, ["expired:issuing", "expired:seal"])
        self.assertIn(
            "not_yet_valid:root", pki.authority().check(NOW.replace(year=2025))
        )
        soon = pki.short_authority().check(NOW, margin=timedelta(days=5 * 365))
        self.assertEqual(soon, ["ends_soon:issuing", "ends_soon:seal"])

    def test_wrong_secret_closes_the_door(self):
        wrong = Authority(pki.sealed_authority(), KeyVault(pki.SECRET + "!"))
        with self.assertRaises(WrongSecret):
            wrong.issuing_crl(NOW, NOW + timedelta(days=1))

    def test_plain_values_make_the_same_authority(self):
        sealed = pki.sealed_authority()
        self.assertEqual(SealedAuthority.from_dict(sealed.to_dict()), sealed)
        self.assertNotIn("PRIVATE", "".join(sealed.to_dict().values()))
        self.assertNotIn(pki.SECRET, repr(sealed))

    def test_no_signer_after_the_end(self):
        with self.assertRaises(AuthorityUnusable):
            pki.short_authority().issue_signer(
                name="Ada",
                email="",
                organization="L",
                request="R",
                now=NOW + timedelta(days=6 * 365),
            )

    def test_strange_names_become_certificates(self):
        names = {
            "long": "Jean-" * 2000,
            "override": "Ada\u202eevol",
            "lines": "Ada\nLovelace",
            "arabic": "نور الدين",
        }
        for label, name in names.items():
            with self.subTest(label):
                certificate, _key = pki.authority().issue_signer(
                    name=name,
                    email="élève@école.example.org",
                    organization="É" * 200,
                    request="R" * 100,
                    now=NOW,
                )
                common = certificate.subject.get_attributes_for_oid(
                    x509.NameOID.COMMON_NAME
                )[0].value
                self.assertLessEqual(len(common), 64)
                self.assertNotIn("\u202e", common)
                self.assertNotIn("\n", common)
        with self.assertRaises(ValueError):
            pki.authority().issue_signer(
                name=" \n", email="", organization="L", request="R", now=NOW
            )

    def test_lists_name_the_revoked(self):
        serial = "4e336215a8dee592f1ebd294cf85004a"
        der = pki.authority().issuing_crl(
            NOW, NOW + timedelta(days=7), [(serial, NOW), (12, NOW)]
        )
        found = x509.load_der_x509_crl(der)
        self.assertTrue(found.is_signature_valid(pki.authority().issuing.public_key()))
        self.assertEqual(
            {entry.serial_number for entry in found}, {int(serial, 16), 12}
        )

    def test_renewal_keeps_the_root(self):
        renewed = Authority(
            renew_authority(
                pki.sealed_authority(),
                pki.vault(),
                pki.profile(not_before=NOW + timedelta(days=1500)),
            ),
            pki.vault(),
        )
        self.assertEqual(renewed.root, pki.authority().root)
        self.assertEqual(renewed.check(NOW + timedelta(days=1501)), [])
        self.assertNotEqual(renewed.issuing.subject, pki.authority().issuing.subject)

    def test_short_roots_cut_everything(self):
        profile = pki.profile(not_after=pki.START + timedelta(days=30))
        authority = Authority(create_authority(profile, pki.vault()), pki.vault())
        for role in ("issuing", "seal", "timestamp"):
            self.assertEqual(
                getattr(authority, role).not_valid_after_utc, profile.not_after
            )

    def test_naive_dates_are_refused(self):
        with self.assertRaises(ValueError):
            create_authority(
                pki.profile(not_before=pki.START.replace(tzinfo=None)), pki.vault()
            )

    def test_serials_have_one_length(self):
        lengths = set()
        for _count in range(20):
            certificate, _key = pki.authority().issue_signer(
                name="A", email="a@b.org", organization="L", request="R", now=NOW
            )
            lengths.add(len(certificate.tbs_certificate_bytes))
            self.assertGreater(len(certificate.public_bytes(Encoding.DER)), 0)
        self.assertEqual(len(lengths), 1)
