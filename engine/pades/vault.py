# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Protection of private keys at rest."""

import base64
import binascii
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from .errors import WeakSecret, WrongSecret

MINIMUM_LENGTH = 32
"""Characters a secret must have."""
MINIMUM_VARIETY = 10
"""Distinct characters a secret must have: a random hexadecimal one has 14-16."""
_PREFIX = "v1."
_NONCE_BYTES = 12
_LABEL = b"campus_sign key vault v1"


class KeyVault:
    """Seal and open keys with one high-entropy secret.

    The secret comes from the environment or the server configuration, never
    from the database. It is random, so HKDF is enough: a slow derivation
    protects pass phrases, which :class:`WeakSecret` refuses anyway.

    A sealed text is bound to its *context* (which key of which certificate):
    moved to another place it does not open.
    """

    def __init__(self, secret: str):
        _require_strength(secret)
        self._key = HKDF(
            algorithm=hashes.SHA256(), length=32, salt=None, info=_LABEL
        ).derive(secret.encode())

    def seal(self, der: bytes, context: str) -> str:
        """Return printable text that only :meth:`open` can read back."""
        nonce = os.urandom(_NONCE_BYTES)
        sealed = AESGCM(self._key).encrypt(nonce, der, context.encode())
        return _PREFIX + base64.urlsafe_b64encode(nonce + sealed).decode()

    def open(self, text: str, context: str) -> bytes:
        """Return the bytes given to :meth:`seal` under the same context.

        :raises WrongSecret: other secret, other context, or damaged text
        """
        if not isinstance(text, str) or not text.startswith(_PREFIX):
            raise WrongSecret("not a sealed key")
        try:
            raw = base64.b64decode(text[len(_PREFIX) :], altchars=b"-_", validate=True)
            nonce, sealed = raw[:_NONCE_BYTES], raw[_NONCE_BYTES:]
            return AESGCM(self._key).decrypt(nonce, sealed, context.encode())
        except (InvalidTag, binascii.Error, ValueError) as error:
            raise WrongSecret("the sealed key does not open") from error


def _require_strength(secret):
    if not isinstance(secret, str) or len(secret) < MINIMUM_LENGTH:
        raise WeakSecret(f"a secret has at least {MINIMUM_LENGTH} characters")
    if len(set(secret)) < MINIMUM_VARIETY:
        raise WeakSecret("the secret repeats too few characters")
    if secret in (secret + secret)[1:-1]:
        raise WeakSecret("the secret repeats one pattern")
    steps = sum(
        abs(ord(after) - ord(before)) <= 1
        for before, after in zip(secret, secret[1:], strict=False)
    )
    if steps > len(secret) // 2:
        raise WeakSecret("the secret is a sequence")
