# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Play the main job on a scratch database, through HTTP and SMTP only.

Started by ``./dev smoke --out DIR``. An agreement is made, signed by a minor student,
her guardian, the company's tutor and manager, the teacher and the head of the
establishment, sealed, and handed to programs that are not ours. DIR receives
``unsigned.pdf``, ``signed.pdf``, ``proof.pdf``, ``proof.json``, ``ca.pem`` and
``summary.json``.
"""

import argparse
import contextlib
import hashlib
import json
import sys
import time
from datetime import datetime, timezone
from pathlib import Path

from .console import Problem, bad, good, say, step
from .harness import Server, clone_database
from .play import judges
from .play.browser import Refused, Signer
from .play.mailbox import Mailbox
from .play.school import School

ROLES = ("student", "guardian", "tutor", "company_head", "teacher")
GOAL_SECONDS = 60


class Smoke:
    """The act, and what it leaves behind.

    :param out: folder of the products
    """

    def __init__(self, out):
        self.out = out
        self.states = []
        self.signers = []
        self.failures = []

    def run(self):
        """Play everything; return whether all checks hold."""
        self.out.mkdir(parents=True, exist_ok=True)
        with contextlib.ExitStack() as stack:
            with step("Starting a server on a scratch database"):
                mailbox = stack.enter_context(Mailbox())
                database = stack.enter_context(clone_database())
                server = stack.enter_context(Server(database, max_cron_threads=2))
            self.school = School(server.url, mailbox)
            with step("The administrator sets the establishment up"):
                self.school.open()
            with step("The secretary sends an internship agreement"):
                self.send()
            with step("Five people sign by their personal link"):
                self.sign_by_link()
            with step("The head of the establishment finalises by her account"):
                self.finalise()
            with step("The server seals the file for the long term"):
                self.school.wait_for_seal(self.document)
                self.download()
            with step("Independent programs judge the files"):
                self.judge()
            self.write_summary()
        return not self.failures

    def check(self, holds, sentence):
        """Note a failure unless ``holds``."""
        if not holds:
            self.failures.append(sentence)

    def note_state(self, state=None, at=None):
        """Note the state of the document when it has changed."""
        state = state or self.school.state(self.document)
        if not self.states or self.states[-1]["state"] != state:
            at = at or datetime.now(timezone.utc).isoformat(timespec="milliseconds")
            self.states.append({"state": state, "at": at})

    # The act

    def send(self):
        [self.document] = self.school.queue(self.school.enrol(1))
        queued = self.school.secretary.read(
            "campus.sign.request", self.document.request_id, "queued_at"
        )["queued_at"]
        self.note_state("queued", f"{queued.replace(' ', 'T')}+00:00")
        self.school.wait_for_state(self.document, "waiting")
        self.note_state()

    def sign_by_link(self):
        unsigned = None
        for role in ROLES:
            person = self.school.signer(self.document, role)
            overview, due = person.prepare()
            self.check(len(due) == 1, f"{role}: {len(due)} documents to sign")
            content = person.download(f"/sign/file/{due[0]}")
            shown = overview["documents"][0]
            self.check(
                hashlib.sha256(content).hexdigest() == shown["sha256"],
                f"{role}: the file served is not the one whose fingerprint is shown",
            )
            self.check(
                unsigned in (None, content), f"{role}: read other bytes than the others"
            )
            unsigned = content
            self.act(person, overview, due, shown["role"], "link")
        self.unsigned = unsigned

    def finalise(self):
        head = self.school.head()
        overview, due = head.prepare()
        self.check(len(due) == 1, f"head: {len(due)} documents to sign")
        self.act(head, overview, due, overview["documents"][0]["role"], "account")
        self.school.wait_for_state(self.document, "archived")
        self.note_state()

    def act(self, person, overview, due, role, channel):
        """Sign, and note the signature and the state that follows."""
        result = person.sign(due, overview)[0]
        if not result["ok"]:
            raise Problem(f"{role} could not sign: {result['message']}")
        self.signers.append(
            {
                "name": overview["person"]["name"],
                "role": role,
                "channel": channel,
                "signed_at": result["signed_at"],
            }
        )
        self.note_state()

    # The products

    def download(self):
        school, document = self.school, self.document
        base = f"/campus_sign/request/{document.request_id}"
        self.signed = school.pdf(document)
        self.proof = json.loads(school.proof_json(document))
        for name, content in {
            "unsigned.pdf": self.unsigned,
            "signed.pdf": self.signed,
            "proof.pdf": school.secretary.download(f"{base}/proof.pdf"),
            "proof.json": school.proof_json(document),
            "ca.pem": school.root(document),
        }.items():
            (self.out / name).write_bytes(content)

    def write_summary(self):
        summary = {
            "request": {
                "id": self.document.request_id,
                "code": self.document.code,
                "name": self.document.name,
                "sha256": hashlib.sha256(self.signed).hexdigest(),
                "bytes": len(self.signed),
            },
            "states": self.states,
            "signers": self.signers,
            "failures": self.failures,
        }
        text = json.dumps(summary, ensure_ascii=False, indent=2)
        (self.out / "summary.json").write_text(f"{text}\n", encoding="utf-8")

    # The judges

    def judge(self):
        self.judge_files()
        self.judge_proof()
        self.judge_public_page()

    def judge_files(self):
        self.check(
            self.signed.startswith(self.unsigned),
            "signed.pdf does not begin with the bytes people read",
        )
        for name, persons, sealed in (
            ("signed.pdf", len(self.signers), True),
            ("unsigned.pdf", 0, False),
        ):
            found = judges.problems(self.out / name, persons, sealed)
            self.failures += [f"{name}: {problem}" for problem in found]
        proof = judges.qpdf(self.out / "proof.pdf")
        self.check(not proof, f"proof.pdf: {proof}")

    def judge_proof(self):
        out = self.out
        code, said = judges.verifier(
            out / "signed.pdf", out / "proof.json", out / "ca.pem"
        )
        self.check(code == 0, f"engine/evidence/verify.py ended with {code}:\n{said}")
        altered = bytearray(self.signed)
        altered[len(self.unsigned) // 2] ^= 1
        path = out / "altered.pdf"
        path.write_bytes(altered)
        code, said = judges.verifier(path, out / "proof.json", out / "ca.pem")
        path.unlink()
        self.check(code == 1, "the offline verifier accepts a file with a flipped bit")
        people = [one["personal"] for one in self.proof["persons"].values()]
        addresses = {person.get("ip") for person in people if "ip" in person}
        self.check(
            addresses == {"127.0.0.1"},
            f"proof.json: clients connected from 127.0.0.1, it says {addresses}",
        )

    def judge_public_page(self):
        stranger = Signer(self.school.url)
        page = stranger.get(f"/verify/{self.document.code}")
        self.check(page.status_code == 200, f"/verify: {page.status_code}")
        named = [one["name"] for one in self.signers if one["name"] in page.text]
        self.check(not named, f"the public page names {', '.join(named)}")
        for content, proven in ((self.signed, True), (b"%PDF-1.7\n", False)):
            answer = stranger.session.post(
                f"{self.school.url}/verify",
                files={"document": ("document.pdf", content, "application/pdf")},
                timeout=30,
            )
            names = all(one["name"] in answer.text for one in self.signers)
            self.check(
                names == proven,
                "the verification page does not tell a signed file from another "
                f"({answer.status_code})",
            )


def main(arguments=None):
    """Run the command line; return its exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--out", required=True, type=Path, help="folder of the products"
    )
    options = parser.parse_args(arguments)
    begun = time.monotonic()
    smoke = Smoke(options.out)
    try:
        smoke.run()
    except (Problem, Refused, RuntimeError, TimeoutError) as error:
        smoke.failures.append(str(error))
    for failure in smoke.failures:
        say(f"{bad('FAILED')} {failure}")
    seconds = time.monotonic() - begun
    if not smoke.failures:
        states = " → ".join(one["state"] for one in smoke.states)
        say(f"{good('OK')} {len(smoke.signers)} signatures, {states}: {options.out}")
    late = (
        "" if seconds <= GOAL_SECONDS else f", more than the goal of {GOAL_SECONDS} s"
    )
    say(f"  {seconds:.1f} s in all{late}")
    return 1 if smoke.failures else 0


if __name__ == "__main__":
    sys.exit(main())
