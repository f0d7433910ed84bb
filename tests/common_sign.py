# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Acts start from what is committed; the cursor is the test's own.
# pylint: disable=invalid-commit
import base64
import functools
import io
import os
import subprocess
from contextlib import contextmanager
from unittest.mock import patch

from PIL import Image, ImageDraw

from odoo.tests import new_test_user

from ..models.campus_sign_authority import SECRET_ENV
from ..models.ceremony_errors import CeremonyError
from ..models.gate import unlocked
from .common import SchoolCase

# Only tests: the real one comes from outside the database.
SECRET = "Tests-only secret: 7f3a9c1e5b2d8046 q8Zr4Lw0Xv"

SHORT_BODY = "<p>Le stage est confirmé.</p>"


@functools.cache
def scribble(width=600, height=200):
    """Return the base64 PNG of a believable handwritten signature."""
    image = Image.new("RGBA", (width, height), (0, 0, 0, 0))
    points = [(20, 150), (90, 30), (150, 160), (240, 40), (330, 150), (500, 60)]
    ImageDraw.Draw(image).line(points, fill=(10, 20, 90, 255), width=6)
    output = io.BytesIO()
    image.save(output, "PNG")
    return base64.b64encode(output.getvalue()).decode()


def secret(value):
    """Give the server another key secret, "" for none: a context manager."""
    return patch.dict(os.environ, {SECRET_ENV: value})


def pdf_text(content):
    """Return the text of a PDF, as a reader outside the module extracts it."""
    done = subprocess.run(
        ["pdftotext", "-layout", "-", "-"],
        input=content,
        capture_output=True,
        check=True,
    )
    return done.stdout.decode()


class SignCase(SchoolCase):
    """A school that may sign: authority, head, office, and a complete internship.

    Acts commit, so each test runs on a cursor of its own inside the test's
    transaction: use ``self.env`` and ``self.here(record)``.
    """

    short_body = True
    """The agreement is one page long, which spares most of the rendering. Tests that
    are about its text take the shipped one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(secret(SECRET))
        cls.establishment.partner_id.write({"street": "1 rue des Tilleuls"})
        cls.head = cls.create_user("head", ["sign"])
        cls.head.partner_id.write(
            {"name": "Hélène PROVISEUR", "email": "head@tilleuls.example.org"}
        )
        cls.settle_identity(cls.head)
        cls.office = cls.create_user("office", ["configure", "records"])
        cls.follower = cls.create_user("follower", ["follow"])
        cls.establishment.sign_finaliser_id = cls.head
        cls.authority = cls.env["campus.sign.authority"]._activate(cls.establishment)
        cls.template = cls.env.ref("campus_sign.template_internship_agreement")
        if cls.short_body:
            cls.template.body = SHORT_BODY
        # The list of internships offers one template, unless a test adds another.
        cls.env.ref("campus_sign.template_pfmp").sharing = "none"
        cls.portal = new_test_user(cls.env, "portal-emma", "base.group_portal")
        cls.minor.partner_id.write({"user_ids": [(4, cls.portal.id)]})
        cls.age_accounts()

    @classmethod
    def age_accounts(cls):
        """Make accounts older than what is sent to them.

        In the same second the doubt would refuse them: a fast test sends within it.
        """
        for table, column in (
            ("res_users", "create_date"),
            ("res_partner", "campus_identity_changed_at"),
        ):
            cls.env.flush_all()
            cls.env.cr.execute(
                f"UPDATE {table} SET {column} = {column} - interval '1 minute'"
            )
        cls.env.invalidate_all()

    @classmethod
    def settle_identity(cls, user):
        """Forget that the e-mail was just typed in: it was long before any sending."""
        unlocked(user.partner_id).campus_identity_changed_at = False

    def setUp(self):
        super().setUp()
        self.enterContext(self.enter_registry_test_mode())
        cr = self.enterContext(self.registry.cursor())
        self.env = self.env(cr=cr)
        self.ceremony = self.env["campus.sign.ceremony"].sudo()
        self.consents = {
            text.code: text.version
            for text in self.env["campus.sign.consent"]._current()
        }

    @contextmanager
    def refuses(self, code=None, status=None):
        """Expect a refusal; without the savepoint that ``assertRaises`` would put
        around acts that commit.
        """
        try:
            yield
        except CeremonyError as error:
            if code:
                self.assertEqual(error.code, code)
            if status:
                self.assertEqual(error.status, status)
        else:
            self.fail("nothing was refused")

    def here(self, record):
        """Return a class record on the cursor of this test."""
        return record.with_env(self.env)

    # === Steps of the main job ===#

    def queue(self, internship=None, template=None):
        """Send from the list, as the office does."""
        template = self.here(template or self.template).with_user(self.office)
        internship = self.here(internship or self.internship).with_user(self.office)
        request = template._send(internship).sudo()
        # The gate starts from what is committed.
        self.env.cr.commit()
        return request

    def new_internship(self, student, **values):
        """Create a complete internship on the cursor of this test."""
        return type(self).create_internship.__func__(self, student, **values)

    def small_template(self, *roles):
        """Return a template of one short page, signed by the roles named."""
        template = self.here(self.template).copy({"name": "Attestation courte"})
        template.body = "<p>Le stage est confirmé.</p>"
        template.signer_ids.filtered(lambda s: s.role_code not in roles).unlink()
        self.env.cr.commit()
        return template

    def send(self, internship=None, template=None):
        """Send and let the server render, seal and open the circuit."""
        request = self.queue(internship, template)
        for one in request:
            one._process_queued()
        self.assertEqual(set(request.mapped("state")) - {"queued"}, {"waiting"})
        return request

    def line(self, request, role):
        return request.signer_ids.filtered(lambda s: s.role_id.code == role)

    def actor(self, signer):
        """Identify the person of a line as the controllers do."""
        if signer.user_id:
            return self.ceremony._actor_from_user(signer.user_id, "192.0.2.1", "test")
        link = signer.request_id._link_of(signer)
        token = link._mint()
        self.env.cr.commit()
        return self.ceremony._open_link(token, "192.0.2.1", "test")

    def visual(self):
        return {"kind": "drawn", "data": scribble()}

    def sign(self, signer, actor=None, visual=None):
        """Read, then sign one line; return the ceremony's answer for it."""
        actor = actor or self.actor(signer)
        if not signer.read_at:
            self.ceremony._record_read(actor, signer.id, 4, 30)
        [result] = self.ceremony._sign(
            actor, [signer.id], self.consents, visual or self.visual()
        )
        return result

    def sign_all(self, request, but=()):
        """Let everybody sign but the roles named, the establishment last."""
        for signer in request.signer_ids.sorted("finaliser"):
            if signer.role_id.code not in but and signer.status == "pending":
                result = self.sign(signer)
                self.assertTrue(result["ok"], result)

    def archive(self, request=None):
        """Play the whole job to the long-term seal."""
        request = request or self.send()
        self.sign_all(request)
        request._seal()
        self.assertTrue(request.sealed_at)
        return request

    def tell(self):
        """Let the server write the mails, once nothing more is coming."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE campus_sign_news SET create_date = create_date - interval '1 hour'"
        )
        self.env.invalidate_all()
        self.env["campus.sign.request"]._cron_notify()
        self.env.cr.commit()

    def events(self, request):
        return request._event_context().mapped("kind")
