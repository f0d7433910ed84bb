# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Acts start from what is committed; the cursor is the test's own.
# pylint: disable=invalid-commit
import json
from datetime import timedelta

from odoo import fields
from odoo.tests import freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from ..engine.pades import validate
from ..models.campus_sign_authority import aware_now
from .common_sign import SignCase
from .common_visit import VisitCase
from .test_ceremony_http import FRENCH, SignHttpCase
from .test_codes import CodeCase


class BatchSteps:
    """Documents that wait for one person, and the acts of the batch screen."""

    def documents(self, count):
        """Send ``count`` agreements signed by everybody but the establishment."""
        requests = self.env["campus.sign.request"].sudo()
        template = self.small_template("tutor", "establishment")
        for index in range(count):
            start = fields.Date.add(fields.Date.to_date("2027-03-01"), days=40 * index)
            internship = self.new_internship(
                self.here(self.minor if index % 2 else self.adult),
                date_start=start,
                date_end=fields.Date.add(start, days=25),
            )
            requests |= self.send(internship, template)
        return requests

    def finalisable(self, count):
        requests = self.documents(count)
        for request in requests:
            self.sign_all(request, but=["establishment"])
        return requests

    def shown(self, lines):
        return [
            {"signer_id": line.id, "sha256": line.request_id.frozen_sha256}
            for line in lines
        ]

    def open_batch(self, actor, lines, **values):
        summary = self.ceremony._batch_start(
            actor,
            values.get("documents", self.shown(lines)),
            values.get("consents", self.consents),
            self.visual(),
            code=values.get("code", ""),
        )
        self.env.cr.commit()
        return self.env["campus.sign.batch"].browse(summary["batch"])

    def consented(self, request):
        """Return ``(payload, personal part)`` of the establishment's consent."""
        event = request._event_context().filtered(lambda e: e.kind == "consented")[-1:]
        return json.loads(event.payload), request._event_persons()[event.seq]


@tagged("post_install", "-at_install")
class TestBatch(BatchSteps, SignCase):
    def test_head_finalises_several_with_one_consent(self):
        """A121-A127: one consent, one visual, every document its own good signature."""
        requests = self.finalisable(3)
        lines = requests.signer_ids.filtered("finaliser")
        actor = self.actor(lines[0])
        batch = self.open_batch(actor, lines)
        self.assertEqual(set(lines.mapped("status")), {"pending"}, "nothing signed yet")
        summary = self.ceremony._batch_run(actor, batch.id)
        self.assertEqual((summary["left"], summary["state"]), (0, "done"))
        self.assertEqual([one["ok"] for one in summary["results"]], [True] * 3)
        self.assertEqual(set(requests.mapped("state")), {"archived"})
        for request in requests:
            payload, person = self.consented(request)
            self.assertEqual(payload["batch"]["code"], batch.code)
            self.assertEqual(payload["batch"]["documents"], 3)
            self.assertEqual(payload["reading"], "declared")
            self.assertIn("without reserve", payload["declaration"])
            self.assertEqual(payload["document"], request.frozen_sha256)
            self.assertEqual(len(payload["consents"]), 2)
            self.assertEqual(person["ip"], "192.0.2.1")
            root = request.authority_id.certificates["root_cert"]
            content = request._stored_file()
            self.assertTrue(validate(content, [root], now=aware_now()).ok)
            self.assertEqual(self.events(request).count("signed"), 2)
            self.assertIn(batch.code, request.timeline)
        self.assertFalse(batch.visual or batch.ip or batch.agent)

    def test_reading_on_screen_is_recorded_as_such(self):
        requests = self.finalisable(2)
        lines = requests.signer_ids.filtered("finaliser")
        actor = self.actor(lines[0])
        self.ceremony._record_read(actor, lines[0].id, 4, 30)
        batch = self.open_batch(actor, lines)
        batch._run()
        readings = {
            line.id: self.consented(line.request_id)[0]["reading"] for line in lines
        }
        self.assertEqual(readings, {lines[0].id: "recorded", lines[1].id: "declared"})

    def test_a_single_document_of_anybody_else_is_read(self):
        """A095 holds: the batch is no way round the reading of one document."""
        [request] = self.documents(1)
        tutor = self.line(request, "tutor")
        actor = self.actor(tutor)
        with self.refuses("not_read"):
            self.open_batch(actor, tutor)
        self.ceremony._record_read(actor, tutor.id, 4, 30)
        self.open_batch(actor, tutor)._run()
        self.assertEqual(tutor.status, "signed")

    def test_a_tutor_by_link_signs_his_documents(self):
        requests = self.documents(3)
        lines = requests.mapped(lambda r: self.line(r, "tutor"))
        actor = self.actor(lines[0])
        self.assertEqual(actor.channel, "link")
        self.open_batch(actor, lines)._run()
        self.assertEqual(set(lines.mapped("status")), {"signed"})

    def test_what_changed_or_was_cancelled_is_reported_never_signed(self):
        requests = self.finalisable(3)
        lines = requests.signer_ids.filtered("finaliser")
        actor = self.actor(lines[0])
        shown = self.shown(lines)
        shown[1]["sha256"] = "0" * 64
        batch = self.open_batch(actor, lines, documents=shown)
        requests[2].with_user(self.here(self.office))._act_cancel("Erreur")
        batch._run()
        codes = [line.error_code or "signed" for line in batch.line_ids]
        self.assertEqual(codes, ["signed", "changed", "closed"])
        self.assertEqual(
            requests.mapped("state"), ["archived", "to_finalize", "cancelled"]
        )
        self.assertTrue(all(line.message for line in batch.line_ids[1:]))

    def test_two_runs_never_sign_twice(self):
        """Idempotent: the page and the lane, the same click twice, another batch."""
        requests = self.finalisable(2)
        lines = requests.signer_ids.filtered("finaliser")
        actor = self.actor(lines[0])
        batch = self.open_batch(actor, lines)
        self.assertEqual(self.open_batch(actor, lines), batch, "the same click twice")
        batch._run(documents=1)
        self.ceremony._record_read(actor, lines[1].id, 4, 30)
        other = self.open_batch(actor, lines[1])
        other._run()
        batch._run()
        batch._run()
        self.assertEqual(batch.line_ids.mapped("status"), ["signed", "failed"])
        self.assertEqual(batch.line_ids[1].error_code, "already_signed")
        for request in requests:
            self.assertEqual(self.events(request).count("signed"), 2)

    def test_the_lane_goes_on_when_the_page_is_closed(self):
        requests = self.finalisable(2)
        lines = requests.signer_ids.filtered("finaliser")
        batch = self.open_batch(self.actor(lines[0]), lines)
        batch._run(documents=1)
        lane = self.env.ref("campus_sign.cron_batch")
        batches = self.env["campus.sign.batch"].with_context(cron_id=lane.id)
        batches._cron_batch()
        self.assertEqual(batch.state, "running", "the page is still there")
        batch.touched_at = fields.Datetime.now() - timedelta(minutes=2)
        self.env.cr.commit()
        batches._cron_batch()
        self.assertEqual(batch.state, "done")
        self.assertEqual(set(requests.mapped("state")), {"archived"})

    def test_a_consent_expires(self):
        """Nothing is signed long after the act of the person."""
        requests = self.finalisable(2)
        lines = requests.signer_ids.filtered("finaliser")
        actor = self.actor(lines[0])
        batch = self.open_batch(actor, lines)
        batch._run(documents=1)
        with freeze_time(fields.Datetime.now() + timedelta(minutes=61)):
            batch._run()
        self.assertEqual(batch.state, "expired")
        self.assertEqual(batch.line_ids.mapped("status"), ["signed", "failed"])
        self.assertEqual(lines.mapped("status"), ["signed", "pending"])
        self.assertEqual(self.open_batch(actor, lines[1]).state, "running")

    def test_only_the_persons_own_lines_and_batches(self):
        requests = self.finalisable(2)
        heads = requests.signer_ids.filtered("finaliser")
        tutor = self.line(requests[0], "tutor")
        with self.refuses("not_found", 404):
            self.open_batch(self.actor(tutor), heads)
        batch = self.open_batch(self.actor(heads[0]), heads)
        with self.refuses("not_found", 404):
            self.ceremony._batch_run(self.actor(tutor), batch.id)
        self.assertEqual(set(heads.mapped("status")), {"pending"})

    def test_right_lost_meanwhile_signs_nothing(self):
        requests = self.finalisable(2)
        lines = requests.signer_ids.filtered("finaliser")
        batch = self.open_batch(self.actor(lines[0]), lines)
        group = self.env.ref("campus_sign.group_sign")
        self.here(self.head).write({"group_ids": [(3, group.id)]})
        self.env.cr.commit()
        batch._run()
        self.assertEqual(set(batch.line_ids.mapped("error_code")), {"not_yours"})
        self.assertEqual(set(requests.mapped("state")), {"to_finalize"})

    def test_a_deputy_with_many_documents_asks_no_more_questions(self):
        """A deputy's right is read once, not once for each document of the list."""
        deputy = new_test_user(
            self.env,
            "batch-deputy",
            groups="base.group_user,campus_sign.group_sign",
            company_id=self.establishment.id,
            company_ids=[(6, 0, self.establishment.ids)],
        )
        self.settle_identity(deputy)
        today = fields.Date.today()
        self.env["campus.sign.deputy"].create(
            {
                "user_id": self.head.id,
                "deputy_id": deputy.id,
                "company_id": self.establishment.id,
                "date_from": today - timedelta(days=1),
                "date_to": today + timedelta(days=1),
            }
        )
        template = self.small_template("establishment")

        def overview():
            self.env.cr.commit()
            self.env.invalidate_all()
            actor = self.ceremony._actor_from_user(deputy, "192.0.2.1", "test")
            before = self.env.cr.sql_log_count
            found = len(self.ceremony._overview(actor)["documents"])
            return found, self.env.cr.sql_log_count - before

        def send(**values):
            internship = self.new_internship(self.here(self.adult), **values)
            self.queue(internship, template)._process_queued()

        send()
        overview()  # what a process reads once
        one, few = overview()
        for month in (3, 5):
            send(date_start=f"2027-{month:02}-01", date_end=f"2027-{month:02}-26")
        three, many = overview()
        self.assertEqual((one, three), (1, 3))
        self.assertEqual(few, many)

    def test_nobody_reads_or_writes_batches(self):
        names = ("campus.sign.batch", "campus.sign.batch.line")
        for user in (self.head, self.office, self.follower, self.portal):
            for name in names:
                model = self.env[name].with_user(self.here(user))
                for operation in ("read", "write", "create", "unlink"):
                    self.assertFalse(model.has_access(operation), (user.login, name))

    def test_the_button_opens_the_screen_on_the_selection(self):
        """A120."""
        requests = self.finalisable(2)
        head = self.here(self.head)
        action = requests.with_user(head).sudo(False).action_finalise()
        ids = ",".join(map(str, requests.ids))
        self.assertEqual(action["url"], f"/my/sign/batch?documents={ids}")


@tagged("post_install", "-at_install")
class TestBatchCode(BatchSteps, CodeCase):
    """Documents that ask for a code: typed in once, with the consent it belongs to."""

    def test_one_code_for_the_batch(self):
        self.here(self.template).code_method = "email"
        requests = self.documents(2)
        lines = requests.mapped(lambda r: self.line(r, "tutor"))
        actor = self.actor(lines[0])
        with self.refuses("code_missing", 422):
            self.open_batch(actor, lines)
        self.ceremony._request_code(actor, lines.ids)
        code = self.mailed_code()
        with self.refuses("code_wrong", 422):
            self.open_batch(actor, lines, code=f"{(int(code) + 1) % 10**6:06}")
        self.assertFalse(self.env["campus.sign.batch"].search([]))
        batch = self.open_batch(actor, lines, code=code)
        self.assertFalse(self.codes.search([]).signer_ids, "used up")
        batch.line_ids[1].code_method = False
        self.env.cr.commit()
        batch._run()
        statuses = batch.line_ids.mapped(lambda one: one.error_code or one.status)
        self.assertEqual(statuses, ["signed", "code_missing"], "it fails closed")
        event = requests[0]._event_context().filtered(lambda e: e.kind == "consented")
        self.assertEqual(json.loads(event.payload)["code"], "email")
        self.ceremony._record_read(actor, lines[1].id, 4, 30)
        with self.refuses("code_other", 422):
            self.open_batch(actor, lines[1], code=code)


@tagged("post_install", "-at_install")
class TestBatchHost(BatchSteps, VisitCase):
    def test_the_head_of_the_host_lists_and_finalises(self):
        """A convention of another establishment, which he may not read, stands in his
        tracking list and on his screen."""
        request = self.circuit(self.start())
        self.assertTrue(self.sign(self.line(request, "origin"))["ok"])
        head = self.here(self.host_head)
        mine = request.with_user(head).sudo(False)
        mine = mine.with_context(allowed_company_ids=head.company_ids.ids)
        self.assertFalse(mine.company_id.has_access("read"))
        views = mine.get_views([(False, "list"), (False, "form")])
        shown = views["models"]["campus.sign.request"]["fields"]
        self.env.invalidate_all()
        [values] = mine.web_read({name: {} for name in shown})
        self.assertTrue(values["may_finalise"])
        line = self.line(request, "host")
        actor = self.ceremony._actor_from_user(head, "192.0.2.1", "test")
        batch = self.open_batch(actor, line)
        batch._run()
        self.assertEqual((batch.state, request.state), ("done", "archived"))


@tagged("post_install", "-at_install")
class TestBatchHttp(BatchSteps, SignHttpCase):
    def test_screen_of_the_head(self):
        """A120-A126 over HTTP, as the page does it."""
        with self.acting():
            requests = self.finalisable(2)
            ids, lines = requests.ids, requests.signer_ids.filtered("finaliser").ids
        self.authenticate("head", "head")
        wanted = ",".join(map(str, ids))
        page = self.url_open(f"/my/sign/batch?documents={wanted}", headers=FRENCH)
        self.assertTrue(page.url.endswith(f"/sign/batch?documents={wanted}"))
        self.assertIn('id="batch-panel-refuse"', page.text)
        self.assertNotIn("unsafe", page.headers["Content-Security-Policy"])
        self.assertNotIn("web.assets", page.text)
        self.assertNotRegex(page.text, r'(src|href)="(https?:)?//')
        overview = self.post("overview").json()
        self.assertIsNone(overview["batch"])
        documents = [
            {"signer_id": one["signer_id"], "sha256": one["sha256"]}
            for one in overview["documents"]
        ]
        self.assertEqual({one["signer_id"] for one in documents}, set(lines))
        file = self.url_open(f"/sign/file/{lines[0]}")
        self.assertEqual(file.headers["Content-Type"], "application/pdf")
        consents = {one["code"]: one["version"] for one in overview["consents"]}
        body = {
            "documents": documents,
            "consents": consents,
            "visual": self.visual(),
        }
        with mute_logger("odoo.http"):
            half = {**body, "consents": {"terms": consents["terms"]}}
            self.assertRefused(self.post("batch_start", half), 422, "consent")
            bad = {**body, "documents": [{"signer_id": "1", "sha256": "x"}]}
            self.assertRefused(self.post("batch_start", bad), 400)
        started = self.post("batch_start", body).json()
        self.assertEqual(started["left"], 2)
        self.assertEqual(self.post("overview").json()["batch"]["left"], 2)
        summary = self.post("batch_run", {"batch": started["batch"]}).json()
        self.assertEqual((summary["state"], summary["left"]), ("done", 0))
        self.assertEqual([one["ok"] for one in summary["results"]], [True, True])

    def test_refusing_several_with_a_reason(self):
        """A121 « À Refuser »: each refusal is an act of its own."""
        with self.acting():
            requests = self.documents(2)
            lines = [self.line(request, "tutor").id for request in requests]
            tutor = self.line(requests[0], "tutor")
            token = requests[0]._link_of(tutor)._mint()
        self.assertEqual(self.post("open", {"token": token}).status_code, 200)
        for line in lines:
            refusal = {"signer_id": line, "reason": "Ce ne sont pas nos stagiaires"}
            self.assertEqual(self.post("refuse", refusal).status_code, 200)
        with self.acting():
            self.assertEqual(set(self.here(requests).mapped("state")), {"refused"})

    def test_quitting_leads_back_to_where_the_account_works(self):
        """A126: the head came from the tracking list, a family from its account."""
        for login, place in (
            ("head", "/odoo/campus-signatures"),
            ("portal-emma", "/my"),
        ):
            with self.subTest(login=login):
                self.authenticate(login, login)
                page = self.url_open("/sign/batch").text
                self.assertEqual(page.count(f'href="{place}"'), 2)

    def test_the_selection_is_ids_and_nothing_else(self):
        self.authenticate("head", "head")
        for query in ("1,2&x=1", "1;drop", "https://evil.example", ""):
            page = self.url_open(f"/my/sign/batch?documents={query}")
            self.assertEqual(page.status_code, 200)
            self.assertNotIn("evil", page.url)
