# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re

from odoo import api, fields, models

from .campus_sign_template import RANGES

#: Section → key → field of the template.
SECTIONS = {
    "layout": {
        "page_format": "page_format",
        "margin_top": "margin_top",
        "margin_right": "margin_right",
        "margin_bottom": "margin_bottom",
        "margin_left": "margin_left",
        "font_size": "font_size",
        "logo": "show_logo",
        "title": "print_title",
        "header": "header_text",
        "footer": "footer_text",
        "address_frame": "address_frame",
    },
    "mail": {
        "subject": "mail_subject",
        "text": "mail_body",
        "reminders": "reminder_auto",
        "reminder_days": "reminder_days",
        "reminder_every": "reminder_every",
        "reminder_max": "reminder_max",
    },
    "sharing": {
        "mode": "sharing",
        "contract": "contract_kind",
        "ordered": "ordered",
        "deadline_days": "deadline_days",
        "code": "code_method",
        "publish_student": "publish_student",
        "publish_guardians": "publish_guardians",
        "publish_recipient": "publish_recipient",
    },
}
#: What a line of the circuit says besides its role, modality and place.
OPTIONS = ("student_option", "guardian_option", "teacher_option")
#: Letters of one line: a label, a header, the subject of a mail.
TEXT_LENGTH = 500
_NOT_STORABLE = re.compile("[\x00\ud800-\udfff]")
_RANGES = {**RANGES, "sequence": (-100_000, 100_000)}
_TYPES = {
    "boolean": bool,
    "integer": int,
    "float": (int, float),
    "selection": str,
    "html": str,
    "char": str,
}


class CampusSignTemplate(models.Model):
    """A template as plain values: its revisions, its file, the shipped library.

    One form for the three, so that what can be saved can be restored and imported.
    Roles, category and nature are named by codes and names, never by ids.
    """

    _inherit = "campus.sign.template"

    # === TO VALUES ===#

    def _snapshot(self, portable=False):
        """Return the plain values of the template.

        :param portable: for another database: images inside the body, nobody named
        """
        self.ensure_one()
        base = self.with_context(lang=None)
        values = {
            "name": self._translations("name"),
            "recipient": self.recipient,
            "category": {
                "code": self.category_id.code or "",
                "name": base.category_id.complete_name or "",
            },
            "body": str((self._portable_body() if portable else self.body) or ""),
        }
        for section, keys in SECTIONS.items():
            values[section] = {key: self._plain(name) for key, name in keys.items()}
        values["sharing"]["nature"] = base.nature_id.name or ""
        values["circuit"] = [
            line._snapshot(portable)
            for line in self.signer_ids.sorted(
                lambda line: (line.finaliser, line.sequence, line.id)
            )
        ]
        return values

    def _plain(self, name):
        field = self._fields[name]
        if field.translate:
            return self._translations(name)
        return self[name] or "" if field.type in ("selection", "char") else self[name]

    def _translations(self, name):
        """Return ``{language code: text}`` of a translated field, as stored."""
        stored = self._fields[name]._get_stored_translations(self) or {}
        return {lang: str(text or "") for lang, text in stored.items() if text}

    # === FROM VALUES ===#

    def _apply(self, values, note):
        """Put the template back to plain values, as a new revision.

        :raise UserError: something they name does not exist any more
        """
        self.ensure_one()
        vals = self._vals_of(values)
        translated = {
            name: vals.pop(name)
            for name in [*vals]
            if self._fields[name].translate and isinstance(vals[name], dict)
        }
        vals["signer_ids"] = [fields.Command.clear(), *vals["signer_ids"]]
        saving = self._saving()
        saving.write(vals)
        saving._settle_circuit()
        saving._write_translations(translated)
        self._check_content()
        self._keep_revision(note)

    @api.model
    def _create_from(self, values, note=False):
        """Create a template from plain values; the same checks as a saving."""
        vals = self._vals_of(values)
        translated = {
            name: text
            for name, text in vals.items()
            if self._fields[name].translate and isinstance(text, dict)
        }
        for name, texts in translated.items():
            vals[name] = texts.get("en_US") or next(iter(texts.values()), "")
        template = self._saving().create([vals])
        template._write_translations(translated)
        template = template.with_env(self.env)
        template._check_content()
        template._keep_revision(note)
        return template

    def _write_translations(self, translated):
        """Write ``{field: {language: text}}`` for the languages in use."""
        installed = {code for code, _name in self.env["res.lang"].get_installed()}
        for name, texts in translated.items():
            source = texts.get("en_US") or next(iter(texts.values()), False)
            if source:
                others = {lang: texts.get(lang, False) for lang in installed}
                self.update_field_translations(name, {**others, "en_US": source})
            else:
                self[name] = False


class CampusSignTemplateSigner(models.Model):
    _inherit = "campus.sign.template.signer"

    def _snapshot(self, portable=False):
        """Return the plain values of a line; nobody is named in a file that leaves."""
        values = {
            "role": self.role_code or "",
            "mandatory": self.mandatory,
            "sequence": self.sequence,
            **{name: self[name] for name in OPTIONS},
        }
        if not portable and self.teacher_id:
            values["teacher_id"] = self.teacher_id.id
        return values


def fits(field, value):
    """Tell whether a plain value may go to a field: its type, its range."""
    if field.type in ("integer", "float"):
        low, high = _RANGES[field.name]
        number = isinstance(value, _TYPES[field.type]) and not isinstance(value, bool)
        return number and low <= value <= high
    if field.type == "selection":
        empty = value == "" and not field.required
        return empty or (isinstance(value, str) and value in dict(field.selection))
    if isinstance(value, str):
        short = field.type != "char" or len(value) <= TEXT_LENGTH
        return _TYPES[field.type] is str and short and is_storable(value)
    return isinstance(value, _TYPES[field.type])


def is_storable(text):
    """Tell whether PostgreSQL can keep a text: no NUL, no half of a character."""
    return not _NOT_STORABLE.search(text)
