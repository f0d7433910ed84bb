# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A person in Chromium at the signing page: what tests of the ceremony share."""

import contextlib
import re

from devtools.play.mailbox import body

from .world import PATIENCE_MS, SHOTS, BrowserCase

PHONE = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "has_touch": True,
    "is_mobile": True,
}
DESK = {"viewport": {"width": 1280, "height": 800}}


class PersonCase(BrowserCase):
    """Tests that share one world and one Chromium per class."""

    @contextlib.contextmanager
    def browse(self, locale="fr-FR", expected=(), **options):
        """Yield a page; a script error, a blocked resource or a request to somebody
        else fails the test.

        :param expected: what complaints of the browser contain that are meant to be
        """
        context = self.chromium.new_context(locale=locale, **options)
        errors, outside = [], []
        context.on("weberror", lambda error: errors.append(str(error.error)))
        context.on(
            "console", lambda line: line.type == "error" and errors.append(line.text)
        )
        context.on(
            "request",
            lambda one: (
                one.url.startswith(("data:", "blob:", self.world.server.url))
                or outside.append(one.url)
            ),
        )
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        try:
            yield page
        except BaseException:
            page.screenshot(path=SHOTS / f"failed-{self._testMethodName}.png")
            raise
        finally:
            context.close()
        self.assertEqual(outside, [], "a request to somebody else")
        self.assertEqual([e for e in errors if not any(r in e for r in expected)], [])

    # What the person does

    def link(self, address):
        """Return the address of the last personal link sent to somebody."""
        links = [
            token
            for message in self.world.mailbox.wait_for(address)
            for token in re.findall(r"/sign#([\w-]{20,})", body(message))
        ]
        return f"{self.world.server.url}/sign#{links[-1]}"

    def read_to_end(self, page, again=False):
        """Scroll the paper to its end: the gate opens there and not before.

        :param again: when it was read before, in another tab for instance: the page
            opens at the summary
        """
        page.locator("#sheets canvas").first.wait_for()
        if again:
            page.locator("#sheet-foot").wait_for()
            return
        self.assertEqual(self.says(page, "gate", "aria-disabled"), "true")
        page.locator("#paper-end").scroll_into_view_if_needed()
        page.locator("#gate[aria-disabled=false]").wait_for()

    def consent(self, page):
        """Tick the two boxes, which nobody ticked before."""
        page.locator("#sheet").wait_for()
        boxes = page.locator("#consents input")
        self.assertEqual(boxes.count(), 2)
        for index in range(2):
            self.assertFalse(boxes.nth(index).is_checked(), "pre-ticked consent")
            boxes.nth(index).check()

    def count_actions(self, page):
        """Count clicks, taps and strokes of the pages opened from now on."""
        page.add_init_script(
            """
            globalThis.actions = 0;
            document.addEventListener("pointerdown", (event) => {
                globalThis.actions += event.isTrusted;
            }, true);
            """
        )

    def assertActions(self, page, count):
        self.assertEqual(page.evaluate("globalThis.actions"), count)

    def stroke(self, page, straight=False):
        """Draw on the pad with one stroke."""
        pad = page.locator("#pad-canvas:not([width='300'])")  # the pad is ready
        pad.scroll_into_view_if_needed()
        box = pad.bounding_box()
        left, middle = box["x"] + 30, box["y"] + box["height"] / 2
        page.mouse.move(left, middle)
        page.mouse.down()
        for step in range(1, 25):
            rise = 0 if straight else 25 if step % 2 else -25
            page.mouse.move(left + 8 * step, middle + rise, steps=2)
        page.mouse.up()

    # What the office does

    def cancel(self, document):
        office = self.school.secretary
        wizard = office.create(
            "campus.sign.cancel",
            {
                "request_ids": [(6, 0, [document.request_id])],
                "reason": "Le stage n'a pas lieu.",
            },
        )
        office.call("campus.sign.cancel", "action_cancel_circuits", [wizard])

    # What the person sees

    def done(self, page):
        page.locator("#view-done").wait_for()

    def says(self, page, name, attribute=None):
        """Return the text, or an attribute, of the element with an id."""
        found = page.locator(f"#{name}")
        return found.get_attribute(attribute) if attribute else found.text_content()
