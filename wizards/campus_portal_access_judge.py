# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.exceptions import UserError
from odoo.tools import email_normalize

from .campus_portal_access_line import BLOCKED, INVITED, NEW, OPEN

_SOURCES = ("res.partner", "campus.guardianship", "campus.student")


class CampusPortalAccess(models.TransientModel):
    """Whom the lists name, and who of them may get an account: the one judge."""

    _inherit = "campus.portal.access"

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
