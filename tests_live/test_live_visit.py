# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Conventions between two establishments of one database, as people play them."""

import base64
import contextlib
from datetime import date, datetime, timedelta
from pathlib import Path

from playwright.sync_api import sync_playwright

from devtools import paths
from devtools.harness import CHROMIUM, CHROMIUM_ARGUMENTS
from devtools.play.browser import Office, Refused, drawing, until
from devtools.play.school import HEAD, Document
from engine.scanning import read_pile
from engine.tests.scanner import damage, pictures, scanned

from .world import LiveCase, at_once

SEATS = 4
DESKS = 4
PILE = 5
SHOTS = paths.WORK / "shots"
PATIENCE_MS = 90_000

_DROP = """([list, content]) => {
    const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
    const dropped = new DataTransfer();
    dropped.items.add(new File([bytes], "pile.pdf", { type: "application/pdf" }));
    const options = { dataTransfer: dropped, bubbles: true, cancelable: true };
    document.querySelector(list).dispatchEvent(new DragEvent("drop", options));
}"""


class TestVisits(LiveCase):
    """An origin, a host, their offices and their heads."""

    # Threads: with workers, the office's websocket would want another port.
    workers = 0
    # Who comes second for a seat waits, is refused by the database, and starts again.
    expected_errors = (
        r'bad query: b\' UPDATE "campus_visit_slot"',
        r"bad query: b'UPDATE campus_student SET id = id",
    )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        SHOTS.mkdir(parents=True, exist_ok=True)
        school, admin = cls.school, cls.school.admin
        school.enrol(DESKS)
        cls.pupils = [
            one["id"] for one in school.secretary.find("campus.student", [], "id")
        ]
        cls.host = admin.create(
            "res.company",
            {
                "name": "IUT des Sources",
                "city": "Grenoble",
                "street": "4 allée du Campus",
                "email": "contact@sources.example.org",
                "country_id": admin.find("res.country", [("code", "=", "FR")], "id")[0][
                    "id"
                ],
            },
        )
        origin = school.company_id
        cls.office = cls.user("visites", origin, "offers", "registrations")
        cls.keeper = cls.user("accueil", cls.host, "offers", "registrations")
        cls.user("directeur", cls.host, "sign", "registrations", name="Paul DIRECTEUR")
        cls.desks = [
            cls.user(f"inscriptions-{number}", origin, "registrations")
            for number in range(DESKS)
        ]
        heads = {
            one["login"]: one["id"]
            for one in admin.find("res.users", [], "login")
            if one["login"] in (HEAD[0], "directeur")
        }
        admin.call(
            *("res.users", "write", [heads[HEAD[0]]]),
            {
                "group_ids": [(4, admin.ref("campus_sign.group_offers"))],
                "odoobot_state": "disabled",
            },
        )
        for company, login in ((origin, HEAD[0]), (cls.host, "directeur")):
            admin.call(
                *("res.company", "write", [company]),
                {"sign_finaliser_id": heads[login], "sign_visual": drawing(login)},
            )
        admin.call("res.company", "action_sign_activate", [cls.host])
        playwright = cls.enterClassContext(sync_playwright())
        cls.chromium = playwright.chromium.launch(
            executable_path=CHROMIUM, args=list(CHROMIUM_ARGUMENTS)
        )
        cls.addClassCleanup(cls.chromium.close)

    @classmethod
    def user(cls, login, company, *rights, name=None):
        """Return the client of a new user, logged in."""
        admin = cls.school.admin
        groups = ("base.group_user", *(f"campus_sign.group_{one}" for one in rights))
        admin.create(
            "res.users",
            {
                "name": name or login,
                "login": login,
                "email": f"{login}@sources.example.org",
                "lang": "fr_FR",
                "tz": "Europe/Paris",
                # No chat window over the screens.
                "odoobot_state": "disabled",
                "password": f"{login}-2026",
                "company_id": company,
                "company_ids": [(6, 0, [company])],
                "group_ids": [(6, 0, [admin.ref(group) for group in groups])],
            },
            context={"no_reset_password": True},
        )
        return Office(cls.school.url).login(login, f"{login}-2026")

    @classmethod
    def offer(cls, name, day, slots=1, capacity=4):
        """Publish an offer of the host; return its id and the ids of its slots."""
        start = datetime.now().replace(microsecond=0) + timedelta(days=day)
        offer = cls.keeper.create(
            "campus.visit.offer",
            {
                "name": name,
                "place": "Bâtiment B",
                "slot_ids": [
                    (
                        0,
                        0,
                        {
                            "date_start": str(start + timedelta(days=index)),
                            "date_end": str(start + timedelta(days=index, hours=3)),
                            "capacity": capacity,
                        },
                    )
                    for index in range(slots)
                ],
            },
        )
        cls.keeper.call("campus.visit.offer", "action_publish", [offer])
        found = cls.keeper.find("campus.visit.slot", [("offer_id", "=", offer)], "id")
        return offer, [one["id"] for one in found]

    def register(self, slot, *pupils):
        """Register pupils whose parents signed a paper."""
        self.office.create(
            "campus.visit.registration",
            [
                {
                    "student_id": pupil,
                    "slot_id": slot,
                    "parental_document": drawing(str(pupil)),
                    "parental_filename": "accord.png",
                    "parental_date": date.today().isoformat(),
                }
                for pupil in pupils
            ],
        )

    # === Seats ===#

    def test_one_seat_is_given_once(self):
        """Four offices ask for the last seat of a slot at the same moment."""
        _offer, slots = self.offer("Une place", 90, SEATS, capacity=1)
        for slot in slots:
            with self.subTest(slot=slot):
                outcomes = at_once(
                    [
                        lambda desk=desk, pupil=pupil, slot=slot: desk.create(
                            "campus.visit.registration",
                            {"student_id": pupil, "slot_id": slot},
                        )
                        for desk, pupil in zip(self.desks, self.pupils, strict=True)
                    ]
                )
                given = [one for one in outcomes if isinstance(one, int)]
                refused = [one for one in outcomes if isinstance(one, Refused)]
                self.assertEqual(len(given), 1, outcomes)
                self.assertEqual(len(refused), DESKS - 1, outcomes)
                for refusal in refused:
                    self.assertIn("ValidationError", refusal.code)
                [(taken, rows)] = self.world.sql(
                    "SELECT seats_taken, (SELECT count(*)"
                    " FROM campus_visit_registration"
                    " WHERE slot_id = s.id AND state = 'registered')"
                    " FROM campus_visit_slot s WHERE id = %s",
                    slot,
                )
                self.assertEqual((taken, rows), (1, 1))

    def test_a_pupil_is_in_one_place_at_a_time(self):
        """Four offices register one pupil at once, for visits at the same hour."""
        slots = [self.offer(f"Même heure {one}", 95)[1][0] for one in range(DESKS)]
        outcomes = at_once(
            [
                lambda desk=desk, slot=slot: desk.create(
                    "campus.visit.registration",
                    {"student_id": self.pupils[0], "slot_id": slot},
                )
                for desk, slot in zip(self.desks, slots, strict=True)
            ]
        )
        given = [one for one in outcomes if isinstance(one, int)]
        refused = [one for one in outcomes if isinstance(one, Refused)]
        self.assertEqual((len(given), len(refused)), (1, DESKS - 1), outcomes)
        for refusal in refused:
            self.assertIn("ValidationError", refusal.code)

    # === With electronic signature (B004-B016) ===#

    def test_electronic_process_between_two_establishments(self):
        """Not offered until both have a visual; then the origin signs, the host is
        told and signs, the origin is told, and both download the same good file.
        """
        offer, [slot] = self.offer("Immersion en BUT informatique", 30)
        self.register(slot, *self.pupils[:2])
        agreement = self.prepare(offer)
        mailbox = self.world.mailbox
        with self.browse("visites") as office, self.browse("directeur") as host:
            with self.without_visuals() as names:
                self.open(office, "campus-visit-origin", agreement)
                said = office.locator("[name=electronic_problem]").inner_text()
                for name in (*names, "Configuration"):
                    self.assertIn(name, said)
                start = office.locator("button[name=action_start_electronic]")
                self.assertFalse(start.is_visible())
            self.open(office, "campus-visit-origin", agreement)
            start.click()
            office.locator(".modal-footer .btn-primary").click()
            office.locator(".o_notification").wait_for()
            pupils = office.locator("[name=line_ids] .o_data_row")
            pupils.nth(1).wait_for()
            self.assertEqual(pupils.count(), 2)
            document = self.document(agreement)
            with self.browse(*HEAD) as page:
                self.open(page, "campus-visit-origin", agreement)
                self.sign_here(page)
            [mail] = mailbox.wait_for("directeur@sources.example.org")
            self.assertIn("Immersion en BUT informatique", mail["subject"])
            # From the offer, as the host does (B007).
            host.goto(f"{self.school.url}/odoo/campus-visit-offers/{offer}")
            host.locator(".o_notebook .nav-link[name=convention]").click()
            row = host.locator("[name=agreement_ids] .o_data_row")
            row.locator("button[name=action_open]").click()
            host.locator(".o_campus_visit_progress td.table-success").first.wait_for()
            self.shoot(host, "host-signs")
            self.sign_here(host)
            mailbox.wait_for(f"{HEAD[0]}@tilleuls.example.org")
            self.school.wait_for_seal(document)
            files = []
            for page, menu in (
                (office, "campus-visit-origin"),
                (host, "campus-visit-host"),
            ):
                self.open(page, menu, agreement)
                files.append(self.downloaded(page))
        self.assertEqual(files[0], files[1])
        [authority] = self.school.admin.find(
            "campus.sign.authority", [("company_id", "=", self.host)], "id"
        )
        root = self.office.download(f"/campus_sign/ca/{authority['id']}.pem")
        good = self.assertGoodFile(document, 2, long_term=True, roots=[root])
        self.assertEqual(files[0], good)

    @contextlib.contextmanager
    def without_visuals(self):
        """Take both establishments' visuals away for a while; yield their names."""
        both = [self.school.company_id, self.host]
        admin = self.school.admin
        admin.call("res.company", "write", both, {"sign_visual": False})
        yield [admin.read("res.company", one, "name")["name"] for one in both]
        for one in both:
            visual = {"sign_visual": drawing(str(one))}
            admin.call("res.company", "write", [one], visual)

    def prepare(self, offer):
        """Prepare the convention of an offer; return its id."""
        action = self.office.call(
            "campus.visit.offer", "action_prepare_agreement", [offer]
        )
        return action["res_id"]

    def document(self, agreement):
        domain = [("res_model", "=", "campus.visit.agreement")]
        [found] = self.office.find(
            "campus.sign.request",
            [*domain, ("res_id", "=", agreement)],
            *("code", "name"),
        )
        return Document(found["id"], found["code"], found["name"])

    # === Without (B017-B024) ===#

    def test_paper_process_and_a_scanned_pile(self):
        """Each side records its steps; ten scanned pages, one stained, are dropped on
        the list: four conventions are filed, somebody says what the fifth's page is.
        """
        made, images = self.printed_conventions()
        self.assertGreaterEqual(len(images), 10)
        first = made[0]
        with self.browse("accueil") as host, self.browse("visites") as page:
            origin = ("signed_origin", "sent")
            self.record(page, "campus-visit-origin", first, origin)
            received = ("received_host", "signed_host", "returned")
            self.record(host, "campus-visit-host", first, received)
            self.make_late(made[1])
            images[1] = damage(images[1])
            pile = base64.b64encode(scanned(images)).decode()
            page.goto(f"{self.school.url}/odoo/campus-visit-origin")
            page.locator(".o_data_row").first.wait_for(timeout=PATIENCE_MS)
            late = page.locator(".o_data_row.text-danger")
            self.assertEqual(late.count(), 1, "one overdue convention")
            self.assertIn("Atelier 1", late.inner_text())
            page.evaluate(_DROP, [".o_list_view", pile])
            found = page.locator("[name=document_ids] .o_data_row")
            found.first.wait_for(timeout=PATIENCE_MS)
            self.assertEqual(found.count(), PILE)
            self.shoot(page, "pile")
            states = [self.state(one) for one in made]
            self.assertEqual(states, ["origin", *["done"] * (PILE - 1)])
            page.locator(".o_notebook .nav-link[name=pages]").click()
            stained = page.locator("[name=page_ids] .o_data_row.text-danger")
            stained.first.wait_for(timeout=PATIENCE_MS)
            self.assertEqual(stained.count(), 1)
            stained.locator("button[name=action_look]").click()
            picture = page.locator(".modal .o_campus_scan_picture img")
            picture.wait_for(timeout=PATIENCE_MS)
            until(lambda: picture.evaluate("image => image.naturalWidth > 300"))
            page.locator(".modal [name=agreement_id] input").fill("Atelier 0")
            page.locator(".o-autocomplete--dropdown-item", has_text="Atelier 0").click()
            page.locator(".modal [name=number] input").fill("2")
            self.shoot(page, "page")
            page.locator(".modal button[name=action_settle]").click()
            page.locator(".modal").wait_for(state="detached")
            page.locator(".o_notebook .nav-link[name=documents]").click()
            page.locator("button[name=action_file]:visible").click()
            until(lambda: self.state(first) == "done")
        steps = self.office.find(
            "campus.visit.step", [("agreement_id", "=", first)], "code", "implied"
        )
        self.assertEqual(len(steps), 7)
        self.assertFalse(any(step["implied"] for step in steps))
        for client in (self.office, self.keeper):
            copy = client.download(f"/campus_sign/visit/{first}/signed.pdf")
            read = [page.page for page in read_pile(copy)]
            self.assertEqual((len(read), read[0]), (len(images) // PILE, 1))

    def printed_conventions(self):
        """Return the ids of printed conventions, and pictures of one copy of each."""
        made, images = [], []
        for index in range(PILE):
            offer, [slot] = self.offer(f"Atelier {index}", 60 + index)
            self.register(slot, self.pupils[index % DESKS])
            agreement = self.prepare(offer)
            self.office.call("campus.visit.agreement", "action_print", [agreement])
            both = self.office.download(f"/campus_sign/visit/{agreement}/paper.pdf")
            pages = pictures(both)
            made.append(agreement)
            images += pages[: len(pages) // 2]
        return made, images

    def record(self, page, menu, agreement, steps):
        """Record steps with the button, as the office of one side."""
        self.open(page, menu, agreement)
        for step in steps:
            self.assertEqual(self.next_step(agreement), step)
            page.locator("button[name=action_record_step]").click()
            until(lambda step=step: self.next_step(agreement) != step)
        self.shoot(page, menu)

    def next_step(self, agreement):
        read = self.office.read("campus.visit.agreement", agreement, "next_step")
        return read["next_step"]

    def state(self, agreement):
        return self.office.read("campus.visit.agreement", agreement, "state")["state"]

    def make_late(self, agreement):
        """Let the next step have been due yesterday."""
        with self.world.cursor() as cursor:
            cursor.execute(
                "UPDATE campus_visit_agreement SET next_due = current_date - 1"
                " WHERE id = %s",
                (agreement,),
            )
            cursor.connection.commit()

    # === Screens ===#

    @contextlib.contextmanager
    def browse(self, login, password=None):
        """Yield the page of a user who logs in; a script error fails the test."""
        context = self.chromium.new_context(
            locale="fr-FR", viewport={"width": 1280, "height": 800}
        )
        errors = []
        context.on("weberror", lambda one: errors.append(str(one.error)))
        context.on(
            "page",
            lambda one: one.on("download", lambda file: self.downloads.append(file)),
        )
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        try:
            page.goto(f"{self.school.url}/web/login")
            page.fill("input[name=login]", login)
            page.fill("input[name=password]", password or f"{login}-2026")
            page.locator("form.oe_login_form button[type=submit]").click()
            page.locator(".o_main_navbar").wait_for(timeout=PATIENCE_MS)
            yield page
        except BaseException:
            self.shoot(page, f"{login}-failed")
            raise
        finally:
            context.close()
        self.assertEqual(errors, [])

    def setUp(self):
        super().setUp()
        self.downloads = []

    def open(self, page, menu, agreement):
        """Open a convention from the menu of one side (B005, B008)."""
        page.goto(f"{self.school.url}/odoo/{menu}/{agreement}")
        heads = page.locator(".o_campus_visit_progress thead th")
        heads.first.wait_for(timeout=PATIENCE_MS)
        self.assertEqual(
            heads.all_inner_texts(),
            ["Établissement d'origine", "Établissement d'accueil"],
        )

    def sign_here(self, page):
        """Sign with « Signer électroniquement la convention », to the last screen."""
        with page.context.expect_page() as opened:
            page.locator("button[name=action_sign]").click()
        sheet = opened.value
        sheet.locator("#start").click(timeout=PATIENCE_MS)
        sheet.locator("#sheets canvas").first.wait_for(timeout=PATIENCE_MS)
        sheet.locator("#paper-end").scroll_into_view_if_needed()
        sheet.locator("#gate[aria-disabled=false]").click(timeout=PATIENCE_MS)
        sheet.locator("#sheet").wait_for()
        for box in sheet.locator("#consents input").all():
            box.check()
        sheet.locator("#sign[aria-disabled=false]").click()
        sheet.locator("#view-done").wait_for(timeout=PATIENCE_MS)

    def downloaded(self, page):
        """Return the bytes of « Télécharger la convention signée »."""
        self.downloads.clear()
        page.locator("button[name=action_download]").click()
        until(lambda: page.wait_for_timeout(100) or self.downloads)
        return Path(self.downloads[0].path()).read_bytes()

    def shoot(self, page, moment):
        page.screenshot(path=SHOTS / f"live-visit-{moment}.png")
