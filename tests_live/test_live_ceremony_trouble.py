# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""When the signing goes wrong half-way: nothing is lost, the page says what happened.

Each test is one document and one person; what he entered must survive.
"""

import contextlib

from .world import PATIENCE_MS, BrowserCase


class TestCeremonyTrouble(BrowserCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.documents = iter(cls.school.send(cls.school.enrol(7)))

    def setUp(self):
        self.document = next(self.documents)

    def test_network_lost_at_the_last_click(self):
        """Given a complete summary, when the network is away, then the page says so
        and signs by itself, with what was entered, once it is back."""
        with self.person() as page:
            self.fill_summary(page)
            page.context.set_offline(True)
            page.locator("#sign").click()
            page.locator("#sheet-notice").wait_for()
            self.assertEqual(page.locator("#consents input:checked").count(), 2)
            page.context.set_offline(False)
            self.done(page)
        self.assertOneSignature()

    def test_answer_lost_signs_once(self):
        """Given a signature the server gave, when its answer never arrives, then
        trying again shows the success and signs no second time."""
        with self.person() as page:
            self.fill_summary(page)
            lost = []

            def lose_first(route):
                if lost:
                    route.continue_()
                else:
                    lost.append(route.fetch())
                    route.abort()

            page.route("**/sign/api/sign", lose_first)
            page.locator("#sign").click()
            page.locator("#sheet-notice-retry").click()
            self.done(page)
        self.assertOneSignature()

    def test_cookie_lost_half_way(self):
        """Given a filled summary, when the cookie is gone, then opening the link
        again in the same tab brings everything back."""
        with self.person() as page:
            self.fill_summary(page)
            page.locator("#type-name").fill("K. Roux")
            page.context.clear_cookies()
            page.locator("#sign").click()
            page.locator("#view-problem").wait_for()
            fragment = self.link().partition("#")[2]
            page.evaluate("fragment => { location.hash = fragment; }", fragment)
            page.locator("#sheet[open]").wait_for(timeout=PATIENCE_MS)
            self.assertNotIn(fragment, page.url)
            self.assertEqual(page.locator("#type-name").input_value(), "K. Roux")
            page.locator("#sign[aria-disabled=false]").click()
            self.done(page)
        self.assertOneSignature()

    def test_two_tabs(self):
        """Given two tabs ready to sign, when both sign, then both show the success
        and the document has one signature of this person."""
        with self.person() as first:
            second = first.context.new_page()
            self.fill_summary(first)
            self.fill_summary(second)
            first.locator("#sign").click()
            self.done(first)
            second.locator("#sign").click()
            self.done(second)
        self.assertOneSignature()

    def test_back_button_keeps_what_was_entered(self):
        """And a double click signs once."""
        with self.person() as page:
            self.fill_summary(page)
            page.go_back()
            page.locator("#sheet[open]").wait_for(state="detached")
            self.assertTrue(page.locator("#view-read").is_visible())
            page.go_back()
            page.locator("#view-home").wait_for()
            page.go_forward()
            page.locator("#gate[aria-disabled=false]").click()
            page.locator("#sheet[open]").wait_for()
            self.assertEqual(page.locator("#consents input:checked").count(), 2)
            page.locator("#sign").dblclick()
            self.done(page)
            page.go_back()
            self.assertTrue(page.locator("#view-done").is_visible())
        self.assertOneSignature()

    def test_refusal_needs_a_reason_and_ends_the_act(self):
        with self.person() as page:
            page.goto(self.link())
            page.locator("#start").click()
            page.locator("#refuse-open").click()
            page.locator("#refuse-confirm").click()
            self.assertTrue(page.locator("#refuse-error").inner_text())
            page.locator("#refuse-reason").fill("Les dates ne sont pas les bonnes.")
            page.locator("#refuse-confirm").click()
            self.done(page)
        self.school.wait_for_state(self.document, "refused")

    def test_other_bytes_close_the_gate(self):
        """Given a file that is not the one announced, when it is opened, then it is
        not shown and cannot be signed."""
        with self.person() as page:

            def alter(route):
                response = route.fetch()
                body = response.body()
                route.fulfill(response=response, body=body + b"\n% more")

            page.route("**/sign/file/*", alter)
            page.goto(self.link())
            page.locator("#start").click()
            page.locator("#paper-failed").wait_for(timeout=PATIENCE_MS)
            self.assertEqual(page.locator("#sheets canvas").count(), 0)
            gate = page.locator("#gate")
            self.assertEqual(gate.get_attribute("aria-disabled"), "true")
        self.assertEqual(self.world.stored(self.document)[1], [])

    # What the person does

    def link(self):
        token = self.world.mailbox.token_for(self.document.addresses["tutor"])
        return f"{self.world.server.url}/sign#{token}"

    @contextlib.contextmanager
    def person(self):
        """Yield a page of a French browser; script errors fail the test."""
        context = self.chromium.new_context(
            locale="fr-FR", viewport={"width": 390, "height": 844}
        )
        errors = []
        context.on("weberror", lambda error: errors.append(str(error.error)))
        try:
            yield context.new_page()
        finally:
            context.close()
        self.assertEqual(errors, [])

    def fill_summary(self, page):
        """Open the link, read to the end, tick both consents."""
        page.goto(self.link())
        page.locator("#start").click(timeout=PATIENCE_MS)
        page.locator("#sheets canvas").first.wait_for(timeout=PATIENCE_MS)
        page.locator("#paper-end").scroll_into_view_if_needed()
        page.locator("#gate[aria-disabled=false]").click(timeout=PATIENCE_MS)
        page.locator("#sheet[open]").wait_for()
        for index in range(2):
            page.locator("#consents input").nth(index).check()

    def done(self, page):
        page.locator("#view-done").wait_for(timeout=PATIENCE_MS)

    def assertOneSignature(self):
        self.assertEqual(len(self.world.stored(self.document)[1]), 1)
        self.assertGoodFile(self.document, 1)
