# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from .campus_portal_access_line import BLOCKED, INVITED, NEW, OPEN

#: An account takes about 0.15 s: more than these are left to the server.
AT_ONCE = 20
SLICE = 10


class CampusPortalAccess(models.TransientModel):
    """« Créer les accès au portail »: who gets an account, who has one, who cannot.

    The window stores ticks only. What a tick gives is judged again on the click, and
    given by Odoo's own portal invitation, which never gives an internal right.
    """

    _name = "campus.portal.access"
    _inherit = ["campus.confined"]
    _description = "Creation of portal accesses"
    # What the server took over outlives the usual hour of a window.
    _transient_max_hours = 72.0

    source_model = fields.Char(required=True, readonly=True)
    source_ids = fields.Json(required=True, readonly=True)
    establishment_ids = fields.Json(readonly=True)
    audience = fields.Selection(
        [
            ("both", "Students and legal guardians"),
            ("students", "Students"),
            ("guardians", "Legal guardians"),
        ],
        default="both",
        required=True,
    )
    welcome_message = fields.Text("Message added to the invitation")
    line_ids = fields.One2many(
        "campus.portal.access.line",
        "wizard_id",
        compute="_compute_line_ids",
        compute_sudo=False,
        store=True,
        readonly=False,
    )
    selected_count = fields.Integer(compute="_compute_counts")
    open_count = fields.Integer(compute="_compute_counts")
    blocked_count = fields.Integer(compute="_compute_counts")
    state = fields.Selection(
        [("check", "Check"), ("queued", "Under way"), ("done", "Done")],
        default="check",
        readonly=True,
        index=True,
    )
    created_count = fields.Integer(readonly=True)
    again_count = fields.Integer(readonly=True)

    @api.model
    def _open(self, records):
        """Return the action that opens the window on records of a list."""
        self.env.user._campus_check_may_give_access()
        records.check_access("read")
        wizard = self.create(
            {
                "source_model": records._name,
                "source_ids": records.ids,
                "establishment_ids": self.env.companies.ids,
            }
        )
        return wizard._window()

    def _window(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Create portal accesses"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    @api.depends("audience", "source_model", "source_ids")
    def _compute_line_ids(self):
        for wizard in self:
            people = wizard._people()
            verdicts = wizard._judge(people)
            wizard.line_ids = [
                fields.Command.clear(),
                *(
                    fields.Command.create(
                        {
                            "partner_id": partner.id,
                            "part": part,
                            "status": verdicts[partner][0],
                            "reason": verdicts[partner][1],
                            "selected": verdicts[partner][0] == NEW,
                        }
                    )
                    for partner, (part, _company) in people.items()
                ),
            ]

    @api.depends("line_ids.selected", "line_ids.status")
    def _compute_counts(self):
        for wizard in self:
            lines = wizard.line_ids
            wizard.selected_count = len(lines.filtered("selected"))
            wizard.open_count = len(
                lines.filtered(lambda line: line.status in (OPEN, INVITED))
            )
            wizard.blocked_count = len(
                lines.filtered(lambda line: line.status == BLOCKED)
            )

    # === ACT ===#

    def action_create(self):
        """Give the ticked persons an account and queue one invitation each.

        What cannot be given is refused line by line, with the reason. Beyond a few
        persons the server takes over, and tells when it is done.

        :raises UserError: nothing is ticked, or it was already done
        """
        self.ensure_one()
        self.env.user._campus_check_may_give_access()
        if self.state != "check":
            raise UserError(self.env._("These accesses were already created."))
        lines = self.line_ids.filtered("selected")
        if not lines:
            raise UserError(self.env._("Tick at least one person."))
        (self.line_ids - lines).write({"todo": False})
        lines.write({"todo": True})
        self.state = "queued"
        if len(lines) <= AT_ONCE:
            self._give(lines)
        else:
            cron = self.env.ref("campus_sign.cron_portal_access")
            cron.sudo()._trigger()  # the window of anybody may wake the server
        return self._window()

    @api.model
    def _cron_give(self):
        """Go on with what was taken over, in the name of who asked, in slices."""
        for wizard in self.search([("state", "=", "queued")], order="id"):
            mine = wizard._in_the_name_of_its_owner()
            while lines := wizard.line_ids.filtered("todo")[:SLICE]:
                try:
                    with self.env.cr.savepoint():
                        mine._give(lines.with_env(mine.env))
                except UserError as error:
                    # A right or an establishment was lost meanwhile: stop there.
                    wizard._stop(str(error))
                left = len(wizard.line_ids.filtered("todo"))
                if not self.env["ir.cron"]._commit_progress(1, remaining=left):
                    return
            wizard.with_context(lang=wizard.create_uid.lang)._tell()

    def _in_the_name_of_its_owner(self):
        """Return the window with the rights of who opened it, as they are now."""
        user = self.create_uid
        allowed = [
            c for c in user.company_ids.ids if c in (self.establishment_ids or ())
        ]
        return self.with_user(user).with_context(
            allowed_company_ids=allowed or user.company_id.ids, lang=user.lang
        )

    def _stop(self, reason):
        self.line_ids.filtered("todo").write(
            {"status": BLOCKED, "reason": reason, "todo": False}
        )
        self.state = "done"

    def _give(self, lines):
        """Judge the lines again, then give what is possible.

        :raises AccessError: who asked no longer may
        """
        self.env.user._campus_check_may_give_access()
        people = self._people()
        chosen = {
            line.partner_id: people[line.partner_id]
            for line in lines
            if line.partner_id in people
        }
        verdicts = self._judge(chosen)
        invitations = self._invitations(chosen)
        done = {NEW: 0, INVITED: 0}
        for line in lines:
            partner = line.partner_id
            status, reason = verdicts.get(partner, (BLOCKED, ""))
            if status in done:
                refusal = line._give(invitations[partner], status)
                if not refusal:
                    done[status] += 1
                    status, reason = INVITED, ""
                else:
                    status, reason = BLOCKED, refusal
            line.write({"status": status, "reason": reason, "todo": False})
        self.created_count += done[NEW]
        self.again_count += done[INVITED]
        if not self.line_ids.filtered("todo"):
            self.state = "done"

    def _tell(self):
        """Tell who asked how it ended."""
        refused = self.line_ids.filtered(
            lambda line: line.selected and line.status == BLOCKED
        )
        text = self.env._(
            "Portal accesses: %(created)s created, %(again)s invited again, "
            "%(refused)s refused.",
            created=self.created_count,
            again=self.again_count,
            refused=len(refused),
        )
        lines = [text, *(f"{x.partner_id.name} : {x.reason}" for x in refused)]
        partner = self.create_uid.partner_id
        partner.message_notify(
            subject=self.env._("Portal accesses"),
            body=Markup("<br/>").join(lines),
            partner_ids=partner.ids,
        )

    def _invitations(self, people):
        """Return Odoo's own line of invitation for each partner.

        The account is made in the establishment of the person, one invitation window
        each: its messages are not mixed.
        """
        found = {}
        for establishment in {company for _part, company in people.values()}:
            partners = [p.id for p, (_part, c) in people.items() if c == establishment]
            wizard = (
                self.env["portal.wizard"]
                .with_company(establishment)
                .create(
                    {
                        "partner_ids": [fields.Command.set(partners)],
                        "welcome_message": self.welcome_message,
                    }
                )
            )
            found |= {line.partner_id: line for line in wizard.user_ids}
        return found
