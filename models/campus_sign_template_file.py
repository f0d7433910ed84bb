# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
import re
from contextlib import contextmanager

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine.rendering import forbidden_markup
from .campus_sign_template_values import (
    OPTIONS,
    SECTIONS,
    TEXT_LENGTH,
    fits,
    is_storable,
)
from .sentences import template_problem

FORMAT = "campus_sign.template"
FORMAT_VERSION = 1
MAX_FILE = 12_000_000
MAX_TEMPLATES = 50


class CampusSignTemplate(models.Model):
    """« Enregistrer sur son poste », and the reading of what comes back (A016)."""

    _inherit = "campus.sign.template"

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
            data = json.loads(
                content.decode("utf-8-sig"), object_pairs_hook=_without_doubles
            )
        except (ValueError, RecursionError):
            data = None
        if not isinstance(data, dict) or data.get("format") != FORMAT:
            raise UserError(
                self.env._(
                    "This file is not a template saved by “Save to my computer”."
                )
            )
        version = data.get("version")
        if version != FORMAT_VERSION:
            raise UserError(
                self.env._(
                    "This file was saved by another version of the product (format "
                    "%(version)s): this one reads format %(known)s.",
                    version=version if isinstance(version, (int, str)) else "?",
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
            with self._naming(values, templates):
                self._vals_of(values)
                self._refuse_program(values)
        return templates

    @contextmanager
    def _naming(self, values, templates):
        """Say which of several templates a refusal is about.

        :raise UserError: what the block raises, after the label of the template
        """
        try:
            yield
        except UserError as error:
            names = values.get("name") if isinstance(values, dict) else None
            names = names if isinstance(names, dict) else {}
            name = names.get(self.env.lang) or next(iter(names.values()), "?")
            if len(templates) == 1:
                raise
            raise UserError(
                self.env._(
                    "In “%(template)s”:\n%(problem)s",
                    template=str(name)[:80],
                    problem=error,
                )
            ) from None

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
        names = {"name", "recipient", "category", "body", "circuit", *SECTIONS}
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
        for section, keys in SECTIONS.items():
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
        names = {"role", "mandatory", "sequence", *OPTIONS}
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
            for name in ("mandatory", "sequence", *OPTIONS)
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
        """Check a value against the field it goes to."""
        if not fits((self if records is None else records)._fields[name], value):
            raise self._damaged(place)
        return value

    def _texts(self, value, place):
        self._expect(value, dict, place)
        for lang, text in value.items():
            self._expect(text, str, place)
            limit = MAX_FILE if place == "mail > text" else TEXT_LENGTH
            if not re.fullmatch(r"[a-z]{2,3}(_[A-Za-z0-9@]{2,12})?", lang):
                raise self._damaged(place)
            if len(text) > limit:
                raise self._damaged(place)
        return value

    def _expect(self, value, kind, place):
        if not isinstance(value, kind):
            raise self._damaged(place)
        if kind is str and not is_storable(value):
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


def _without_doubles(pairs):
    """Refuse a key written twice: readers do not agree on which one counts."""
    values = dict(pairs)
    if len(values) != len(pairs):
        raise ValueError("a key is written twice")
    return values
