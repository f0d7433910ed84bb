# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

_DAYS = re.compile(r"^\s*\d{1,3}(\s*[,;]\s*\d{1,3})*\s*$")


class CampusSignTemplate(models.Model):
    """When the server reminds signers by itself (A116).

    Example: « 3, 7 », every 7 days, 5 at most → J+3, J+7, J+14, J+21, J+28, then the
    sender is told.
    """

    _inherit = "campus.sign.template"

    reminder_auto = fields.Boolean(string="Automatic reminders", default=True)
    reminder_days = fields.Char(
        string="Days of the first reminders",
        default="3, 7",
        help="Counted from the day the signer was told that it is his turn.",
    )
    reminder_every = fields.Integer(string="Then every (days)", default=7)
    reminder_max = fields.Integer(
        string="Reminders at most",
        default=5,
        help="After the last one, whoever sent the document is told.",
    )

    _reminder_bounds = models.Constraint(
        "CHECK(reminder_every BETWEEN 1 AND 90 AND reminder_max BETWEEN 1 AND 20)",
        "Reminders are between 1 and 90 days apart, and there are 1 to 20 of them.",
    )

    @api.constrains("reminder_days")
    def _check_reminder_days(self):
        for template in self:
            days = template._reminder_steps()
            if days is None or days != sorted(set(days)) or 0 in days:
                raise ValidationError(
                    self.env._(
                        "Write the days of the first reminders in growing order, for "
                        "example: 3, 7."
                    )
                )

    def _reminder_steps(self):
        """Return the days as integers, ``None`` when they cannot be read."""
        self.ensure_one()
        text = (self.reminder_days or "").strip()
        if not text:
            return []
        if not _DAYS.match(text):
            return None
        return [int(day) for day in re.split(r"[,;]", text)]

    def _reminder_after(self, told_at, given, now):
        """Return when the plan speaks next, ``False`` without a plan.

        :param told_at: when the signer was told that it is his turn
        :param int given: reminders he already had
        :param now: naive UTC; the next moment is at least a day later
        """
        self.ensure_one()
        if not self.reminder_auto:
            return False
        steps = self._reminder_steps() or []
        if given < len(steps):
            moment = told_at + timedelta(days=steps[given])
        else:
            moment = (now if given else told_at) + timedelta(days=self.reminder_every)
        return max(moment, now + timedelta(days=1))
