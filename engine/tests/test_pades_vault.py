# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import unittest

from engine.pades import KeyVault, WeakSecret, WrongSecret
from engine.tests import pki


class TestKeyVault(unittest.TestCase):
    def test_weak_secrets_are_refused(self):
        weak = {
            "short": "aB3!" * 7,
            "few characters": "abcabcab1212" * 4,
            "one pattern": "Kx7#pQ2-vR9z" * 3,
            "sequence": "0123456789abcdefghijklmnopqrstuvwxyz",
            "not text": b"x" * 40,
        }
        for name, secret in weak.items():
            with self.subTest(name), self.assertRaises(WeakSecret):
                KeyVault(secret)

    def test_random_hexadecimal_is_strong_enough(self):
        KeyVault("9f2c4be1a07d58633bb1e4c7905a2d6f")

    def test_what_is_sealed_opens_again(self):
        text = pki.vault().seal(b"key", "seal:1")
        self.assertTrue(text.isascii())
        self.assertNotIn("key", text)
        self.assertEqual(pki.vault().open(text, "seal:1"), b"key")

    def test_sealing_twice_gives_two_texts(self):
        vault = pki.vault()
        self.assertNotEqual(vault.seal(b"key", "c"), vault.seal(b"key", "c"))

    def test_everything_else_closes_the_door(self):
        text = pki.vault().seal(b"key", "seal:1")
        other = KeyVault(pki.SECRET + "!")
        flipped = text[:20] + ("A" if text[20] != "A" else "B") + text[21:]
        attempts = {
            "other secret": (other, text, "seal:1"),
            "moved to another context": (pki.vault(), text, "root:1"),
            "damaged": (pki.vault(), flipped, "seal:1"),
            "cut": (pki.vault(), text[:20], "seal:1"),
            "not sealed": (pki.vault(), "plain", "seal:1"),
            "not base64": (pki.vault(), "v1.é*", "seal:1"),
            "nothing": (pki.vault(), None, "seal:1"),
        }
        for name, (vault, sealed, context) in attempts.items():
            with self.subTest(name), self.assertRaises(WrongSecret):
                vault.open(sealed, context)
