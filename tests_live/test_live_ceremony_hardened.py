# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Browsers that keep from pages what others give: the act is possible all the same."""

import contextlib

from .person import DESK, PersonCase
from .test_live_access import photo

NO_STORAGE = """
for (const name of ["localStorage", "sessionStorage"]) {
    Object.defineProperty(globalThis, name, {
        get() { throw new DOMException("refused", "SecurityError"); },
    });
}
"""
# What is read of a drawing is white, whatever was drawn.
NO_READING = """
const white = document.createElement("canvas");
const toDataURL = HTMLCanvasElement.prototype.toDataURL;
HTMLCanvasElement.prototype.toDataURL = function () {
    return toDataURL.call(white);
};
CanvasRenderingContext2D.prototype.getImageData = (x, y, width, height) =>
    new ImageData(new Uint8ClampedArray(4 * width * height).fill(255), width, height);
"""
NO_DRAWING = """
HTMLCanvasElement.prototype.getContext = () => null;
"""


class TestHardened(PersonCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.documents = iter(cls.school.send(cls.school.enrol(3)))

    def setUp(self):
        self.document = next(self.documents)

    def test_no_storage(self):
        """Given a browser that refuses storage, then the introduction comes each time
        and nothing else is missing."""
        with self.open(NO_STORAGE) as page:
            page.locator("#intro-skip").check()
            self.read_to_end(page)
            self.consent(page)
            page.locator("#sign[aria-disabled=false]").click()
            self.done(page)
        self.assertEqual(self.world.stored(self.document)[1], ["sig-3"])

    def test_drawings_cannot_be_read(self):
        """Given a browser that gives back no drawing, then the page says so and takes
        an image as it is."""
        with self.open(NO_READING) as page:
            self.read_to_end(page)
            self.sign_with_a_picture(page)

    def test_nothing_can_be_drawn(self):
        """Given a browser that draws nothing at all, then the document is read in
        another tab."""
        with self.open(NO_DRAWING) as page:
            page.locator("#paper-failed").wait_for()
            link = page.locator("#paper-open")
            self.assertRegex(link.get_attribute("href"), r"/sign/file/\d+$")
            # The other tab would be the browser's own viewer.
            link.evaluate(
                "link => { link.onclick = (event) => event.preventDefault(); }"
            )
            link.click()
            page.locator("#paper-confirm-box").check()
            self.sign_with_a_picture(page)

    # What the person does

    @contextlib.contextmanager
    def open(self, script):
        """Yield the page of the link, in a browser changed by ``script``."""
        with self.browse(**DESK) as page:
            page.add_init_script(script)
            page.goto(self.link(self.document.addresses["tutor"]))
            yield page

    def sign_with_a_picture(self, page):
        page.locator("#gate[aria-disabled=false]").click()
        self.consent(page)
        page.locator("#visual-error").wait_for()
        self.assertIn("navigateur", self.says(page, "visual-error"))
        self.assertEqual(self.says(page, "sign", "aria-disabled"), "true")
        page.locator("#import-file").set_input_files(
            {"name": "moi.png", "mimeType": "image/png", "buffer": photo()}
        )
        page.locator("#import-help").get_by_text("moi.png").wait_for()
        page.locator("#sign[aria-disabled=false]").click()
        self.done(page)
        self.assertEqual(self.world.stored(self.document)[1], ["sig-3"])
