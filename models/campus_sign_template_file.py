# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
import re

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine.rendering import forbidden_markup
from .sentences import template_problem

FORMAT = "campus_sign.template"
FORMAT_VERSION = 1
MAX_FILE = 12_000_000
MAX_TEMPLATES = 50
_TEXT_LENGTH = 500

# Section of the file → key → field of the template.
_SECTIONS = {
    "layout": {
        "page_format": "page_format",
        "margin_top": "margin_top",
        "margin_right": "margin_right",
        "margin_bottom": "margin_bottom",
        "margin_left": "margin_left",
        "font_size": "font_size",
        "logo": "show_logo",
        "header": "header_text",
        "footer": "footer_text",
        "address_frame": "address_frame",
    },
    "mail": {"subject": "mail_subject", "text": "mail_body"},
    "sharing": {
        "mode": "sharing",
        "ordered": "ordered",
        "deadline_days": "deadline_days",
        "publish_student": "publish_student",
        "publish_guardians": "publish_guardians",
        "publish_recipient": "publish_recipient",
    },
}
# What the database's own constraints would say less politely.
_RANGES = {
    "margin_top": (5, 80),
    "margin_right": (5, 80),
    "margin_bottom": (15, 80),
    "margin_left": (5, 80),
    "font_size": (6, 24),
    "deadline_days": (1, 730),
    "sequence": (-100_000, 100_000),
}
_OPTIONS = ("student_option", "guardian_option", "teacher_option")
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
        for section, keys in _SECTIONS.items():
            values[section] = {
                key: self._translations(name)
                if self._fields[name].translate
                else self[name]
                for key, name in keys.items()
            }
        values["sharing"]["nature"] = base.nature_id.name or ""
        values["circuit"] = [
            line._snapshot(portable)
            for line in self.signer_ids.sorted(
                lambda line: (line.finaliser, line.sequence, line.id)
            )
        ]
        return values

    def _translations(self, name):
        """Return ``{language code: text}`` of a translated field, as stored."""
        stored = self._fields[name]._get_stored_translations(self) or {}
        return {lang: str(text or "") for lang, text in stored.items() if text}

    def _file_content(self):
        """Return the bytes of « Enregistrer sur son poste » for these templates."""
        content = {
            "format": FORMAT,
            "version": FORMAT_VERSION,
            "templates": [template._snapshot(portable=True) for template in self],
        }
        return json.dumps(content, ensure_ascii=False, indent=1).encode()

    def _file_name(self):
        name = self.name if len(self) == 1 else self.env._("templates")
        return re.sub(r"[^\w -]+", "", name).strip().replace(" ", "-") + ".json"

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

    # === READING A FILE ===#

    @api.model
    def _read_file(self, content):
        """Return the plain values of the templates of a file, checked.

        :param bytes content: the file as it was received
        :raise UserError: one sentence saying what is wrong; nothing is written
        """
        if len(content) > MAX_FILE:
            raise UserError(
                self.env._(
                    "The file weighs %(size)s MB, %(limit)s at most.",
                    size=round(len(content) / 1_000_000),
                    limit=MAX_FILE // 1_000_000,
                )
            )
        try:
            data = json.loads(content.decode("utf-8-sig"))
        except (ValueError, RecursionError):
            data = None
        if not isinstance(data, dict) or data.get("format") != FORMAT:
            raise UserError(
                self.env._(
                    "This file is not a template saved by “Save to my computer”."
                )
            )
        if data.get("version") != FORMAT_VERSION:
            raise UserError(
                self.env._(
                    "This file was saved by another version of the product (format "
                    "%(version)s): this one reads format %(known)s.",
                    version=str(data.get("version"))[:20],
                    known=FORMAT_VERSION,
                )
            )
        self._refuse_keys(data, {"format", "version", "templates"}, "")
        templates = data.get("templates")
        if not isinstance(templates, list) or not 0 < len(templates) <= MAX_TEMPLATES:
            raise UserError(
                self.env._(
                    "A file holds 1 to %(limit)s templates.", limit=MAX_TEMPLATES
                )
            )
        for values in templates:
            self._vals_of(values)
            self._refuse_program(values)
        return templates

    def _refuse_program(self, values):
        for text in (values["body"], *values["mail"]["text"].values()):
            problems = forbidden_markup(text)
            if problems:
                raise UserError(
                    self.env._(
                        "This file holds a program, which no template needs, and was "
                        "not imported.\n%(problems)s",
                        problems="\n".join(
                            template_problem(self.env, p) for p in problems[:5]
                        ),
                    )
                )

    def _vals_of(self, values):
        """Return the values to write for plain values; every one is checked.

        :raise UserError: naming the key that is missing, unknown or of another type
        """
        self._expect(values, dict, "")
        names = {"name", "recipient", "category", "body", "circuit", *_SECTIONS}
        self._refuse_keys(values, names, "", required=True)
        self._check_weight(self._expect(values["body"], str, "body"))
        vals = {
            "name": self._texts(values["name"], "name"),
            "recipient": self._value("recipient", values["recipient"], "recipient"),
            "category_id": self._category_of(values["category"]).id,
            "body": values["body"],
        }
        if not vals["name"]:
            raise self._damaged("name")
        for section, keys in _SECTIONS.items():
            self._expect(values[section], dict, section)
            extra = {"nature"} if section == "sharing" else set()
            self._refuse_keys(values[section], {*keys, *extra}, section, required=True)
            for key, name in keys.items():
                place = f"{section} > {key}"
                vals[name] = (
                    self._texts(values[section][key], place)
                    if self._fields[name].translate
                    else self._value(name, values[section][key], place)
                )
        vals["nature_id"] = self._nature_of(values["sharing"]["nature"]).id
        self._expect(values["circuit"], list, "circuit")
        roles = [
            line.get("role") for line in values["circuit"] if isinstance(line, dict)
        ]
        if len(roles) != len(set(map(str, roles))):
            raise self._damaged("circuit")
        vals["signer_ids"] = [
            fields.Command.create(self._signer_vals_of(line, f"circuit > {index}"))
            for index, line in enumerate(values["circuit"], start=1)
        ]
        return vals

    def _signer_vals_of(self, line, place):
        self._expect(line, dict, place)
        names = {"role", "mandatory", "sequence", *_OPTIONS}
        self._refuse_keys(
            {key: line[key] for key in line if key != "teacher_id"},
            names,
            place,
            required=True,
        )
        code = self._expect(line["role"], str, f"{place} > role")
        role = (
            self.env["campus.sign.role"]
            .with_context(active_test=False)
            .search([("code", "=", code)])
        )
        if not role:
            raise UserError(
                self.env._(
                    "The role “%(role)s” does not exist here: ask the administrator "
                    "to create it.",
                    role=code[:80],
                )
            )
        lines = self.env["campus.sign.template.signer"]
        vals = {
            name: self._value(name, line[name], f"{place} > {name}", lines)
            for name in ("mandatory", "sequence", *_OPTIONS)
        }
        teacher = line.get("teacher_id")
        if vals["teacher_option"] == "named":
            known = isinstance(teacher, int) and self.env["res.partner"].search(
                [("id", "=", teacher), ("is_campus_teacher", "=", True)]
            )
            vals["teacher_id"] = known.id if known else False
            if not known:
                vals["teacher_option"] = "internship"
        return {**vals, "role_id": role.id}

    def _category_of(self, named):
        self._expect(named, dict, "category")
        self._refuse_keys(named, {"code", "name"}, "category", required=True)
        code = self._expect(named["code"], str, "category > code")
        name = self._expect(named["name"], str, "category > name")
        categories = self.env["campus.sign.category"]
        found = (
            categories.search([("code", "=", code)], limit=1) if code else categories
        )
        if not found and not code:
            every = categories.with_context(lang=None).search(
                [("code", "in", ("", False))]
            )
            found = every.filtered(lambda c: c.complete_name == name)[:1]
        if not found:
            raise UserError(
                self.env._(
                    "The category “%(category)s” does not exist here: ask the "
                    "administrator to create it.",
                    category=(name or code)[:80],
                )
            )
        return found

    def _nature_of(self, name):
        self._expect(name, str, "sharing > nature")
        natures = self.env["campus.sign.nature"].with_context(lang=None)
        found = natures.search([("name", "=", name)], limit=1) if name else natures
        return found or self.env["campus.sign.nature"].browse(
            self._default_nature_id().id or False
        )

    # === PLAIN CHECKS ===#

    def _value(self, name, value, place, records=None):
        """Check a value against the type of a field."""
        field = (self if records is None else records)._fields[name]
        expected = _TYPES[field.type]
        number = field.type in ("integer", "float")
        if not isinstance(value, expected) or (number and isinstance(value, bool)):
            raise self._damaged(place)
        low, high = _RANGES.get(name, (0, 0))
        if number and not low <= value <= high:
            raise self._damaged(place)
        if field.type == "selection" and value not in dict(field.selection):
            raise self._damaged(place)
        return value

    def _texts(self, value, place):
        self._expect(value, dict, place)
        for lang, text in value.items():
            self._expect(text, str, place)
            limit = MAX_FILE if place == "mail > text" else _TEXT_LENGTH
            if not re.fullmatch(r"[a-z]{2,3}(_[A-Za-z0-9@]{2,12})?", lang):
                raise self._damaged(place)
            if len(text) > limit:
                raise self._damaged(place)
        return value

    def _expect(self, value, kind, place):
        if not isinstance(value, kind):
            raise self._damaged(place)
        return value

    def _refuse_keys(self, values, known, place, required=False):
        strange = sorted(set(values) - known)
        missing = sorted(known - set(values)) if required else []
        for key in strange + missing:
            raise self._damaged(f"{place} > {key}"[:80] if place else str(key)[:80])

    def _damaged(self, place):
        return UserError(
            self.env._(
                "This file is damaged or was written by hand: “%(place)s” is not what "
                "a template holds. Nothing was imported.",
                place=place or FORMAT,
            )
        )


class CampusSignTemplateSigner(models.Model):
    _inherit = "campus.sign.template.signer"

    def _snapshot(self, portable=False):
        """Return the plain values of a line; nobody is named in a file that leaves."""
        values = {
            "role": self.role_code or "",
            "mandatory": self.mandatory,
            "sequence": self.sequence,
            **{name: self[name] for name in _OPTIONS},
        }
        if not portable and self.teacher_id:
            values["teacher_id"] = self.teacher_id.id
        return values
