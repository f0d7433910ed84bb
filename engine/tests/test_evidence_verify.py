# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import copy
import json
import os
import subprocess
import sys
import unittest
from datetime import timedelta
from pathlib import Path
from unittest import mock

from engine.evidence import EvidenceError, append, build_bundle, canonical
from engine.evidence.verify import main, verify_bundle
from engine.pades import validate
from engine.tests import pki

ROOT = Path(__file__).parents[2]
NOW = pki.START + timedelta(days=20)


class TestVerifyBundle(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.circuit = pki.circuit()
        cls.bundle = cls.circuit.bundle()

    def verdict(self, pdf=None, bundle=None, ca_pem=None, now=NOW):
        return verify_bundle(
            pdf or self.circuit.pdf,
            bundle or self.bundle,
            ca_pem or pki.authority().ca_pem,
            now,
        )

    def assertFails(self, verdict, *words):
        self.assertFalse(verdict.ok)
        said = "\n".join(verdict.failed)
        for word in words:
            self.assertIn(word, said)

    def rebuilt(self, events=None, **changes):
        """Return the proof file a forger of the log could write."""
        values = {
            "request": {"uid": self.circuit.uid},
            "events": events or self.circuit.events,
            "persons": self.circuit.persons,
            "certificates": {"root": pki.authority().ca_pem},
            "file_sha256": self.circuit.sha256,
            "revisions": self.circuit.revisions,
        }
        return build_bundle(**{**values, **changes})

    def relinked(self, change):
        """Return the log with ``change(event values)`` done and hashes redone."""
        events = []
        for old in self.circuit.events:
            values = change(copy.deepcopy(old.to_dict()))
            if values is None:
                continue
            events.append(
                append(
                    events[-1] if events else None,
                    self.circuit.uid,
                    *(values[name] for name in ("time", "kind", "before", "after")),
                    payload=values["payload"],
                    commitment=values["commitment"],
                )
            )
        return events

    def test_a_whole_circuit_is_proven(self):
        verdict = self.verdict()
        self.assertEqual(verdict.failed, [])
        said = "\n".join(verdict.proven)
        self.assertIn("Chloé Nguyễn-Dœuff <chloe@example.org>", said)
        self.assertIn("5 signatures and 5 acts", said)
        self.assertIn("long term", said)

    def test_a_report_already_made_serves_again(self):
        pdf, root = self.circuit.pdf, pki.authority().ca_pem
        report = validate(pdf, [root], now=NOW)
        with mock.patch("engine.evidence.verify.validate") as again:
            verdict = verify_bundle(pdf, self.bundle, root, NOW, report)
        again.assert_not_called()
        self.assertEqual(verdict, self.verdict())

    def test_a_report_of_something_else_does_not_serve(self):
        pdf, root = self.circuit.pdf, pki.authority().ca_pem
        other = pki.other_authority().ca_pem
        good = validate(pdf, [root], now=NOW)
        self.assertTrue(good.ok)
        later = NOW + timedelta(days=1)
        cases = {
            "bytes": (pdf + b"\n", root, NOW, good),
            "roots": (pdf, other, NOW, good),
            "moment": (pdf, root, later, good),
            "more roots": (pdf, root, NOW, validate(pdf, [root, other], now=NOW)),
            "unread": (pdf, root, NOW, validate(b"%PDF-", [root], now=NOW)),
        }
        for name, (given, ca_pem, now, report) in cases.items():
            with (
                self.subTest(name),
                mock.patch("engine.evidence.verify.validate", wraps=validate) as again,
            ):
                verdict = verify_bundle(given, self.bundle, ca_pem, now, report)
                again.assert_called_once_with(
                    given,
                    [ca_pem.encode() if isinstance(ca_pem, str) else ca_pem],
                    now=now,
                )
                self.assertEqual(
                    verdict, verify_bundle(given, self.bundle, ca_pem, now)
                )

    def test_it_holds_years_later(self):
        for years in (1, 5, 9):
            self.assertTrue(self.verdict(now=NOW + timedelta(days=365 * years)).ok)

    def test_forgotten_persons_leave_the_proof_whole(self):
        verdict = self.verdict(bundle=self.rebuilt(persons={}))
        self.assertTrue(verdict.ok, verdict.failed)
        self.assertIn("0 of 3", "\n".join(verdict.proven))

    def test_a_rolled_back_file(self):
        length = self.circuit.revisions[2]["length"]
        rolled = self.circuit.pdf[:length]
        self.assertFails(
            self.verdict(pdf=rolled),
            "not the one this proof file describes",
            "3 signatures in the file, 5 acts in the log",
        )
        adapted = self.rebuilt(
            file_sha256=self.circuit.revisions[2]["sha256"],
            revisions=self.circuit.revisions[:3],
        )
        self.assertFails(
            self.verdict(pdf=rolled, bundle=adapted), "3 signatures in the file, 5 acts"
        )

    def test_another_file(self):
        self.assertFails(self.verdict(pdf=pki.archived().pdf), "bonds", "file")

    def test_a_tampered_file(self):
        pdf = bytearray(self.circuit.pdf)
        pdf[12] ^= 1
        self.assertFails(self.verdict(pdf=bytes(pdf)), "altered")
        self.assertFails(self.verdict(pdf=self.circuit.pdf + b"\n"), "tail")
        self.assertFails(self.verdict(pdf=b"not a pdf"), "not a PDF")

    def test_another_root(self):
        other = pki.other_authority().ca_pem
        self.assertFails(self.verdict(ca_pem=other), "names another root", "untrusted")

    def test_a_broken_log(self):
        bundle = copy.deepcopy(self.bundle)
        bundle["events"][3]["payload"]["role"] = "Other"
        self.assertFails(self.verdict(bundle=bundle), "event chain: event 5")
        bundle = copy.deepcopy(self.bundle)
        bundle["persons"]["4"]["personal"]["name"] = "Eve"
        self.assertFails(self.verdict(bundle=bundle), "not the committed one")

    def test_a_log_written_anew_does_not_match_the_signatures(self):
        """Whoever holds the database can relink the log, not sign again."""

        def other_role(values):
            if values["kind"] == "consented":
                values["payload"]["role"] = "Other"
            return values

        def later(values):
            values["time"] = values["time"].replace("2026-09-02", "2026-09-12")
            return values

        def no_consent(values):
            return None if values["kind"] == "consented" else values

        for change in (other_role, later, no_consent):
            with self.subTest(change.__name__):
                bundle = self.rebuilt(self.relinked(change), persons={})
                self.assertFails(
                    self.verdict(bundle=bundle), "names no event it could rest on"
                )

    def test_an_act_missing_from_the_log(self):
        def without_last(values):
            return None if values["kind"] == "long_term_sealed" else values

        bundle = self.rebuilt(self.relinked(without_last), persons={})
        self.assertFails(
            self.verdict(bundle=bundle), "5 signatures in the file, 4 acts"
        )

    def test_serials_and_lengths_of_the_log_are_compared(self):
        for name, value in (
            ("certificate_serial", "1"),
            ("timestamp_serial", "1"),
            ("length", 5),
            ("field", "sig-9"),
        ):

            def change(values, name=name, value=value):
                if values["kind"] == "long_term_sealed":
                    values["payload"][name] = value
                return values

            with self.subTest(name):
                bundle = self.rebuilt(self.relinked(change))
                self.assertFails(
                    self.verdict(bundle=bundle), f"another {name.replace('_', ' ')}"
                )

    def test_consent_to_other_bytes_or_by_another_person(self):
        forged = pki.Circuit()
        forged.seal()
        forged.sign(0)
        name, person, _email, role = pki.SIGNERS[1]
        basis = forged.log(
            "consented",
            before="0" * 64,
            person={"name": person, "email": "eve@example.org"},
            field="sig-3",
            role=role,
        )
        made = pki.sign_as(forged.pdf, 1, forged.now, reason=f"x sha256:{basis}")
        forged.written("signed", made, "signature", name)
        verdict = self.verdict(pdf=forged.pdf, bundle=forged.bundle())
        self.assertFails(
            verdict, "about other bytes", "about another field", "another person's"
        )

    def test_one_consent_serves_one_signature(self):
        forged = pki.Circuit()
        forged.seal()
        forged.sign(0)
        basis = forged.events[-2].hash
        made = pki.sign_as(forged.pdf, 1, forged.now, reason=f"x sha256:{basis}")
        forged.written("signed", made, "signature", "sig-2")
        self.assertFails(
            self.verdict(pdf=forged.pdf, bundle=forged.bundle()), "used twice"
        )

    def test_an_unfinished_circuit_is_proven_as_far_as_it_went(self):
        going = pki.Circuit()
        going.seal()
        going.sign(0)
        verdict = self.verdict(pdf=going.pdf, bundle=going.bundle())
        self.assertTrue(verdict.ok, verdict.failed)
        self.assertNotIn("long term", "\n".join(verdict.proven))


class TestCommandLine(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.files = pki.Files()
        cls.addClassCleanup(cls.files.clean)
        circuit = pki.circuit()
        cls.pdf = cls.files.write("signed.pdf", circuit.pdf)
        cls.proof = cls.files.write("proof.json", canonical(circuit.bundle()))
        cls.ca = cls.files.write("ca.pem", pki.authority().ca_pem)

    def run_script(self, *arguments):
        """Run from elsewhere, as a stranger does, with no Odoo to import."""
        script = ROOT / "engine" / "evidence" / "verify.py"
        environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
        return subprocess.run(
            [sys.executable, script, *map(str, arguments)],
            cwd=self.files.path,
            env={**environment, "PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )

    def test_the_script_proves_a_good_file(self):
        done = self.run_script("signed.pdf", "proof.json", "--ca", "ca.pem")
        self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout)
        self.assertIn("EVERYTHING HOLDS", done.stdout)
        self.assertIn("NOT CLAIMED", done.stdout)
        self.assertNotIn("NOT PROVEN", done.stdout)

    def test_exit_codes(self):
        changed = self.files.write("changed.pdf", self.pdf.read_bytes() + b"\n")
        broken = self.files.write("broken.json", "{")
        foreign = self.files.write("foreign.json", json.dumps({"schema": "x"}))
        nothing = self.files.write("nothing.pem", "")
        cases = {
            1: (changed, self.proof, self.ca),
            2: (self.pdf, broken, self.ca),
            3: (self.pdf, foreign, self.ca),
            4: (self.pdf, self.proof, nothing),
            5: (self.files.path / "absent.pdf", self.proof, self.ca),
        }
        devnull = open(os.devnull, "w", encoding="utf-8")
        self.addCleanup(devnull.close)
        for number, (pdf, proof, ca) in cases.items():
            with self.subTest(number), _quiet(devnull):
                code = main([str(pdf), str(proof), "--ca", str(ca)])
                self.assertEqual(code, min(number, 2))

    def test_an_unreadable_proof_file_is_said(self):
        with self.assertRaises(EvidenceError):
            verify_bundle(b"%PDF-", {}, pki.authority().ca_pem, NOW)


class _quiet:
    def __init__(self, sink):
        self.sink = sink

    def __enter__(self):
        self.saved = sys.stdout, sys.stderr
        sys.stdout = sys.stderr = self.sink

    def __exit__(self, *_exception):
        sys.stdout, sys.stderr = self.saved
