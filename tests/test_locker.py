# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Acts start from what is committed; the cursor is the test's own.
# pylint: disable=invalid-commit
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common_sign import SignCase
from .test_ceremony_http import FRENCH, SignHttpCase


@tagged("post_install", "-at_install")
class TestLocker(SignCase):
    """Who receives the final file (A042-A047, A130, invariant 10)."""

    def owners(self, student, **options):
        """Archive a short document; return ``{partner: reason}`` of its lockers."""
        template = self.small_template("tutor", "establishment")
        template.write(
            {
                "publish_student": False,
                "publish_guardians": False,
                "publish_recipient": False,
                **options,
            }
        )
        self.env.cr.commit()
        request = self.send(self.new_internship(self.here(student)), template)
        self.archive(request)
        self.request = request
        return {one.partner_id: one.reason for one in request.locker_ids}

    def test_who_sees_what(self):
        """The whole matrix: minor or adult, each box ticked or not."""
        guardian = self.env["campus.guardianship"].create(
            {
                "student_id": self.adult.id,
                "name": "DUVAL Sophie",
                "email": "sophie.duval@famille.example.net",
                "relation": "mother",
            }
        )
        self.env.cr.commit()
        signers = {self.tutor.id, self.head.partner_id.id}
        minor, adult = self.minor.partner_id.id, self.adult.partner_id.id
        parents = {self.mother.id, self.father.id}
        adult_parents = {guardian.partner_id.id}
        for student, options, expected in (
            (self.minor, [], set()),
            (self.minor, ["student"], {minor} | parents),
            (self.minor, ["guardians"], parents),
            (self.minor, ["recipient"], None),
            (self.adult, [], set()),
            # An adult's parents see nothing because he does (invariant 10) …
            (self.adult, ["student"], {adult}),
            # … unless the box says so.
            (self.adult, ["guardians"], adult_parents),
            (self.adult, ["student", "guardians"], {adult} | adult_parents),
        ):
            with self.subTest(student=student.name, options=options):
                found = self.owners(
                    student, **{f"publish_{name}": True for name in options}
                )
                if expected is None:
                    expected = set(self.request.recipient_id.ids)
                self.assertEqual({p.id for p in found}, signers | expected)

    def test_shared_mark_once_in_a_locker(self):
        """A129, A130: nothing is shared before the end."""
        request = self.send(template=self.small_template("tutor", "establishment"))
        self.assertFalse(request.shared_mark or request.locker_ids)
        self.sign_all(request)
        self.assertFalse(request.locker_ids, "archived, not sealed yet")
        request._seal()
        self.assertEqual(request.shared_mark, "🌐")
        request.locker_ids.published = False
        self.assertFalse(request.shared_mark)
        lockers = self.env["campus.locker.document"].sudo()
        mine = request.locker_ids[0]
        self.assertIsNone(lockers._open(mine.partner_id, mine.id), "withdrawn")

    def test_nature_of_the_template_when_it_was_sent(self):
        """A142, A048: a nature made by the office; older documents keep theirs."""
        office = self.here(self.office)
        natures = self.env["campus.sign.nature"].with_user(office)
        nature = natures.create({"name": "Stage"})
        template = self.small_template("tutor", "establishment")
        before = self.send(template=template)
        template.with_user(office).nature_id = nature
        self.env.cr.commit()
        after = self.send(self.new_internship(self.here(self.adult)), template)
        for request in before | after:
            self.archive(request)
        self.assertNotEqual(before.locker_ids.nature_id, nature)
        self.assertEqual(after.locker_ids.nature_id, nature)

    def test_back_office_locker(self):
        """« Casier numérique » of the office: filters, and the right to open."""
        request = self.archive(
            self.send(template=self.small_template("tutor", "establishment"))
        )
        follower = self.here(self.follower)
        lockers = self.env["campus.locker.document"].with_user(follower)
        found = lockers.search(
            [
                ("student_id", "=", self.minor.id),
                ("school_year_id", "=", self.year.id),
                ("name", "ilike", "Emma"),
            ]
        )
        self.assertEqual(found, lockers.search([("request_id", "=", request.id)]))
        url = found[0].action_open()["url"]
        self.assertEqual(url, f"/campus_sign/request/{request.id}/document.pdf")
        self.assertEqual(found[0].action_open_request()["res_id"], request.id)
        for operation in ("write", "create", "unlink"):
            self.assertFalse(lockers.has_access(operation))


@tagged("post_install", "-at_install")
class TestLockerHttp(SignHttpCase):
    def archived(self, student=None):
        with self.acting():
            template = self.small_template("tutor", "establishment")
            template.publish_student = True
            self.env.cr.commit()
            internship = self.new_internship(self.here(student or self.minor))
            request = self.archive(self.send(internship, template))
            return request.id, {o.partner_id.id: o.id for o in request.locker_ids}

    def account(self, partner, login):
        user = new_test_user(self.env, login, "base.group_portal")
        partner.write({"user_ids": [(4, user.id)]})
        user.write({"partner_id": partner.id})
        return user

    def test_notification_until_it_is_opened(self):
        """A131, A143: on every page of the portal, besides the widget and the mail."""
        _request, lockers = self.archived()
        self.authenticate("portal-emma", "portal-emma")
        home = self.url_open("/my", headers=FRENCH).text
        self.assertIn("o_campus_new_documents", home)
        mine = lockers[self.minor.partner_id.id]
        page = self.url_open("/my/documents", headers=FRENCH).text
        self.assertIn("text-bg-info", page)
        self.assertEqual(self.url_open(f"/my/documents/{mine}").status_code, 200)
        self.assertNotIn("o_campus_new_documents", self.url_open("/my").text)
        with self.acting():
            self.tell()
            mails = self.env["mail.mail"].sudo().search([])
            self.assertIn(self.tutor.email, mails.mapped("email_to"))

    @mute_logger("odoo.http")
    def test_published_without_signature_on_the_portal(self):
        """A025: in « Mes documents », opened by its owner only."""
        with self.acting():
            template = self.here(self.template).copy({"name": "Note aux familles"})
            template.category_id.can_publish = True
            template.write({"sharing": "publish", "publish_student": True})
            internship = self.here(self.internship).with_user(self.here(self.office))
            context = internship.action_send_for_signature()["context"]
            wizard = internship.env["campus.sign.send"].with_context(**context)
            wizard.create(
                {"output": "publish", "template_id": template.id}
            ).action_send()
            self.env.cr.commit()
            self.env["campus.sign.request"]._cron_queue()
            lockers = self.env["campus.locker.document"].search(
                [("name", "like", "Note aux familles")]
            )
            found = {one.partner_id.id: one.id for one in lockers}
        mine = found[self.minor.partner_id.id]
        self.authenticate("portal-emma", "portal-emma")
        self.assertIn("o_campus_new_documents", self.url_open("/my").text)
        page = self.url_open("/my/documents", headers=FRENCH).text
        self.assertIn("Note aux familles", page)
        self.assertIn(f"/my/documents/{mine}", page)
        self.assertNotIn(f"/my/documents/{mine}/attestation.pdf", page)
        answer = self.url_open(f"/my/documents/{mine}")
        self.assertEqual(answer.headers["Content-Type"], "application/pdf")
        self.assertTrue(answer.content.startswith(b"%PDF-"))
        other = found[self.mother.id]
        self.assertEqual(self.url_open(f"/my/documents/{other}").status_code, 404)

    @mute_logger("odoo.http")
    def test_matrix_of_who_opens_what(self):
        """Invariant 10, by every door: account, personal link, office.

        A minor's circuit, published to the student; an optional signer let it close
        without him. First half signed, then archived, withdrawn from one locker, and
        with a link that is over; beside it a circuit that was cancelled half signed.
        """
        new_test_user(self.env, "plain", "base.group_user")
        iut = self.env["res.company"].create({"name": "IUT"})
        new_test_user(
            self.env,
            "elsewhere",
            "campus_sign.group_follow",
            company_id=iut.id,
            company_ids=[(6, 0, iut.ids)],
        )
        self.account(self.mother, "portal-mother")
        self.account(self.tutor, "portal-tutor")
        self.account(self.teacher, "portal-teacher")
        self.account(self.company_head, "portal-stranger")
        accounts = {
            "portal-emma": self.minor.partner_id.id,
            "portal-mother": self.mother.id,
            "portal-tutor": self.tutor.id,
            "portal-teacher": self.teacher.id,
            "portal-stranger": self.company_head.id,
            "head": self.head.partner_id.id,
            "follower": self.follower.partner_id.id,
            "plain": None,
            "elsewhere": None,
        }
        with self.acting():
            template = self.small_template(
                "student", "tutor", "teacher", "establishment"
            )
            template.publish_student = True
            optional = template.signer_ids.filtered(lambda s: s.role_code == "teacher")
            optional.mandatory = False
            self.env.cr.commit()
            request, other = (
                self.send(self.new_internship(self.here(self.minor), **dates), template)
                for dates in (
                    {},
                    {"date_start": "2027-03-01", "date_end": "2027-03-26"},
                )
            )
            for one in (request, other):
                self.sign(self.line(one, "student"))
            other.with_user(self.here(self.office)).sudo(False)._act_cancel("Erreur")
            number, dead, frozen = request.id, other.id, request._frozen_file()
            dead_line = self.line(other, "tutor").id
            lines = {role: self.line(request, role) for role in ("tutor", "teacher")}
            tokens = {r: request._link_of(line)._mint() for r, line in lines.items()}
            lines = {role: line.id for role, line in lines.items()}
        self.assertEqual(self.opened(accounts, number, dead), {"follower", "head"})
        for role, token in tokens.items():
            # What they are to sign: sealed, without the signature already given.
            self.assertEqual(self.by_link(token, number), set())
            self.assertEqual(self.url_open(f"/sign/file/{lines[role]}").content, frozen)
            refused = self.url_open(f"/sign/file/{dead_line}")
            self.assertRefused(refused, 409 if role == "tutor" else 404)
        with self.acting():
            request = self.here(self.env["campus.sign.request"]).browse(number).sudo()
            self.sign_all(request, but=["teacher"])
            request._seal()
            final = request._stored_file()
            owners = {one.partner_id.id: one.id for one in request.locker_ids}
        mine = {"portal-emma", "portal-mother", "portal-tutor", "head", "follower"}
        self.assertEqual(self.opened(accounts, number, dead), mine)
        self.assertEqual(set(owners) - set(accounts.values()), {self.father.id})
        self.assertEqual(self.by_link(tokens["tutor"], number), {owners[self.tutor.id]})
        own = self.url_open(f"/sign/final/{owners[self.tutor.id]}")
        self.assertEqual(own.content, final)
        self.assertEqual(self.by_link(tokens["teacher"], number), set())
        with self.acting():
            lockers = self.env["campus.locker.document"].sudo()
            lockers.browse(owners[self.mother.id]).published = False
            links = self.env["campus.sign.link"].sudo()
            links.search([("partner_id", "=", self.tutor.id)]).write(
                {"expires_at": "2020-01-01 00:00:00"}
            )
        self.assertEqual(self.opened(accounts, number, dead), mine - {"portal-mother"})
        self.authenticate(None, None)
        self.assertRefused(self.post("open", {"token": tokens["tutor"]}), 410)

    def opened(self, accounts, number, dead):
        """Return the logins that open document ``number`` by any address of theirs.

        Lists and files must agree; nobody opens ``dead`` but the office.
        """
        with self.acting():
            lockers = self.env["campus.locker.document"].sudo().search([])
            self.assertFalse(lockers.filtered(lambda one: one.request_id.id == dead))
            owner_of = {one.id: one.partner_id.id for one in lockers}
        found = set()
        for login, partner in accounts.items():
            self.authenticate(login, login)
            office = login in ("follower", "head")
            for one in (number, dead):
                answer = self.url_open(f"/campus_sign/request/{one}/document.pdf")
                self.assertEqual(answer.status_code, 200 if office else 404, login)
            found |= {login} if office else set()
            page = self.url_open("/my/documents").text
            for locker, owner in owner_of.items():
                status = self.url_open(f"/my/documents/{locker}").status_code
                self.assertIn(status, (200, 404) if owner == partner else (404,), login)
                self.assertEqual(f'/my/documents/{locker}"' in page, status == 200)
                found |= {login} if status == 200 else set()
        return found

    def by_link(self, token, number):
        """Return the locker ids a personal link shows, all it opens."""
        self.authenticate(None, None)
        self.assertEqual(self.post("open", {"token": token}).status_code, 200)
        shown = {o["locker_id"] for o in self.post("overview").json()["archives"]}
        with self.acting():
            lockers = self.env["campus.locker.document"].sudo()
            every = lockers.search([("request_id", "=", number)]).ids
        for locker in every:
            status = self.url_open(f"/sign/final/{locker}").status_code
            self.assertEqual(status, 200 if locker in shown else 404)
        return shown

    def test_to_sign_is_told_on_every_page(self):
        self.sent()
        self.authenticate("portal-emma", "portal-emma")
        for path in ("/my/documents", "/my/account"):
            self.assertIn("o_campus_to_sign", self.url_open(path).text, path)
        home = self.url_open("/my").text
        self.assertNotIn("o_campus_to_sign", home, "said once, by its card")
        self.assertEqual(home.count('href="/my/documents/to-sign"'), 1)

    @mute_logger("odoo.http")
    def test_filters_and_pages(self):
        """A132: by student, nature, year, words; twenty to a page."""
        self.account(self.tutor, "portal-kevin")
        _one, first = self.archived()
        _two, second = self.archived(self.adult)
        with self.acting():
            lockers = self.env["campus.locker.document"].sudo()
            owner = self.here(self.tutor)
            found = lockers._for_partner(owner, student=self.minor.id)
            self.assertEqual(found["documents"].ids, [first[owner.id]])
            self.assertEqual(len(found["students"]), 2)
            page = lockers._for_partner(owner, limit=1, offset=1)
            self.assertEqual((len(page["documents"]), page["total"]), (1, 2))
        self.authenticate("portal-kevin", "portal-kevin")
        page = self.url_open(f"/my/documents?student={self.minor.id}").text
        self.assertIn(f'/my/documents/{first[self.tutor.id]}"', page)
        self.assertNotIn(f'/my/documents/{second[self.tutor.id]}"', page)
        for locker in (*first.values(), *second.values()):
            mine = locker in (first[self.tutor.id], second[self.tutor.id])
            answer = self.url_open(f"/my/documents/{locker}")
            self.assertEqual(answer.status_code, 200 if mine else 404)
