# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class CampusSignRemind(models.TransientModel):
    """« Relancer le(s) signataire(s) »: « Par SMS » or « Par E-mail » (A116)."""

    _name = "campus.sign.remind"
    _inherit = "campus.sign.bulk"
    _description = "Remind the signers"

    people = fields.Json(compute="_compute_people")
    people_count = fields.Integer(compute="_compute_people")
    told_count = fields.Integer(compute="_compute_people")
    sms = fields.Boolean(compute="_compute_people")
    channel = fields.Selection(
        [("email", "By e-mail"), ("sms", "By SMS")], default="email", readonly=True
    )
    force = fields.Boolean(string="Also those who already had a message today")

    @api.depends("request_ids")
    def _compute_people(self):
        """Say who would be told, before anything leaves."""
        sms = self.env["campus.sign.sms"]
        for wizard in self:
            requests = wizard.request_ids
            people = []
            for person in requests._remindable()[0]:
                first = person[:1]
                # Address and number of who is on a circuit, shown to who follows it.
                partner = first.partner_id.sudo()
                people.append(
                    {
                        "id": first.id,
                        "name": first.name,
                        "role": ", ".join(sorted(set(person.mapped("role_name")))),
                        "count": len(person),
                        "email": first.email or first.user_id.sudo().email or "",
                        "phone": partner.phone or "",
                        "today": person._told_today(),
                    }
                )
            wizard.people = people
            wizard.people_count = len(people)
            wizard.told_count = sum(one["today"] for one in people)
            wizard.sms = any(map(sms._available, requests.company_id))

    def action_by_email(self):
        """« Par E-mail »."""
        self.channel = "email"
        return self._run()

    def action_by_sms(self):
        """« Par SMS »."""
        self.channel = "sms"
        return self._run()

    def _title(self):
        return self.env._("Reminders")

    def _summary(self, count):
        return self.env._("%(count)s person(s) reminded.", count=count)

    def _units(self):
        """One message is one person's, about all that waits for him."""
        return {person["id"]: person["name"] for person in self.people}

    def _left_alone(self):
        return self.request_ids._remindable()[1]

    def _act(self):
        channel, force = self.channel, self.force
        known, lines = self.request_ids, self.env["campus.sign.signer"]

        def remind(key):
            line = lines.browse(key)
            if line.request_id not in known:
                raise UserError(self.env._("This document was not selected."))
            done, refused = line.request_id._act_remind(channel, force, only=line)
            if refused:
                raise UserError(refused[0][1])
            if not done:
                raise UserError(self.env._("Has nothing more to sign here."))

        return remind
