# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The whole act in Chromium: on a phone with a finger, and with a keyboard alone."""

import contextlib

from devtools.play.school import HEAD

from .world import PATIENCE_MS, SHOTS, BrowserCase

PHONE = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "has_touch": True,
    "is_mobile": True,
}
DESK = {"viewport": {"width": 1280, "height": 800}}


class TestBrowser(BrowserCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        school = cls.school
        [cls.document] = school.send(school.enrol(1))

    def test_phone_draws(self):
        """Link → read to the end → two consents → draw → sign, 390 px wide."""
        with self.browse("phone", **PHONE) as page:
            page.goto(self.link("guardian"))
            page.locator("#view-home").wait_for(timeout=PATIENCE_MS)
            self.assertEqual(self.fits(page), 0, "the home page scrolls sideways")
            self.shoot(page, "home")
            page.locator("#start").tap()
            self.read_by_scrolling(page)
            page.locator("#gate").tap()
            self.consent(page)
            page.locator("#tab-draw").tap()
            self.draw(page)
            self.assertEqual(self.fits(page), 0, "the summary scrolls sideways")
            self.shoot(page, "sheet")
            page.locator("#sign").tap()
            page.locator("#view-done").wait_for(timeout=PATIENCE_MS)
            self.shoot(page, "done")
            self.assertNotIn("#", page.url)
        self.assertIn("sig-2", self.world.stored(self.document)[1])

    def test_keyboard_alone(self):
        """Tab, Space, Enter and the arrows: a typed signature without any pointer."""
        with self.browse("keyboard", **DESK) as page:
            page.goto(self.link("tutor"))
            self.reach(page, "start")
            page.keyboard.press("Enter")
            page.locator("#sheets canvas").first.wait_for(timeout=PATIENCE_MS)
            self.reach(page, "paper-end")
            page.locator("#gate[aria-disabled=false]").wait_for(timeout=PATIENCE_MS)
            self.shoot(page, "read")
            self.reach(page, "gate")
            page.keyboard.press("Enter")
            page.locator("#sheet[open]").wait_for()
            for index in range(page.locator("#consents input").count()):
                self.reach(page, page.locator("#consents input").nth(index))
                page.keyboard.press("Space")
            self.reach(page, "type-name")
            page.locator("#sign[aria-disabled=false]").wait_for(timeout=PATIENCE_MS)
            self.shoot(page, "sheet")
            self.reach(page, "sign")
            page.keyboard.press("Enter")
            page.locator("#view-done").wait_for(timeout=PATIENCE_MS)
            self.shoot(page, "done")
        self.assertIn("sig-3", self.world.stored(self.document)[1])

    def test_portal_account(self):
        """The head of the establishment signs from her account, without a link."""
        [document] = self.school.send(self.school.enrol(1))
        for role in document.addresses:
            self.school.signer(document, role).sign_everything()
        with self.browse("account", **DESK) as page:
            url = self.world.server.url
            page.goto(f"{url}/web/login?redirect=/my/sign")
            page.fill("input[name=login]", HEAD[0])
            page.fill("input[name=password]", HEAD[1])
            page.locator("form.oe_login_form button[type=submit]").click()
            page.wait_for_url(f"{url}/sign", timeout=PATIENCE_MS)
            page.locator("#start").click()
            self.read_by_scrolling(page)
            page.locator("#gate").click()
            self.consent(page)
            page.locator("#sign[aria-disabled=false]").click()
            page.locator("#view-done").wait_for(timeout=PATIENCE_MS)
            self.shoot(page, "done")
        self.school.wait_for_state(document, "archived")
        self.school.wait_for_seal(document)
        self.assertGoodFile(document, 6, long_term=True)

    # What the person does

    def link(self, role):
        token = self.world.mailbox.token_for(self.document.addresses[role])
        return f"{self.world.server.url}/sign#{token}"

    def read_by_scrolling(self, page):
        page.locator("#sheets canvas").first.wait_for(timeout=PATIENCE_MS)
        gate = page.locator("#gate")
        self.assertEqual(gate.get_attribute("aria-disabled"), "true")
        page.locator("#paper-end").scroll_into_view_if_needed()
        page.locator("#gate[aria-disabled=false]").wait_for(timeout=PATIENCE_MS)
        self.shoot(page, "read")

    def consent(self, page):
        page.locator("#sheet[open]").wait_for()
        boxes = page.locator("#consents input")
        self.assertEqual(boxes.count(), 2)
        for index in range(2):
            self.assertFalse(boxes.nth(index).is_checked(), "pre-ticked consent")
            boxes.nth(index).check()

    def draw(self, page):
        pad = page.locator("#pad-canvas")
        pad.scroll_into_view_if_needed()
        box = pad.bounding_box()
        left, middle = box["x"] + 30, box["y"] + box["height"] / 2
        page.mouse.move(left, middle)
        page.mouse.down()
        for step in range(1, 25):
            rise = 25 if step % 2 else -25
            page.mouse.move(left + 8 * step, middle + rise, steps=2)
        page.mouse.up()

    def reach(self, page, target, limit=60):
        """Press Tab until the element (an id or a locator) has the focus."""
        if isinstance(target, str):
            target = page.locator(f"#{target}")
        target.wait_for(state="attached", timeout=PATIENCE_MS)
        for _ in range(limit):
            if target.evaluate("element => element === document.activeElement"):
                return
            page.keyboard.press("Tab")
        self.fail(f"{target} cannot be reached with the Tab key")

    def fits(self, page):
        """Return by how many pixels the page is wider than the screen."""
        root = "document.documentElement"
        return page.evaluate(f"{root}.scrollWidth - {root}.clientWidth")

    @contextlib.contextmanager
    def browse(self, name, **options):
        """Yield a page; any script error or refused resource fails the test."""
        context = self.chromium.new_context(locale="fr-FR", **options)
        self._name = name
        errors = []
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on(
            "console",
            lambda line: line.type == "error" and errors.append(line.text),
        )
        try:
            yield page
        except BaseException:
            self.shoot(page, "failed")
            raise
        finally:
            context.close()
        self.assertEqual(errors, [])

    def shoot(self, page, moment):
        page.screenshot(path=SHOTS / f"live-{self._name}-{moment}.png")
