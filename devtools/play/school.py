# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A small school typed in over HTTP: by its administrator, then by its secretary."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from .browser import Office, Signer, until

ADMIN = ("admin", "admin")
SECRETARY = ("secretariat", "secretariat-2026")
HEAD = ("direction", "direction-2026")

CLOSED = ("archived", "refused", "expired", "cancelled", "failed")

_FIRST = (
    "Emma Léo Inès Noé Jade Tom Lina Hugo Rose Adam Zoé Sacha Anna Paul Mila".split()
)
_LAST = (
    "Martin Bernard Moreau Laurent Girard Fournier Mercier Dupont Lambert Bonnet "
    "François Garnier Faure Rousseau Blanc Guérin Müller Henry Roussel Nicolas"
).split()


@dataclass
class Document:
    """A document that was sent, and whose letters it waits for."""

    request_id: int
    code: str
    name: str
    addresses: dict = field(default_factory=dict)
    """Role code → e-mail address; ``guardian2`` for a second guardian."""


class School:
    """One establishment on a running server.

    Example::

        school = School(server.url, mailbox)
        school.open()
        [document] = school.send(school.enrol(1))
        school.signer(document, "tutor").sign_everything()

    :param url: the server
    :param mailbox: the running ``Mailbox`` that is to receive everybody's mail
    """

    def __init__(self, url, mailbox):
        self.url = url
        self.mailbox = mailbox
        self.admin = None
        self.secretary = None
        self.template_id = None
        self._promotion = None
        self._count = 0

    # Set-up by the administrator

    def open(self):
        """Set the establishment up, then log its secretary in."""
        # The first login of an administrator tells Odoo its own address.
        self.admin = Office(self.url).login(*ADMIN)
        self._speak_french()
        self._configure()
        self._name_users()
        self._activate()
        self.template_id = self.admin.ref("campus_sign.template_internship_agreement")
        self.secretary = Office(self.url).login(*SECRETARY)
        self._promotion = self._create_promotion()
        return self

    def _speak_french(self):
        admin = self.admin
        languages = admin.find(
            "res.lang",
            [("code", "=", "fr_FR")],
            "active",
            context={"active_test": False},
        )
        if languages[0]["active"]:
            return
        wizard = admin.create(
            "base.language.install",
            {"lang_ids": [(6, 0, [languages[0]["id"]])], "overwrite": False},
        )
        admin.call("base.language.install", "lang_install", [wizard])

    def _configure(self):
        admin = self.admin
        company = admin.find("res.company", [], "partner_id", limit=1)[0]
        self.company_id = company["id"]
        france = admin.find("res.country", [("code", "=", "FR")], "id")[0]["id"]
        admin.call(
            "res.company",
            "write",
            [self.company_id],
            {
                "name": "Lycée des Tilleuls",
                "street": "3 place Jourdan",
                "zip": "87000",
                "city": "Limoges",
                "country_id": france,
                "email": "secretariat@tilleuls.example.org",
                "phone": "+33 5 55 00 00 00",
            },
        )
        admin.call(
            "res.partner",
            "write",
            [company["partner_id"][0]],
            {"lang": "fr_FR", "tz": "Europe/Paris"},
        )
        admin.create(
            "ir.mail_server",
            {
                "name": "Loopback",
                "smtp_host": "127.0.0.1",
                "smtp_port": self.mailbox.port,
                "smtp_encryption": "none",
                "smtp_authentication": "login",
            },
        )

    def _name_users(self):
        self._create_user(
            SECRETARY,
            "Sylvie DELMAS",
            ["campus_sign.group_records", "campus_sign.group_send"],
        )
        head = self._create_user(HEAD, "Hélène RIVIÈRE", ["campus_sign.group_sign"])
        self.admin.call(
            "res.company", "write", [self.company_id], {"sign_finaliser_id": head}
        )

    def _create_user(self, account, name, groups):
        login, password = account
        ids = [self.admin.ref(group) for group in ["base.group_user", *groups]]
        return self.admin.create(
            "res.users",
            {
                "name": name,
                "login": login,
                "email": f"{login}@tilleuls.example.org",
                "password": password,
                "lang": "fr_FR",
                "tz": "Europe/Paris",
                "company_id": self.company_id,
                "company_ids": [(6, 0, [self.company_id])],
                "group_ids": [(6, 0, ids)],
            },
            context={"no_reset_password": True},
        )

    def _activate(self):
        self.admin.call("res.company", "action_sign_activate", [self.company_id])

    # Records by the secretary

    def _create_promotion(self):
        today = date.today()
        start = today.year if today.month >= 9 else today.year - 1
        year = self.secretary.create(
            "campus.school.year",
            {
                "name": f"{start}-{start + 1}",
                "date_start": f"{start}-09-01",
                "date_end": f"{start + 1}-08-31",
            },
        )
        return self.secretary.create(
            "campus.promotion",
            {
                "name": "Terminale MELEC",
                "school_year_id": year,
                "training_name": "Bac pro Métiers de l'électricité",
                "training_hours": 840,
            },
        )

    def enrol(self, count, guardians=1):
        """Create ``count`` minors, each with a company, a tutor, a manager, a teacher.

        :return: ids of their internships, complete
        """
        numbers = range(self._count + 1, self._count + count + 1)
        self._count += count
        office = self.secretary
        companies = office.create("res.partner", [self._company(n) for n in numbers])
        people = []
        for number, company in zip(numbers, companies, strict=True):
            people += self._people(number, company)
        people = office.create("res.partner", people)
        students = office.create("campus.student", [self._student(n) for n in numbers])
        office.create(
            "campus.guardianship",
            [
                self._guardian(number, student, rank)
                for number, student in zip(numbers, students, strict=True)
                for rank in range(1, guardians + 1)
            ],
        )
        start = date.today() + timedelta(days=30)
        return office.create(
            "campus.internship",
            [
                {
                    "student_id": students[index],
                    "partner_id": companies[index],
                    "tutor_id": people[3 * index],
                    "company_head_id": people[3 * index + 1],
                    "teacher_id": people[3 * index + 2],
                    "subject": "Installation électrique d'un logement neuf",
                    "skills": "Lire un schéma.\nContrôler une installation.",
                    "activities": "Poser les appareillages, raccorder le tableau.",
                    "date_start": start.isoformat(),
                    "date_end": (start + timedelta(days=32)).isoformat(),
                    "weekly_hours": 35,
                }
                for index in range(count)
            ],
        )

    def _company(self, number):
        return {
            "name": f"Électricité {_LAST[number % len(_LAST)]} {number}",
            "is_company": True,
            "campus_siret": siret(number),
            "street": f"{number} avenue Garibaldi",
            "zip": "87000",
            "city": "Limoges",
        }

    def _people(self, number, company):
        tutor, head, teacher = (
            {
                "name": person_name(number, shift),
                "email": address(role, number),
                "phone": f"+33 6 39 98 {shift:02} {number % 100:02}",
                "lang": "fr_FR",
            }
            for shift, role in enumerate(("tutor", "company_head", "teacher"))
        )
        tutor |= {"parent_id": company, "campus_function": "tutor"}
        head |= {"parent_id": company, "campus_function": "company_head"}
        return [tutor, head, teacher | {"is_campus_teacher": True}]

    def _student(self, number):
        today = date.today()
        return {
            "name": person_name(number, 4),
            "email": address("student", number),
            "birth_date": (today - timedelta(days=16 * 365 + number % 300)).isoformat(),
            "promotion_id": self._promotion,
            "street": f"{number} rue des Écoles",
            "zip": "87000",
            "city": "Limoges",
            "cpam": "CPAM de la Haute-Vienne",
        }

    def _guardian(self, number, student, rank):
        role = "guardian" if rank == 1 else f"guardian{rank}"
        return {
            "student_id": student,
            "name": person_name(number, 4 + rank),
            "email": address(role, number),
            "relation": "mother" if rank == 1 else "father",
            "legal": True,
            "sequence": rank,
        }

    # Documents

    def template_for_all_guardians(self):
        """Return a copy of the agreement that every legal guardian signs."""
        admin = self.admin
        template = admin.call("campus.sign.template", "copy", [self.template_id])[0]
        admin.create(
            "campus.sign.template.signer",
            {
                "template_id": template,
                "role_id": admin.ref("campus_sign.role_guardian"),
                "guardian_option": "all",
                "sequence": 15,
            },
        )
        return template

    def small_template(self, roles):
        """Return a copy of the agreement of one short page, signed by ``roles``."""
        admin = self.admin
        template = admin.call("campus.sign.template", "copy", [self.template_id])[0]
        body = "<p>Le stage est confirmé.</p>"
        admin.call("campus.sign.template", "write", [template], {"body": body})
        others = [("template_id", "=", template), ("role_code", "not in", roles)]
        lines = admin.find("campus.sign.template.signer", others, "id")
        admin.call(
            "campus.sign.template.signer", "unlink", [one["id"] for one in lines]
        )
        return template

    def send(self, internships, template_id=None):
        """Send through the wizard; return the documents once signers may sign.

        :raise TimeoutError: the server did not make them in time
        """
        documents = self.queue(internships, template_id)
        for document in documents:
            self.wait_for_state(document, "waiting", seconds=180 + len(documents))
        return documents

    def queue(self, internships, template_id=None):
        """Send through the wizard and return the documents, still to be made."""
        office = self.secretary
        action = office.call(
            "campus.internship", "action_send_for_signature", internships
        )
        wizard = office.create(
            "campus.sign.send",
            {"template_id": template_id or self.template_id},
            context=action["context"],
        )
        office.call("campus.sign.send", "action_send", [wizard])
        found = office.find(
            "campus.sign.request",
            [("res_model", "=", "campus.internship"), ("res_id", "in", internships)],
            *("code", "name", "res_id"),
            order="id",
        )
        lines = office.find(
            "campus.sign.signer",
            [("request_id", "in", [one["id"] for one in found])],
            *("request_id", "email"),
        )
        documents = []
        for one in found:
            mails = [x["email"] for x in lines if x["request_id"][0] == one["id"]]
            addresses = {
                mail.partition(".")[0].replace("-", "_"): mail
                for mail in mails
                if mail.endswith(DOMAIN)
            }
            documents.append(Document(one["id"], one["code"], one["name"], addresses))
        return documents

    def state(self, document):
        """Return the state of a document as the office sees it."""
        read = self.secretary.read("campus.sign.request", document.request_id, "state")
        return read["state"]

    def wait_for_state(self, document, state, seconds=180):
        """Wait until a document is in ``state``.

        :raise RuntimeError: it went to another final state; ``TimeoutError``
        """

        def reached():
            read = self.secretary.read(
                "campus.sign.request", document.request_id, "state", "failure"
            )
            if read["state"] in CLOSED and read["state"] != state:
                raise RuntimeError(
                    f"{document.name}: {read['state']} ({read['failure']})"
                )
            return read["state"] == state

        until(reached, seconds)

    def wait_for_seal(self, document, seconds=180):
        """Wait until an archived document has its long-term seal."""
        until(
            lambda: self.secretary.read(
                "campus.sign.request", document.request_id, "sealed_at"
            )["sealed_at"],
            seconds,
        )

    def signer(self, document, role):
        """Return the person of a role, holding the link of his last mail."""
        return Signer(self.url, self.mailbox.token_for(document.addresses[role]))

    def head(self):
        """Return the head of the establishment, logged in with her account."""
        return Signer.by_account(self.url, *HEAD)

    def pdf(self, document):
        """Return the file of a document as the office downloads it."""
        return self.secretary.download(
            f"/campus_sign/request/{document.request_id}/document.pdf"
        )

    def proof_json(self, document):
        """Return the bytes of the machine-readable proof."""
        return self.secretary.download(
            f"/campus_sign/request/{document.request_id}/proof.json"
        )

    def root(self, document):
        """Return the root certificate, as anybody downloads it."""
        request = self.secretary.read(
            "campus.sign.request", document.request_id, "authority_id"
        )
        authority = request["authority_id"][0]
        return Signer(self.url).download(f"/campus_sign/ca/{authority}.pem")


DOMAIN = "@example.org"


def address(role, number):
    """Return the e-mail address of a person of the ``number``-th internship."""
    return f"{role.replace('_', '-')}.{number}{DOMAIN}"


def person_name(number, shift):
    """Return a name; near numbers give different ones."""
    first = _FIRST[(number * 7 + shift * 4) % len(_FIRST)]
    return f"{first} {_LAST[(number + shift * 3) % len(_LAST)].upper()}"


def siret(number):
    """Return a SIRET whose two check digits are right."""
    siren = _with_check_digit(f"{90000000 + number}")
    return _with_check_digit(f"{siren}0001")


def _with_check_digit(digits):
    total = 0
    for position, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if position % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return f"{digits}{-total % 10}"
