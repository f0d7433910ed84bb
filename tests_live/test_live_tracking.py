# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The history of sendings in Chromium: it follows by itself, and acts on many."""

from devtools.play.school import SECRETARY

from .world import SHOTS, BrowserCase

PATIENCE_MS = 90_000
# Below the thirty seconds after which a list without messages reads itself again.
LIVE_MS = 20_000
COUNT = 13


class TestTracking(BrowserCase):
    # One process: the messages of the server come by the same port as the pages.
    workers = 0
    # No lane: the documents wait for the server, and the office takes them back.
    max_cron_threads = 0

    def test_the_list_follows_and_many_are_cancelled(self):
        """A109, A111, A139: live without « Actualiser », progress, each result."""
        school = self.school
        first, *others = school.queue(school.enrol(COUNT))
        page = self.chromium.new_page(
            locale="fr-FR", viewport={"width": 1280, "height": 900}
        )
        page.set_default_timeout(PATIENCE_MS)
        errors = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{self.world.server.url}/web/login?redirect=/odoo/campus-signatures")
        page.fill("input[name=login]", SECRETARY[0])
        page.fill("input[name=password]", SECRETARY[1])
        page.locator("form.oe_login_form button[type=submit]").click()
        rows = page.locator(".o_data_row")
        rows.nth(COUNT - 1).wait_for(timeout=PATIENCE_MS)
        page.wait_for_timeout(2000)  # the browser subscribes to the messages

        self.cancel_elsewhere(first)
        rows.nth(COUNT - 1).wait_for(state="detached", timeout=LIVE_MS)
        self.assertEqual(rows.count(), len(others))

        page.locator("thead .o_list_record_selector input").check()
        page.locator(".o_campus_more_toggle").click()
        page.locator(".o_campus_more_actions button", has_text="Annuler").click()
        page.locator(".modal [name=reason] textarea").fill("Dates déplacées.")
        self.cancel_elsewhere(others[0])
        page.locator(".modal-footer button[name=action_cancel_circuits]").click()
        run = page.locator(".modal:has(.o_campus_bulk)")
        bar = run.locator("[role=progressbar]")
        bar.wait_for()
        self.assertEqual(bar.get_attribute("aria-valuemax"), str(len(others) - 1))
        run.locator("details summary").click()
        page.screenshot(path=SHOTS / "tracking-bulk.png")
        run.locator("footer button.btn-primary", has_text="Fermer").click()
        page.locator(".modal").first.wait_for(state="detached")
        page.locator(".o_view_nocontent, .o_nocontent_help").first.wait_for()
        self.assertEqual(
            self.world.sql(
                "SELECT state, count(*) FROM campus_sign_request GROUP BY 1"
            ),
            [("cancelled", COUNT)],
        )
        self.assertEqual(errors, [])

    def cancel_elsewhere(self, document):
        """Cancel one document as a colleague does, in another browser."""
        office = self.school.secretary
        wizard = office.create(
            "campus.sign.cancel",
            {
                "request_ids": [(6, 0, [document.request_id])],
                "reason": "Annulé ailleurs.",
            },
        )
        office.call("campus.sign.cancel", "action_cancel_circuits", [wizard])
