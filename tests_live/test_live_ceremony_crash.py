# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The power is cut while somebody is signing in a browser: the page goes on."""

import time

from .person import PersonCase

SMALL = {"viewport": {"width": 390, "height": 844}}
# Of a browser whose server is taken away.
COMPLAINTS = ("Failed to load resource", "net::")
# A signature takes some 150 ms when the machine is idle: before, in, after the act.
DELAYS = (0.0, 0.08, 0.2)


class TestCeremonyCrash(PersonCase):
    def test_killed_while_reading(self):
        """Given a document on the desk, when the server is killed, then the rest is
        read all the same, and signed once the server is back."""
        [document] = self.school.send(self.school.enrol(1))
        with self.browse(expected=COMPLAINTS, **SMALL) as page:
            page.goto(self.link(document.addresses["tutor"]))
            page.locator("#sheets canvas").first.wait_for()
            page.locator("#sheet").wait_for(state="attached")
            self.world.server.kill()
            self.read_to_end(page)
            self.consent(page)
            page.locator("#sign").click()
            page.locator("#sheet-notice").wait_for()
            self.assertEqual(page.locator("#consents input:checked").count(), 2)
            self.assertEqual(self.world.stored(document)[1], [])
            self.world.server.restart()
            self.done(page)
        self.assertSignedOnce(document)

    def test_killed_before_the_document_came(self):
        """Given the summary and the document still to come, when the server is away,
        then the page says so and shows them by itself afterwards."""
        [document] = self.school.send(self.school.enrol(1))
        with self.browse(expected=COMPLAINTS, **SMALL) as page:
            page.route(
                "**/sign/file/*",
                lambda route: (self.world.server.kill(), route.continue_()),
                times=1,
            )
            page.goto(self.link(document.addresses["tutor"]))
            page.locator("#paper-failed").wait_for()
            self.assertEqual(self.says(page, "gate", "aria-disabled"), "true")
            self.world.server.restart()
            self.read_to_end(page)
            self.consent(page)
            page.locator("#sign").click()
            self.done(page)
        self.assertSignedOnce(document)

    def test_killed_at_the_click(self):
        """Given « Signer » pressed, when the server is killed before, in or after the
        signature, then the page signs by itself once it is back, once."""
        documents = self.school.send(self.school.enrol(len(DELAYS)))
        for document, delay in zip(documents, DELAYS, strict=True):
            with (
                self.subTest(delay=delay),
                self.browse(expected=COMPLAINTS, **SMALL) as page,
            ):
                page.goto(self.link(document.addresses["tutor"]))
                self.read_to_end(page)
                self.consent(page)
                page.locator("#sign").click()
                time.sleep(delay)  # where the cut falls, not something to wait for
                self.world.server.kill()
                self.world.server.restart()
                self.done(page)
                self.assertSignedOnce(document)

    def assertSignedOnce(self, document):
        self.assertEqual(self.world.stored(document)[1], ["sig-3"])
        self.assertGoodFile(document, 1)
