# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# A controller has no self.env: `_` is the request's own.
# pylint: disable=prefer-env-translation
"""The sentences the ceremony's scripts say, in the reader's language.

They travel in the page as JSON: Odoo's exporter reads them here, and the scripts
need no translation file of their own. ``{name}`` is filled by the page.
"""


def page_texts(env):
    """Return the texts of the ceremony, by the name the scripts use."""
    _ = env._
    return {
        **_document_texts(_),
        **_reading_texts(_),
        **_sheet_texts(_),
        **_ending_texts(_),
        **_problem_texts(_),
    }


def _document_texts(_):
    return {
        "lead_none": _("You have no document to sign at the moment."),
        "lead_one": _("One document is waiting for your signature."),
        "lead_many": _("{count} documents are waiting for your signature."),
        "actions_none": _("Nothing left to do"),
        "actions_one": _("1 action left"),
        "actions_many": _("{count} actions left"),
        "state_unread": _("To read and sign"),
        "state_read": _("Read, to be signed"),
        "state_waiting_turn": _("It is not your turn yet: someone signs before you."),
        "state_signed": _("Signed"),
        "state_closed": _("Closed: it can no longer be signed."),
        "state_proposed": _(
            "You proposed somebody else: the establishment decides first."
        ),
        "home_person": _("You are {name}."),
        "optional": _("Optional"),
        "deadline": _("to be signed by {date}"),
        "pages_one": _("1 page"),
        "pages_many": _("{count} pages"),
    }


def _reading_texts(_):
    return {
        "page_of": _("Page {page} / {pages}"),
        "page_label": _("Page {page} of {pages}"),
        "start_signing": _("Start signing"),
        "continue": _("Continue →"),
        "sign_now_one": _("Sign the document read"),
        "sign_now_many": _("Sign the {count} documents read"),
        "gate_closed": _(
            "Read the document carefully to the end to enable the "
            "“Start signing” button."
        ),
        "gate_open": _("You have read the document: the summary follows."),
        "gate_next": _("Document read. {count} left to read."),
        "gate_other": _("This document does not need your signature now."),
        "reading_document": _("Document {index} of {count}"),
        "end_reached": _("End of the document reached."),
        "altered": _(
            "The file received is not the one to be signed. "
            "Nothing was signed; please tell the establishment."
        ),
        "viewer_failed": _(
            "Your browser could not draw this document. "
            "Update it, or open the document in another tab and read it there."
        ),
    }


def _sheet_texts(_):
    return {
        "visual_title": _("Signature of {name}"),
        "fingerprint": _("SHA-256 fingerprint"),
        # A name for programs as much as for people: the same in every language.
        "transaction": "{title} - {index} ({count})",
        "why_ask_code": _("Ask for the code, then type it in."),
        "why_code": _("Type in the verification code of 6 digits."),
        "code_how_email": _(
            "The establishment asks for a code. It is sent to your e-mail address."
        ),
        "code_how_sms": _(
            "The establishment asks for a code. It is sent to your telephone."
        ),
        "code_how_totp": _("Type in the code your authenticator app shows now."),
        "code_send": _("Receive the code"),
        "code_again": _("Send another code"),
        "code_sent": _("Code sent to {destination}, valid for {minutes} minutes."),
        "sign": _("Sign"),
        "signing": _("Signing…"),
        "why_consents": _("Tick the two boxes to sign."),
        "why_consent": _("Tick the remaining box to sign."),
        "why_visual": _("Add your signature: draw it, type it or import it."),
        "why_ready_one": _("You are going to sign 1 document."),
        "why_ready_many": _("You are going to sign {count} documents."),
        "canvas_blocked": _(
            "Your browser lets no page read what is drawn in it. Import an image of "
            "your signature, or open the link of your e-mail in another browser."
        ),
        "visual_not_image": _("Choose a PNG or JPEG image."),
        "visual_unreadable": _("This image cannot be read. Choose another one."),
        "visual_too_large": _("This image is too large. Choose a smaller one."),
        "imported": _("Image imported."),
        "erased": _("Signature erased."),
        "font": _("Handwriting {index}"),
        "visual_saved": _("Your saved signature"),
        "visual_written": _("Your name in handwriting"),
        "over_saved": _("Your saved signature: sign over it to replace it."),
        "over_written": _("Your name in handwriting: sign over it to replace it."),
        "reading_notice": _("Processing and protection of personal data"),
        "reason_missing": _("Please give a reason."),
        "proposal_missing": _("Please give the name of the person you propose."),
        "proposal_email": _("Please give a valid e-mail address."),
    }


def _ending_texts(_):
    return {
        "done_title": _("Signature taken into account successfully"),
        "done_close": _("You can now close this window."),
        "done_next": _(
            "You will be told when the final document, signed by everybody, "
            "is available."
        ),
        "done_partly": _("Some documents could not be signed"),
        "done_left_one": _("One document is still waiting for your signature."),
        "done_left_many": _("{count} documents are still waiting for your signature."),
        "refused_title": _("Your refusal has been recorded"),
        "refused_lead": _("The establishment has been told."),
        "proposed_title": _("Your proposal has been sent"),
        "proposed_lead": _(
            "The establishment decides, and tells you. Until then this document waits."
        ),
        "disowned_title": _("Thank you: this link no longer opens anything"),
        "disowned_lead": _("The establishment has been told."),
        "result_signed": _("Signed on {date}"),
        "result_refused": _("Refused"),
        "nothing_lead": _(
            "You will get an e-mail when a document is waiting for your signature."
        ),
        "changed": _(
            "The situation has changed since you opened the page. Here is the new one."
        ),
        "not_done": _("Not signed"),
        "attestation": _("Attestation of my signature"),
    }


def _problem_texts(_):
    return {
        "problem_link": _("This link does not work"),
        "problem_link_next": _(
            "Open the most recent e-mail you received about this document and use "
            "its link. If that fails too, ask the establishment to send it again."
        ),
        "problem_session": _("We do not know who you are any more"),
        "problem_session_next": _(
            "Open the link of your e-mail again: what you have already entered on "
            "this page is kept."
        ),
        "problem_who": _("Open your personal link"),
        "problem_who_next": _(
            "It is in the e-mail that announced the document to sign."
        ),
        "problem_network": _("No connection"),
        "problem_network_next": _("Check your connection, then try again."),
        "problem_other": _("This page cannot be shown"),
        "problem_other_next": _("Try again in a moment."),
        "network_lost": _(
            "The connection was lost. Nothing you entered is lost: "
            "the page tries again as soon as you are back online."
        ),
        "network_again": _(
            "The connection was lost. What you entered is still here: try again."
        ),
        "network_back": _("The connection is back."),
        "busy": _("Somebody is signing this document right now. One moment…"),
        "too_many": _("Too many attempts. Please wait a few minutes."),
        "unexpected": _("Something went wrong. Please try again."),
    }
