# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Signed CMS objects: the one encoding behind signatures and timestamp tokens.

CAdES (ETSI EN 319 122-1) over RFC 5652, with ECDSA P-256 and SHA-256 only.
"""

import hashlib

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from . import der

DATA = der.oid("1.2.840.113549.1.7.1")
TST_INFO = der.oid("1.2.840.113549.1.9.16.1.4")
DIGESTS = {
    "sha256": der.sequence(der.oid("2.16.840.1.101.3.4.2.1"), der.NULL),
    "sha384": der.sequence(der.oid("2.16.840.1.101.3.4.2.2"), der.NULL),
    "sha512": der.sequence(der.oid("2.16.840.1.101.3.4.2.3"), der.NULL),
}

_SIGNED_DATA = der.oid("1.2.840.113549.1.7.2")
_ECDSA_SHA256 = der.sequence(der.oid("1.2.840.10045.4.3.2"))
_CONTENT_TYPE = der.oid("1.2.840.113549.1.9.3")
_MESSAGE_DIGEST = der.oid("1.2.840.113549.1.9.4")
_SIGNING_CERTIFICATE_V2 = der.oid("1.2.840.113549.1.9.16.2.47")
_TIMESTAMP_TOKEN = der.oid("1.2.840.113549.1.9.16.2.14")


def certificate_der(certificate) -> bytes:
    """Return the DER of a ``cryptography`` certificate."""
    return certificate.public_bytes(Encoding.DER)


def sign_cms(
    *,
    key,
    certificate,
    digest: bytes,
    embedded=(),
    content_type=DATA,
    content=None,
    timestamp=None,
) -> bytes:
    """Sign a SHA-256 ``digest``, return the DER of the ContentInfo.

    :param key: P-256 private key of ``certificate``
    :param embedded: certificates to carry along
    :param content: encapsulated content, None for a detached signature
    :param timestamp: function giving the timestamp token (DER) of the SHA-256
        of the signature value, None for a token itself
    """
    fingerprint = hashlib.sha256(certificate_der(certificate)).digest()
    identified = der.sequence(der.sequence(der.sequence(der.octets(fingerprint))))
    signed_attributes = der.set_of(
        _attribute(_CONTENT_TYPE, content_type),
        _attribute(_MESSAGE_DIGEST, der.octets(digest)),
        _attribute(_SIGNING_CERTIFICATE_V2, identified),
    )
    signature = key.sign(signed_attributes, ec.ECDSA(hashes.SHA256()))
    signer_info = [
        der.integer(1),
        der.sequence(
            certificate.issuer.public_bytes(), der.integer(certificate.serial_number)
        ),
        DIGESTS["sha256"],
        der.implicit(0, signed_attributes),
        _ECDSA_SHA256,
        der.octets(signature),
    ]
    if timestamp is not None:
        token = timestamp(hashlib.sha256(signature).digest())
        unsigned = der.set_of(_attribute(_TIMESTAMP_TOKEN, token))
        signer_info.append(der.implicit(1, unsigned))
    encapsulated = [content_type]
    if content is not None:
        encapsulated.append(der.explicit(0, der.octets(content)))
    signed_data = [
        der.integer(1 if content_type == DATA else 3),
        der.set_of(DIGESTS["sha256"]),
        der.sequence(*encapsulated),
        der.set_of(der.sequence(*signer_info)),
    ]
    if embedded:
        carried = der.set_of(*map(certificate_der, embedded))
        signed_data.insert(3, der.implicit(0, carried))
    return der.sequence(_SIGNED_DATA, der.explicit(0, der.sequence(*signed_data)))


def _attribute(kind, value):
    return der.sequence(kind, der.set_of(value))
