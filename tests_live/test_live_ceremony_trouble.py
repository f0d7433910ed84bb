# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""When the signing goes wrong half-way: nothing is lost, the page says what happened.

Each test is one document and one person; what he entered must survive.
"""

import contextlib

from .person import PersonCase

SMALL = {"viewport": {"width": 390, "height": 844}}
# Of a browser whose network, cookie or server is taken away.
COMPLAINTS = ("Failed to load resource", "net::")


class TestCeremonyTrouble(PersonCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.documents = iter(cls.school.send(cls.school.enrol(11)))

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
            self.assertIn(
                "Rien de ce que vous avez saisi", self.says(page, "sheet-notice-text")
            )
            self.assertEqual(page.locator("#consents input:checked").count(), 2)
            page.context.set_offline(False)
            self.done(page)
        self.assertOneSignature()

    def test_answer_lost_signs_once(self):
        """Given a signature the server gave, when its answer never arrives, then the
        page asks again by itself, shows the success and signs no second time."""
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
            page.locator("#sheet-notice-retry").wait_for()
            self.done(page)
        self.assertOneSignature()

    def test_server_away_when_the_document_is_asked_for(self):
        """Given a server that restarts, when the document cannot be had, then the page
        says so and shows it by itself as soon as it can."""
        with self.person() as page:
            page.route("**/sign/file/*", lambda route: route.abort(), times=1)
            page.goto(self.own_link())
            page.locator("#paper-failed").wait_for()
            self.assertEqual(self.says(page, "gate", "aria-disabled"), "true")
            self.read_to_end(page)
            self.assertFalse(page.locator("#paper-failed").is_visible())

    def test_cancelled_meanwhile(self):
        """Given a complete summary, when the establishment cancels the document, then
        « Signer » leads to the list, which says what happened."""
        with self.person() as page:
            self.fill_summary(page)
            self.cancel(self.document)
            page.locator("#sign[aria-disabled=false]").click()
            page.locator("#view-home").wait_for()
            for place in ("#notice-text", "#home-documents .document-detail"):
                self.assertIn("annulé", page.locator(place).inner_text())
        self.assertEqual(self.world.stored(self.document)[1], [])

    def test_another_person_in_the_same_tab(self):
        """Given a summary somebody filled in, when another one opens his own link in
        the same tab, then nothing of the first is left: no consent, no name."""
        with self.person() as page:
            self.fill_summary(page)
            page.locator("#tab-type").click()
            page.locator("#type-name").fill("K. Roux")
            address = self.document.addresses["company_head"]
            fragment = self.link(address).partition("#")[2]
            page.evaluate("fragment => { location.hash = fragment; }", fragment)
            masked = page.locator("#who-email").get_by_text(f"{address[:3]}XXXX@")
            masked.wait_for(state="attached")
            self.read_to_end(page)
            self.consent(page)
            name = self.says(page, "who-name")
            self.assertEqual(page.locator("#type-name").input_value(), name)
            page.locator("#sign[aria-disabled=false]").click()
            self.done(page)
        self.assertOneSignature()

    def test_cookie_lost_half_way(self):
        """Given a filled summary, when the cookie is gone, then opening the link
        again in the same tab brings everything back."""
        with self.person() as page:
            self.fill_summary(page)
            page.locator("#tab-type").click()
            page.locator("#type-name").fill("K. Roux")
            page.context.clear_cookies()
            page.locator("#sign").click()
            page.locator("#view-problem").wait_for()
            self.assertIn("ne savons plus qui", self.says(page, "problem-title"))
            self.assertIn("est conservé", self.says(page, "problem-next"))
            fragment = self.own_link().partition("#")[2]
            page.evaluate("fragment => { location.hash = fragment; }", fragment)
            page.locator("#sheet").wait_for()
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
            self.fill_summary(second, again=True)
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
            page.locator("#view-home").wait_for()
            page.go_forward()
            page.locator("#sheet").wait_for()
            self.assertEqual(page.locator("#consents input:checked").count(), 2)
            page.locator("#sign").dblclick()
            self.done(page)
            page.go_back()
            self.assertTrue(page.locator("#view-done").is_visible())
        self.assertOneSignature()

    def test_reloading_adds_no_step_to_the_way_back(self):
        with self.person() as page:
            page.goto(self.own_link())
            page.locator("#sheets canvas").first.wait_for()
            page.reload()
            page.locator("#sheets canvas").first.wait_for()
            page.go_back()
            page.locator("#view-home").wait_for()

    def test_refusal_needs_a_reason_and_ends_the_act(self):
        with self.person() as page:
            page.goto(self.own_link())
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
            page.goto(self.own_link())
            page.locator("#paper-failed").wait_for()
            self.assertEqual(page.locator("#sheets canvas").count(), 0)
            gate = page.locator("#gate")
            self.assertEqual(gate.get_attribute("aria-disabled"), "true")
        self.assertEqual(self.world.stored(self.document)[1], [])

    # What the person does

    @contextlib.contextmanager
    def person(self):
        with self.browse(expected=COMPLAINTS, **SMALL) as page:
            yield page

    def own_link(self):
        return self.link(self.document.addresses["tutor"])

    def fill_summary(self, page, again=False):
        """Open the link, read to the end, tick both consents."""
        page.goto(self.own_link())
        self.read_to_end(page, again)
        self.consent(page)

    def assertOneSignature(self):
        self.assertEqual(len(self.world.stored(self.document)[1]), 1)
        self.assertGoodFile(self.document, 1)
