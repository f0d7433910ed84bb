# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re

from markupsafe import Markup

from odoo import api, models
from odoo.exceptions import ValidationError

from ..engine import rendering
from ..engine.rendering import data_uri, image_sources
from .campus_sign_template_values import TEXT_LENGTH, fits
from .sentences import template_problem

_IMAGE_SOURCE = re.compile(r"/web/image/(\d+)(?:-|/|\?|$)")
# Ten times a four-page agreement: more is a word processor's own markup.
MAX_TEXT = 1_000_000
MAX_IMAGES = 8_000_000
MAX_SIGNERS = 30


class CampusSignTemplate(models.Model):
    """What a template's body may hold, and its signature blocks (A051, A052)."""

    _inherit = "campus.sign.template"

    # === SIGNATURE BLOCKS ===#

    def _block_roles(self):
        """Return the codes of the roles that may sign, in the circuit's order.

        A minor's guardian may sign for a student line without a line of his own.
        """
        lines = self.signer_ids.sorted(lambda line: (line.finaliser, line.sequence))
        codes = []
        for line in lines.filtered("role_code"):
            codes.append(line.role_code)
            if line.role_code == "student" and line.student_option != "self":
                codes.append("guardian")
        return list(dict.fromkeys(codes))

    def _body_with_blocks(self, drop=()):
        """Return the body with one block at least for each role of the circuit.

        :param drop: codes whose blocks go unless the role may still sign
        """
        self.ensure_one()
        body = str(self.body or "")
        wanted = self._block_roles()
        placed = rendering.signature_places(body)
        gone = set(drop) & set(placed) - set(wanted)
        if gone:
            body = rendering.drop_signatures(body, gone)
        missing = [code for code in wanted if code not in placed]
        if missing:
            roles = {
                role.code: role
                for role in self.env["campus.sign.role"]
                .with_context(active_test=False)
                .search([("code", "in", missing)])
            }
            body += "".join(
                rendering.signature_block(code, self._block_label(roles[code]))
                for code in missing
                if code in roles
            )
        return Markup(body)

    def _block_label(self, role):
        return self.env._("Sign_Signatory %(role)s", role=role.name)

    @api.onchange("signer_ids", "sharing")
    def _onchange_signer_ids(self):
        """Show each role's block as soon as it enters the circuit (A052)."""
        if self.sharing != "sign":
            return
        every = self.env["campus.sign.role"].search([("code", "!=", False)])
        body = self._body_with_blocks(drop=every.mapped("code"))
        if body != (self.body or ""):
            self.body = body

    def _settle_circuit(self, drop=()):
        """Put the finaliser last and write the blocks the body lacks (A040, A052).

        :param drop: codes that could sign before the change
        """
        for template in self:
            last = max(template.signer_ids.mapped("sequence"), default=0)
            head = template.signer_ids.filtered("finaliser")
            others = (template.signer_ids - head).mapped("sequence")
            if head and others and min(head.mapped("sequence")) <= max(others):
                head.write({"sequence": last + 10})
            if template.sharing == "sign":
                body = template._body_with_blocks(drop)
                if body != (template.body or ""):
                    template.body = body

    # === CHECKS ===#

    def _content_problems(self):
        problems = super()._content_problems()
        if self.sharing == "sign":
            problems += self._stray_blocks()
        problems += [
            self.env._(
                "Only embedded images are printed, not images of a web address: "
                "%(address)s. Save the image on your computer, then insert it.",
                address=source[:80],
            )
            for source in image_sources(self.body or "")
            if not self._is_own_image(source)
        ]
        if len(self.signer_ids) > MAX_SIGNERS:
            problems.append(
                self.env._(
                    "A circuit holds %(count)s roles at most.", count=MAX_SIGNERS
                )
            )
        return problems

    def _stray_blocks(self):
        """Return sentences for the blocks of roles that do not sign."""
        allowed = self._block_roles()
        roles = {
            role.code: role.name
            for role in self.env["campus.sign.role"]
            .with_context(active_test=False)
            .search([("code", "!=", False)])
        }
        return [
            template_problem(
                self.env,
                rendering.Problem("no_such_signer", "", where, roles.get(code, code)),
            )
            for code, where in rendering.signature_places(self.body or "").items()
            if code not in allowed and code in roles
        ]

    @api.model
    def _check_weight(self, body):
        """Refuse what no document needs, before anything reads it.

        :raise ValidationError: a text or images too heavy
        """
        text, images = rendering.body_weight(str(body or ""))
        if text > MAX_TEXT:
            raise ValidationError(
                self.env._(
                    "The text weighs %(size).1f MB, mostly hidden markup of a word "
                    "processor. Paste it without its formatting (Ctrl+Shift+V).",
                    size=text / 1_000_000,
                )
            )
        if images > MAX_IMAGES:
            raise ValidationError(
                self.env._(
                    "The images weigh %(size).1f MB, %(limit)s at most: make them "
                    "smaller.",
                    size=images / 1_000_000,
                    limit=MAX_IMAGES // 1_000_000,
                )
            )

    @api.model
    def _check_texts(self, vals):
        """Refuse labels that no revision, file or title of a document could hold.

        :raise ValidationError: an empty label, a text too long or not storable
        """
        if "name" in vals and not str(vals["name"] or "").strip():
            raise ValidationError(self.env._("A template needs a label."))
        for name, value in vals.items():
            field = self._fields.get(name)
            short = field and field.type == "char" and isinstance(value, str)
            if short and not fits(field, value):
                raise ValidationError(
                    self.env._(
                        "“%(field)s” holds %(length)s characters, %(limit)s at most, "
                        "or a character that cannot be kept.",
                        field=field._description_string(self.env),
                        length=len(value),
                        limit=TEXT_LENGTH,
                    )
                )

    # === IMAGES ===#

    def _is_own_image(self, source):
        return bool(self._image_of(source))

    def _image_of(self, source):
        """Return the attachment of an image address, empty when not the template's.

        Whatever the author wrote as an address, only pictures attached to this very
        template are read.
        """
        template_id = self._origin.id
        owner = [("res_model", "=", self._name), ("res_id", "=", template_id)]
        if not template_id:
            owner = self._loose_domain()
        return self._pictures(source, owner).filtered(
            lambda picture: picture.mimetype in ("image/png", "image/jpeg")
        )

    def _loose_domain(self):
        """Return the domain of what the user uploaded beside no record."""
        return [
            ("create_uid", "=", self.env.uid),
            ("res_model", "in", (False, "ir.ui.view", self._name)),
            ("res_id", "in", (False, 0)),
        ]

    def _pictures(self, source, domain):
        """Return the attachment an image address names, among those of a domain."""
        match = _IMAGE_SOURCE.match(source)
        number = int(match[1]) if match and len(match[1]) < 10 else 0
        return (
            self.env["ir.attachment"]
            .sudo()  # the template's own pictures, or the author's
            .search([("id", "=", number), ("type", "=", "binary"), *domain])
        )

    def _adopt_images(self):
        """Attach to the template the pictures its author uploaded before saving it.

        The editor keeps them beside no record; whoever uploaded them is the author.
        """
        for template in self:
            for source in image_sources(template.body or ""):
                template._pictures(source, template._loose_domain()).write(
                    {"res_model": self._name, "res_id": template.id}
                )

    def _images(self):
        """Return the images of the body: ``{source: data URL}``."""
        found = {}
        for source in image_sources(self.body or ""):
            attachment = self._image_of(source)
            if attachment:
                found[source] = data_uri(attachment.raw, attachment.mimetype)
        return found

    def _portable_body(self):
        """Return the body with its images inside, for a copy or another server."""
        body = self.body or ""
        for source, uri in self._images().items():
            body = body.replace(source, Markup(uri))
        return body
