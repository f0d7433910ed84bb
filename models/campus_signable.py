# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.misc import get_lang

from ..engine.circuit import OPEN_STATES
from .counts import count_by


class CampusSignable(models.AbstractModel):
    """Give any model documents to sign.

    A model that inherits it and answers ``_sign_parties()``, ``_sign_tags()`` and
    ``_sign_subject()`` can be sent to signature::

        class Booking(models.Model):
            _name = "my.booking"
            _inherit = ["campus.signable"]

            def _sign_parties(self):
                return {"student": self.partner_id}

            def _sign_tags(self):
                return {"student.name": self.partner_id.name}

            def _sign_subject(self):
                return self.display_name
    """

    _name = "campus.signable"
    _description = "Record with documents to sign"

    request_ids = fields.One2many(
        "campus.sign.request",
        "res_id",
        string="Documents",
        domain=lambda self: [("res_model", "=", self._name)],
        bypass_search_access=True,
        groups="campus_sign.group_follow",
    )
    request_count = fields.Integer(
        string="Number of documents",
        compute="_compute_request_count",
        groups="campus_sign.group_follow",
    )

    @api.depends("request_ids")
    def _compute_request_count(self):
        mine = Domain("res_model", "=", self._name)
        counts = count_by(self, "campus.sign.request", "res_id", mine)
        for record in self:
            record.request_count = counts.get(record.id, 0)

    # === WHAT THE RECORD ANSWERS ===#

    def _sign_parties(self):
        """Return the persons of the record: ``{role code: res.partner}``.

        Several partners of one role come in their order (legal guardians).
        """
        self.ensure_one()
        return {}

    @api.model
    def _sign_roles(self):
        """Return the codes of the roles such a record may name somebody for.

        ``None`` when that is not known: a template's author is offered all of them.
        """
        return None

    def _sign_tags(self):
        """Return the plain values of the tags: ``{tag code: value}``."""
        self.ensure_one()
        return {}

    def _sign_subject(self):
        """Return the title of the document to be made from the record."""
        self.ensure_one()
        return self.display_name

    def _sign_number(self):
        """Name the record without naming anybody."""
        self.ensure_one()
        kind = self.env["ir.model"]._get(self._name).sudo().name  # a title
        return f"{kind} {self.id}"

    def _sign_contacts(self):
        """Return ``{record id: contact ids}``: whom the documents speak of, besides
        their signers.
        """
        names = [
            name
            for name, field in self._fields.items()
            if field.type == "many2one"
            and field.store
            and field.comodel_name == "res.partner"
        ]
        return {one.id: {one[name].id for name in names} for one in self}

    def _sign_obstacle(self):
        """Return the sentence that forbids sending, empty when nothing does."""
        self.ensure_one()
        return ""

    def _sign_warning(self, template):
        """Return the sentence that warns before sending ``template``, else empty."""
        self.ensure_one()
        return ""

    def _sign_student(self):
        """Return the student concerned, an empty recordset when there is none."""
        self.ensure_one()
        return self.env["campus.student"]

    def _sign_promotion(self):
        """Return the promotion concerned, an empty recordset when there is none."""
        self.ensure_one()
        return self._sign_student().promotion_id

    def _sign_recipient(self):
        """Return the person the document is addressed to."""
        self.ensure_one()
        return self.env["res.partner"]

    def _sign_establishment(self):
        """Return the establishment that sends the document."""
        self.ensure_one()
        return self.company_id if "company_id" in self._fields else self.env.company

    def _sign_lang(self):
        """Return the language of the record's documents: the establishment's."""
        company = self._sign_establishment()
        return get_lang(self.env, company.partner_id.lang).code

    def _sign_establishments(self):
        """Return ``{role code: res.company}`` when several establishments sign.

        A role that is not named signs for the one that sends; an empty company
        stands for an establishment outside the database, whose person
        ``_sign_parties`` names.
        """
        self.ensure_one()
        return {}

    @api.model
    def _sign_example_domain(self):
        """Return the domain of the records a preview may take as an example."""
        return []

    def _sign_previous(self):
        """Return the circuit of another record that this one restarts."""
        self.ensure_one()
        return self.env["campus.sign.request"]

    def _sign_reference_date(self):
        """Return the date on which ages are counted."""
        self.ensure_one()
        return fields.Date.context_today(self)

    # === WHERE ITS DOCUMENTS STAND ===#

    def _sign_states(self, domain=Domain.TRUE):
        """Return ``{record id: states}`` of the circuits of these records.

        :param domain: some of their documents only
        """
        found = (
            self.env["campus.sign.request"]
            .sudo()
            ._read_group(  # states only
                Domain("res_model", "=", self._name)
                & Domain("res_id", "in", self.ids)
                & domain,
                ["res_id", "state"],
            )
        )
        states = {}
        for res_id, state in found:
            states.setdefault(res_id, set()).add(state)
        return states

    @api.model
    def _sign_progress(self, states):
        """Sum the states of a record's documents up: signed, signing or False."""
        if "archived" in states:
            return "signed"
        return "signing" if {"queued", *OPEN_STATES} & set(states) else False

    @api.model
    def _sign_progress_domain(self, progress):
        """Return the domain of the records whose progress is the one given."""

        def with_state(*states):
            return Domain("request_ids", "any", [("state", "in", states)])

        signed = with_state("archived")
        opened = with_state("queued", *OPEN_STATES)
        return {
            "signed": signed,
            "signing": opened & ~signed,
            False: ~opened & ~signed,
        }[progress]

    # === WHAT THE WINDOW SHOWS OF IT (A062, A069) ===#

    @api.model
    def _sign_row_labels(self):
        """Return the titles of the columns of :meth:`_sign_rows`."""
        kind = self.env["ir.model"]._get(self._name).sudo().name  # a title
        return {"contact": self.env._("Recipient"), "record": kind}

    def _sign_rows(self):
        """Return the texts of the rows: ``{record id: {contact, record}}``."""
        return {
            one.id: {
                "contact": one._sign_recipient().name or "",
                "record": one.display_name,
            }
            for one in self
        }

    def _sign_role_source(self, code):
        """Return the record where the person of a role is named."""
        self.ensure_one()
        student = self._sign_student()
        return student if code in ("student", "guardian") and student else self

    def _sign_tag_source(self, code):
        """Return the record where the value of a tag is typed, empty if nowhere."""
        self.ensure_one()
        if code.startswith(("establishment.", "school_year.", "document.")):
            return self.browse()
        student = self._sign_student()
        return student if code.startswith(("student.", "guardian")) else self

    # === ACTIONS ===#

    def action_send_for_signature(self):
        """Open « Aperçu avant envoi » on the records (A056-A060).

        :raise CeremonyError: 403 without the right to send
        """
        self.check_access("read")
        self.env["campus.sign.request"]._check_may_send()
        return self._sign_window()

    def _sign_window(self, **choices):
        """Return the action of the check window.

        :param choices: ``template_id``, ``finalisers``, ``restart_ids`` of
            ``campus.sign.send``, chosen beforehand
        """
        action = self.env["ir.actions.client"]._for_xml_id(
            "campus_sign.campus_sign_send_window"
        )
        values = {"res_model": self._name, "res_ids": self.ids, **choices}
        action["context"] = {f"default_{name}": value for name, value in values.items()}
        return action

    def action_view_sign_requests(self):
        """Open the documents sent from the records."""
        self.check_access("read")
        self.env["campus.sign.request"].check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "campus_sign.campus_sign_request_action"
        )
        action["domain"] = [
            ("res_model", "=", self._name),
            ("res_id", "in", self.ids),
        ]
        action["context"] = {}
        return action
