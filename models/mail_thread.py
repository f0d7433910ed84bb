# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def _routing_handle_bounce(self, email_message, message_dict):
        """Mark the personal link whose mail came back."""
        result = super()._routing_handle_bounce(email_message, message_dict)
        links = self.env["campus.sign.link"].sudo()  # the gateway reads for everybody
        found = links.search(
            [("message_id", "in", message_dict.get("bounced_msg_ids") or [])]
        )
        email = message_dict.get("bounced_email")
        if not found and email:
            # Not every server quotes the message it returns: the address it names
            # is enough for the last mail sent to it, never for older ones.
            last = links.search([("email", "=", email)], order="id")
            by_person = {(link.partner_id, link.company_id): link for link in last}
            found = links.union(*by_person.values())
        if found:
            found._note_undelivered("bounced", _diagnostic(email_message))
        return result


def _diagnostic(email_message):
    """Return the answer of the server that refused, nothing of the mail itself.

    The body of a returned mail may quote the personal link.
    """
    for part in email_message.walk():
        if part.get_content_type() == "message/delivery-status":
            for block in part.get_payload():
                code = block.get("Diagnostic-Code") or block.get("Status")
                if code:
                    return str(code)
    return ""
