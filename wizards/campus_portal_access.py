# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import email_normalize

NEW, INVITED, OPEN, BLOCKED = "new", "invited", "open", "blocked"
#: An account takes about 0.15 s: more than these are left to the server.
AT_ONCE = 20
SLICE = 10
_SOURCES = ("res.partner", "campus.guardianship", "campus.student")


class CampusPortalAccess(models.TransientModel):
    """« Créer les accès au portail »: who gets an account, who has one, who cannot.

    The window stores ticks only. What a tick gives is judged again on the click, and
    given by Odoo's own portal invitation, which never gives an internal right.
    """

    _name = "campus.portal.access"
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

    # === WHO ===#

    def _people(self):
        """Return ``{partner: (part, establishment)}`` of the records of the list.

        :raises UserError: the records are of a kind that has no people
        """
        self.ensure_one()
        if self.source_model not in _SOURCES:
            raise UserError(self.env._("No access can be created from this screen."))
        ids = [one for one in self.source_ids or [] if isinstance(one, int)]
        records = self.env[self.source_model].browse(ids).exists()
        records.check_access("read")
        if self.source_model == "campus.student":
            return self._people_of_students(records)
        if self.source_model == "campus.guardianship":
            return {
                link.partner_id: (self._guardian_of(link), link.company_id)
                for link in records
            }
        functions = dict(
            records._fields["campus_function"]._description_selection(self.env)
        )
        return {
            partner: (
                functions.get(partner.campus_function, partner.function or ""),
                partner.company_id or self.env.company,
            )
            for partner in records
        }

    def _people_of_students(self, students):
        people = {}
        for student in students:
            if self.audience in ("both", "students"):
                people[student.partner_id] = (self.env._("Student"), student.company_id)
            if self.audience in ("both", "guardians"):
                for link in student.guardianship_ids.filtered("legal"):
                    person = self._guardian_of(link)
                    people.setdefault(link.partner_id, (person, link.company_id))
        return people

    def _guardian_of(self, link):
        return self.env._("Guardian of %(name)s", name=link.student_id.name)

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

    # === WHAT IS POSSIBLE ===#

    def _judge(self, people):
        """Return ``{partner: (status, reason)}``, in a few queries whatever the count.

        :param people: the answer of `_people`
        """
        partners = self.env["res.partner"].union(*people)
        users = (
            self.env["res.users"]
            .sudo()  # accounts of others: only whether one exists is told
            .with_context(active_test=False)
            .search([("partner_id", "in", partners.ids)])
        )
        account = {user.partner_id.id: user for user in users.sorted("active")}
        emails = {p: email_normalize(p.email or "") for p in partners}
        wanted = [email for email in emails.values() if email]
        sharing = self._sharing(wanted)
        taken = self._taken(wanted)
        allowed = self._known_people(partners)
        verdicts = {}
        for partner, (_part, company) in people.items():
            user = account.get(partner.id)
            reason = ""
            if user:
                status, reason = self._judge_account(user)
            elif company not in self.env.companies:
                status = BLOCKED
                reason = self.env._("This person belongs to another establishment.")
            elif partner.id not in allowed:
                status = BLOCKED
                reason = self.env._(
                    "Neither a student, a guardian, a company contact nor a teacher."
                )
            else:
                reason = self._email_obstacle(partner, emails[partner], sharing, taken)
                status = BLOCKED if reason else NEW
            verdicts[partner] = (status, reason)
        return verdicts

    def _judge_account(self, user):
        if not user.active:
            return BLOCKED, self.env._(
                "This person's account was closed: an administrator may reopen it."
            )
        if user._is_internal():
            return OPEN, self.env._("Internal account")
        if not user._is_portal():
            return BLOCKED, self.env._(
                "This person's account is of another kind: ask an administrator."
            )
        if user.login_date:
            return OPEN, self.env._("Already connected")
        return INVITED, self.env._(
            "Invited, never connected: tick to send the invitation again."
        )

    def _email_obstacle(self, partner, email, sharing, taken):
        if not partner.email:
            return self.env._("No e-mail address.")
        if not email:
            return self.env._("The e-mail address is not valid.")
        others = sharing.get(email, self.env["res.partner"]) - partner
        if others:
            # Contacts of another establishment are counted, not named.
            names = others.sudo(False)._filtered_access("read").mapped("name")
            if not names:
                return self.env._("Another contact has the same e-mail address.")
            return self.env._(
                "Same e-mail address as %(names)s: an account belongs to one person.",
                names=", ".join(names[:3]),
            )
        if email in taken:
            return self.env._("This address is already the login of another account.")
        return ""

    def _sharing(self, emails):
        """Return ``{address: the persons who have it}``; companies do not count."""
        found = (
            self.env["res.partner"]
            .sudo()  # an address is shared whoever may see the other person
            .search([("email_normalized", "in", emails), ("is_company", "=", False)])
        )
        return found.grouped("email_normalized")

    def _taken(self, emails):
        found = (
            self.env["res.users"]
            .sudo()  # logins are unique over all accounts, the closed ones included
            .with_context(active_test=False)
            .search([("login", "in", emails)])
        )
        return set(found.mapped("login"))

    def _known_people(self, partners):
        """Return the ids of those the establishment has to do with."""
        known = set(
            partners.filtered(
                lambda partner: (
                    not partner.is_company
                    and (partner.campus_function or partner.is_campus_teacher)
                )
            ).ids
        )
        for model in ("campus.student", "campus.guardianship"):
            found = self.env[model].search([("partner_id", "in", partners.ids)])
            known |= set(found.partner_id.ids)
        return known

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
                    status, reason = INVITED, self.env._("Invited")
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


class CampusPortalAccessLine(models.TransientModel):
    _name = "campus.portal.access.line"
    _description = "Person who may get a portal access"
    _order = "status_order, id"

    wizard_id = fields.Many2one(
        "campus.portal.access", required=True, ondelete="cascade", index=True
    )
    partner_id = fields.Many2one("res.partner", required=True, ondelete="cascade")
    email = fields.Char(related="partner_id.email")
    part = fields.Char(readonly=True)
    status = fields.Selection(
        [
            (NEW, "Will get an account"),
            (INVITED, "Invited"),
            (OPEN, "Has an account"),
            (BLOCKED, "Impossible"),
        ],
        required=True,
    )
    status_order = fields.Integer(compute="_compute_status_order", store=True)
    reason = fields.Char("Explanation")
    selected = fields.Boolean()
    todo = fields.Boolean(readonly=True)

    @api.depends("status")
    def _compute_status_order(self):
        order = [BLOCKED, NEW, INVITED, OPEN]
        for line in self:
            line.status_order = order.index(line.status or NEW)

    def _give(self, invitation, status):
        """Create the account or invite again; return the reason of a refusal."""
        self.ensure_one()
        invitation = invitation.with_context(campus_queue_invitation=True)
        try:
            with self.env.cr.savepoint():
                if status == NEW:
                    invitation.action_grant_access()
                else:
                    invitation.action_invite_again()
                user = invitation.user_id.sudo()  # the account just given
                if not user._is_portal() or user._is_internal():
                    raise UserError(
                        self.env._("The account would not be a portal account.")
                    )
        except (UserError, ValidationError) as error:
            return str(error)
        return ""

    def action_open_contact(self):
        """Open the contact to correct it."""
        self.ensure_one()
        action = self.partner_id.get_formview_action()
        return {**action, "target": "new"}


class PortalWizardUser(models.TransientModel):
    _inherit = "portal.wizard.user"

    def _send_email(self):
        """Put the invitation in the queue when hundreds are made at once.

        Odoo sends each one during the click: 300 families would wait for 300 mails.
        """
        if not self.env.context.get("campus_queue_invitation"):
            return super()._send_email()
        self.ensure_one()
        user = self.user_id.sudo()  # Odoo's own: the account that was just given
        user.partner_id.signup_prepare()
        template = self.env.ref("auth_signup.portal_set_password_email")
        template.with_context(
            dbname=self.env.cr.dbname,
            lang=user.lang,
            welcome_message=self.wizard_id.welcome_message,
            medium="portalinvite",
        ).send_mail(user.id, force_send=False)
        cron = self.env.ref("mail.ir_cron_mail_scheduler_action")
        cron.sudo()._trigger()  # anybody's invitation may wake the mail queue
        return True
