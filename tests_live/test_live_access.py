# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Every step of the ceremony before axe-core, on small screens, in both languages.

WCAG 2.2 AA: no violation at all, with ordinary colours and with those of a
high-contrast system; nothing scrolls sideways at 320 pixels, at 200 or 400 %; nothing
moves for who asked for no motion.
"""

import io
import re

from axe_playwright_python.sync_playwright import Axe
from PIL import Image, ImageDraw

from devtools.play.browser import SCRIPT_BYTES, until
from devtools.play.mailbox import body

from .person import DESK, PersonCase

MAX_SCRIPT_BYTES = 85_000
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
# A second copy of the words, hidden from assistive technology: only to select them.
LEFT_OUT = {"exclude": [[".textLayer"]]}
# A phone of 320 px, and a window of 1280 x 720 px enlarged to 200 and 400 %.
SMALL = ((320, 640), (640, 360), (320, 256))
PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2}
CONTRAST = {"forced_colors": "active", "reduced_motion": "reduce", **DESK}


class TestAccess(PersonCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.axe = Axe()
        school = cls.school
        asking = school.admin.call(
            "campus.sign.template", "copy", [school.template_id]
        )[0]
        school.admin.call(
            "campus.sign.template", "write", [asking], {"code_method": "email"}
        )
        short = school.small_template(["teacher"])
        internships = school.enrol(4)
        # The people of the first company have two documents to sign in one visit.
        [first] = school.secretary.call(
            *("campus.internship", "read", internships[:1]),
            ["partner_id", "tutor_id", "company_head_id"],
        )
        school.secretary.call(
            *("campus.internship", "write", internships[1:2]),
            {name: value[0] for name, value in first.items() if name != "id"},
        )
        [finished] = school.queue(internships[3:], short)
        cls.documents = school.send(internships[:3], template_id=asking)
        school.wait_for_state(finished, "waiting")
        cls.documents.append(finished)

    def test_each_step_in_french(self):
        """A phone, two documents in one visit, a code; drawn at last."""
        with self.browse(expected=("422",), **PHONE) as page:
            self.walk(page, "tutor")

    def test_each_step_in_english(self):
        """A large screen, high contrast, no motion."""
        with self.browse("en-GB", expected=("422",), **CONTRAST) as page:
            self.walk(page, "company_head", contrast=True)

    def test_pages_that_say_no(self):
        """Dead, stopped and foreign links, cancelled and finished documents."""
        teacher = self.documents[2].addresses["teacher"]
        with self.browse(**PHONE) as page:
            page.goto(self.link(teacher))
            page.locator("#intro [data-opens=disown]").click()
            page.locator("#disown-confirm").click()
            self.done(page)
            self.inspect(page, "disowned")
            self.assertEqual(page.locator("#home-documents li").count(), 0)
        self.cancel(self.documents[2])
        finished = self.documents[3]
        self.school.signer(finished, "teacher").sign_everything()
        until(lambda: self.world.stored(finished)[0] == "archived")
        # The mail that announces the final file has a link of its own.
        self.world.mailbox.wait_for(finished.addresses["teacher"], 2)
        unknown = f"{self.world.server.url}/sign#{'A' * 43}"
        for locale, screen, language in (
            ("fr-FR", PHONE, "fr"),
            ("en-GB", CONTRAST, "en"),
        ):
            for step, url in (
                ("stopped", self.link(teacher)),
                ("unknown", unknown),
                ("nobody", f"{self.world.server.url}/sign"),
                ("cancelled", self.link(self.documents[2].addresses["tutor"])),
                ("finished", self.link(finished.addresses["teacher"])),
            ):
                with self.browse(locale, ("401", "404", "410"), **screen) as page:
                    page.goto(url)
                    view = "home" if step in ("cancelled", "finished") else "problem"
                    page.locator(f"#view-{view}").wait_for()
                    self.assertEqual(
                        page.locator("html").get_attribute("lang")[:2], language
                    )
                    self.inspect(page, step)
                    if step == "cancelled":
                        told = {"fr": "annulé ce document", "en": "cancelled this"}
                        detail = page.locator("#home-documents .document-detail")
                        self.assertIn(told[language], detail.inner_text())
                    elif step == "finished":
                        self.assertTrue(page.locator("#home-archives a").count())
                    else:
                        self.assertTrue(self.says(page, "problem-next"))

    def test_a_light_page(self):
        """Under 100 KB of script before pdf.js (``./dev bench page`` has the paint)."""
        tutor = self.documents[2].addresses["tutor"]
        with self.browse(**PHONE) as page:
            page.goto(self.link(tutor))
            # A090: above the only document, without hiding it.
            page.locator("#paper #intro").wait_for()
            page.locator("#sheets canvas").first.wait_for()
            weight = page.evaluate(SCRIPT_BYTES)
            self.assertGreater(weight, 0)
            self.assertLess(weight, MAX_SCRIPT_BYTES)
            self.inspect(page, "introduction")
            self.look_as_text(page)
            page.locator("#intro-skip").check()
            page.reload()
            # A093: the document alone.
            page.locator("#sheets canvas").first.wait_for()
            self.assertFalse(page.locator("#intro").is_visible())

    def look_as_text(self, page):
        """« Lire en texte »: the same words, in letters that fit the screen."""
        button = page.locator("#as-text")
        button.click()
        self.assertEqual(button.get_attribute("aria-pressed"), "true")
        page.locator("#sheets .readable h2").first.wait_for()
        self.assertFalse(page.locator("#sheets canvas").first.is_visible())
        size = """() => parseFloat(getComputedStyle(
            document.querySelector(".readable td")).fontSize)"""
        usual = page.evaluate(size)
        self.assertGreaterEqual(usual, 16)
        page.locator("#zoom-in").click()
        self.assertGreater(page.evaluate(size), usual)
        self.inspect(page, "text view")
        page.locator("#zoom-out").click()
        button.click()
        page.locator("#sheets canvas").first.wait_for()

    # Steps

    def walk(self, page, role, contrast=False):
        """Play the whole ceremony of two documents; look at each step."""
        address = self.documents[0].addresses[role]
        page.goto(self.link(address))
        page.locator("#view-home").wait_for()
        self.assertEqual(self.pills(page), ["2", "2"])
        self.inspect(page, "home")
        self.read_notice(page, "#view-home")
        self.try_dialog(page, "disown")
        page.locator("#intro-skip").check()
        page.locator("#start").click()
        self.inspect_reading(page)
        self.assertEqual(self.says(page, "gate")[-1], "→", "A101")
        page.locator("#gate").click()
        page.locator("#gate[aria-disabled=true]").wait_for()
        self.read_to_end(page)
        page.locator("#gate[aria-disabled=false]").click()
        page.locator("#sheet-title:focus").wait_for()
        self.inspect_summary(page, address)
        if contrast:
            self.assertCalmAndVisible(page)
        self.import_picture(page)
        self.draw(page)
        self.sign_with_code(page, address)
        self.inspect(page, "done")
        self.assertEqual(page.locator("#done-documents li").count(), 2)
        page.goto(self.link(address))
        page.locator("#view-home").wait_for()
        self.assertEqual(page.locator("#home-documents .pill.signed").count(), 2)
        self.inspect(page, "already signed")

    def inspect_reading(self, page):
        """The paper, its list of documents, both dialogs; the gate opens at the end."""
        page.locator("#sheets canvas").first.wait_for()
        self.inspect(page, "read")
        self.assertRegex(self.says(page, "page-count"), r"1 / \d")
        page.locator("#zoom-in").click()
        self.assertEqual(self.says(page, "zoom-reset"), "125 %")
        page.locator("#zoom-out").click()
        if page.locator("#pane-toggle").is_visible():
            page.locator("#pane-toggle").click()
            self.inspect(page, "pane")
            page.locator("#pane-close").click()
        self.try_dialog(page, "refuse")
        self.try_dialog(page, "delegate")
        self.read_to_end(page)
        self.assertEqual(self.says(page, "progress", "aria-valuenow"), "100")
        pill = page.locator("#pane-documents .pill").first
        self.assertEqual(pill.text_content(), "1", "A091")

    def try_dialog(self, page, name):
        """Open it, send it empty where something is required, look, close it."""
        page.locator(f"[data-opens={name}]:visible").first.click()
        page.locator(f"#{name}[open]").wait_for()
        if name != "disown":
            page.locator(f"#{name}-confirm").click()
            self.assertTrue(self.says(page, f"{name}-error"))
        self.inspect(page, name)
        page.locator(f"#{name}-cancel").click()

    def inspect_summary(self, page, address):
        """Who, what, consents with their texts."""
        page.locator("#sheet").wait_for()
        masked = f"{address[:3]}XXXX@example.org"
        self.assertEqual(self.says(page, "who-email"), masked, "A097")
        titles = page.locator("#what-documents .document-title").all_text_contents()
        self.assertRegex(titles[0], r".+ - .+ - .+ - 0 \(2\)$", "A100")
        self.assertRegex(titles[1], r" - 1 \(2\)$")
        name = self.says(page, "who-name")
        self.assertIn(name, self.says(page, "visual-title"), "A108")
        self.inspect(page, "sheet")
        page.locator(".consent button").first.click()
        self.inspect(page, "consent text")
        page.locator("#reading-close").click()
        self.read_notice(page, "#sheet")
        self.consent(page)
        self.choose_text(page)
        self.inspect(page, "sheet, text")

    def choose_text(self, page):
        """At the end of the page another tab opens where one is, without a jump."""
        paper = page.locator("#paper")
        paper.evaluate("paper => paper.scrollTo(0, paper.scrollHeight)")
        page.locator("#tab-type").scroll_into_view_if_needed()
        place = paper.evaluate("paper => paper.scrollTop")
        page.locator("#tab-type").click()
        self.assertEqual(paper.evaluate("paper => paper.scrollTop"), place)

    def assertCalmAndVisible(self, page):
        """Nothing moves; what a colour told is still told without it."""
        moving = page.evaluate(
            "document.getAnimations().map((one) => one.animationName ?? 'transition')"
        )
        self.assertEqual([name for name in moving if name != "breathe"], [])
        told = page.evaluate(
            """() => {
                const style = (selector) =>
                    getComputedStyle(document.querySelector(selector));
                const border = (selector) => style(selector).borderTopWidth;
                return [
                    border("#tab-type") !== border("#tab-draw"),
                    border(".font-choices label:has(:checked)")
                        !== border(".font-choices label:not(:has(:checked))"),
                    border("#sign") !== "0px",
                    style(".pad.typed").backgroundColor === "rgb(255, 255, 255)",
                    style("#progress-fill").backgroundColor
                        !== style(".desk-head").backgroundColor,
                ];
            }"""
        )
        self.assertEqual(told, [True] * len(told))

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
        self.inspect(page, "sheet, import")
        page.locator("#import-erase").click()
        self.assertFalse(page.locator("#crop").is_visible())

    def draw(self, page):
        """Draw, undo, draw, turn the phone, erase, draw (A103, A104, A106)."""
        page.locator("#tab-draw").click()
        self.assertTrue(page.locator("#pad-saved").is_visible(), "the name, prefilled")
        self.stroke(page)
        self.assertFalse(page.locator("#pad-saved").is_visible())
        self.assertFalse(page.locator("#pad-undo").is_disabled())
        page.locator("#pad-undo").click()
        self.assertTrue(page.locator("#pad-undo").is_disabled())
        self.assertEqual(self.says(page, "sign", "aria-disabled"), "true", "A106")
        self.stroke(page)
        usual = page.viewport_size
        page.set_viewport_size({"width": 844, "height": 390})
        self.assertGreater(self.ink(page), 50, "a turned phone keeps the stroke")
        page.set_viewport_size(usual)
        self.assertGreater(self.ink(page), 50)
        sharp = page.evaluate(
            """() => {
                const pad = document.getElementById("pad-canvas");
                return pad.width / pad.clientWidth / devicePixelRatio;
            }"""
        )
        self.assertAlmostEqual(sharp, 1, places=1, msg="a dot per dot")
        page.locator("#pad-erase").click()
        self.assertEqual(self.ink(page), 0)
        self.stroke(page, straight=True)
        self.inspect(page, "sheet, drawing")

    def sign_with_code(self, page, address):
        """A straight line, a wrong code, then the real ones; kept for next time."""
        sign = page.locator("#sign")
        self.assertEqual(sign.get_attribute("aria-disabled"), "true")
        before = len(self.world.mailbox.messages(address))
        sign.click(force=True)
        focused = page.evaluate("document.activeElement.id")
        self.assertEqual(focused, "code-send", "the act that comes next")
        page.locator("#code-send").click()
        mail = self.world.mailbox.wait_for(address, before + 1)[-1]
        code = re.search(r"\b(\d{6})\b", re.sub(r"<[^>]*>|#\w+", " ", body(mail)))[1]
        page.locator("#code-sent").get_by_text("XXXX").wait_for()
        page.locator("#code-input").fill(f"{(int(code) + 1) % 10**6:06}")
        sign.click()
        page.locator("#visual-error").wait_for()
        page.locator("#pad-erase").click()
        self.stroke(page)
        sign.click()
        page.locator("#code-error").get_by_text(re.compile(".")).wait_for()
        self.inspect(page, "wrong code")
        page.locator("#code-input").fill(code)
        page.locator("#save-visual").check()
        sign.click()
        self.done(page)

    def read_notice(self, page, place):
        page.locator(f"{place} [data-reading=notice]:visible").first.click()
        self.assertTrue(self.says(page, "reading-body"), "A092")
        page.locator("#reading-close").click()

    # Looks

    def inspect(self, page, step):
        """Nothing axe-core objects to, nothing wider than a small screen."""
        if not page.evaluate("'axe' in globalThis"):
            page.evaluate(self.axe.axe_script)
        self.wait_until_still(page)
        found = page.evaluate(
            "([context, options]) => axe.run(context, options)", [LEFT_OUT, RULES]
        )["violations"]
        problems = [
            f"{one['id']}: {node['html'][:160]} {node.get('failureSummary', '')[:200]}"
            for one in found
            for node in one["nodes"]
        ]
        self.assertEqual(problems, [], step)
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


def photo():
    """Return the PNG of a signature on white paper."""
    image = Image.new("RGB", (900, 400), "white")
    points = [(60, 300), (200, 80), (330, 310), (480, 90), (640, 280), (820, 120)]
    ImageDraw.Draw(image).line(points, fill=(20, 30, 90), width=9)
    output = io.BytesIO()
    image.save(output, "PNG")
    return output.getvalue()
