# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Every step of the ceremony before axe-core, on small screens, in both languages.

WCAG 2.2 AA: no violation at all, with ordinary colours and with those of a
high-contrast system; nothing scrolls sideways at 320 pixels or at 200 %.
"""

import contextlib
import io
import re

from axe_playwright_python.sync_playwright import Axe
from PIL import Image, ImageDraw

from devtools.play.mailbox import body

from .world import PATIENCE_MS, SHOTS, BrowserCase

FIRST_PAINT_MS = 1000
RULES = {
    "resultTypes": ["violations"],
    "runOnly": {
        "type": "tag",
        "values": [
            *("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"),
            "best-practice",
        ],
    },
}
PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2}
DESK = {"viewport": {"width": 1280, "height": 800}}
# A phone of 320 px, and a window of 1280 x 720 px enlarged to 200 and 400 %.
SMALL = ((320, 640), (640, 360), (320, 256))


class TestAccess(BrowserCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.axe = Axe()
        school = cls.school
        template = school.admin.call(
            "campus.sign.template", "copy", [school.template_id]
        )[0]
        school.admin.call(
            "campus.sign.template", "write", [template], {"code_method": "email"}
        )
        internships = school.enrol(3)
        # The tutor of the first two has two documents to sign in one visit.
        [first] = school.secretary.call(
            *("campus.internship", "read", internships[:1]),
            ["partner_id", "tutor_id", "company_head_id"],
        )
        school.secretary.call(
            *("campus.internship", "write", internships[1:2]),
            {name: value[0] for name, value in first.items() if name != "id"},
        )
        cls.documents = cls.send_all(internships, template)

    @classmethod
    def send_all(cls, internships, template):
        documents = cls.school.send(internships, template_id=template)
        for document in documents:
            for address in document.addresses.values():
                cls.world.mailbox.wait_for(address)
        return documents

    def test_each_step_in_french(self):
        """Two documents in one visit, a code by e-mail, an erased then drawn visual."""
        tutor = self.documents[0].addresses["tutor"]
        with self.browse("fr-FR", **PHONE) as page:
            page.goto(self.link(tutor))
            page.locator("#view-home").wait_for(timeout=PATIENCE_MS)
            self.inspect(page, "home")
            self.read_notice(page, "#view-home")
            self.assertEqual(self.pills(page), ["2", "2"])
            page.locator("#intro-skip").check()
            page.locator("#start").click()
            self.inspect_reading(page)
            self.assertEqual(self.says(page, "gate")[-1], "→", "A101")
            page.locator("#gate").click()
            page.locator("#gate[aria-disabled=true]").wait_for(timeout=PATIENCE_MS)
            self.read_to_end(page)
            page.locator("#gate[aria-disabled=false]").click()
            self.inspect_summary(page)
            self.draw(page)
            self.sign_with_code(page, tutor)
            self.inspect(page, "done")
            self.assertEqual(page.locator("#done-documents li").count(), 2)
            page.goto(self.link(tutor))
            page.locator("#view-home").wait_for(timeout=PATIENCE_MS)
        for document in self.documents[:2]:
            self.assertEqual(len(self.world.stored(document)[1]), 1)

    def test_each_step_in_high_contrast(self):
        """English, forced colours, no motion, a large screen; ends in a proposal."""
        head = self.documents[2].addresses["company_head"]
        options = {"forced_colors": "active", "reduced_motion": "reduce", **DESK}
        with self.browse("en-GB", **options) as page:
            page.goto(self.link(head))
            page.locator("#view-home").wait_for(timeout=PATIENCE_MS)
            self.inspect(page, "home", small=False)
            page.locator("#start").click()
            self.read_to_end(page)
            self.inspect(page, "read", small=False)
            page.locator("#gate").click()
            page.locator("#sheet[open]").wait_for()
            for tab in ("draw", "type", "import"):
                page.locator(f"#tab-{tab}").click()
                self.inspect(page, f"sheet-{tab}", small=False)
            page.locator("#sheet-close").click()
            page.locator("#delegate-open").click()
            page.locator("#delegate-confirm").click()
            self.assertTrue(self.says(page, "delegate-error"))
            self.inspect(page, "delegate", small=False)
            page.locator("#delegate-name").fill("Nadia LEROY")
            page.locator("#delegate-email").fill("nadia.leroy@example.org")
            page.locator("#delegate-reason").fill("I left the company.")
            page.locator("#delegate-confirm").click()
            page.locator("#view-done").wait_for(timeout=PATIENCE_MS)
            self.inspect(page, "done", small=False)
        [[state]] = self.world.sql("SELECT state FROM campus_sign_delegation")
        self.assertEqual(state, "proposed")

    def test_wrong_person_and_dead_link(self):
        """« Ce n'est pas moi » clears the page and kills the link."""
        teacher = self.documents[2].addresses["teacher"]
        with self.browse("fr-FR", **PHONE) as page:
            page.goto(self.link(teacher))
            page.locator("#view-home [data-opens=disown]").click(timeout=PATIENCE_MS)
            self.inspect(page, "disown")
            page.locator("#disown-confirm").click()
            page.locator("#view-done").wait_for(timeout=PATIENCE_MS)
            self.inspect(page, "disowned")
            self.assertEqual(page.locator("#home-documents li").count(), 0)
        with self.browse("fr-FR", expected="410", **PHONE) as page:
            page.goto(self.link(teacher))
            page.locator("#view-problem").wait_for(timeout=PATIENCE_MS)
            self.inspect(page, "problem")

    def test_first_paint_and_weight(self):
        """First paint under a second, under 100 KB of script before pdf.js."""
        tutor = self.documents[2].addresses["tutor"]
        paints, weights = [], []
        for _time in range(3):
            with self.browse("fr-FR", **PHONE) as page:
                page.goto(self.link(tutor))
                page.locator("#view-home").wait_for(timeout=PATIENCE_MS)
                paint, weight = page.evaluate(
                    """() => [
                        performance.getEntriesByName("first-contentful-paint")[0].startTime,
                        performance.getEntriesByType("resource")
                            .filter((one) => one.name.includes("/ceremony/")
                                && one.name.endsWith(".js"))
                            .reduce((sum, one) => sum + one.decodedBodySize, 0),
                    ]"""
                )
                paints.append(paint)
                weights.append(weight)
                page.locator("#intro-skip").check()
                page.reload()
                # A093: straight to the only document.
                page.locator("#view-read").wait_for(timeout=PATIENCE_MS)
        figures = f"first paint {[round(one) for one in paints]} ms, {weights[0]} bytes"
        (SHOTS / "first-paint.txt").write_text(f"{figures}\n", encoding="utf-8")
        self.assertLess(min(paints), FIRST_PAINT_MS, figures)
        self.assertLess(max(weights), 100_000, figures)

    # Steps

    def inspect_reading(self, page):
        """The paper, its list of documents, the refusal; the gate opens at the end."""
        gate = page.locator("#gate")
        page.locator("#sheets canvas").first.wait_for(timeout=PATIENCE_MS)
        self.assertEqual(gate.get_attribute("aria-disabled"), "true")
        self.inspect(page, "read")
        self.assertRegex(self.says(page, "page-count"), r"1 / \d")
        page.locator("#zoom-in").click()
        self.assertEqual(self.says(page, "zoom-reset", hidden=True), "125 %")
        page.locator("#zoom-out").click()
        page.locator("#pane-toggle").click()
        self.inspect(page, "pane", small=False)
        page.locator("#pane-close").click()
        page.locator("#refuse-open").click()
        page.locator("#refuse-confirm").click()
        self.assertTrue(self.says(page, "refuse-error"))
        self.inspect(page, "refuse")
        page.locator("#refuse-cancel").click()
        self.read_to_end(page)
        self.assertEqual(self.says(page, "progress", "aria-valuenow"), "100")
        self.assertEqual(
            page.locator("#pane-documents .pill").first.text_content(), "1", "A091"
        )

    def inspect_summary(self, page):
        """Who, what, consents with their texts; each tab of the visual."""
        page.locator("#sheet[open]").wait_for()
        self.assertRegex(self.says(page, "who-email"), r"^tutXXXX@example\.org$")
        titles = page.locator("#what-documents .document-title").all_text_contents()
        self.assertRegex(titles[0], r".+ - .+ - .+ - 0 \(2\)$", "A100")
        self.assertRegex(titles[1], r" - 1 \(2\)$")
        name = self.says(page, "who-name")
        self.assertIn(name, self.says(page, "visual-title"), "A108")
        self.inspect(page, "sheet")
        page.locator(".consent button").first.click()
        self.inspect(page, "consent-text")
        page.locator("#reading-close").click()
        self.read_notice(page, "#sheet")
        for index in range(2):
            page.locator("#consents input").nth(index).check()
        self.import_picture(page)
        page.locator("#tab-draw").click()
        self.inspect(page, "sheet-draw")

    def import_picture(self, page):
        """A photo of a signature, cropped with the keyboard (A102, A104)."""
        page.locator("#tab-import").click()
        self.assertEqual(self.says(page, "sign", "aria-disabled"), "true", "A106")
        page.locator("#import-file").set_input_files(
            {"name": "s.png", "mimeType": "image/png", "buffer": photo()}
        )
        page.locator("#crop").wait_for()
        whole = self.canvas_pixels(page)
        page.locator("#crop-right").focus()
        for _time in range(20):
            page.keyboard.press("ArrowLeft")
        self.assertEqual(page.locator("#crop-right").input_value(), "80")
        self.assertNotEqual(self.canvas_pixels(page), whole)
        self.inspect(page, "sheet-import")
        page.locator("#import-erase").click()
        self.assertFalse(page.locator("#crop").is_visible())

    def draw(self, page):
        """Draw, undo, draw, turn the phone, erase, draw (A103, A104, A106)."""
        sign = page.locator("#sign")
        self.assertEqual(sign.get_attribute("aria-disabled"), "true")
        self.stroke(page)
        self.assertFalse(page.locator("#pad-undo").is_disabled())
        page.locator("#pad-undo").click()
        self.assertTrue(page.locator("#pad-undo").is_disabled())
        self.stroke(page)
        page.set_viewport_size({"width": 844, "height": 390})
        self.assertGreater(self.ink(page), 50, "a turned phone keeps the stroke")
        page.set_viewport_size(PHONE["viewport"])
        self.assertGreater(self.ink(page), 50)
        page.locator("#pad-erase").click()
        self.assertEqual(self.ink(page), 0)
        self.stroke(page, straight=True)

    def sign_with_code(self, page, address):
        """A wrong code, a straight line, then the real ones."""
        sign = page.locator("#sign")
        self.assertEqual(sign.get_attribute("aria-disabled"), "true")
        before = len(self.world.mailbox.messages(address))
        page.locator("#code-send").click()
        mail = self.world.mailbox.wait_for(address, before + 1)[-1]
        code = re.search(r"\b(\d{6})\b", re.sub(r"<[^>]*>|#\w+", " ", body(mail)))[1]
        page.locator("#code-sent").get_by_text("XXXX").wait_for()
        self.inspect(page, "sheet-code")
        page.locator("#code-input").fill(f"{(int(code) + 1) % 10**6:06}")
        sign.click()
        page.locator("#visual-error").wait_for(timeout=PATIENCE_MS)
        page.locator("#pad-erase").click()
        self.stroke(page)
        sign.click()
        page.locator("#code-error").get_by_text(re.compile(".")).wait_for()
        self.inspect(page, "code-wrong", small=False)
        page.locator("#code-input").fill(code)
        sign.click()
        page.locator("#view-done").wait_for(timeout=PATIENCE_MS)

    def read_notice(self, page, place):
        page.locator(f"{place} [data-reading=notice]").first.click()
        self.assertTrue(self.says(page, "reading-body"), "A092")
        page.locator("#reading-close").click()

    def read_to_end(self, page):
        page.locator("#paper-loading").wait_for(state="hidden", timeout=PATIENCE_MS)
        page.locator("#sheets canvas").first.wait_for(timeout=PATIENCE_MS)
        page.locator("#paper-end").scroll_into_view_if_needed()
        page.locator("#gate[aria-disabled=false]").wait_for(timeout=PATIENCE_MS)

    def stroke(self, page, straight=False):
        pad = page.locator("#pad-canvas")
        pad.scroll_into_view_if_needed()
        box = pad.bounding_box()
        left, middle = box["x"] + 30, box["y"] + box["height"] / 2
        page.mouse.move(left, middle)
        page.mouse.down()
        for step in range(1, 25):
            rise = 0 if straight else 25 if step % 2 else -25
            page.mouse.move(left + 8 * step, middle + rise, steps=2)
        page.mouse.up()

    # Looks

    def link(self, address):
        links = [
            token
            for message in self.world.mailbox.wait_for(address)
            for token in re.findall(r"/sign#([\w-]{20,})", body(message))
        ]
        return f"{self.world.server.url}/sign#{links[-1]}"

    def inspect(self, page, step, small=True):
        """Nothing axe-core objects to, nothing wider than a small screen."""
        page.screenshot(path=SHOTS / f"access-{self._name}-{step}.png")
        found = self.axe.run(page, options=RULES).response["violations"]
        problems = [
            f"{one['id']}: {node['html'][:160]} {node.get('failureSummary', '')[:200]}"
            for one in found
            for node in one["nodes"]
        ]
        self.assertEqual(problems, [], step)
        if not small:
            return
        usual = page.viewport_size
        for width, height in SMALL:
            page.set_viewport_size({"width": width, "height": height})
            wider = page.evaluate(
                """() => [
                    document.documentElement,
                    ...document.querySelectorAll("dialog[open], .sheet-body, .bar"),
                ].map((one) => one.scrollWidth - one.clientWidth)"""
            )
            self.assertLessEqual(max(wider), 0, f"{step} at {width} px")
        page.set_viewport_size(usual)

    def pills(self, page):
        return page.locator("#home-documents .pill").all_text_contents()

    def says(self, page, name, attribute=None, hidden=False):
        found = page.locator(f"#{name}")
        if attribute:
            return found.get_attribute(attribute)
        return found.text_content() if hidden else found.inner_text()

    def canvas_pixels(self, page):
        return page.evaluate("document.getElementById('import-canvas').toDataURL()")

    def ink(self, page):
        """Return how many pixels of the pad carry ink."""
        return page.evaluate(
            """() => {
                const pad = document.getElementById("pad-canvas");
                const { data } = pad.getContext("2d")
                    .getImageData(0, 0, pad.width, pad.height);
                return data.filter((value, index) => index % 4 === 3 && value).length;
            }"""
        )

    @contextlib.contextmanager
    def browse(self, locale, expected=None, **options):
        """Yield a page; a script error or a blocked resource fails the test.

        :param expected: status of the one answer that is meant to be an error
        """
        self._name = locale
        context = self.chromium.new_context(locale=locale, **options)
        errors = []
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on(
            "console",
            lambda line: line.type == "error" and errors.append(line.text),
        )
        outside = []
        page.on(
            "request",
            lambda one: (
                one.url.startswith(("data:", "blob:", self.world.server.url))
                or outside.append(one.url)
            ),
        )
        try:
            yield page
        except BaseException:
            page.screenshot(path=SHOTS / "access-failed.png")
            raise
        finally:
            context.close()
        self.assertEqual(outside, [], "a request to somebody else")
        refusals = ("422", expected) if expected else ("422",)
        self.assertEqual([e for e in errors if not any(r in e for r in refusals)], [])


def photo():
    """Return the PNG of a signature on white paper."""
    image = Image.new("RGB", (900, 400), "white")
    points = [(60, 300), (200, 80), (330, 310), (480, 90), (640, 280), (820, 120)]
    ImageDraw.Draw(image).line(points, fill=(20, 30, 90), width=9)
    output = io.BytesIO()
    image.save(output, "PNG")
    return output.getvalue()
