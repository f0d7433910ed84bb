# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Play real circuits on the demonstration data: ``odoo shell < demo/circuits.py``.

Nothing is painted: documents are rendered, sealed and signed as people would have
them, which is why this needs the key secret and is not a data file.
"""

import base64
import io
import logging
from collections import Counter
from datetime import timedelta

from PIL import Image, ImageDraw, ImageFont

from odoo import fields
from odoo.tools import file_path

from odoo.addons.campus_sign.models.actor import Actor
from odoo.addons.campus_sign.models.gate import unlocked

_logger = logging.getLogger("campus_sign.demo")
FONT = "web/static/fonts/sign/LaBelleAurore-Regular.ttf"
BROWSER = "Mozilla/5.0 (Linux; Android 15) Demonstration"


def handwriting(name):
    """Return a name as people type their signature, base64 PNG."""
    font = ImageFont.truetype(file_path(FONT), 90)
    image = Image.new("RGBA", (900, 220), (0, 0, 0, 0))
    ImageDraw.Draw(image).text((40, 40), name, font=font, fill=(20, 30, 110, 255))
    output = io.BytesIO()
    image.save(output, "PNG")
    return base64.b64encode(output.getvalue()).decode()


class Player:
    """Acts as the people of a circuit, through the ceremony and nothing else."""

    def __init__(self, env):
        self.env = env
        self.ceremony = env["campus.sign.ceremony"].sudo()
        self.consents = {
            text.code: text.version for text in env["campus.sign.consent"]._current()
        }

    def actor(self, signer):
        if signer.user_id:
            return self.ceremony._actor_from_user(signer.user_id, "127.0.0.1", BROWSER)
        link = signer.request_id._link_of(signer)
        self.env.cr.commit()
        return Actor(
            signer.partner_id, "link", "127.0.0.1", BROWSER, address=link.email
        )

    def sign(self, request, but=()):
        """Let everybody sign but the roles named."""
        for signer in request.signer_ids.sorted("finaliser"):
            if signer.role_id.code in but or signer.status != "pending":
                continue
            actor = self.actor(signer)
            self.ceremony._record_read(actor, signer.id, request.page_count, 95)
            visual = {"kind": "typed", "data": handwriting(signer.name)}
            [result] = self.ceremony._sign(actor, [signer.id], self.consents, visual)
            if not result["ok"]:
                raise RuntimeError(result["message"])

    def refuse(self, request, role, reason):
        signer = request.signer_ids.filtered(lambda s: s.role_id.code == role)
        self.ceremony._refuse(self.actor(signer), signer.id, reason)


def activate(env):
    """Give each establishment of the demonstration its authority."""
    authorities = env["campus.sign.authority"]
    for company in env["res.company"].search([("sign_finaliser_id", "!=", False)]):
        if not authorities.search_count([("company_id", "=", company.id)]):
            authorities._activate(company)
    env.cr.commit()


def ready_internships(env, template):
    """Return the internships one could send now, an establishment after the other.

    Each establishment so shows about every state, its locker and its usage.
    """
    internships = env["campus.internship"].search([], order="id")
    ready = [check.record for check in template._check(internships) if check.ready]
    ranks = Counter()
    ranked = []
    for internship in ready:
        ranks[internship.company_id] += 1
        ranked.append((ranks[internship.company_id], internship.id, internship))
    return [internship for _rank, _id, internship in sorted(ranked)]


def fill_lockers(env):
    """Archive a document for each portal account, then publish all that is archived."""
    office = env["res.users"].search([("login", "=", "bureau")])
    templates = {
        "parent": env.ref("campus_sign.template_parental_authorisation"),
        "etudiant": env.ref("campus_sign.template_letter_family"),
    }
    player = Player(env)
    for login, template in templates.items():
        person = env["res.users"].search([("login", "=", login)]).partner_id
        student = env["campus.student"].search(
            ["|", ("partner_id", "=", person.id)]
            + [("guardianship_ids.partner_id", "=", person.id)],
            limit=1,
        )
        request = template.with_user(office)._send(student.with_user(office)).sudo()
        env.cr.commit()
        request._process_queued()
        player.sign(request)
    for request in env["campus.sign.request"].search([("state", "=", "archived")]):
        request._seal()


def play(env):
    """Bring one circuit into each state the screens show."""
    activate(env)
    template = env.ref("campus_sign.template_internship_agreement")
    optional = template.copy(
        {"name": "Convention de stage (maître de stage optionnel)"}
    )
    optional.signer_ids.filtered(lambda s: s.role_code == "tutor").mandatory = False
    office = env["res.users"].search([("login", "=", "bureau")])
    waiting = iter(ready_internships(env, template))
    player = Player(env)

    def send(count, model=template):
        for _index in range(count):
            internship = next(waiting)
            request = model.with_user(office)._send(internship.with_user(office))
            env.cr.commit()
            yield internship, request.sudo()

    def opened(count, model=template):
        for _internship, request in send(count, model):
            request._process_queued()
            _logger.info("%s: %s", request.name, request.state)
            yield request

    for _request in opened(3):
        pass
    for request in opened(2):
        player.sign(request, but=("tutor", "company_head", "teacher", "establishment"))
    for request in opened(2, optional):
        player.sign(request, but=("tutor", "establishment"))
    for request in opened(3):
        player.sign(request, but=("establishment",))
    for request in opened(1, optional):
        player.sign(request, but=("tutor",))
    for request in opened(3):
        player.sign(request)
    for request in opened(1):
        player.refuse(request, "tutor", "Les dates ne sont pas celles convenues.")
    for request in opened(1):
        past = fields.Datetime.now() - timedelta(days=1)
        unlocked(request).write({"deadline": past})
        env.cr.commit()
        request._cron_deadlines()
    for request in opened(1):
        request.with_user(office)._act_cancel("Erreur sur la durée hebdomadaire.")
    for internship, request in send(1):
        # Changed between the check and the rendering: no font draws it.
        internship.subject = "設計"
        env.cr.commit()
        request._process_queued()


def play_visits(env):
    """Bring one convention of each process half way (B010, B017)."""
    heads = {
        login: env["res.users"].search([("login", "=", login)])
        for login in ("proviseure", "directeur")
    }
    for head in heads.values():
        head.company_id.sign_visual = handwriting(head.name)
    origin = heads["proviseure"]
    company = origin.company_id
    agreements = env["campus.visit.agreement"].with_user(origin)
    agreements = agreements.with_context(allowed_company_ids=company.ids)
    player = Player(env)

    def prepared(xmlid):
        offer = env.ref(f"campus_sign.{xmlid}").with_env(agreements.env)
        agreement = agreements._prepare(offer, company.with_env(agreements.env))
        env.cr.commit()
        return agreement

    electronic = prepared("demo_visit_immersion")
    electronic.action_start_electronic()
    player.sign(electronic._circuit_request(), but=("host",))
    paper = prepared("demo_visit_workshop")
    paper.action_print()
    for _step in ("signed_origin", "sent"):
        paper.action_record_step()
    env.cr.commit()


if not env["campus.sign.request"].search_count([], limit=1):  # noqa: F821
    play(env)  # noqa: F821
    fill_lockers(env)  # noqa: F821
    play_visits(env)  # noqa: F821
