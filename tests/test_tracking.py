# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Acts start from what is committed; the cursor is the test's own.
# pylint: disable=invalid-commit
import hashlib
import json
from datetime import timedelta
from unittest.mock import patch

from lxml import etree

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools.translate import code_translations

from ..models import campus_sign_request_track as track
from ..models.gate import unlocked
from .common_sign import SignCase

OPEN = ["queued", "failed", "waiting", "finalizable", "to_finalize"]

# The exact words of the action bar, in French (A111).
FOLLOW = {
    "Consulter les documents",
    "Imprimer les documents",
    "Télécharger les documents",
}
SEND = {
    "Annuler les parcours",
    "Relancer les signataires",
    "Partager les documents",
    "Supprimer les documents",
}
FINALISE = {"Finaliser les documents"}


@tagged("post_install", "-at_install")
class TestTracking(SignCase):
    """The list of A109-A115: columns, marks, counters, filters, live changes."""

    def requests(self, user=None):
        user = self.here(user or self.office)
        return self.env["campus.sign.request"].with_user(user).sudo(False)

    def copies(self, request, count):
        """Return circuits made by hand, as many as a page needs."""
        vals = request.copy_data()[0]
        lines = [line.copy_data()[0] for line in request.signer_ids]
        made = unlocked(request.sudo()).browse()
        for index in range(count):
            made |= unlocked(request.sudo()).create(
                {
                    **vals,
                    "code": f"C{index:015d}",
                    "name": f"{request.name} {index}",
                    "res_id": request.res_id + 1 + index,
                    "state": "waiting",
                    "phase": "open",
                    "sent_at": request.sent_at,
                    "attachment_id": False,
                    "signer_ids": [
                        (0, 0, {k: v for k, v in line.items() if k != "request_id"})
                        for line in lines
                    ],
                }
            )
        self.env.flush_all()
        return made

    def test_both_menus_open_the_list_with_the_open_states_ticked(self):
        """A109, A110."""
        for xmlid, domain in (
            ("campus_sign_request_action", False),
            ("campus_sign_request_internship_action", "campus.internship"),
        ):
            with self.subTest(action=xmlid):
                action = self.env.ref(f"campus_sign.{xmlid}")
                self.assertIn(str(OPEN), action.context)
                self.assertTrue(action.view_mode.startswith("list,kanban,form,graph"))
                self.assertEqual(bool(action.domain), bool(domain))
                self.assertTrue(
                    self.env["ir.ui.menu"].search(
                        [("action", "=", f"ir.actions.act_window,{action.id}")]
                    )
                )

    def test_the_nine_actions_in_french_for_who_holds_the_right(self):
        """A111: each role sees the buttons of its right, and no other's; the cards,
        which a phone shows first, offer them too.
        """
        self.env["res.lang"]._activate_lang("fr_FR")
        module = self.env.ref("base.module_campus_sign")
        module._update_translations(["fr_FR"])
        every = FOLLOW | SEND | FINALISE
        for user, expected in (
            (self.follower, FOLLOW),
            (self.office, FOLLOW | SEND),
            (self.head, FOLLOW | FINALISE),
        ):
            with self.subTest(user=user.login):
                requests = self.requests(user).with_context(lang="fr_FR")
                views = requests.get_views([(False, "list"), (False, "kanban")])
                buttons, cards = (
                    etree.fromstring(views["views"][kind]["arch"]).xpath(
                        "/*/header/button"
                    )
                    for kind in ("list", "kanban")
                )
                self.assertEqual(
                    {button.get("string") for button in buttons} & every, expected
                )
                self.assertEqual(
                    [etree.tostring(button) for button in cards],
                    [etree.tostring(button) for button in buttons],
                )
                for button in buttons:
                    if button.get("type") == "object":
                        self.assertTrue(hasattr(requests, button.get("name")))
        web = code_translations.get_web_translations("campus_sign", "fr_FR")
        terms = {one["id"]: one["string"] for one in web["messages"]}
        self.assertEqual(terms["Refresh"], "Actualiser")

    def test_every_column_of_the_guide(self):
        """A112: shown, or one click away."""
        arch = self.requests().get_view(
            self.env.ref("campus_sign.campus_sign_request_view_list").id, "list"
        )["arch"]
        for name in (
            "sent_at recipient_id student_id promotion_id template_name category_id "
            "state signature_count shared_mark signer_marks signer_1 signer_4"
        ).split():
            with self.subTest(column=name):
                self.assertIn(f'name="{name}"', arch)

    def test_marks_say_who_did_what_and_when(self):
        """A115."""
        request = self.send()
        self.sign(self.line(request, "student"))
        first, second, *_rest = request.with_user(self.here(self.office)).signer_marks
        self.assertEqual(
            (first["mark"], first["name"], first["status"]),
            ("✓", "MARTIN Emma", "Signed"),
        )
        self.assertRegex(first["when"], r"^\d\d/\d\d/\d{4} \d\d:\d\d$")
        self.assertEqual((second["mark"], second["when"]), ("⌚", ""))
        self.assertTrue(second["role"])

    def glance(self, request):
        """Return what the office reads under the marks, as it is now."""
        shown = request.with_user(self.here(self.office)).sudo(False)
        shown.invalidate_recordset(["signer_marks", "held_up_by"])
        return shown.held_up_by, {one["name"]: one for one in shown.signer_marks}

    def test_a_row_says_who_is_awaited_since_when_and_how_often_reminded(self):
        """A112, A115: what blocks is read, not looked for."""
        request = self.send()
        request._cron_notify()
        lines = request._may_sign_now()
        names = ", ".join(lines[:2].mapped("name"))
        words, marks = self.glance(request)
        self.assertEqual(words, f"{names} + {len(lines) - 2} · since today")
        self.assertTrue(marks[lines[0].name]["turn"])
        self.assertIn("told on ", marks[lines[0].name]["told"])
        head = request.signer_ids.filtered("finaliser")
        self.assertEqual(
            (marks[head.name]["turn"], marks[head.name]["told"]),
            (False, "not his turn yet"),
        )
        for line in lines:
            unlocked(line).write(
                {
                    "notified_at": line.notified_at - timedelta(days=6),
                    "reminder_count": 2,
                }
            )
        self.assertIn(" · for 6 day(s) · 2 reminders", self.glance(request)[0])
        tutor = self.line(request, "tutor")
        unlocked(tutor).disowned_at = "2026-01-01 00:00:00"
        words, marks = self.glance(request)
        self.assertTrue(words.startswith(f"{tutor.name} (not this person), "), words)
        self.assertEqual(marks[tutor.name]["trouble"], "not this person")

    def test_an_optional_signer_is_not_what_blocks(self):
        request = self.send()
        tutor = self.line(request, "tutor")
        unlocked(tutor).mandatory = False
        for line in request._may_sign_now() - tutor:
            self.sign(line)
        self.assertEqual(request.state, "finalizable")
        head = request.signer_ids.filtered("finaliser")
        self.assertEqual(self.glance(request)[0], head.name)

    def test_a_closed_row_says_why(self):
        request = self.send()
        names = request._may_sign_now()[:2].mapped("name")
        unlocked(request).deadline = fields.Datetime.now() - timedelta(days=1)
        self.env.cr.commit()
        request._cron_deadlines()
        self.assertEqual(request.state, "expired")
        self.assertTrue(self.glance(request)[0].startswith(", ".join(names)))
        cancelled = self.send(self.new_internship(self.here(self.adult)))
        cancelled.with_user(self.here(self.office)).sudo(False)._act_cancel("Moved.")
        self.assertEqual(self.glance(cancelled)[0], "Moved.")
        refused = self.send(self.new_internship(self.minor))
        tutor = self.line(refused, "tutor")
        refused._act_refuse(tutor, self.actor(tutor), "Wrong dates.")
        self.assertEqual(
            self.glance(refused)[0],
            f"{tutor.name} ({tutor.role_name}) refused: Wrong dates.",
        )

    def test_counts_by_state_ignore_the_ticks_and_keep_the_other_filters(self):
        """A109: filters by state with counts."""
        waiting = self.send()
        self.archive(self.send(self.new_internship(self.here(self.adult))))
        panel = self.requests().search_panel_select_multi_range(
            "state",
            enable_counters=True,
            expand=True,
            search_domain=[],
            category_domain=[],
            filter_domain=[],
            group_domain=[],
        )
        counts = {one["id"]: one["__count"] for one in panel["values"]}
        self.assertEqual(list(counts), [state for state, _label in track.STATES])
        self.assertEqual((counts["waiting"], counts["archived"]), (1, 1))
        self.assertEqual(counts["refused"], 0)
        mine = self.requests()._bounded_state_counts(
            [("student_id", "=", waiting.student_id.id)]
        )
        self.assertEqual(mine, {"waiting": 1})

    def test_counts_are_bounded_on_screens_and_exact_in_reports(self):
        self.copies(self.send(), 4)
        with patch.object(track, "COUNT_BOUND", 3):
            groups = self.requests().web_read_group([], ["state"], ["__count"])
            self.assertEqual([g["__count"] for g in groups["groups"]], [3])
            rows = self.requests()._read_group([], ["state"], ["__count"])
            self.assertEqual(rows, [("waiting", 5)])

    def test_counts_keep_to_the_establishment(self):
        self.send()
        other = self.env["res.company"].create({"name": "Lycée des Ormes"})
        stranger = self.env["res.users"].create(
            {
                "name": "Autre bureau",
                "login": "other-office",
                "company_id": other.id,
                "company_ids": [(6, 0, other.ids)],
                "group_ids": [(4, self.env.ref("campus_sign.group_send").id)],
            }
        )
        theirs = self.env(user=stranger, context={}, su=False)["campus.sign.request"]
        self.assertFalse(theirs._bounded_state_counts([]))
        self.assertFalse(theirs.search([]))

    def test_a_page_costs_the_same_with_ten_rows_or_eighty(self):
        specification = {
            name: {}
            for name in (
                "sent_at state signature_count shared_mark signer_marks held_up_by "
                "is_overdue template_name"
            ).split()
        } | {
            name: {"fields": {"display_name": {}}}
            for name in ("recipient_id", "student_id", "promotion_id", "category_id")
        }
        self.copies(self.send(), 90)
        requests = self.requests()

        def queries(limit):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            page = requests.web_search_read(
                [("state", "in", OPEN)], specification, limit=limit, count_limit=1001
            )
            self.assertEqual(len(page["records"]), limit)
            return self.env.cr.sql_log_count - before

        queries(80)
        self.assertEqual(queries(10), queries(80))
        self.assertLess(queries(80), 30)

    def test_what_waits_for_me(self):
        request = self.send()
        head = self.requests(self.head)
        mine = [("waits_for_me", "=", True)]
        self.assertEqual(head.search(mine), request)
        self.assertTrue(head.browse(request.id).waits_for_me)
        self.assertFalse(self.requests().search(mine))
        self.assertEqual(
            self.requests().search([("waits_for_me", "=", False)]).ids, request.ids
        )

    def test_overdue_expired_and_failed_are_filters(self):
        request = self.send()
        unlocked(request).write({"deadline": "2026-01-01 00:00:00"})
        search = self.env.ref("campus_sign.campus_sign_request_view_search").arch
        self.assertIn('name="overdue"', search)
        self.assertIn('enable_counters="1"', search)
        self.assertTrue(request.is_overdue)

    def test_an_act_tells_the_open_lists(self):
        """Live update: ids and nothing else, to those who may follow."""
        request = self.send()
        bus = self.env["bus.bus"].sudo()
        before = bus.search([], order="id desc", limit=1).id
        self.sign(self.line(request, "student"))
        sent = bus.search([("id", ">", before)])
        told = [json.loads(one.message) for one in sent]
        told = [one for one in told if one["type"] == "campus_sign/changed"]
        self.assertTrue(told)
        self.assertEqual(told[0]["payload"], {"ids": request.ids})
        group = self.env.ref("campus_sign.group_follow")
        self.assertIn(f'"res.groups",{group.id}', sent[0].channel.replace(" ", ""))

    def test_consult_goes_through_the_documents_ticked(self):
        """A111, A134."""
        request = self.send()
        action = request.with_user(self.here(self.follower)).action_consult()
        self.assertEqual(action["params"]["ids"], request.ids)
        stranger = new_test_user(self.env, "nobody", "base.group_user")
        with self.assertRaises(UserError):
            request.with_user(stranger).sudo(False).action_consult()

    def test_a_link_is_sent_again_and_never_read(self):
        """Nothing a person may read holds a personal link, nor what it is known by."""
        request = self.send()
        self.env["campus.sign.request"]._cron_notify()
        mail = self.env["mail.mail"].search([("email_to", "=", self.tutor.email)])
        [outgoing] = mail._prepare_outgoing_list()
        token = outgoing["body"].split("/sign#")[1].split('"')[0]
        self.assertTrue(self.ceremony._open_link(token, "", ""))
        self.env.cr.commit()
        known = self.env["campus.sign.link"].sudo().search([])
        self.assertTrue(known)
        admin = new_test_user(
            self.env,
            "super",
            "campus_sign.group_admin",
            company_id=request.company_id.id,
            company_ids=[(6, 0, request.company_id.ids)],
        )
        self.env.cr.commit()
        for user in (self.here(self.office), admin):
            with self.subTest(user=user.login):
                requests = self.requests(user)
                links = requests.env["campus.sign.link"]
                with self.assertRaises(AccessError):
                    links.search([])
                with self.assertRaises(AccessError):
                    known[:1].with_env(requests.env).read()
                mine = requests.browse(request.id)
                seen = str(
                    [mine.read(), mine.signer_ids.read(), mine.message_ids.read()]
                )
                self.assertIn(request.code, seen)
                for secret in (token, hashlib.sha256(token.encode()).hexdigest()):
                    self.assertNotIn(secret, seen)
                self.assertNotIn("/sign#", seen)

    def test_from_a_signer_to_his_record(self):
        request = self.send()
        user = self.here(self.follower)
        student = self.line(request, "student").with_user(user).action_open_person()
        self.assertEqual(student["res_model"], "campus.student")
        tutor = self.line(request, "tutor").with_user(user).action_open_person()
        self.assertEqual(
            (tutor["res_model"], tutor["res_id"]), ("res.partner", self.tutor.id)
        )
