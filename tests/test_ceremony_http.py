# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Acts start from what is committed; the cursor is the test's own.
# pylint: disable=invalid-commit
import base64
import hashlib
import io
import json
import re
from contextlib import contextmanager
from unittest.mock import patch

from PIL import Image

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..controllers.http_tools import ASSETS, SHEETS, assets_url
from ..models.campus_sign_ceremony import CampusSignCeremony
from .common_sign import SignCase, scribble

# What arrives before pdf.js; 100,000 bytes are the most it may ever be.
MAX_SCRIPT_BYTES = 85_000
PDFJS = "pdfjs.js"
FRENCH = {"Accept-Language": "fr-FR,fr;q=0.9"}


class SignHttpCase(SignCase, HttpCase):
    """A school behind a real HTTP server.

    The server has one cursor at a time: what the test does itself goes into
    ``with self.acting():``, which gives it back.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")

    def setUp(self):
        # Not SignCase's: it would hold the cursor the server is waiting for.
        super(SignCase, self).setUp()

    @contextmanager
    def acting(self):
        """Act as the server would, on a cursor of its own that is committed."""
        outer = self.env
        outer.flush_all()
        with self.registry.cursor() as cr:
            self.env = outer(cr=cr)
            self.ceremony = self.env["campus.sign.ceremony"].sudo()
            self.consents = {
                text.code: text.version
                for text in self.env["campus.sign.consent"]._current()
            }
            yield
            cr.commit()
        self.env = outer
        self.env.invalidate_all()

    def sent(self, role="tutor"):
        """Send the agreement; return the id of a line and the token of its link."""
        with self.acting():
            request = self.send()
            line = self.line(request, role)
            token = request._link_of(line)._mint()
            return line.id, token

    def post(self, act, data=None, **headers):
        """POST JSON as the page does and return the response."""
        return self.url_open(
            f"/sign/api/{act}",
            data=json.dumps(data or {}),
            headers={
                "Content-Type": "application/json",
                "X-Campus-Sign": "1",
                **FRENCH,
                **headers,
            },
        )

    def enter(self, role="tutor"):
        """Open a personal link; return the id of its line."""
        line_id, token = self.sent(role)
        self.assertEqual(self.post("open", {"token": token}).status_code, 200)
        return line_id

    def act(self, line_id, **values):
        """Return the body of a well-formed « Signer »."""
        return {
            "signer_ids": [line_id],
            "consents": self.consents,
            "visual": {"kind": "drawn", "data": scribble()},
            "save_visual": False,
            **values,
        }

    def assertRefused(self, response, status, code=None):
        """The answer is a JSON error with a sentence, and nothing technical."""
        self.assertEqual(response.status_code, status, response.text[:300])
        error = response.json()["error"]
        self.assertTrue(error["message"])
        self.assertNotIn("Traceback", response.text)
        if code:
            self.assertEqual(error["code"], code)
        return error["message"]


@tagged("post_install", "-at_install")
class TestCeremonyPage(SignHttpCase):
    def page(self):
        return self.url_open("/sign", headers=FRENCH)

    def test_page_speaks_the_readers_language(self):
        page = self.page()
        self.assertEqual(page.status_code, 200)
        self.assertIn('lang="fr-FR"', page.text)
        english = self.url_open("/sign", headers={"Accept-Language": "en"})
        self.assertIn("How do I sign my document?", english.text)

    def test_page_needs_no_inline_script_nor_style(self):
        """Given the strict policy, when the page is read, then nothing in it would
        be blocked."""
        page = self.page()
        policy = page.headers["Content-Security-Policy"]
        self.assertIn("default-src 'none'", policy)
        self.assertNotIn("unsafe", policy)
        self.assertNotRegex(page.text, r"<script(?![^>]*\bsrc=)")
        self.assertNotRegex(page.text, r"<style|\sstyle=|\son[a-z]+=|javascript:")

    def test_page_asks_nothing_of_third_parties(self):
        page = self.page()
        addresses = re.findall(r'(?:src|href|action)="([^"]+)"', page.text)
        self.assertTrue(addresses)
        for address in addresses:
            self.assertRegex(address, r"^(/(?!/)|#)")
        styles = "".join(path.read_text() for path in ASSETS.glob("*.css"))
        self.assertNotIn("http", re.sub(r"/\*.*?\*/", "", styles, flags=re.S))

    def test_page_headers_keep_the_page_private(self):
        headers = self.page().headers
        self.assertEqual(headers["Referrer-Policy"], "no-referrer")
        self.assertEqual(headers["Cache-Control"], "no-store")
        self.assertEqual(headers["X-Content-Type-Options"], "nosniff")
        self.assertIn("frame-ancestors 'none'", headers["Content-Security-Policy"])
        self.assertNotIn("Set-Cookie", headers)

    def test_scripts_are_light_and_cached_for_good(self):
        page = self.page()
        scripts = set(re.findall(r'"(/campus_sign/ceremony/[^"]+\.js)"', page.text))
        size = 0
        for address in scripts:
            response = self.url_open(address)
            self.assertEqual(response.status_code, 200, address)
            self.assertIn("immutable", response.headers["Cache-Control"])
            self.assertTrue(response.headers["Content-Type"].startswith("text/java"))
            size += len(response.content)
        names = {address.rpartition("/")[2] for address in scripts}
        self.assertEqual(self.imported(names), names, "what the page says to preload")
        self.assertLess(size, MAX_SCRIPT_BYTES)
        later = re.search(r'data-later="([^"]+)"', page.text)[1].split()
        wanted = self.imported({"sheet.js"}) - names
        self.assertEqual({f"{name}.js" for name in later}, wanted)

    def imported(self, names):
        """Return the names of scripts and of all they import."""
        pattern = re.compile(r'^import .*"\./(\w+\.js)"', re.M)
        known, new = set(), set(names)
        while new:
            known |= new
            texts = [(ASSETS / name).read_text() for name in new]
            new = {name for text in texts for name in pattern.findall(text)} - known
        return known

    def test_styles_are_one_answer(self):
        """Given several style sheets, when the page opens, then it waits for one."""
        [address] = re.findall(r'rel="stylesheet" href="([^"]+)"', self.page().text)
        response = self.url_open(address)
        self.assertIn("immutable", response.headers["Cache-Control"])
        self.assertTrue(response.headers["Content-Type"].startswith("text/css"))
        names = SHEETS[address.rpartition("/")[2]]
        parts = [(ASSETS / f"{name}.css").read_text() for name in names]
        self.assertEqual(response.text, "".join(parts))
        served = {name for sheet in SHEETS.values() for name in sheet}
        self.assertEqual(served, {path.stem for path in ASSETS.glob("*.css")})

    def test_what_a_page_needs_travels_packed(self):
        """Given a slow telephone, then the page, its files and pdf.js are sent packed;
        as they are for who cannot unpack them."""
        for address in (
            "/sign",
            *(f"{assets_url()}/{n}" for n in ("signing.css", PDFJS)),
        ):
            small = self.url_open(address, headers=FRENCH)
            plain = self.url_open(
                address, headers={**FRENCH, "Accept-Encoding": "identity"}
            )
            self.assertEqual(small.headers["Content-Encoding"], "gzip")
            self.assertNotIn("Content-Encoding", plain.headers)
            self.assertEqual(small.content, plain.content)
            length = int(small.headers["Content-Length"])
            self.assertLess(length, len(plain.content) / 2, address)

    @mute_logger("odoo.http")
    def test_only_the_pages_own_files_are_served(self):
        base = assets_url()
        for name in (
            *("nothing.js", "..%2f..%2f__manifest__.py", "fonts"),
            *("base+base.css", "base+nothing.css", "dom+api.js", "+.css"),
            *("base.css", "base+home.css", "home+base.css"),
        ):
            self.assertEqual(self.url_open(f"{base}/{name}").status_code, 404, name)
        old = self.url_open("/campus_sign/ceremony/000000000000/main.js")
        self.assertEqual(old.headers["Cache-Control"], "no-cache")

    def test_the_page_bears_the_logo_of_the_establishment(self):
        """Its own one, never Odoo's picture for a company without any."""
        line_id = self.enter()
        with self.acting():
            line = self.env["campus.sign.signer"].sudo().browse(line_id)
            line.company_id.logo = False
        self.assertIsNone(self.post("overview").json()["logo"])
        output = io.BytesIO()
        Image.new("RGB", (90, 40), "navy").save(output, "PNG")
        with self.acting():
            line = self.env["campus.sign.signer"].sudo().browse(line_id)
            line.company_id.logo = base64.b64encode(output.getvalue())
        logo = self.url_open(self.post("overview").json()["logo"])
        self.assertEqual(logo.headers["Content-Type"], "image/png")
        self.assertEqual(Image.open(io.BytesIO(logo.content)).size, (90, 40))

    def test_account_replaces_the_link(self):
        """Given an open link, when its bearer logs in and goes to « Accéder », then
        the page serves the account."""
        self.enter("tutor")
        self.authenticate("portal-emma", "portal-emma")
        response = self.url_open("/my/sign", allow_redirects=False)
        self.assertEqual(response.headers["Location"].rpartition("/")[2], "sign")
        self.assertRegex(response.headers["Set-Cookie"], r"campus_sign=;.*Path=/sign")
        self.assertEqual(
            self.post("overview").json()["person"]["name"], self.minor.name
        )


@tagged("post_install", "-at_install")
class TestCeremonyDoor(SignHttpCase):
    """Who gets in, and how requests that are none of ours are turned away."""

    def test_link_becomes_a_cookie_of_this_path(self):
        _line_id, token = self.sent()
        response = self.post("open", {"token": token})
        cookie = response.headers["Set-Cookie"]
        self.assertIn(f"campus_sign={token}", cookie)
        for part in ("HttpOnly", "SameSite=Lax", "Path=/sign"):
            self.assertIn(part, cookie)
        self.assertNotIn(token, response.text)

    @mute_logger("odoo.http")
    def test_wrong_link_is_refused_without_a_cookie(self):
        for token in ("", "x", "A" * 43, "é" * 40, "' OR 1=1 --" * 4):
            response = self.post("open", {"token": token})
            message = self.assertRefused(response, 404, "unknown_link")
            self.assertNotIn("Set-Cookie", response.headers)
            if token:
                self.assertNotIn(f" {token} ", message)

    @mute_logger("odoo.http")
    def test_dead_links_say_so(self):
        _line_id, token = self.sent()
        with self.acting():
            links = self.env["campus.sign.link"].sudo()
            link = links.search([("token_hash", "=", links._hash(token))])
            link.expires_at = "2020-01-01"
        self.assertRefused(self.post("open", {"token": token}), 410, "expired_link")
        with self.acting():
            link = link.with_env(self.env)
            link.write({"expires_at": "2099-01-01", "revoked_at": "2026-01-01"})
        self.assertRefused(self.post("open", {"token": token}), 410, "expired_link")

    @mute_logger("odoo.http")
    def test_guessing_is_slowed_down(self):
        # In tests the server's counter is rolled back with the refusal it counts.
        with self.acting():
            attempt = {"kind": "token", "key": "127.0.0.1"}
            self.env["campus.sign.attempt"].sudo().create([attempt] * 20)
        self.assertRefused(self.post("open", {"token": "B" * 43}), 429, "too_many")

    @mute_logger("odoo.http")
    def test_nobody_is_asked_to_open_his_link(self):
        for act in (
            *("overview", "read", "sign", "refuse"),
            *("code", "delegate", "disown"),
        ):
            self.assertRefused(self.post(act, {**self._any_act(), "signer_id": 1}), 401)
        self.assertRefused(self.url_open("/sign/file/1"), 401)

    def _any_act(self):
        visual = {"kind": "typed", "data": ""}
        reading = {"pages": 1, "seconds": 1, "reason": "No"}
        return {"signer_ids": [1], "consents": {}, "visual": visual, **reading}

    @mute_logger("odoo.http")
    def test_other_sites_are_refused(self):
        line_id = self.enter()
        reading = {"signer_id": line_id, "pages": 4, "seconds": 9}
        for headers in (
            {"Origin": "https://evil.example"},
            {"Origin": "null"},
            {"Sec-Fetch-Site": "cross-site"},
            {"X-Campus-Sign": "0"},
        ):
            self.assertRefused(self.post("read", reading, **headers), 403)
        ours = self.post("read", reading, Origin=self.base_url())
        self.assertEqual(ours.status_code, 200)

    @mute_logger("odoo.http")
    def test_malformed_requests_get_a_sentence(self):
        self.enter()
        headers = {"Content-Type": "application/json", "X-Campus-Sign": "1"}
        for body, kind, status in (
            ("a=b", "application/x-www-form-urlencoded", 415),
            ("{", "application/json", 400),
            ("[]", "application/json", 400),
            ("[" * 60000, "application/json", 400),
            ('{"signer_id": "1"}', "application/json", 400),
            ('{"signer_id": true}', "application/json", 400),
            ('{"signer_id": 99999999999}', "application/json", 400),
            ('{"x": "' + "x" * 70000 + '"}', "application/json", 413),
        ):
            response = self.url_open(
                "/sign/api/read", data=body, headers={**headers, "Content-Type": kind}
            )
            self.assertRefused(response, status)
        self.assertRefused(self.url_open("/sign/api/read"), 405)

    @mute_logger("odoo.http")
    def test_our_own_failure_shows_nothing_technical(self):
        self.enter()

        def fail(*_args):
            raise ValueError("secret detail")

        with patch.object(CampusSignCeremony, "_overview", fail):
            response = self.post("overview")
        self.assertRefused(response, 500)
        self.assertNotIn("secret detail", response.text)


@tagged("post_install", "-at_install")
class TestCeremonyActs(SignHttpCase):
    def test_read_then_sign(self):
        line_id = self.enter()
        overview = self.post("overview").json()
        [document] = overview["documents"]
        self.assertEqual(
            (document["signer_id"], document["state"], document["read"]),
            (line_id, "to_sign", False),
        )
        self.assertEqual(overview["person"]["name"], self.tutor.name)
        self.assertRegex(overview["person"]["masked_email"], r"^k\.rXXXX@")
        self.assertNotIn(self.tutor.email, json.dumps(overview))
        file = self.url_open(f"/sign/file/{line_id}")
        self.assertEqual(file.headers["Content-Type"], "application/pdf")
        self.assertIn("sandbox", file.headers["Content-Security-Policy"])
        self.assertIn("no-store", file.headers["Cache-Control"])
        self.assertEqual(hashlib.sha256(file.content).hexdigest(), document["sha256"])
        reading = {"signer_id": line_id, "pages": 4, "seconds": 31}
        self.assertEqual(self.post("read", reading).status_code, 200)
        [result] = self.post("sign", self.act(line_id)).json()["results"]
        self.assertTrue(result["ok"], result)
        [again] = self.post("sign", self.act(line_id)).json()["results"]
        self.assertEqual((again["ok"], again["code"]), (False, "already_signed"))
        with self.acting():
            line = self.env["campus.sign.signer"].sudo().browse(line_id)
            self.assertEqual(line.status, "signed")
            self.assertEqual(self.events(line.request_id).count("signed"), 1)

    def test_unread_is_not_signed(self):
        line_id = self.enter()
        self._consents()
        [result] = self.post("sign", self.act(line_id)).json()["results"]
        self.assertEqual((result["ok"], result["code"]), (False, "not_read"))

    @mute_logger("odoo.http")
    def test_documents_of_others_do_not_exist(self):
        self.enter("tutor")
        self._consents()
        with self.acting():
            request = self.env["campus.sign.request"].sudo().search([], limit=1)
            other = self.line(request, "student").id
        reading = {"signer_id": other, "pages": 4, "seconds": 9}
        self.assertRefused(self.url_open(f"/sign/file/{other}"), 404, "not_found")
        self.assertRefused(self.post("read", reading), 404, "not_found")
        refusal = {"signer_id": other, "reason": "No"}
        self.assertRefused(self.post("refuse", refusal), 404, "not_found")
        [result] = self.post("sign", self.act(other)).json()["results"]
        self.assertEqual((result["ok"], result["code"]), (False, "not_found"))

    @mute_logger("odoo.http")
    def test_unusable_visuals_are_refused_kindly(self):
        line_id = self.enter()
        self._consents()
        self.post("read", {"signer_id": line_id, "pages": 4, "seconds": 9})
        svg = base64.b64encode(b"<svg xmlns='http://www.w3.org/2000/svg'/>").decode()
        for data, status in (
            ("", 422),
            ("not base64!", 422),
            (svg, 422),
            (_blank((10, 10, 90, 255)), 422),
            (_blank((0, 0, 0, 0)), 422),
            (_blank((0, 0, 0, 255), size=(8000, 6300)), 422),
            ("A" * 3_000_000, 413),
        ):
            visual = {"kind": "drawn", "data": data}
            response = self.post("sign", self.act(line_id, visual=visual))
            self.assertRefused(response, status)
        [result] = self.post("sign", self.act(line_id)).json()["results"]
        self.assertTrue(result["ok"], result)

    @mute_logger("odoo.http")
    def test_no_signature_without_both_consents(self):
        line_id = self.enter()
        self._consents()
        self.post("read", {"signer_id": line_id, "pages": 4, "seconds": 9})
        for consents in ({}, {"terms": "1"}, {"terms": "1", "certificate": "0"}):
            response = self.post("sign", self.act(line_id, consents=consents))
            self.assertRefused(response, 422, "consent")

    @mute_logger("odoo.http")
    def test_refusal_needs_a_reason(self):
        line_id = self.enter()
        for reason in ("", "   "):
            refusal = {"signer_id": line_id, "reason": reason}
            self.assertRefused(self.post("refuse", refusal), 422)
        refusal = {"signer_id": line_id, "reason": "<script>alert(1)</script>"}
        self.assertEqual(self.post("refuse", refusal).status_code, 200)
        with self.acting():
            line = self.env["campus.sign.signer"].sudo().browse(line_id)
            self.assertEqual(line.status, "refused")

    @mute_logger("odoo.http")
    def test_wrong_person_loses_the_cookie(self):
        """A097: « Ce n'est pas moi » over HTTP, then nothing opens any more."""
        line_id = self.enter()
        self.assertRefused(self.post("disown", {"reason": 1}), 400)
        response = self.post("disown", {"reason": ""})
        self.assertEqual(response.status_code, 200)
        self.assertRegex(response.headers["Set-Cookie"], r"campus_sign=;")
        self.assertRefused(self.post("overview"), 401)
        with self.acting():
            line = self.env["campus.sign.signer"].sudo().browse(line_id)
            self.assertTrue(line.disowned_at)

    def test_the_reading_names_the_bytes_served(self):
        """A095: pages, time, and the fingerprint of what was really served."""
        line_id = self.enter()
        file = self.url_open(f"/sign/file/{line_id}")
        self.url_open(f"/sign/file/{line_id}")
        self.post("read", {"signer_id": line_id, "pages": 4, "seconds": 31})
        served = hashlib.sha256(file.content).hexdigest()
        with self.acting():
            line = self.env["campus.sign.signer"].sudo().browse(line_id)
            kinds = self.events(line.request_id)
            self.assertEqual(kinds.count("opened"), 1)
            [read] = [
                one._to_engine()
                for one in line.request_id._event_context()
                if one.kind == "read"
            ]
        self.assertEqual(read.payload["served"], served)
        self.assertEqual((read.payload["pages"], read.payload["seconds"]), (4, 31))

    @mute_logger("odoo.http")
    def test_a_proposal_over_http(self):
        line_id = self.enter()
        proposal = {"name": "Nadia LEROY", "email": "n@x.example", "reason": "Absent"}
        for wrong in ({"email": "n"}, {"name": ""}, {"reason": " "}):
            data = {"signer_id": line_id, **proposal, **wrong}
            self.assertRefused(self.post("delegate", data), 422, "proposal")
        answer = self.post("delegate", {"signer_id": line_id, **proposal})
        self.assertEqual(answer.status_code, 200)
        [document] = self.post("overview").json()["documents"]
        self.assertEqual(document["state"], "proposed")

    def test_saved_visual_comes_back(self):
        line_id = self.enter()
        self._consents()
        self.post("read", {"signer_id": line_id, "pages": 4, "seconds": 9})
        self.assertIsNone(self.post("overview").json()["saved_visual"])
        self.post("sign", self.act(line_id, save_visual=True))
        saved = self.post("overview").json()["saved_visual"]
        self.assertTrue(saved.startswith("data:image/png;base64,"))

    def _consents(self):
        with self.acting():
            self.assertEqual(set(self.consents), {"terms", "certificate"})


def _blank(colour, size=(300, 100)):
    output = io.BytesIO()
    Image.new("RGBA", size, colour).save(output, "PNG")
    return base64.b64encode(output.getvalue()).decode()


@tagged("post_install", "-at_install")
class TestFinalFile(SignHttpCase):
    def test_a_link_opens_the_final_file_of_its_address_and_no_other(self):
        """A131: a tutor without account reads the signed document."""
        with self.acting():
            request = self.archive()
            tutor = self.line(request, "tutor")
            token = request._link_of(tutor)._mint()
            lockers = {one.partner_id: one.id for one in request.locker_ids}
            mine = lockers.pop(tutor.partner_id)
            content = request._stored_file()
        self.assertEqual(self.post("open", {"token": token}).status_code, 200)
        [archive] = self.post("overview").json()["archives"]
        self.assertEqual(archive["locker_id"], mine)
        answer = self.url_open(f"/sign/final/{mine}")
        self.assertEqual(answer.content, content)
        self.assertEqual(answer.headers["Content-Type"], "application/pdf")
        for other in (*lockers.values(), 999999):
            self.assertRefused(self.url_open(f"/sign/final/{other}"), 404)
