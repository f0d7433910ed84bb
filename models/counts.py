# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How many records point at each of others, in one query."""

from odoo.fields import Domain


def count_by(records, model, name, domain=Domain.TRUE):
    """Return ``{value of the field: number of records}``.

    :param records: what the field ``name`` of ``model`` points at
    :param domain: some of the records of ``model`` only
    """
    domain = Domain(name, "in", records.ids) & domain
    return dict(records.env[model]._read_group(domain, [name], ["__count"]))
