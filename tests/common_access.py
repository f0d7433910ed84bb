# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who may what: the table, the roles, and a call by RPC as one of them."""

import csv
import inspect
from pathlib import Path

from odoo.exceptions import AccessError, UserError
from odoo.models import BaseModel
from odoo.service.model import get_public_method
from odoo.tests import new_test_user

from ..models.ceremony_errors import CeremonyError
from .common_library import LibraryCase

# Rights are asked before existence.
UNKNOWN = 2**31 - 1
TABLE = Path(__file__).with_name("access_matrix.csv")
OPERATIONS = {"r": "read", "w": "write", "c": "create", "u": "unlink"}
# Column of the table: groups of the user. Rights first, then the ready-made profiles.
ROLES = {
    "public": ["base.group_public"],
    "portal": ["base.group_portal"],
    "user": ["base.group_user"],
    "follow": ["campus_sign.group_follow"],
    "send": ["campus_sign.group_send"],
    "configure": ["campus_sign.group_configure"],
    "records": ["campus_sign.group_records"],
    "sign": ["campus_sign.group_sign"],
    "offers": ["campus_sign.group_offers"],
    "registrations": ["campus_sign.group_registrations"],
    "admin": ["campus_sign.group_admin"],
}
# A profile may do what these rights may do together, and nothing else.
PROFILES = {
    "profile_follower": ["follow"],
    "profile_teacher": ["send"],
    "profile_office": ["configure", "records"],
    "profile_head": ["sign"],
    "group_admin": ["admin"],
}
# Public methods anybody may call, and why that is right.
HARMLESS = {
    # Addresses of empty files to fill in, as Odoo's own method of contacts.
    ("campus.guardianship", "get_import_templates"),
    ("campus.internship", "get_import_templates"),
    ("campus.student", "get_import_templates"),
    ("res.partner", "get_import_templates"),
}


class AccessCase(LibraryCase):
    """Two establishments with the same records, one user per role in the first."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["res.company"].create(
            {"name": "Lycée d'à côté", "country_id": cls.env.ref("base.fr").id}
        )
        cls.users = {role: cls._role_user(role, ids) for role, ids in ROLES.items()}
        cls.rows = cls._table()

    @classmethod
    def _role_user(cls, role, groups):
        internal = groups[0] not in ("base.group_public", "base.group_portal")
        return new_test_user(
            cls.env,
            f"role-{role}",
            groups=",".join((["base.group_user"] if internal else []) + groups),
            company_id=cls.establishment.id,
            company_ids=[(6, 0, cls.establishment.ids)],
        )

    @classmethod
    def _table(cls):
        with TABLE.open(encoding="utf-8", newline="") as file:
            return {row["model"]: row for row in csv.DictReader(file)}

    def models(self):
        """Return the names of the models of this module that hold records."""
        return sorted(
            name
            for name, model in self.env.registry.items()
            if name.startswith("campus.") and not model._abstract
        )

    def as_role(self, role, model):
        """Return a model as the user of a role sees it in his establishment."""
        user = self.here(self.users[role])
        return self.env[model].with_user(user).with_context(allowed_company_ids=None)

    # === RPC ===#

    def public_methods(self):
        """Yield ``(model, method name)`` of what this module lets RPC call."""
        for name, model in sorted(self.env.registry.items()):
            if model._abstract:
                continue
            names = {
                method
                for definition in model.__mro__
                if getattr(definition, "_module", None) == "campus_sign"
                and not getattr(definition, "pool", None)
                for method, value in vars(definition).items()
                if inspect.isfunction(value) and not method.startswith("_")
            }
            for method in sorted(names):
                # Reading and writing are covered by the table.
                if not hasattr(BaseModel, method):
                    yield name, method

    def is_of_model(self, name, method):
        """Tell whether a method is called on the model, not on records."""
        return getattr(getattr(self.env.registry[name], method), "_api_model", False)

    def arguments(self, name, method):
        """Return something for each argument a method asks for."""
        function = getattr(self.env.registry[name], method)
        return [
            False
            for parameter in list(inspect.signature(function).parameters.values())[1:]
            if parameter.default is parameter.empty
            and parameter.kind
            in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD)
        ]

    def refused(self, role, name, method, record=None):
        """Tell whether a call by RPC is refused for want of right."""
        arguments = self.arguments(name, method)
        return self.called(role, name, method, *arguments, record=record) is AccessError

    def called(self, role, name, method, *arguments, record=None):
        """Call a method as RPC does, on a record; return the kind of refusal.

        :return: ``None`` when nothing was refused
        """
        with self.registry.cursor() as cr:
            model = self.as_role(role, name).with_env(
                self.as_role(role, name).env(cr=cr)
            )
            if record is None:
                record = model.sudo().search([], limit=1) or model.browse(UNKNOWN)
            try:
                get_public_method(model, method)(record.with_env(model.env), *arguments)
            except AccessError:
                return AccessError
            except CeremonyError as error:
                return AccessError if error.status == 403 else CeremonyError
            except (UserError, ValueError, TypeError) as error:
                return type(error)
            finally:
                cr.rollback()
        return None
