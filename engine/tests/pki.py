# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One authority and one signed document for all tests of the engine.

Nothing here depends on the clock: every act gets its moment.
"""

import hashlib
import io
import subprocess
import tempfile
from datetime import datetime, timedelta, timezone
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw

from engine.evidence import append, build_bundle, commit
from engine.pades import (
    SEAL_FIELD,
    Authority,
    AuthorityProfile,
    FieldSpec,
    KeyVault,
    Stamp,
    certify,
    create_authority,
    normalise_visual,
    seal_long_term,
    sign,
)

SECRET = "correct-Horse_battery.Staple-42/kiwi+zebra"
START = datetime(2026, 9, 1, 8, 0, tzinfo=timezone.utc)
"""First moment of the authority; the document is signed the same week."""
SIGNERS = (
    ("sig-1", "Chloé Nguyễn-Dœuff", "chloe@example.org", "Étudiante"),
    ("sig-2", "Jean Martin", "jean.martin@example.org", "Maître de stage"),
    ("sig-3", "Zoë Lefèvre", "zoe@example.org", "Représentante de l'établissement"),
)


def profile(**changes) -> AuthorityProfile:
    values = {
        "organization": "Lycée Jules-Verne",
        "not_before": START,
        "not_after": START + timedelta(days=30 * 365),
        "issuing_crl_url": "https://lycee.example.org/campus_sign/crl/1/issuing.crl",
        "root_crl_url": "https://lycee.example.org/campus_sign/crl/1/root.crl",
        "issuing_ca_url": "https://lycee.example.org/campus_sign/ca/1.crt",
        "root_ca_url": "https://lycee.example.org/campus_sign/ca/1.pem",
    }
    return AuthorityProfile(**{**values, **changes})


@cache
def vault() -> KeyVault:
    return KeyVault(SECRET)


@cache
def sealed_authority():
    return create_authority(profile(), vault())


@cache
def authority() -> Authority:
    return Authority(sealed_authority(), vault())


@cache
def short_authority() -> Authority:
    """Whose issuing authority, seal and signers end after five years."""
    lifetime = timedelta(days=5 * 365)
    return Authority(
        create_authority(profile(issuing_lifetime=lifetime), vault()), vault()
    )


@cache
def other_authority() -> Authority:
    """Of a stranger who took the same name."""
    return Authority(create_authority(profile(), vault()), vault())


@cache
def base_pdf() -> bytes:
    """Two pages, three boxes, tagged PDF/A-3a as engine.rendering makes them."""
    import weasyprint

    html = """<html lang="fr"><head><title>Convention de stage</title>
    <style>@page { size: A4; margin: 20mm } body { font-family: sans-serif }</style>
    </head><body><h1>Convention de stage</h1><p>Entre le lycée et l'entreprise.</p>
    <p style="break-before: page">Signatures</p></body></html>"""
    return weasyprint.HTML(string=html).write_pdf(pdf_variant="pdf/a-3a", pdf_tags=True)


def fields():
    return [
        FieldSpec(
            name, f"{role} : {person}", 1, 60, 600 - 90 * index, 260, 670 - 90 * index
        )
        for index, (name, person, _email, role) in enumerate(SIGNERS)
    ]


def drawn_png(width=600, height=200) -> bytes:
    """A scribble on a transparent canvas, as a signature pad sends it."""
    image = Image.new("RGBA", (width, height))
    pen = ImageDraw.Draw(image)
    points = [
        (width * (0.1 + 0.08 * step), height * (0.5 + (0.35 if step % 2 else -0.35)))
        for step in range(11)
    ]
    pen.line(points, fill=(20, 30, 120, 255), width=6, joint="curve")
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


@cache
def visual():
    return normalise_visual(drawn_png(), kind="drawn")


def stamp(index=0, **changes) -> Stamp:
    _field, name, _email, role = SIGNERS[index]
    values = {
        "name": name,
        "role": role,
        "when": "2 septembre 2026 à 10:00 (UTC+02:00)",
        "visual": visual(),
    }
    return Stamp(**{**values, **changes})


@cache
def certified():
    return certify(
        base_pdf(),
        fields(),
        authority(),
        now=START + timedelta(days=1),
        texts=[text for signer in SIGNERS for text in signer],
        reason="Document scellé sha256:" + "0" * 64,
        contact="https://lycee.example.org/verify/ABC",
        location="Nantes",
    )


def sign_as(pdf, index, when=None, *, by=None, **changes):
    name, person, email, _role = SIGNERS[index]
    values = {
        "person_name": person,
        "person_email": email,
        "organization": "Lycée Jules-Verne",
        "request_code": "REQ-2026-0001",
        "stamp": stamp(index),
        "now": when or START + timedelta(days=1, hours=1 + index),
        "reason": "Lu et approuvé sha256:" + f"{index + 1:064x}",
        "contact": "https://lycee.example.org/verify/ABC",
        "location": "Nantes",
    }
    return sign(pdf, name, by or authority(), **{**values, **changes})


@cache
def steps():
    """The certified file and each signed one, as (Signed, ...)."""
    made = [certified()]
    for index in range(len(SIGNERS)):
        made.append(sign_as(made[-1].pdf, index))
    return tuple(made)


@cache
def archived():
    return seal_long_term(steps()[-1].pdf, authority(), now=START + timedelta(days=10))


def roots(one=None):
    return [(one or authority()).ca_pem.encode()]


def run(*command, data=None):
    """Run an independent judge, return (exit code, all it printed).

    A missing program is a failure of the machine, not a reason to skip.
    """
    done = subprocess.run(
        [str(part) for part in command],
        input=data,
        capture_output=True,
        timeout=60,
        check=False,
    )
    return done.returncode, (done.stdout + done.stderr).decode(errors="replace")


class Files:
    """A temporary folder for judges that read files only."""

    def __init__(self):
        self._folder = tempfile.TemporaryDirectory()
        self.path = Path(self._folder.name)

    def write(self, name, data) -> Path:
        path = self.path / name
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return path

    def clean(self):
        self._folder.cleanup()


class Circuit:
    """A document with its log, written as the application writes it."""

    uid = "5d3c1c1e-7d9f-4a51-93a5-1f0f6e0c7d11"

    def __init__(self):
        self.events = []
        self.persons = {}
        self.revisions = []
        self.pdf = base_pdf()
        self.now = START + timedelta(days=1)

    def log(self, kind, before=None, after=None, person=None, **payload):
        """Append one event a minute later, return its hash."""
        self.now += timedelta(minutes=1)
        salt = hashlib.sha256(f"{len(self.events)}".encode()).digest()[:16]
        event = append(
            self.events[-1] if self.events else None,
            self.uid,
            self.now,
            kind,
            before=before,
            after=after,
            payload=payload,
            commitment=commit(person, salt) if person else None,
        )
        self.events.append(event)
        if person:
            self.persons[event.seq] = (salt, person)
        return event.hash

    def seal(self):
        basis = self.log("created", after=self.sha256, title="Convention de stage")
        made = certify(
            self.pdf,
            fields(),
            authority(),
            now=self.now,
            texts=[text for signer in SIGNERS for text in signer],
            reason=f"Scellé sha256:{basis}",
        )
        self.written("sealed", made, "seal", SEAL_FIELD)
        self.log("sent")

    def sign(self, index, *, paper=False):
        name, person, email, role = SIGNERS[index]
        actor = {"name": person, "email": email, "ip": "192.0.2.7"}
        basis = self.log(
            "paper" if paper else "consented",
            before=self.sha256,
            person=actor,
            field=name,
            role=role,
        )
        made = sign_as(self.pdf, index, self.now, reason=f"Approuvé sha256:{basis}")
        self.written("signed", made, "signature", name)

    def archive(self):
        made = seal_long_term(self.pdf, authority(), now=self.now)
        name = f"timestamp-{len(self.revisions)}"
        self.written("long_term_sealed", made, "timestamp", name)
        self.log("archived")

    def written(self, kind, made, revision, field):
        before, self.pdf = self.sha256, made.pdf
        self.revisions.append(
            {
                "length": len(self.pdf),
                "sha256": self.sha256,
                "kind": revision,
                "field": field,
            }
        )
        self.log(
            kind,
            before=before,
            after=self.sha256,
            field=field,
            length=len(self.pdf),
            certificate_serial=made.certificate_serial,
            timestamp_serial=made.timestamp_serial,
        )

    @property
    def sha256(self):
        return hashlib.sha256(self.pdf).hexdigest()

    def bundle(self):
        return build_bundle(
            {"uid": self.uid, "title": "Convention de stage"},
            self.events,
            self.persons,
            {"root": authority().ca_pem},
            self.sha256,
            self.revisions,
        )


@cache
def circuit():
    """Sealed, signed by two people and on paper by the third, archived."""
    made = Circuit()
    made.seal()
    for index in range(len(SIGNERS)):
        made.sign(index, paper=index == 2)
    made.archive()
    return made
