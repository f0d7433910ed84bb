# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Many people at the same moment, on a server of four workers."""

from concurrent.futures import ThreadPoolExecutor

from devtools.play.browser import Signer, until

from .world import LiveCase, at_once

ROLES = ("student", "guardian", "guardian2", "tutor", "company_head", "teacher")


class TestSigningAtOnce(LiveCase):
    workers = 4

    def test_six_signers_of_one_document(self):
        """Given six signers of one document, when all press « Signer » at the same
        moment, then six signatures are in the file and all of them are good."""
        template = self.school.template_for_all_guardians()
        [document] = self.send(1, guardians=2, template_id=template)
        acts = [self.ready(document, role) for role in ROLES]
        for results in at_once(acts):
            self.assertNotIsInstance(results, Exception, results)
            self.assertSigned(results)
        state, fields, _lengths = self.world.stored(document)
        self.assertEqual((state, len(fields)), ("to_finalize", 6))
        self.assertGoodFile(document, 6)

    def test_twenty_signers_of_twenty_documents(self):
        documents = self.send(20)
        acts = [self.ready(document, "tutor") for document in documents]
        for results in at_once(acts):
            self.assertNotIsInstance(results, Exception, results)
            self.assertSigned(results)
        for document in documents:
            self.assertEqual(len(self.world.stored(document)[1]), 1)
        self.assertGoodFile(documents[0], 1)
        self.assertGoodFile(documents[-1], 1)

    def test_the_same_click_twice_signs_once(self):
        """Given a signer whose browser sends the act four times, then he has signed
        once and the other answers say so."""
        [document] = self.send(1)
        person = self.school.signer(document, "student")
        overview, due = person.prepare()
        cookie = person.session.cookies.get("campus_sign")
        browsers = [Signer(self.world.server.url) for _ in range(4)]
        for browser in browsers:
            browser.session.cookies.set("campus_sign", cookie, path="/sign")
        outcomes = at_once(
            [lambda one=one: one.sign(due, overview)[0] for one in browsers]
        )
        codes = sorted(outcome["code"] for outcome in outcomes)
        self.assertEqual(codes, ["already_signed"] * 3 + ["signed"])
        self.assertEqual(len(self.world.stored(document)[1]), 1)
        self.assertGoodFile(document, 1)

    def test_waiting_too_long_is_told_politely(self):
        """Given somebody who holds the document, when another signs, then he waits,
        is told to try again, nothing is written, and trying again works."""
        [document] = self.send(1)
        person = self.school.signer(document, "student")
        overview, due = person.prepare()
        before = self.world.stored(document)
        with self.world.cursor() as holder:
            holder.execute(
                "SELECT pg_advisory_xact_lock(%s, %s)", (0x5167, document.request_id)
            )
            [result] = person.sign(due, overview)
            self.assertEqual((result["ok"], result["code"]), (False, "busy"))
            self.assertTrue(result["message"])
            self.assertEqual(self.world.stored(document), before)
        self.assertSigned(person.sign(due, overview))

    def test_two_tabs_save_the_visual_at_the_same_moment(self):
        """Given a person who saves his visual from two tabs, one document each, when
        both are at it at the same moment, then both signatures are told as such and
        one visual is kept."""
        pair = self.documents_of_one_tutor()
        person = self.school.signer(pair[0], "tutor")
        overview, due = person.prepare()
        cookie = person.session.cookies.get("campus_sign")
        tabs = [Signer(self.world.server.url) for _ in due]
        for tab in tabs:
            tab.session.cookies.set("campus_sign", cookie, path="/sign")
        acts = [
            lambda tab=tab, line=line: tab.sign([line], overview, save_visual=True)
            for tab, line in zip(tabs, due, strict=True)
        ]
        with self.world.cursor() as holder:
            # Nobody can write a visual until both want to.
            holder.execute("LOCK TABLE campus_sign_visual IN SHARE ROW EXCLUSIVE MODE")
            with ThreadPoolExecutor(1) as apart:
                outcome = apart.submit(at_once, acts)
                until(lambda: self.waiting_connections() == 2)
                holder.connection.rollback()
                for results in outcome.result():
                    self.assertNotIsInstance(results, Exception, results)
                    [result] = results
                    self.assertEqual((result["ok"], result["code"]), (True, "signed"))
        [(count,)] = self.world.sql("SELECT count(*) FROM campus_sign_visual")
        self.assertEqual(count, 1)

    def documents_of_one_tutor(self):
        internships = self.school.enrol(2)
        office = self.school.secretary
        [first] = office.call(
            "campus.internship", "read", internships[:1], ["partner_id", "tutor_id"]
        )
        same = {name: first[name][0] for name in ("partner_id", "tutor_id")}
        office.call("campus.internship", "write", internships, same)
        return self.school.send(internships)

    def waiting_connections(self):
        [(count,)] = self.world.sql(
            "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid)"
            " WHERE NOT granted AND datname = current_database()"
        )
        return count

    def ready(self, document, role):
        """Return the last click of a person who has read everything."""
        person = self.school.signer(document, role)
        overview, due = person.prepare()
        self.assertEqual(len(due), 1)
        return lambda: person.sign(due, overview)
