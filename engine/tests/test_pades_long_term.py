# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The same file judged years later, with and without renewals."""

import asyncio
import io
import unittest
from datetime import timedelta
from functools import cache

from asn1crypto import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESPassed
from pyhanko.sign.validation.ades import ades_lta_validation
from pyhanko.sign.validation.policy_decl import (
    PdfSignatureValidationSpec,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.ltv.types import ValidationTimingInfo
from pyhanko_certvalidator.policy_decl import REQUIRE_REVINFO, CertRevTrustPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager

from engine.pades import (
    Authority,
    certify,
    renew_authority,
    seal_long_term,
    validate,
)
from engine.tests import pki


def after(years, days=20):
    return pki.START + timedelta(days=365 * years + days)


@cache
def renewed_authority(year):
    profile = pki.profile(not_before=after(year, 0))
    return Authority(
        renew_authority(pki.sealed_authority(), pki.vault(), profile), pki.vault()
    )


@cache
def renewed_once():
    """In year 4, in the life of the first certificates, by new ones."""
    return seal_long_term(pki.archived().pdf, renewed_authority(4), now=after(4))


@cache
def renewed_twice():
    """In year 13, before the timestamp certificate of year 4 ends."""
    return seal_long_term(renewed_once().pdf, renewed_authority(13), now=after(13))


def ades_lta(pdf, moment):
    """Return pyHanko's own long-term verdicts, one per signature, offline."""
    root = x509.Certificate.load(pki.authority().root.public_bytes(Encoding.DER))
    spec = PdfSignatureValidationSpec(
        SignatureValidationSpec(
            cert_validation_policy=CertValidationPolicySpec(
                trust_manager=SimpleTrustManager.build(trust_roots=[root]),
                revinfo_policy=CertRevTrustPolicy(REQUIRE_REVINFO),
            ),
            revinfo_gathering_policy=RevocationInfoGatheringSpec(
                online_fetching_rule=RevinfoOnlineFetchingRule.LOCAL_ONLY
            ),
        )
    )
    timing = ValidationTimingInfo(
        validation_time=moment,
        best_signature_time=moment,
        point_in_time_validation=True,
    )
    reader = PdfFileReader(io.BytesIO(pdf))

    async def verdicts():
        return [
            (await ades_lta_validation(one, spec, timing)).ades_subindic
            for one in reader.embedded_regular_signatures
        ]

    async def all_verdicts():
        for one in reader.embedded_regular_signatures:
            one.compute_integrity_info(skip_diff=True)
        return await verdicts()

    return asyncio.run(all_verdicts())


class TestLongTerm(unittest.TestCase):
    def assertHolds(self, pdf, moment):
        report = validate(pdf, pki.roots(), now=moment)
        self.assertTrue(report.ok and report.long_term, (report.problems, moment))
        self.assertTrue(all(one.ok for one in report.signatures))

    def test_without_renewal_until_the_timestamp_certificate_ends(self):
        for years in (0, 1, 5, 9):
            with self.subTest(years=years):
                self.assertHolds(pki.archived().pdf, after(years))

    def test_not_one_day_longer(self):
        end = pki.authority().timestamp.not_valid_after_utc
        self.assertHolds(pki.archived().pdf, end - timedelta(days=1))
        report = validate(pki.archived().pdf, pki.roots(), now=end + timedelta(days=1))
        self.assertFalse(report.ok)
        self.assertEqual(report.signatures[-1].problems, ("untrusted",))

    def test_over_two_renewals(self):
        self.assertTrue(renewed_twice().pdf.startswith(renewed_once().pdf))
        self.assertTrue(renewed_once().pdf.startswith(pki.archived().pdf))
        self.assertHolds(renewed_once().pdf, after(5))
        self.assertHolds(renewed_once().pdf, after(12))
        for years in (14, 20):
            with self.subTest(years=years):
                self.assertHolds(renewed_twice().pdf, after(years))

    def test_a_renewal_is_one_small_covered_revision(self):
        added = len(renewed_once().pdf) - len(pki.archived().pdf)
        self.assertLess(added, 7000)
        last = validate(renewed_once().pdf, pki.roots(), now=after(5)).signatures[-1]
        self.assertEqual(last.covers, len(renewed_once().pdf))

    def test_a_renewal_too_late_proves_nothing(self):
        late = seal_long_term(pki.archived().pdf, renewed_authority(11), now=after(11))
        report = validate(late.pdf, pki.roots(), now=after(11))
        self.assertFalse(report.ok)

    def test_pyhanko_agrees_over_the_years(self):
        for years in (0, 1, 5, 9):
            with self.subTest(years=years):
                verdicts = ades_lta(pki.archived().pdf, after(years))
                self.assertEqual(verdicts, [AdESPassed.OK] * 4)

    def test_pyhanko_agrees_on_the_first_step_of_the_induction(self):
        """The signatures under the first timestamp, when the second was made."""
        self.assertTrue(renewed_twice().pdf.startswith(pki.archived().pdf))
        verdicts = ades_lta(pki.archived().pdf, renewed_once().signing_time)
        self.assertEqual(verdicts, [AdESPassed.OK] * 4)

    def test_unsealed_files_hold_while_the_timestamp_certificate_lives(self):
        pdf = pki.steps()[-1].pdf
        report = validate(pdf, pki.roots(), now=after(6))
        self.assertTrue(report.ok)
        self.assertFalse(report.long_term)
        self.assertFalse(validate(pdf, pki.roots(), now=after(11)).ok)

    def test_certificates_that_end_before_the_timestamps(self):
        """Ours needs the document timestamp only; other judges may want more."""
        short = pki.short_authority()
        certified = certify(pki.base_pdf(), pki.fields(), short, now=after(0))
        signed = pki.sign_as(certified.pdf, 1, after(0), by=short)
        sealed = seal_long_term(signed.pdf, short, now=after(1))
        for years in (2, 6, 9):
            report = validate(sealed.pdf, pki.roots(short), now=after(years))
            self.assertTrue(report.ok and report.long_term, report)

    def test_a_renewal_under_another_root(self):
        other = pki.other_authority()
        sealed = seal_long_term(pki.archived().pdf, other, now=after(5))
        roots = [pki.authority().ca_pem + other.ca_pem]
        report = validate(sealed.pdf, roots, now=after(6))
        self.assertTrue(report.ok and report.long_term, report)
        self.assertFalse(validate(sealed.pdf, pki.roots(), now=after(6)).ok)

    def test_an_external_timestamp_authority(self):
        service = pki.authority().timestamper()

        def external(digest):
            return service.token(digest, after(0)).der

        sealed = seal_long_term(
            pki.steps()[-1].pdf, pki.authority(), now=after(0), timestamper=external
        )
        self.assertHolds(sealed.pdf, after(1))


class TestRevocation(unittest.TestCase):
    def revoked(self, when):
        signer = pki.steps()[1]
        return validate(
            seal_long_term(
                pki.steps()[-1].pdf,
                pki.authority(),
                now=after(0),
                revoked=[(signer.certificate_serial, signer.signing_time + when)],
            ).pdf,
            pki.roots(),
            now=after(1),
        )

    def test_revoked_before_signing(self):
        report = self.revoked(-timedelta(minutes=30))
        self.assertFalse(report.ok)
        bad = {one.field: one.problems for one in report.signatures if not one.ok}
        self.assertEqual(list(bad), ["sig-1"])
        self.assertIn("revoked", bad["sig-1"])

    def test_revoked_after_signing(self):
        self.assertTrue(self.revoked(timedelta(hours=2)).ok)

    def test_lists_given_for_a_file_still_without_its_own(self):
        signer = pki.steps()[1]
        authority = pki.authority()
        lists = [
            authority.root_crl(after(0), after(1)),
            authority.issuing_crl(
                after(0),
                after(1),
                [(signer.certificate_serial, signer.signing_time - timedelta(hours=1))],
            ),
        ]
        report = validate(
            pki.steps()[-1].pdf, pki.roots(), now=after(0, 21), crls=lists
        )
        self.assertEqual(
            [one.field for one in report.signatures if not one.ok], ["sig-1"]
        )
        clean = [lists[0], authority.issuing_crl(after(0), after(1))]
        self.assertTrue(
            validate(pki.steps()[-1].pdf, pki.roots(), now=after(0, 21), crls=clean).ok
        )
