# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine.rendering import Outline, TemplateProblems
from .campus_sign_template_values import OPTIONS, fits

PREVIEW_CODE = "0" * 16
#: Of the last records, the one that leaves the fewest blanks is shown.
EXAMPLES = 20
#: What an author's screen sends of a template, besides its circuit and category.
DRAFT_FIELDS = (
    "name",
    "recipient",
    "body",
    "page_format",
    "margin_top",
    "margin_right",
    "margin_bottom",
    "margin_left",
    "font_size",
    "show_logo",
    "print_title",
    "header_text",
    "footer_text",
    "address_frame",
    "sharing",
)
_LINE_FIELDS = ("mandatory", "sequence", *OPTIONS)


class CampusSignTemplate(models.Model):
    """The document as its author will have it, from a real record (A049)."""

    _inherit = "campus.sign.template"

    def action_preview(self):
        """Show the document made from a real record, in a new tab (A049)."""
        self.ensure_one()
        self.env["campus.sign.request"]._check_may_send()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/campus_sign/template/{self.id}/preview.pdf",
            "target": "new",
        }

    def _preview_record(self, res_id=None):
        """Return the record to preview, by default a good example of the last ones.

        :param res_id: what the author chose, of the category's model
        :raise UserError: there is none, or the category names no kind of record
        :raise AccessError: the user may not read the one he names
        """
        if not self.res_model or self.res_model not in self.env:
            raise UserError(
                self.env._(
                    "The category of this template does not say from which records it "
                    "is sent: choose another category."
                )
            )
        if res_id:
            record = self.env[self.res_model].browse(res_id).exists()
            record.check_access("read")
        else:
            record = self._example()
        if not record:
            raise UserError(
                self.env._(
                    "The preview shows a real record, and there is none yet: create "
                    "the first one (%(kind)s).",
                    kind=self.category_id.model_id.sudo().name,
                )
            )
        return record

    def _example(self):
        """Return the newest record that fills the template best, may be empty."""
        records = self.env[self.res_model]
        last = records.search(
            records._sign_example_domain(), order="id desc", limit=EXAMPLES
        )
        try:
            outline = Outline(self.body or "", self._catalogue(), self._images())
        except TemplateProblems:
            return last[:1]  # the printing says what is wrong

        def blanks(record):
            parties = [party.partner for _line, party in self._asked(record)]
            missing = outline.read(self._values(record, None)).missing
            return parties.count(self.env["res.partner"]) + len(missing)

        return min(last, key=blanks, default=last)

    def _preview_pdf(self, res_id=None):
        """Return the PDF the template would give, never stored, never sealed.

        :raise UserError: no record to show, or a layout the engine refuses
        """
        self.ensure_one()
        return self._print(self._preview_record(res_id), code=PREVIEW_CODE)

    def _preview_draft(self, values, res_id=None):
        """Return the PDF of what stands on the author's screen; nothing is written.

        :param self: the template being changed, empty for one not saved yet
        :param dict values: :data:`DRAFT_FIELDS`, ``category_id`` and ``circuit``, the
            list of the lines
        :raise UserError: what a saving would refuse, or a layout the engine refuses
        """
        vals = self._draft_vals(values)
        draft = self.new(vals, origin=self)
        problems = draft._content_problems()
        if problems:
            raise UserError(self._some_of(problems))
        record = draft._preview_record(res_id)
        # Texts in memory are known in the language they were put there in.
        speaking = self.with_context(lang=record._sign_lang())
        return speaking.new(vals, origin=speaking)._preview_pdf(record.id)

    @api.model
    def _draft_vals(self, values):
        """Return the values of a template in memory; every one is checked.

        :raise UserError: naming the first one that cannot be printed
        """
        known = {*DRAFT_FIELDS, "category_id", "circuit"}
        if not isinstance(values, dict) or set(values) != known:
            raise self._unprintable("")
        vals = {name: values[name] for name in DRAFT_FIELDS}
        for name, value in vals.items():
            if not fits(self._fields[name], value):
                raise self._unprintable(name)
        self._check_weight(vals["body"])
        category = self.env["campus.sign.category"]
        if type(values["category_id"]) is int:
            category = category.browse(values["category_id"]).exists()
        if not category:
            raise self._unprintable("category_id")
        circuit = values["circuit"]
        if not isinstance(circuit, list):
            raise self._unprintable("signer_ids")
        vals.update(
            category_id=category.id,
            signer_ids=[
                fields.Command.clear(),
                *(fields.Command.create(self._line_vals(one)) for one in circuit),
            ],
        )
        return vals

    def _line_vals(self, line):
        lines = self.env["campus.sign.template.signer"]
        if not isinstance(line, dict) or set(line) != {
            *_LINE_FIELDS,
            "role_id",
            "teacher_id",
        }:
            raise self._unprintable("signer_ids")
        vals = {name: line[name] for name in _LINE_FIELDS}
        if not all(fits(lines._fields[name], value) for name, value in vals.items()):
            raise self._unprintable("signer_ids")
        for name in ("role_id", "teacher_id"):
            found = lines[name]
            if type(line[name]) is int:
                found = found.browse(line[name]).exists()
            vals[name] = found.id
        if not vals["role_id"]:
            raise self._unprintable("signer_ids")
        return vals

    def _unprintable(self, name):
        field = self._fields[name]._description_string(self.env) if name else "?"
        return UserError(
            self.env._("“%(field)s” cannot be printed as it is.", field=field)
        )
