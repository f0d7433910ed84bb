# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Many documents at once: a teacher's five, the head's twenty, two heads together."""

from datetime import date, timedelta

from axe_playwright_python.sync_playwright import Axe

from devtools.play.browser import Signer, until
from devtools.play.school import HEAD

from .world import PATIENCE_MS, SHOTS, BrowserCase, at_once

DESK = {"viewport": {"width": 1280, "height": 900}}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
TEACHERS, HEADS = 5, 20
DEPUTY = ("adjointe", "adjointe-2026")
RUNNING = "campus_sign_batch WHERE state = 'running'"


class TestBatch(BrowserCase):
    # Two tabs that end one batch at once: the second is played again.
    expected_errors = (r'bad query: b\' UPDATE "campus_sign_batch"',)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        school = cls.school
        internships = school.enrol(HEADS)
        office = school.secretary
        [first] = office.call(
            "campus.internship", "read", internships[:1], ["teacher_id"]
        )
        office.call(
            "campus.internship",
            "write",
            internships[:TEACHERS],
            {"teacher_id": first["teacher_id"][0]},
        )
        taught = school.small_template(["teacher", "establishment"])
        alone = school.small_template(["establishment"])
        school.queue(internships[TEACHERS:], alone)
        cls.documents = school.send(internships[:TEACHERS], taught)
        cls.address = cls.documents[0].addresses["teacher"]

    def test_teacher_signs_five_then_head_finalises_twenty(self):
        """A120-A127: one consent and one visual each, and nothing left."""
        token = self.world.mailbox.token_for(self.address)
        link = f"{self.world.server.url}/sign/batch#{token}"
        self.batch(link, TEACHERS, "teacher", PHONE, lost=True)
        self.school.wait_for_state(self.documents[-1], "to_finalize")
        self.wait_for_all("to_finalize")
        login = f"{self.world.server.url}/web/login?redirect=/my/sign/batch"
        self.batch(login, HEADS, "head", DESK, account=HEAD, put_aside=1)
        self.wait_for_all("archived", HEADS - 1)
        # The one she refused may be any of them: two lanes sent them.
        signed = next(
            document
            for document in self.documents
            if self.world.stored(document)[0] == "archived"
        )
        self.school.wait_for_seal(signed)
        self.assertGoodFile(signed, 2, long_term=True)

    def test_two_heads_at_once(self):
        """Given a head and her deputy, each in two tabs, when all four consent to the
        same documents and sign at the same moment, then each document has one
        signature, good, and everybody is told the truth."""
        self.name_deputy()
        school = self.school
        documents = school.queue(
            school.enrol(6), school.small_template(["establishment"])
        )
        for document in documents:
            school.wait_for_state(document, "to_finalize")
        wanted = {document.request_id for document in documents}
        tabs = [
            Signer.by_account(self.world.server.url, *account)
            for account in (HEAD, HEAD, DEPUTY, DEPUTY)
        ]
        acts = [self.ready(tab, wanted) for tab in tabs]
        outcomes = at_once(acts)
        signed = []
        for results in outcomes:
            self.assertNotIsInstance(results, Exception, results)
            self.assertEqual(len(results), len(wanted))
            codes = {one["code"] for one in results.values()}
            self.assertLessEqual(codes, {"signed", "already_signed"})
            signed += [i for i, one in results.items() if one["code"] == "signed"]
        self.assertEqual(len(set(signed)), len(wanted))
        for document in documents:
            _state, fields, lengths = self.world.stored(document)
            self.assertEqual(len(fields), 1)
            # Seal, signature, and the long-term seal once the lane was there.
            self.assertIn(len(lengths), (2, 3))
            school.wait_for_seal(document)
            self.assertGoodFile(document, 1, long_term=True)

    def name_deputy(self):
        school = self.school
        deputy = school._create_user(DEPUTY, "Agnès MOREL", ["campus_sign.group_sign"])
        # An account is trusted when it is older than its naming, in whole seconds.
        age = (
            "SELECT now() AT TIME ZONE 'UTC' - max(campus_identity_changed_at)"
            " FROM res_partner"
        )
        until(lambda: self.one(age).total_seconds() > 1)
        # Around midnight the establishment may be a day ahead of this machine.
        today, day = date.today(), timedelta(days=1)
        head = school.admin.find("res.users", [("login", "=", HEAD[0])], "id")
        school.admin.create(
            "campus.sign.deputy",
            {
                "user_id": head[0]["id"],
                "deputy_id": deputy,
                "company_id": school.company_id,
                "date_from": (today - day).isoformat(),
                "date_to": (today + day).isoformat(),
            },
        )

    def one(self, query, *values):
        [(value,)] = self.world.sql(query, *values)
        return value

    def ready(self, person, wanted):
        """Return the last click of a head: consent, then slices to the end."""
        overview = person.open()
        due = [one for one in overview["documents"] if one["request_id"] in wanted]
        consents = {one["code"]: one["version"] for one in overview["consents"]}

        def click():
            summary = person.post(
                "batch_start",
                documents=[
                    {"signer_id": one["signer_id"], "sha256": one["sha256"]}
                    for one in due
                ],
                consents=consents,
                visual={"kind": "drawn", "data": person.visual},
            )
            while summary["state"] == "running":
                summary = person.post("batch_run", batch=summary["batch"])
            return {one["signer_id"]: one for one in summary["results"]}

        return click

    def wait_for_all(self, state, count=HEADS):
        until(
            lambda: (
                self.world.sql(
                    "SELECT count(*) FROM campus_sign_request WHERE state = %s", state
                )
                == [(count,)]
            ),
            60,
        )

    def batch(self, url, count, who, screen, account=None, put_aside=0, lost=False):
        """Tick, read one, refuse some, consent, choose a visual, sign, see the end.

        :param lost: the network goes before the first slice, the link is opened again
        """
        context = self.chromium.new_context(locale="fr-FR", **screen)
        page = context.new_page()
        errors = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on(
            "console", lambda line: line.type == "error" and errors.append(line.text)
        )
        page.goto(url)
        if account:
            page.fill("input[name=login]", account[0])
            page.fill("input[name=password]", account[1])
            page.locator("form.oe_login_form button[type=submit]").click()
        page.locator("#view-home").wait_for(timeout=PATIENCE_MS)
        items = page.locator("#list-sign .batch-item")
        self.assertEqual(items.count(), count)
        self.assertAccessible(page, who, "list")
        self.read_one(page, who)
        page.locator("#all-sign").uncheck()
        self.assertEqual(
            page.locator("#batch-sign").get_attribute("aria-disabled"), "true"
        )
        page.locator("#all-sign").check()
        if put_aside:
            self.refuse_one(page, who)
            items = page.locator("#list-sign .batch-item")
            items.first.wait_for(timeout=PATIENCE_MS)
            self.assertEqual(items.count(), count - put_aside)
        page.locator("#batch-sign").click()
        page.locator("#sheet[open]").wait_for()
        box = page.locator("#declaration")
        self.assertFalse(box.is_checked(), "pre-ticked consent")
        fingerprints = page.locator("#what-documents li")
        self.assertEqual(fingerprints.count(), count - put_aside)
        box.check()
        self.assertAccessible(page, who, "consent")
        page.locator("#sheet-continue").click()
        page.locator("#sign[aria-disabled=false]").wait_for(timeout=PATIENCE_MS)
        self.assertAccessible(page, who, "visual")
        if lost:
            page = self.lose_and_come_back(page, url)
        else:
            page.locator("#sign").click()
        page.locator("#view-done").wait_for(timeout=PATIENCE_MS)
        done = page.locator("#done-documents .pill.signed")
        self.assertEqual(done.count(), count - put_aside)
        self.assertAccessible(page, who, "done")
        context.close()
        self.assertEqual(errors, [])

    def lose_and_come_back(self, page, url):
        """Consent, lose the network before the first slice, open the link again: the
        batch goes on without another click.
        """
        # Closing this page would let the request that is held go.
        page.route("**/sign/api/batch_run", lambda route: None)
        page.locator("#sign").click()
        page.locator("#view-run").wait_for(timeout=PATIENCE_MS)
        until(lambda: self.one(f"SELECT count(*) FROM {RUNNING}") == 1)
        again = page.context.new_page()
        again.goto(url)
        return again

    def read_one(self, page, who):
        page.locator("#list-sign .batch-read").first.click()
        page.locator("#sheets canvas").first.wait_for(timeout=PATIENCE_MS)
        page.locator("#paper-end").scroll_into_view_if_needed()
        page.locator("#gate-hint:not(:empty)").wait_for(timeout=PATIENCE_MS)
        self.assertAccessible(page, who, "read")
        page.locator("#read-back").click()
        page.locator("#view-home").wait_for()

    def refuse_one(self, page, who):
        page.locator("#list-sign .batch-move").last.click()
        page.locator("#batch-tab-refuse").click()
        self.assertEqual(page.locator("#list-refuse .batch-item").count(), 1)
        page.locator("#batch-reason").fill("Ce stage n'a pas lieu.")
        self.assertAccessible(page, who, "refuse")
        page.locator("#batch-refuse").click()
        page.locator("#view-done").wait_for(timeout=PATIENCE_MS)
        page.locator("#done-more").click()
        page.locator("#view-home").wait_for()
        page.locator("#batch-tab-sign").click()

    def assertAccessible(self, page, who, moment):
        """Zero violations of axe-core, and no sideways scrolling."""
        self.wait_until_still(page)
        page.screenshot(path=SHOTS / f"batch-{who}-{moment}.png")
        found = Axe().run(page)
        names = [one["id"] for one in found.response["violations"]]
        self.assertEqual(names, [], f"{who}, {moment}: {found.generate_report()}")
        root = "document.documentElement"
        wider = page.evaluate(f"{root}.scrollWidth - {root}.clientWidth")
        self.assertEqual(wider, 0, f"{who}, {moment}: scrolls sideways")
