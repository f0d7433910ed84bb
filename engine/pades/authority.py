# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""An establishment's certificate authority: sealed at rest, opened to act."""

from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from functools import cached_property

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
)

from . import certificates
from .errors import AuthorityUnusable, WrongSecret
from .text import clean_name
from .timestamps import TimestampAuthority

_ROLES = ("root", "issuing", "seal", "timestamp")


@dataclass(frozen=True)
class SealedAuthority:
    """Certificates in clear (PEM), private keys as text of a :class:`KeyVault`."""

    root_cert: str
    issuing_cert: str
    seal_cert: str
    timestamp_cert: str
    root_key: str
    issuing_key: str
    seal_key: str
    timestamp_key: str

    def to_dict(self) -> dict:
        """Return plain text values, one per field."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict) -> "SealedAuthority":
        """Return the authority of :meth:`to_dict`; other entries are ignored."""
        return cls(**{field.name: values[field.name] for field in fields(cls)})


def create_authority(profile, vault) -> SealedAuthority:
    """Make root, issuing authority, seal and timestamp certificate.

    :raises ValueError: empty organisation, naive or crossed dates
    """
    if not clean_name(profile.organization):
        raise ValueError("an authority needs the establishment's name")
    key = certificates.new_key()
    root = certificates.issue_root(profile, key)
    return _below(profile, root, key, vault)


def renew_authority(sealed, vault, profile) -> SealedAuthority:
    """Return new issuing authority, seal and timestamp certificate, same root.

    The old :class:`SealedAuthority` stays needed as long as files it signed
    wait for their long-term seal. ``profile.not_after`` does not count: the
    root keeps its own end.

    :raises WrongSecret: the root key does not open
    """
    old = Authority(sealed, vault)
    return _below(profile, old.root, old._key("root"), vault)


def _below(profile, root, root_key, vault):
    issuing_key, seal_key, timestamp_key = (certificates.new_key() for _ in range(3))
    issuing = certificates.issue_issuing(profile, issuing_key, root, root_key)
    made = {
        "root": (root, root_key),
        "issuing": (issuing, issuing_key),
        "seal": (
            certificates.issue_seal(profile, seal_key, issuing, issuing_key),
            seal_key,
        ),
        "timestamp": (
            certificates.issue_timestamp(profile, timestamp_key, root, root_key),
            timestamp_key,
        ),
    }
    values = {}
    for role, (certificate, key) in made.items():
        der = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        values[f"{role}_cert"] = _pem(certificate)
        values[f"{role}_key"] = vault.seal(der, _context(role, certificate))
    return SealedAuthority(**values)


class Authority:
    """Act with a sealed authority; each key is opened the first time it serves."""

    def __init__(self, sealed: SealedAuthority, vault):
        self._sealed = sealed
        self._vault = vault
        self._keys = {}

    # Certificates

    @cached_property
    def root(self):
        """Root certificate (``cryptography`` object), as all those below."""
        return self._certificate("root")

    @cached_property
    def issuing(self):
        """Certificate that issues the seal and the signers."""
        return self._certificate("issuing")

    @cached_property
    def seal(self):
        """Certificate of the establishment's seal."""
        return self._certificate("seal")

    @cached_property
    def timestamp(self):
        """Certificate of the timestamps."""
        return self._certificate("timestamp")

    @property
    def ca_pem(self) -> str:
        """Root certificate, the one thing a verifier has to trust."""
        return self._sealed.root_cert

    @property
    def chain_pem(self) -> str:
        """Issuing certificate followed by the root."""
        return self._sealed.issuing_cert + self._sealed.root_cert

    # Health

    def check(self, now: datetime, margin: timedelta = timedelta(0)) -> list[str]:
        """Return problem codes, empty when the authority can work.

        Codes: ``decrypt:<role>``, ``mismatch:<role>`` (key is not the
        certificate's), ``chain:<role>``, ``not_yet_valid:<role>``,
        ``expired:<role>``, ``ends_soon:<role>`` (inside ``margin``).
        Roles: root, issuing, seal, timestamp.
        """
        problems = []
        issuers = {"issuing": self.root, "seal": self.issuing, "timestamp": self.root}
        for role in _ROLES:
            certificate = getattr(self, role)
            try:
                if not self._matches(role):
                    problems.append(f"mismatch:{role}")
            except WrongSecret:
                problems.append(f"decrypt:{role}")
            try:
                certificate.verify_directly_issued_by(issuers.get(role, self.root))
            except (ValueError, TypeError, InvalidSignature):
                problems.append(f"chain:{role}")
            if now < certificate.not_valid_before_utc:
                problems.append(f"not_yet_valid:{role}")
            elif now > certificate.not_valid_after_utc:
                problems.append(f"expired:{role}")
            elif now + margin > certificate.not_valid_after_utc:
                problems.append(f"ends_soon:{role}")
        return problems

    # Revocation lists

    def issuing_crl(self, now, next_update, revoked=()) -> bytes:
        """Return the DER list of seal and signers.

        :param revoked: pairs (certificate serial, hexadecimal or int; moment)
        """
        return self._crl("issuing", now, next_update, revoked)

    def root_crl(self, now, next_update, revoked=()) -> bytes:
        """Return the DER list of issuing authorities and timestamp certificates."""
        return self._crl("root", now, next_update, revoked)

    # What the signing code needs

    def timestamper(self) -> TimestampAuthority:
        """Return the in-process timestamp authority."""
        return TimestampAuthority(self.timestamp, self._key("timestamp"))

    def seal_key(self):
        """Return the private key of the seal."""
        return self._key("seal")

    def issue_signer(self, *, name, email, organization, request, now):
        """Return a fresh (certificate, key) pair for one act of signing.

        :raises AuthorityUnusable: the issuing authority is not valid now
        :raises ValueError: the name is empty
        """
        if not clean_name(name):
            raise ValueError("a signer needs a name")
        self.require_valid("issuing", now)
        key = certificates.new_key()
        certificate = certificates.issue_signer(
            key,
            self.issuing,
            self._key("issuing"),
            self.seal,
            name=name,
            email=email,
            organization=organization,
            request=request,
            not_before=now,
        )
        return certificate, key

    def require_valid(self, role, now):
        """Raise :class:`AuthorityUnusable` unless that certificate is valid."""
        certificate = getattr(self, role)
        valid_from, valid_to = (
            certificate.not_valid_before_utc,
            certificate.not_valid_after_utc,
        )
        if not valid_from <= now <= valid_to:
            raise AuthorityUnusable(
                f"{role} certificate is valid from {valid_from} to {valid_to}"
            )

    def _certificate(self, role):
        pem = getattr(self._sealed, f"{role}_cert")
        return x509.load_pem_x509_certificate(pem.encode())

    def _key(self, role):
        if role not in self._keys:
            der = self._vault.open(
                getattr(self._sealed, f"{role}_key"),
                _context(role, getattr(self, role)),
            )
            self._keys[role] = load_der_private_key(der, password=None)
        return self._keys[role]

    def _matches(self, role):
        form = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        public = self._key(role).public_key().public_bytes(*form)
        return public == getattr(self, role).public_key().public_bytes(*form)

    def _crl(self, role, now, next_update, revoked):
        crl = certificates.issue_crl(
            getattr(self, role),
            self._key(role),
            now=certificates.utc_second(now),
            next_update=certificates.utc_second(next_update),
            revoked=revoked,
        )
        return crl.public_bytes(Encoding.DER)


def _pem(certificate):
    return certificate.public_bytes(Encoding.PEM).decode()


def _context(role, certificate):
    """Bind a sealed key to its role and to the very certificate it serves."""
    return f"{role}:{certificate.fingerprint(hashes.SHA256()).hex()}"
