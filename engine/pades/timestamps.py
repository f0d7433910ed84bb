# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A small timestamp authority of our own (RFC 3161), in process.

Its time is self-asserted: it proves the order of our own acts and keeps the
signatures verifiable after their certificates end, it is no third party.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timezone

from asn1crypto import tsp
from cryptography.x509 import ExtendedKeyUsage
from cryptography.x509.oid import ExtendedKeyUsageOID

from . import der
from .certificates import new_serial
from .cms import DIGESTS, TST_INFO, sign_cms
from .errors import AuthorityUnusable

POLICY = "2.25.36553035395334508230192098179634308151"
"""Our timestamp policy, an OID of the UUID arc (ITU-T X.667): no registration."""
_GRANTED, _REJECTION = 0, 2
"""PKIStatus of RFC 3161."""
_DIGEST_BYTES = {"sha256": 32, "sha384": 48, "sha512": 64}


@dataclass(frozen=True)
class Token:
    """A timestamp token and what a log keeps of it."""

    der: bytes
    """Of the ContentInfo."""
    serial: int
    moment: datetime


class TimestampAuthority:
    """Issue timestamp tokens with one certificate (P-256, issued by the root).

    :raises AuthorityUnusable: the certificate is not for timestamps
    """

    def __init__(self, certificate, key):
        usages = [
            list(extension.value)
            for extension in certificate.extensions
            if isinstance(extension.value, ExtendedKeyUsage)
        ]
        if usages != [[ExtendedKeyUsageOID.TIME_STAMPING]]:
            raise AuthorityUnusable("the certificate is not a timestamp certificate")
        self._key = key
        self._certificate = certificate
        self._valid_from = certificate.not_valid_before_utc
        self._valid_to = certificate.not_valid_after_utc

    def token(self, digest: bytes, moment: datetime) -> Token:
        """Return the token of a SHA-256 ``digest`` at ``moment`` (whole seconds).

        :raises AuthorityUnusable: the certificate is not valid at that moment
        """
        return self._issue("sha256", digest, moment)

    def respond(self, request_der: bytes, moment: datetime) -> bytes:
        """Answer one RFC 3161 request (``application/timestamp-query`` body).

        What cannot be stamped gets a rejection, as the RFC wants, not an error.
        """
        try:
            request = tsp.TimeStampReq.load(request_der, strict=True)
            imprint = request["message_imprint"]
            algorithm = imprint["hash_algorithm"]["algorithm"].native
            digest = imprint["hashed_message"].native
            policy = request["req_policy"].native
            nonce = request["nonce"].native
            if nonce is not None and nonce < 0:
                return _rejection("bad_data_format")
            embed = bool(request["cert_req"].native)
            extended = bool(request["extensions"].native)
        except (ValueError, TypeError):
            return _rejection("bad_data_format")
        if algorithm not in _DIGEST_BYTES:
            return _rejection("bad_alg")
        if len(digest) != _DIGEST_BYTES[algorithm]:
            return _rejection("bad_data_format")
        if policy not in (None, POLICY):
            return _rejection("unaccepted_policy")
        if extended:
            return _rejection("unaccepted_extensions")
        try:
            token = self._issue(algorithm, digest, moment, nonce=nonce, embed=embed)
        except AuthorityUnusable:
            return _rejection("time_not_available")
        return der.sequence(der.sequence(der.integer(_GRANTED)), token.der)

    def _issue(self, algorithm, digest, moment, *, nonce=None, embed=True):
        moment = moment.astimezone(timezone.utc).replace(microsecond=0)
        if not self._valid_from <= moment <= self._valid_to:
            raise AuthorityUnusable("the timestamp certificate is not valid now")
        serial = new_serial()
        info = [
            der.integer(1),
            der.oid(POLICY),
            der.sequence(DIGESTS[algorithm], der.octets(digest)),
            der.integer(serial),
            der.moment(moment),
            der.sequence(der.integer(1)),  # accuracy: one second
        ]
        if nonce is not None:
            info.append(der.integer(nonce))
        content = der.sequence(*info)
        token = sign_cms(
            key=self._key,
            certificate=self._certificate,
            digest=hashlib.sha256(content).digest(),
            embedded=(self._certificate,) if embed else (),
            content_type=TST_INFO,
            content=content,
        )
        return Token(token, serial, moment)


def _rejection(reason):
    failure = tsp.PKIFailureInfo({reason})
    return der.sequence(der.sequence(der.integer(_REJECTION), failure.dump()))
