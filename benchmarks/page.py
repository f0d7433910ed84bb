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
SLOW_ROUNDS = 3
#: A telephone where the network is bad: bytes per second, and the delay of each answer.
SLOW = {
    "offline": False,
    "latency": 400,
    "downloadThroughput": 50_000,
    "uploadThroughput": 50_000,
}
SLOW_PAINT_MS = 2_000
SLOW_DOCUMENT_MS = 30_000
PATIENCE_MS = 180_000
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
        address = f"{stage.server.url}/sign#{token}"
        opened = [_open(chromium, address) for _ in range(ROUNDS)]
        slow = [_open(chromium, address, SLOW) for _ in range(SLOW_ROUNDS)]
        chromium.close()
    paint = statistics.median(paint for paint, _shown, _size in opened)
    size = max(size for _paint, _shown, size in opened)
    slow_paint = statistics.median(paint for paint, _shown, _size in slow)
    slow_shown = statistics.median(shown for _paint, shown, _size in slow)
    return {
        "page first paint": Result(
            paint,
            None,
            goal=f"{FIRST_PAINT_MS} ms, {MAX_SCRIPT_BYTES:,} bytes of script",
            met=paint < FIRST_PAINT_MS and size < MAX_SCRIPT_BYTES,
            bytes=size,
        ),
        "page slow, first paint": Result(
            slow_paint, None, goal=f"{SLOW_PAINT_MS} ms", met=slow_paint < SLOW_PAINT_MS
        ),
        "page slow, document": Result(
            slow_shown,
            None,
            goal=f"{SLOW_DOCUMENT_MS} ms",
            met=slow_shown < SLOW_DOCUMENT_MS,
        ),
    }


def _open(chromium, address, network=None):
    """Return (first contentful paint and document shown in ms, bytes of script).

    :param network: what Chromium makes of the network, as it is by default
    """
    context = chromium.new_context(locale="fr-FR", **PHONE)
    try:
        tab = context.new_page()
        if network:
            devtools = context.new_cdp_session(tab)
            devtools.send("Network.enable")
            devtools.send("Network.emulateNetworkConditions", network)
        tab.goto(address, timeout=PATIENCE_MS)
        tab.locator("#sheets canvas").first.wait_for(timeout=PATIENCE_MS)
        shown = tab.evaluate("performance.now()")
        return tab.evaluate(_PAINT), shown, tab.evaluate(SCRIPT_BYTES)
    finally:
        context.close()
