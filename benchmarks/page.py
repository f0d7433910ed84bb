# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""``page``: the signing page in Chromium on a phone, opened by a personal link."""

import statistics

from playwright.sync_api import sync_playwright

from devtools.harness import CHROMIUM, CHROMIUM_ARGUMENTS
from devtools.play.browser import SCRIPT_BYTES

from .measure import Result, Stage

FIRST_PAINT_MS = 1000
MAX_SCRIPT_BYTES = 100_000
ROUNDS = 7
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "has_touch": True,
    "is_mobile": True,
}
_PAINT = """() =>
    performance.getEntriesByName("first-contentful-paint")[0].startTime"""


def page():
    """Open the page several times, each as somebody who was never there."""
    with Stage(workers=2, max_cron_threads=1) as stage, sync_playwright() as playwright:
        school = stage.school
        [document] = school.send(school.enrol(1))
        token = school.signer(document, "tutor").token
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM, args=list(CHROMIUM_ARGUMENTS)
        )
        opened = [
            _open(chromium, f"{stage.server.url}/sign#{token}") for _ in range(ROUNDS)
        ]
        chromium.close()
    paint = statistics.median(paint for paint, _size in opened)
    size = max(size for _paint, size in opened)
    return {
        "page first paint": Result(
            paint,
            None,
            goal=f"{FIRST_PAINT_MS} ms, {MAX_SCRIPT_BYTES:,} bytes of script",
            met=paint < FIRST_PAINT_MS and size < MAX_SCRIPT_BYTES,
            bytes=size,
        )
    }


def _open(chromium, address):
    """Return (first contentful paint in ms, bytes of script) of one opening."""
    context = chromium.new_context(locale="fr-FR", **PHONE)
    try:
        tab = context.new_page()
        tab.goto(address)
        tab.locator("#sheets canvas").first.wait_for()
        return tab.evaluate(_PAINT), tab.evaluate(SCRIPT_BYTES)
    finally:
        context.close()
