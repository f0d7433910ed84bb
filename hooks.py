# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Hooks of the module's life."""


def uninstall_hook(env):
    """Drop the trigger function of the event log; its tables go with the models."""
    env.cr.execute("DROP FUNCTION IF EXISTS campus_sign_refuse_change() CASCADE")
