# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class CampusSignRemind(models.TransientModel):
    """« Relancer le(s) signataire(s) »: « Par SMS » or « Par E-mail » (A116)."""

    _name = "campus.sign.remind"
    _description = "Remind the signers"

    request_ids = fields.Many2many(
        "campus.sign.request",
        string="Documents",
        required=True,
        default=lambda self: self._default_request_ids(),
    )
    people = fields.Json(compute="_compute_people")
    people_count = fields.Integer(compute="_compute_people")
    told_count = fields.Integer(compute="_compute_people")
    sms = fields.Boolean(compute="_compute_people")
    force = fields.Boolean(string="Also those who already had a message today")

    def _default_request_ids(self):
        return self.env["campus.sign.request"].browse(
            self.env.context.get("active_ids", [])
        )

    @api.depends("request_ids")
    def _compute_people(self):
        """Say who would be told, before anything leaves."""
        sms = self.env["campus.sign.sms"]
        for wizard in self:
            requests = wizard.request_ids
            lines = requests.signer_ids.browse()
            for request in requests:
                lines |= request._may_remind_now()
            people = []
            for person in lines.grouped(lambda line: line._person()).values():
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
        return self._remind("email")

    def action_by_sms(self):
        """« Par SMS »."""
        return self._remind("sms")

    def _remind(self, channel):
        self.ensure_one()
        done, refused = self.request_ids._act_remind(channel, self.force)
        summary = self.env._("%(count)s person(s) reminded.", count=len(done))
        outcome = self.env["campus.sign.outcome"]
        return outcome._show(self.env._("Reminders"), summary, refused)
