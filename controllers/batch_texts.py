# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# A controller has no self.env: `_` is the request's own.
# pylint: disable=prefer-env-translation
"""The sentences the batch screen's script says, besides those of the ceremony."""

from .ceremony_texts import page_texts


def batch_texts(env):
    """Return the texts of the batch screen, by the name its script uses."""
    _ = env._
    return {
        **page_texts(env),
        "tab_sign": _("To sign ({count})"),
        "tab_refuse": _("To refuse ({count})"),
        "one_document": _("1 document(s)"),
        "read_it": _("Read"),
        "read_label": _("Read: {title}"),
        "was_read": _("Read to the end"),
        "not_read_yet": _("Not opened yet"),
        "move_refuse": _("To refuse"),
        "move_refuse_label": _("Put among those to refuse: {title}"),
        "move_sign": _("Put back to sign"),
        "move_sign_label": _("Put back to sign: {title}"),
        "sign_count": _("Sign ({count})"),
        "refuse_count": _("Refuse ({count})"),
        "batch_lead_none": _("No document is waiting for your signature here."),
        "batch_lead_one": _("One document is waiting for your signature."),
        "batch_lead_many": _("{count} documents are waiting for your signature."),
        "batch_left_out": _(
            "{count} of the selected documents are not waiting for your signature: "
            "they are not in this list."
        ),
        "show_all": _("Show all my documents to sign ({count})"),
        "nothing_ticked": _("Tick at least one document."),
        "nothing_to_refuse": _(
            "No document to refuse. Use “To refuse” beside a document to put it here."
        ),
        "single_unread": _("Open this document and read it to the end to sign it."),
        "why_declaration": _("Tick the box to continue."),
        "why_continue": _("Then you choose your signature visual."),
        "running_title": _("Signing {total} document(s)…"),
        "running_progress": _("{done} of {total} done"),
        "refusing_title": _("Refusing {total} document(s)…"),
        "running_offline": _(
            "The connection was lost. Nothing is lost: the establishment's server "
            "goes on with your signatures, and this page shows where it is as soon "
            "as you are back online."
        ),
        "batch_done_all": _("{count} document(s) signed."),
        "batch_done_some": _("{ok} document(s) signed, {bad} not signed."),
        "batch_refused_all": _("{count} document(s) refused."),
        "batch_refused_some": _("{ok} document(s) refused, {bad} not refused."),
        "batch_back": _("Back to the list"),
        "resumed": _("Your last batch was not finished: it goes on."),
    }
