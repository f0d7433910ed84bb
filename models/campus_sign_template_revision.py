# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime

# Held in memory only: no caller from outside can say that a saving is under way.
_SAVING = object()


class CampusSignTemplateRevision(models.Model):
    """One saved state of a template: what it printed, who saved it, when."""

    _name = "campus.sign.template.revision"
    _description = "Revision of a template"
    _order = "number desc"
    _rec_name = "number"

    template_id = fields.Many2one(
        "campus.sign.template",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    number = fields.Integer(required=True, readonly=True, aggregator=None)
    author_id = fields.Many2one("res.users", string="Saved by", readonly=True)
    saved_at = fields.Datetime(
        string="Saved on", readonly=True, default=fields.Datetime.now
    )
    note = fields.Char(readonly=True)
    snapshot = fields.Json(
        readonly=True, help="Content, layout, e-mail, sharing and circuit."
    )
    current = fields.Boolean(compute="_compute_current")
    request_count = fields.Integer(
        string="Documents sent", compute="_compute_request_count"
    )

    _number_uniq = models.UniqueIndex(
        "(template_id, number)", "This template was saved at the same moment."
    )

    @api.depends("template_id.revision")
    def _compute_current(self):
        for revision in self:
            revision.current = revision.number == revision.template_id.revision

    def _compute_request_count(self):
        counts = {
            (template.id, number): count
            for template, number, count in self.env["campus.sign.request"]._read_group(
                [("template_id", "in", self.template_id.ids)],
                ["template_id", "template_revision"],
                ["__count"],
            )
        }
        for revision in self:
            revision.request_count = counts.get(
                (revision.template_id.id, revision.number), 0
            )

    def action_restore(self):
        """Put the template back to this revision, as a new one."""
        self.ensure_one()
        self.template_id.check_access("write")
        self.template_id._apply(
            self.snapshot,
            self.env._("Revision %(number)s restored", number=self.number),
        )
        return {"type": "ir.actions.client", "tag": "soft_reload"}


class CampusSignTemplate(models.Model):
    """Savings of a template: numbered, kept, never over somebody else's."""

    _inherit = "campus.sign.template"

    revision = fields.Integer(
        readonly=True,
        copy=False,
        help="Number of the last saving. A form sends back the number it was opened "
        "with: a saving made meanwhile by somebody else is not overwritten.",
    )
    revision_ids = fields.One2many(
        "campus.sign.template.revision", "template_id", string="Revisions"
    )

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [dict(vals) for vals in vals_list]
        for vals in vals_list:
            vals.pop("revision", None)
            self._check_weight(vals.get("body"))
            self._check_texts(vals)
        saving = super(CampusSignTemplate, self._saving()).create(vals_list)
        saving._adopt_images()
        saving._settle_circuit()
        templates = saving.with_env(self.env)
        if not self._is_saving():
            templates._check_content()
            templates._keep_revision()
        return templates

    def write(self, vals):
        vals = dict(vals)
        if "body" in vals:
            self._check_weight(vals["body"])
        self._check_texts(vals)
        if self._is_saving():
            return super().write(vals)
        self._refuse_older(vals.pop("revision", None))
        before = {template.id: template._block_roles() for template in self}
        saving = self._saving()
        result = super(CampusSignTemplate, saving).write(vals)
        if "body" in vals:
            saving._adopt_images()
        if {"body", "signer_ids", "sharing", "category_id"} & set(vals):
            for template in saving:
                template._settle_circuit(drop=before[template.id])
            self._check_content()
        self._keep_revision()
        return result

    def _saving(self):
        """Return the templates inside a saving: one revision comes at its end."""
        return self.with_context(campus_saving=_SAVING)

    def _circuit_changed(self, drop=()):
        """Finish a change made to the lines themselves, outside a saving."""
        if not self._is_saving():
            self._saving()._settle_circuit(drop)
            self._check_content()
            self._keep_revision()

    def _is_saving(self):
        return self.env.context.get("campus_saving") is _SAVING

    def _refuse_older(self, number):
        """Refuse a saving that starts from an older revision than the last one.

        :raise UserError: naming who saved meanwhile; nothing was written
        """
        if number is None:
            return
        for template in self:
            if template.revision != number:
                last = template.revision_ids[:1]
                raise UserError(
                    self.env._(
                        "%(author)s saved “%(template)s” on %(date)s, after you opened "
                        "it. Nothing was overwritten and your text is still on the "
                        "screen: copy what you changed, discard your changes to see "
                        "the other version, then write yours again.",
                        author=last.author_id.sudo().name or "",  # a colleague's name
                        template=template.name,
                        date=format_datetime(self.env, last.saved_at),
                    )
                )

    def _keep_revision(self, note=False):
        """Store a revision of each template whose content changed."""
        for template in self:
            snapshot = template._snapshot()
            last = (
                self.env["campus.sign.template.revision"]
                .sudo()  # nobody writes revisions but a saving
                .search([("template_id", "=", template.id)], limit=1)
            )
            if last and last.snapshot == snapshot:
                continue
            number = last.number + 1
            last.create(
                {
                    "template_id": template.id,
                    "number": number,
                    "author_id": self.env.uid,
                    "note": note,
                    "snapshot": snapshot,
                }
            )
            template._saving().write({"revision": number})
            # The newest comes first.
            template.invalidate_recordset(["revision_ids"])
