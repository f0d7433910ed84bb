# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class CampusVisitAgreement(models.Model):
    """The convention with electronic signature (B010-B016): the circuit engine's own
    circuit, in which the host finalises.
    """

    _inherit = "campus.visit.agreement"

    electronic_problem = fields.Text(
        compute="_compute_electronic_problem",
        help="Why the convention cannot be signed electronically, and where to change "
        "it (B004).",
    )
    may_sign = fields.Boolean(compute="_compute_may_sign")
    may_download = fields.Boolean(compute="_compute_may_sign")

    # === WHAT THE CONVENTION ANSWERS ===#

    def _sign_establishments(self):
        self.ensure_one()
        return {"origin": self.company_id, "host": self.host_company_id}

    def _sign_parties(self):
        self.ensure_one()
        return {"host": self.offer_id.host_head_id}

    @api.model
    def _sign_roles(self):
        return ("origin", "host")

    def _sign_subject(self):
        self.ensure_one()
        return f"{self.offer_id.name} - {self.origin_id.name} / {self.host_id.name}"

    def _sign_recipient(self):
        self.ensure_one()
        return self.host_id

    def _sign_previous(self):
        self.ensure_one()
        previous = self.previous_id
        return previous._circuit_request() if previous else super()._sign_previous()

    def _sign_obstacle(self):
        self.ensure_one()
        if self.process == "paper":
            return self.env._("This convention is signed on paper.")
        if not self.frozen_at:
            return self.env._("The list of pupils of this convention is not frozen.")
        if self.closed_at or self.offer_id.sudo().state != "published":
            return self.env._("This convention is cancelled.")
        if self._gone():
            return self.env._(
                "The list of pupils changed since it was frozen: restart the "
                "convention instead of sending it again."
            )
        return self._electronic_problem() or super()._sign_obstacle()

    def _sign_tags(self):
        self.ensure_one()
        origin, host, offer = self.origin_id, self.host_id, self.offer_id.sudo()
        company = self.sudo().company_id  # its own name and address
        parties = self._heads()
        lines = self.line_ids or self._preview_lines()
        tags = {
            "establishment.name": company.name,
            "establishment.address": origin._campus_address(),
            "establishment.city": origin.city,
            "establishment.phone": origin.phone,
            "establishment.email": origin.email,
            "establishment.uai": origin.campus_uai,
            "establishment.siret": origin.campus_siret,
            "establishment.head": parties["origin"],
            "visit.host_name": host.name,
            "visit.host_address": host._campus_address(),
            "visit.host_uai": host.campus_uai,
            "visit.host_head": parties["host"],
            "visit.title": offer.name,
            "visit.kind": dict(offer._fields["kind"]._description_selection(self.env))[
                offer.kind
            ],
            "visit.training": offer.training,
            "visit.place": offer.place,
            "visit.slots": "\n".join(slot._when() for slot in offer.slot_ids),
            "visit.contact": offer.contact,
            "visit.equipment": offer.equipment,
            "visit.conditions": offer.conditions,
            "visit.pupil_count": len(lines),
            "visit.pupils": "\n".join(line._text() for line in lines),
            "document.date": fields.Date.context_today(self),
            "document.place": origin.city,
        }
        # Tags of every kind of record that a visit says nothing about stay empty.
        others = dict.fromkeys(self.env["campus.sign.tag"]._codes_for(False))
        return others | {code: value or None for code, value in tags.items()}

    def _heads(self):
        """Return the names of who signs: ``{"origin", "host"}``."""
        origin = self.sudo().company_id.sign_finaliser_id  # names on the document
        host = self.sudo().host_company_id.sign_finaliser_id
        return {
            "origin": origin.name,
            "host": host.name or self.offer_id.host_head_id.name,
        }

    def _preview_lines(self):
        """Return in memory the list as it would be frozen now."""
        agreed = self._candidates()._agreed()
        return self.env["campus.visit.agreement.line"].concat(
            *(
                self.env["campus.visit.agreement.line"].new(one._list_vals())
                for one in agreed
            )
        )

    # === AVAILABLE OR NOT (B004, B010, decision 10) ===#

    @api.depends("company_id", "host_company_id", "external", "offer_id.host_head_id")
    def _compute_electronic_problem(self):
        for agreement in self:
            agreement.electronic_problem = agreement._electronic_problem()

    def _electronic_problem(self):
        """Return why electronic signature is not offered, False when it is."""
        self.ensure_one()
        problems = []
        for company in (self.company_id | self.host_company_id).sudo():  # set up or not
            problems += self._company_problems(company)
        if self.external and not self.offer_id.host_head_id.email_normalized:
            problems.append(
                self.env._(
                    "The head of %(host)s has no e-mail address: write it on the "
                    "offer's contact.",
                    host=self.host_id.name,
                )
            )
        return "\n".join(problems) or False

    def _company_problems(self, company):
        """Return what an establishment has not set up (B016)."""
        missing = []
        if not company._sign_authority():
            missing.append(self.env._("the service is not activated"))
        if not company.sign_visual:
            missing.append(self.env._("the visual of its signature is not configured"))
        if not company.sign_finaliser_id:
            missing.append(self.env._("its representative is not named"))
        if not missing:
            return []
        return [
            self.env._(
                "%(establishment)s: %(problems)s. Its super-administrator does it in "
                "Configuration > Electronic signature.",
                establishment=company.name,
                problems=", ".join(missing),
            )
        ]

    # === SIGNING ===#

    @api.depends("state", "request_ids.state")
    @api.depends_context("uid")
    def _compute_may_sign(self):
        for agreement in self:
            circuit = agreement._circuit_request()
            agreement.may_sign = circuit.with_env(self.env).sudo().may_finalise
            agreement.may_download = agreement._has_signed_file()

    def _template(self):
        """Return the template of conventions: the establishment's own, else ours."""
        category = self.env.ref("campus_sign.category_visit_agreement")
        templates = self.env["campus.sign.template"].sudo()  # the right was checked
        found = templates.search(
            [
                ("category_id", "=", category.id),
                ("sharing", "=", "sign"),
                ("company_id", "in", (self.company_id.id, False)),
            ],
            order="company_id, id desc",
            limit=1,
        )
        if not found:
            raise UserError(
                self.env._(
                    "There is no template of convention any more: create one in "
                    "Letters and documents."
                )
            )
        return found

    def action_start_electronic(self):
        """Freeze the list and send the convention round its circuit (B011).

        :raise UserError: when it cannot be signed electronically, with the reason
        """
        self.ensure_one()
        self._check_side("origin")
        problem = self._electronic_problem()
        if problem:
            raise UserError(problem)
        if self.state != "draft":
            raise UserError(self.env._("This convention has already started."))
        agreement = self.sudo()  # the right of the side was checked just above
        agreement.process = "electronic"
        agreement._freeze()
        request = self._template()._send(agreement)
        # Made at once: the head who started it goes on to sign it. The gate starts
        # from what is committed.
        self.env.cr.commit()  # pylint: disable=invalid-commit
        request.sudo()._process_queued()  # the lanes' own work, done here
        if request.sudo().state == "failed":
            raise UserError(request.sudo().failure)
        return self.action_sign() if self.may_sign else self._told_sign_later()

    def _told_sign_later(self):
        signer = self._circuit_request().signer_ids.filtered("user_id")[:1]
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "The convention waits for the signature of %(name)s, who is told.",
                    name=signer.name,
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_sign(self):
        """Open the signing page: « Signer électroniquement la convention »."""
        self.ensure_one()
        self.check_access("read")
        if not self.may_sign:
            raise UserError(
                self.env._(
                    "This convention does not wait for your signature: it is signed by "
                    "the representative of each establishment in turn, with the right "
                    "of his side and the right to sign for it."
                )
            )
        return {"type": "ir.actions.act_url", "url": "/my/sign", "target": "new"}

    # === DOWNLOADING (B015, decision 9) ===#

    def _has_signed_file(self):
        if self.process == "paper":
            return bool(self.sudo().scan_id)  # whether there is one
        circuit = self._circuit_request()
        return circuit.state == "archived" and not circuit.deleted_at

    def action_download(self):
        """« Télécharger la convention signée », for both establishments."""
        self.ensure_one()
        self.check_access("read")
        if self.process == "electronic" and self._circuit_request().deleted_at:
            raise UserError(
                self.env._("This document was deleted by the establishment.")
            )
        if not self._has_signed_file():
            raise UserError(self.env._("This convention is not signed by both yet."))
        return {
            "type": "ir.actions.act_url",
            "url": f"/campus_sign/visit/{self.id}/signed.pdf",
            "target": "new",
        }

    def _signed_file(self):
        """Return ``(file name, bytes)`` of the signed convention."""
        self.ensure_one()
        if self.process == "paper":
            scan = self.sudo().scan_id  # read right checked by the caller
            return scan.name, scan.raw
        circuit = self._circuit_request()
        return circuit._file_name(), circuit._stored_file()
