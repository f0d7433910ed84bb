# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError


class CampusSignConsent(models.Model):
    """Text a signer accepts, dated and versioned (A098, A099).

    A text that was accepted is never rewritten: a new version takes over on its
    date, and the proof names the version and the hash of its words.
    """

    _name = "campus.sign.consent"
    _description = "Consent text"
    _order = "sequence, date_from desc, id desc"
    _rec_name = "label"

    code = fields.Selection(
        [
            ("terms", "Terms of electronic signature"),
            ("certificate", "Terms of the electronic certificate"),
        ],
        required=True,
    )
    sequence = fields.Integer(default=10)
    version = fields.Char(required=True)
    date_from = fields.Date(required=True, default=fields.Date.context_today)
    label = fields.Char(required=True, translate=True)
    text = fields.Html(required=True, translate=True)

    _version_uniq = models.Constraint(
        "UNIQUE(code, version)", "This version of the text already exists."
    )

    @api.model
    def _current(self):
        """Return the texts in force today, one per code."""
        today = fields.Date.context_today(self)
        found = self.sudo().search_fetch(  # shown to anybody
            [("date_from", "<=", today)], ["code", "version", "label", "text"]
        )
        texts = self.browse()
        for text in found:
            if text.code not in texts.mapped("code"):
                texts |= text
        return texts

    def _as_evidence(self):
        """Return what the proof says of an accepted text."""
        self.ensure_one()
        words = f"{self.label}\n{self.text}"
        return {
            "code": self.code,
            "version": self.version,
            "lang": self.env.lang or "en_US",
            "sha256": hashlib.sha256(words.encode()).hexdigest(),
        }

    def write(self, vals):
        if {"text", "code", "version"} & set(vals) and any(
            text.date_from < fields.Date.context_today(text) for text in self
        ):
            raise UserError(
                self.env._(
                    "This text is already in force and may have been accepted: add a "
                    "new version instead."
                )
            )
        return super().write(vals)
