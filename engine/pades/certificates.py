# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The certificates of an establishment: root, issuing, seal, timestamp, signers.

Lifetimes follow one rule (docs/signature.md): issuing authority, seal and
signers end on one day, the timestamp certificate hangs directly from the root.
"""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import (
    AuthorityInformationAccessOID,
    ExtendedKeyUsageOID,
    NameOID,
)

from .text import clean_name

NAME_LIMIT = 64
"""Longest common name or organisation (ub-common-name), counted in bytes."""
SMTP_UTF8_MAILBOX = x509.ObjectIdentifier("1.3.6.1.5.5.7.8.9")
"""RFC 9598: e-mail addresses whose left part is not ASCII."""

_UNPRINTABLE = re.compile(r"[^A-Za-z0-9 '()+,./:=?-]")
"""Outside the ASN.1 PrintableString a serialNumber is made of."""


@dataclass(frozen=True, kw_only=True)
class AuthorityProfile:
    """What an establishment's authority is made of."""

    organization: str
    """Name of the establishment, shown as the name of the seal."""

    not_before: datetime
    """First moment of every certificate made now (aware)."""

    not_after: datetime
    """Last moment of the root (aware)."""

    country: str = "FR"
    """ISO 3166 code of two letters."""

    issuing_crl_url: str = ""
    """Public address of the issuing authority's revocation list, if any."""

    root_crl_url: str = ""
    """Public address of the root's revocation list, if any."""

    issuing_ca_url: str = ""
    """Public address of the issuing authority's certificate, if any."""

    root_ca_url: str = ""
    """Public address of the root's certificate, if any."""

    issuing_lifetime: timedelta | None = None
    """Life of issuing authority, seal and signers; None: until the root's end,
    so that viewers, which judge certificates now, never call them expired."""

    timestamp_lifetime: timedelta = timedelta(days=10 * 365 + 2)
    """Life of the timestamp certificate, cut at the root's end."""


def new_serial() -> int:
    """Return a random serial of 126 bits, always 16 bytes long in DER."""
    return secrets.randbits(126) | (1 << 126)


def shorten(text: str, limit: int = NAME_LIMIT) -> str:
    """Return ``text`` within ``limit`` bytes of UTF-8, an ellipsis marking a cut."""
    if len(text.encode()) <= limit:
        return text
    kept = text.encode()[: limit - len("…".encode())].decode(errors="ignore")
    return kept.rstrip() + "…"


def issue_root(profile, key):
    """Return the self-signed root, able to hold one level of authorities."""
    name = _name(profile, f"Root CA {_tag(profile)}")
    builder = _builder(name, name, key, profile.not_before, profile.not_after)
    builder = _authority(builder, key, key.public_key(), path_length=1)
    return builder.sign(key, hashes.SHA256())


def issue_issuing(profile, key, root, root_key):
    """Return the authority that signs the seal and the signers."""
    builder = _builder(
        _name(profile, f"Issuing CA {_tag(profile)}"),
        root.subject,
        key,
        profile.not_before,
        _end(profile, root, profile.issuing_lifetime),
    )
    builder = _authority(builder, key, root_key.public_key(), path_length=0)
    builder = _addresses(builder, profile.root_crl_url, profile.root_ca_url)
    return builder.sign(root_key, hashes.SHA256())


def issue_seal(profile, key, issuing, issuing_key):
    """Return the establishment's seal; it ends with the issuing authority."""
    organization = shorten(clean_name(profile.organization))
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, profile.country),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization),
            x509.NameAttribute(NameOID.COMMON_NAME, organization),
        ]
    )
    builder = _builder(
        subject, issuing.subject, key, profile.not_before, issuing.not_valid_after_utc
    )
    builder = _leaf(builder, key, issuing_key.public_key())
    builder = _addresses(builder, profile.issuing_crl_url, profile.issuing_ca_url)
    return builder.sign(issuing_key, hashes.SHA256())


def issue_timestamp(profile, key, root, root_key):
    """Return the timestamp certificate, issued by the root (tokens stay short)."""
    builder = _builder(
        _name(profile, f"Timestamps {_tag(profile)}"),
        root.subject,
        key,
        profile.not_before,
        _end(profile, root, profile.timestamp_lifetime),
    )
    builder = builder.add_extension(_usage(digital_signature=True), critical=True)
    builder = builder.add_extension(
        x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True
    )
    builder = _identifiers(builder, key.public_key(), root_key.public_key())
    builder = _addresses(builder, profile.root_crl_url, "")
    return builder.sign(root_key, hashes.SHA256())


def issue_signer(
    key, issuing, issuing_key, seal, *, name, email, organization, request, not_before
):
    """Return the certificate of one act of signing.

    The addresses of the revocation list and of the issuer are the seal's.
    """
    subject = [
        x509.NameAttribute(oid, value)
        for oid, value in (
            (NameOID.ORGANIZATION_NAME, shorten(clean_name(organization))),
            (NameOID.COMMON_NAME, shorten(clean_name(name))),
            (NameOID.SERIAL_NUMBER, _UNPRINTABLE.sub("", request)[:NAME_LIMIT]),
        )
        if value
    ]
    builder = _builder(
        x509.Name(subject),
        issuing.subject,
        key,
        not_before,
        issuing.not_valid_after_utc,
    )
    builder = _leaf(builder, key, issuing_key.public_key())
    address = _mailbox(email)
    if address is not None:
        builder = builder.add_extension(
            x509.SubjectAlternativeName([address]), critical=False
        )
    for kind in (x509.CRLDistributionPoints, x509.AuthorityInformationAccess):
        for extension in seal.extensions:
            if isinstance(extension.value, kind):
                builder = builder.add_extension(extension.value, critical=False)
    return builder.sign(issuing_key, hashes.SHA256())


def issue_crl(issuer, key, *, now, next_update, revoked=()):
    """Return the DER of a revocation list.

    :param revoked: pairs (serial as int or hexadecimal text, aware datetime)
    """
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.subject)
        .last_update(now)
        .next_update(next_update)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()),
            critical=False,
        )
        .add_extension(x509.CRLNumber(int(now.timestamp())), critical=False)
    )
    for serial, moment in revoked:
        number = int(serial, 16) if isinstance(serial, str) else serial
        entry = x509.RevokedCertificateBuilder().serial_number(number)
        builder = builder.add_revoked_certificate(entry.revocation_date(moment).build())
    return builder.sign(key, hashes.SHA256())


def new_key():
    """Return a fresh P-256 private key."""
    return ec.generate_private_key(ec.SECP256R1())


def utc_second(moment: datetime) -> datetime:
    """Return ``moment`` in UTC, whole seconds: all X.509 dates are.

    :raises ValueError: naive datetime
    """
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return moment.astimezone(timezone.utc).replace(microsecond=0)


def _tag(profile):
    """Make names unique: two authorities of one name confuse path building."""
    return f"{profile.not_before.year}-{secrets.token_hex(3)}"


def _name(profile, role):
    organization = shorten(clean_name(profile.organization))
    common = f"{shorten(organization, NAME_LIMIT - len(role) - 1)} {role}"
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, profile.country),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _end(profile, root, lifetime):
    if lifetime is None:
        return root.not_valid_after_utc
    end = utc_second(profile.not_before) + lifetime
    return min(end, root.not_valid_after_utc)


def _builder(subject, issuer, key, not_before, not_after):
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(new_serial())
        .not_valid_before(utc_second(not_before))
        .not_valid_after(utc_second(not_after))
    )


def _authority(builder, key, issuer_key, *, path_length):
    builder = builder.add_extension(
        x509.BasicConstraints(ca=True, path_length=path_length), critical=True
    )
    builder = builder.add_extension(
        _usage(key_cert_sign=True, crl_sign=True), critical=True
    )
    return _identifiers(builder, key.public_key(), issuer_key)


def _leaf(builder, key, issuer_key):
    builder = builder.add_extension(
        x509.BasicConstraints(ca=False, path_length=None), critical=True
    )
    builder = builder.add_extension(
        _usage(digital_signature=True, content_commitment=True), critical=True
    )
    return _identifiers(builder, key.public_key(), issuer_key)


def _identifiers(builder, public_key, issuer_key):
    return builder.add_extension(
        x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False
    ).add_extension(
        x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key), critical=False
    )


def _addresses(builder, crl_url, ca_url):
    if crl_url:
        point = x509.DistributionPoint(
            [x509.UniformResourceIdentifier(crl_url)], None, None, None
        )
        builder = builder.add_extension(
            x509.CRLDistributionPoints([point]), critical=False
        )
    if ca_url:
        access = x509.AccessDescription(
            AuthorityInformationAccessOID.CA_ISSUERS,
            x509.UniformResourceIdentifier(ca_url),
        )
        builder = builder.add_extension(
            x509.AuthorityInformationAccess([access]), critical=False
        )
    return builder


def _usage(**allowed):
    flags = dict.fromkeys(
        (
            "digital_signature",
            "content_commitment",
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "key_cert_sign",
            "crl_sign",
            "encipher_only",
            "decipher_only",
        ),
        False,
    )
    return x509.KeyUsage(**{**flags, **allowed})


def _mailbox(email):
    """Return the e-mail as a general name, None when it is not an address."""
    local, at, domain = clean_name(email).rpartition("@")
    if not at or not local or " " in local + domain:
        return None
    try:
        domain = domain.encode("idna").decode()
    except UnicodeError:
        return None
    if local.isascii():
        return x509.RFC822Name(f"{local}@{domain}")
    text = f"{local}@{domain}".encode()
    length = len(text)
    if length > 255:
        return None
    header = bytes([0x0C, length]) if length < 128 else bytes([0x0C, 0x81, length])
    return x509.OtherName(SMTP_UTF8_MAILBOX, header + text)
