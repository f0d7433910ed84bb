# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What is to be known of all the persons of a check, read at once."""

from odoo.tools import email_normalize


class People:
    """Facts on partners, for a constant number of queries.

    :param partners: every ``res.partner`` the check may name
    :param students: ``campus.student`` records concerned, where a student's address
        is corrected rather than on the contact
    """

    def __init__(self, partners, students):
        env = partners.env
        # One reading fills the cache for every later look at one of them.
        partners.fetch()
        self._emails = {p.id: _address(p) for p in partners}
        emails = set(self._emails.values()) - {False}
        self.blacklisted = set(
            env["mail.blacklist"]
            .sudo()  # a fact on an address, not the list
            .search([("email", "in", sorted(emails))])
            .mapped("email")
        )
        self.bounced = {p.id for p in partners if p.message_bounce}
        self.never_connected = self._never_connected(partners)
        self._students = {student.partner_id.id: student for student in students}

    def email(self, partner):
        """Return a person's normalised address, False without a usable one."""
        return self._emails.get(partner.id, False)

    def source(self, partner):
        """Return the record where a person's address is corrected."""
        return self._students.get(partner.id, partner)

    @staticmethod
    def _never_connected(partners):
        """Return ids of partners whose account was never used."""
        env = partners.env
        users = env["res.users"].sudo()  # facts on accounts, no field is shown
        users = users.search([("partner_id", "in", partners.ids)])
        logs = env["res.users.log"].sudo()  # whether there is one, no more
        used = {
            user.id
            for (user,) in logs._read_group(
                [("create_uid", "in", users.ids)], ["create_uid"]
            )
        }
        connected = {user.partner_id.id for user in users if user.id in used}
        return set(users.partner_id.ids) - connected


def _address(partner):
    """Return a contact's one usable address; parsed only when it is not plain."""
    email = partner.email or ""
    if email and email == partner.email_normalized:
        return email
    return email_normalize(email)
