# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class CampusSignEventPerson(models.Model):
    """Personal part of an event, in a row that can be erased.

    The event keeps a salted commitment to it: erasing the row forgets the
    person without breaking the chain.
    """

    _name = "campus.sign.event.person"
    _description = "Personal part of an event"
    _log_access = False

    request_ref = fields.Integer(required=True, readonly=True)
    seq = fields.Integer(required=True, readonly=True)
    salt = fields.Char(required=True, readonly=True)
    data = fields.Json(required=True, readonly=True)

    _event_uniq = models.Constraint(
        "UNIQUE(request_ref, seq)", "An event has one personal part."
    )
