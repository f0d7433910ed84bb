# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Many documents at once in Chromium: a teacher's five, then the head's twenty."""

from axe_playwright_python.sync_playwright import Axe

from devtools.play.browser import until
from devtools.play.school import HEAD

from .world import PATIENCE_MS, SHOTS, BrowserCase

DESK = {"viewport": {"width": 1280, "height": 900}}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
TEACHERS, HEADS = 5, 20


class TestBatch(BrowserCase):
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
        self.batch(
            f"{self.world.server.url}/sign/batch#{token}", TEACHERS, "teacher", PHONE
        )
        self.school.wait_for_state(self.documents[-1], "to_finalize")
        self.wait_for_all("to_finalize")
        login = f"{self.world.server.url}/web/login?redirect=/my/sign/batch"
        self.batch(login, HEADS, "head", DESK, account=HEAD, put_aside=1)
        self.wait_for_all("archived", HEADS - 1)
        self.school.wait_for_seal(self.documents[0])
        self.assertGoodFile(self.documents[0], 2, long_term=True)

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

    def batch(self, url, count, who, screen, account=None, put_aside=0):
        """Tick, read one, refuse some, consent, choose a visual, sign, see the end."""
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
        page.locator("#sign").click()
        page.locator("#view-done").wait_for(timeout=PATIENCE_MS)
        done = page.locator("#done-documents .pill.signed")
        self.assertEqual(done.count(), count - put_aside)
        self.assertAccessible(page, who, "done")
        context.close()
        self.assertEqual(errors, [])

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
        page.screenshot(path=SHOTS / f"batch-{who}-{moment}.png")
        found = Axe().run(page)
        names = [one["id"] for one in found.response["violations"]]
        self.assertEqual(names, [], f"{who}, {moment}: {found.generate_report()}")
        root = "document.documentElement"
        wider = page.evaluate(f"{root}.scrollWidth - {root}.clientWidth")
        self.assertEqual(wider, 0, f"{who}, {moment}: scrolls sideways")
