# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The whole act in Chromium: on a phone with a finger, and with a keyboard alone."""

from devtools.play.browser import until
from devtools.play.school import HEAD

from .person import DESK, PHONE, PersonCase


class TestBrowser(PersonCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        school = cls.school
        [cls.document] = school.send(school.enrol(1))

    def test_phone_draws(self):
        """Link → read to the end → two consents → draw → sign, 390 px wide; four
        actions in all (peers.md)."""
        with self.browse(**PHONE) as page:
            self.count_actions(page)
            page.goto(self.link_of("guardian"))
            page.locator("#intro").wait_for()
            self.assertEqual(self.fits(page), 0, "the introduction scrolls sideways")
            self.read_to_end(page)
            self.consent(page)
            self.stroke(page)
            self.assertEqual(self.fits(page), 0, "the summary scrolls sideways")
            page.locator("#sign").tap()
            self.done(page)
            self.assertActions(page, 4)
            self.assertNotIn("#", page.url)
        self.assertIn("sig-2", self.world.stored(self.document)[1])

    def test_keyboard_alone(self):
        """Tab, Space, Enter and the arrows: a typed signature without any pointer."""
        with self.browse(**DESK) as page:
            self.count_actions(page)
            page.goto(self.link_of("tutor"))
            page.locator("#sheets canvas").first.wait_for()
            page.keyboard.press("PageDown")
            paper = page.locator("#paper")
            until(lambda: paper.evaluate("paper => paper.scrollTop > 0"))
            self.reach(page, "start")
            page.keyboard.press("Enter")
            self.assertReadable(page)
            self.reach(page, "paper-end")
            page.locator("#gate[aria-disabled=false]").wait_for()
            page.locator("#sheet").wait_for()
            for index in range(page.locator("#consents input").count()):
                self.reach(page, page.locator("#consents input").nth(index))
                page.keyboard.press("Space")
            self.reach(page, "tab-draw")
            page.keyboard.press("ArrowRight")
            self.reach(page, "type-name")
            page.locator("#sign[aria-disabled=false]").wait_for()
            self.reach(page, "sign")
            page.keyboard.press("Enter")
            self.done(page)
            self.assertActions(page, 0)
        self.assertIn("sig-3", self.world.stored(self.document)[1])

    def test_portal_account(self):
        """The head of the establishment signs from her account, without a link, with
        three actions in all (peers.md)."""
        [document] = self.school.send(self.school.enrol(1))
        for role in document.addresses:
            self.school.signer(document, role).sign_everything()
        with self.browse(**DESK) as page:
            url = self.world.server.url
            page.goto(f"{url}/web/login?redirect=/my/sign")
            page.fill("input[name=login]", HEAD[0])
            page.fill("input[name=password]", HEAD[1])
            page.locator("form.oe_login_form button[type=submit]").click()
            self.count_actions(page)
            page.wait_for_url(f"{url}/sign")
            page.reload()
            self.read_to_end(page)
            self.consent(page)
            page.locator("#sign[aria-disabled=false]").click()
            self.done(page)
            self.assertActions(page, 3)
        self.school.wait_for_state(document, "archived")
        self.school.wait_for_seal(document)
        self.assertGoodFile(document, 6, long_term=True)

    # What the person does

    def link_of(self, role):
        return self.link(self.document.addresses[role])

    def assertReadable(self, page):
        """The document is there as headings, tables and text, not as a drawing only."""
        headings = page.locator("#sheets .readable :is(h2, h3)")
        headings.first.wait_for(state="attached")
        self.assertIn("Convention de stage", headings.first.text_content())
        self.assertGreater(page.locator("#sheets .readable td").count(), 10)
        page.locator("#sheets .textLayer span").first.wait_for(state="attached")

    def reach(self, page, target, limit=60):
        """Press Tab until the element (an id or a locator) has the focus."""
        if isinstance(target, str):
            target = page.locator(f"#{target}")
        target.wait_for(state="attached")
        for _ in range(limit):
            if target.evaluate("element => element === document.activeElement"):
                return
            page.keyboard.press("Tab")
        self.fail(f"{target} cannot be reached with the Tab key")

    def fits(self, page):
        """Return by how many pixels the page is wider than the screen."""
        width = page.evaluate("document.documentElement.scrollWidth")
        return max(0, width - page.viewport_size["width"])
