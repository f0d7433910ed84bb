# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The history of sendings in Chromium: it follows by itself, and acts on many."""

from devtools.play.browser import until
from devtools.play.school import SECRETARY

from .world import SHOTS, BrowserCase

PATIENCE_MS = 90_000
# Below the thirty seconds after which a list without messages reads itself again.
LIVE_MS = 20_000
COUNT = 14
PHONE = {"width": 390, "height": 844}


class TestTracking(BrowserCase):
    # One process: the messages of the server come by the same port as the pages.
    workers = 0
    # No lane: the documents wait for the server, and the office takes them back.
    max_cron_threads = 0

    def test_the_list_follows_and_many_are_cancelled(self):
        """A109, A111, A139: live without « Actualiser », progress, each result."""
        school = self.school
        known = school.queue(school.enrol(COUNT))
        first, *others = known
        page, errors = self.history({"width": 1280, "height": 900})
        rows = page.locator(".o_data_row")
        rows.nth(COUNT - 1).wait_for(timeout=PATIENCE_MS)
        page.wait_for_timeout(2000)  # the browser subscribes to the messages

        self.cancel_elsewhere(first)
        rows.nth(COUNT - 1).wait_for(state="detached", timeout=LIVE_MS)
        self.assertEqual(rows.count(), len(others))
        self.on_the_second_page(page, others.pop())

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
                "SELECT state, count(*) FROM campus_sign_request"
                " WHERE id = ANY(%s) GROUP BY 1",
                [one.request_id for one in known],
            ),
            [("cancelled", COUNT)],
        )
        self.assertEqual(errors, [])

    def test_a_phone_acts_on_what_is_ticked(self):
        """A111, A115: cards, their actions, and a document that fits the screen."""
        [document] = self.school.queue(self.school.enrol(1))
        self.addCleanup(self.cancel_elsewhere, document)
        page, errors = self.history(PHONE, has_touch=True, is_mobile=True)
        card = page.locator(".o_kanban_record", has=page.locator(".o_campus_mark"))
        card.first.wait_for()
        card.first.evaluate(
            """card => {
                const { x, y } = card.getBoundingClientRect();
                const touch = new Touch({
                    identifier: 1, target: card, clientX: x + 9, clientY: y + 9,
                });
                card.dispatchEvent(
                    new TouchEvent("touchstart", {
                        touches: [touch], changedTouches: [touch], bubbles: true,
                    })
                );
            }"""
        )
        page.locator(".o_record_selected").wait_for()
        page.locator(".o_campus_more_toggle").click()
        page.screenshot(path=SHOTS / "tracking-phone-actions.png")
        page.locator(".o_campus_more_actions button", has_text="Annuler").click()
        page.locator(".modal [name=reason]").wait_for()
        self.assertFits(page, ".modal-body")
        page.locator(".modal-footer button", has_text="Retour").click()
        page.locator(".modal").first.wait_for(state="detached")
        page.goto(
            f"{self.world.server.url}/odoo/campus-signatures/{document.request_id}"
        )
        signers = page.locator(".o_campus_signers .o_kanban_record")
        signers.first.locator(".fa-address-card-o").wait_for()
        page.screenshot(path=SHOTS / "tracking-phone-document.png")
        self.assertFits(page, "[name=signer_ids] .o_renderer")
        self.assertEqual(errors, [])

    def history(self, viewport, **options):
        """Open « Historique des envois » as the secretary; return page and errors."""
        page = self.chromium.new_page(locale="fr-FR", viewport=viewport, **options)
        self.addCleanup(page.close)
        page.set_default_timeout(PATIENCE_MS)
        errors = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{self.world.server.url}/web/login?redirect=/odoo/campus-signatures")
        page.fill("input[name=login]", SECRETARY[0])
        page.fill("input[name=password]", SECRETARY[1])
        page.locator("form.oe_login_form button[type=submit]").click()
        return page, errors

    def assertFits(self, page, selector):
        """Nothing of the part of the page is reached by scrolling sideways only."""
        wider = page.locator(selector).first.evaluate(
            "part => part.scrollWidth - part.clientWidth"
        )
        self.assertLessEqual(wider, 0, selector)

    def on_the_second_page(self, page, document):
        """Whoever reads further down is not thrown back to the first page, and keeps
        what he ticked and the focus of his keyboard.
        """
        pager = page.locator(".o_pager_value")
        pager.click()
        page.locator("input.o_pager_value").fill("6-10")
        page.keyboard.press("Enter")
        total = page.locator(".o_pager_limit")
        rows = page.locator(".o_data_row")
        rows.nth(5).wait_for(state="detached")
        before = int(total.inner_text())
        rows.nth(3).locator(".o_list_record_selector input").check()
        name = rows.nth(3).inner_text()
        rows.nth(3).locator(".o_campus_mark").nth(1).focus()
        self.cancel_elsewhere(document)
        until(lambda: int(total.inner_text()) == before - 1, LIVE_MS / 1000)
        self.assertEqual(pager.inner_text(), "6-10")
        self.assertEqual(page.locator(".o_data_row_selected").all_inner_texts(), [name])
        focused = page.locator(".o_data_row_selected .o_campus_mark:focus")
        self.assertEqual(focused.count(), 1)
        page.locator(".o_unselect_all").click()
        pager.click()
        page.locator("input.o_pager_value").fill("1-80")
        page.keyboard.press("Enter")
        rows.nth(before - 2).wait_for()

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
