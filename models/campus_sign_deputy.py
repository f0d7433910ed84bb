# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime

import pytz

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from .gate import is_unlocked


class CampusSignDeputy(models.Model):
    """A representative of the establishment is replaced from a day to a day
    (« ou son représentant », A117, decision 7).

    The deputy signs the lines that name the representative, in his own name and
    « pour » him: nothing of the circuit changes.
    """

    _name = "campus.sign.deputy"
    _inherit = ["campus.confined"]
    _description = "Deputy of a representative"
    _order = "date_from desc, id desc"

    company_id = fields.Many2one(
        "res.company",
        string="Establishment",
        required=True,
        default=lambda self: self.env.company,
        ondelete="cascade",
        index=True,
    )
    user_id = fields.Many2one(
        "res.users",
        string="Representative",
        required=True,
        default=lambda self: self.env.user,
        ondelete="cascade",
        index=True,
    )
    deputy_id = fields.Many2one(
        "res.users",
        required=True,
        ondelete="restrict",
        index=True,
        help="Must hold the right to sign on behalf of the establishment.",
    )
    date_from = fields.Date(
        string="From", required=True, default=fields.Date.context_today
    )
    date_to = fields.Date(string="To", required=True, help="Last day included.")
    note = fields.Char(string="Reason")
    named_at = fields.Datetime(
        string="Named on", readonly=True, default=fields.Datetime.now, copy=False
    )
    in_force = fields.Boolean(compute="_compute_in_force")

    _dates = models.Constraint(
        "CHECK(date_from <= date_to)", "The last day comes after the first one."
    )
    _other_person = models.Constraint(
        "CHECK(user_id <> deputy_id)", "A deputy is another person."
    )

    @api.depends("user_id", "deputy_id", "date_from", "date_to")
    def _compute_display_name(self):
        for deputy in self:
            deputy.display_name = self.env._(
                "%(deputy)s for %(head)s",
                deputy=deputy.sudo().deputy_id.name or "",  # a name to show
                head=deputy.sudo().user_id.name or "",  # idem
            )

    @api.depends("date_from", "date_to", "company_id")
    def _compute_in_force(self):
        for deputy in self:
            today = deputy._today(deputy.company_id)
            known = deputy.date_from and deputy.date_to
            deputy.in_force = known and deputy.date_from <= today <= deputy.date_to

    @api.constrains("deputy_id", "user_id", "company_id")
    def _check_deputy_right(self):
        for deputy in self:
            # The right is asked of another account, which a head may not read.
            if not deputy.sudo().deputy_id._may_sign_for(deputy.company_id):
                raise ValidationError(
                    self.env._(
                        "%(name)s does not hold the right to sign on behalf of "
                        "%(company)s.",
                        name=deputy.sudo().deputy_id.name,  # a name to show
                        company=deputy.company_id.name,
                    )
                )

    # === WHO NAMES ===#

    @api.model_create_multi
    def create(self, vals_list):
        if not is_unlocked(self.env):
            # When a deputy was named decides which accounts are trusted.
            now = fields.Datetime.now()
            vals_list = [{**vals, "named_at": now} for vals in vals_list]
        deputies = super().create(vals_list)
        deputies._check_may_name()
        return deputies

    def write(self, vals):
        self._check_may_name()
        if set(vals) & {"user_id", "deputy_id", "company_id", "named_at"}:
            raise UserError(
                self.env._(
                    "Persons of a deputation do not change: end this one and name "
                    "another deputy."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_check(self):
        self._check_may_name()

    def _check_may_name(self):
        """Check that the user is the representative himself or an administrator."""
        user = self.env.user
        if self.env.su or user.has_group("campus_sign.group_admin"):
            return
        if any(d.user_id != user or not user._may_sign_for(d.company_id) for d in self):
            raise AccessError(
                self.env._(
                    "Only the representative himself or a super-administrator names "
                    "a deputy."
                )
            )

    # === WHO IS REPLACED TODAY ===#

    @api.model
    def _today(self, company):
        """Return the day at the establishment, whatever the zone of the caller."""
        zone = company.sudo().partner_id._campus_zone()  # a clock
        return datetime.now(pytz.timezone(zone)).date()

    @api.model
    def _of(self, head, company, user):
        """Return what makes ``user`` the deputy of ``head`` today, or nothing.

        Asked of every line of a batch: a person's deputations are read once. Among
        those that overlap, the last one named is the one that tells which account
        was meant.
        """
        today = self._today(company)
        found = user.sudo().deputation_ids.filtered(  # asked by a line's predicate
            lambda one: (
                one.user_id == head
                and one.company_id == company
                and one.date_from <= today <= one.date_to
            )
        )
        return found.sorted(lambda one: (one.named_at, one.id))[-1:]

    @api.model
    def _heads_of(self, user):
        """Return the accounts that ``user`` replaces today, in any establishment."""
        found = user.sudo().deputation_ids  # a person's own
        return found.filtered("in_force").user_id

    @api.model
    def _deputies_of(self, head, company, role):
        """Return the accounts that replace ``head`` today in an establishment.

        :param role: ``campus.sign.role`` of the line, which may ask for one more right
        """
        today = self._today(company)
        found = self.sudo().search(  # they are told that a document waits
            [
                ("user_id", "=", head.id),
                ("company_id", "=", company.id),
                ("date_from", "<=", today),
                ("date_to", ">=", today),
            ]
        )
        return found.deputy_id.filtered(lambda user: user._may_sign_for(company, role))


class ResUsers(models.Model):
    _inherit = "res.users"

    deputation_ids = fields.One2many(
        "campus.sign.deputy",
        "deputy_id",
        string="Representatives replaced",
        groups=fields.NO_ACCESS,
    )
