# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from markupsafe import Markup

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common_sign import SignCase, pdf_text

FORM = "campus_sign.campus_sign_template_view_form"


@tagged("post_install", "-at_install")
class TestTemplateRevision(SignCase):
    """Each saved change is a revision; a sent document keeps its own."""

    def setUp(self):
        super().setUp()
        self.mine = self.here(self.template).with_user(self.here(self.office)).copy()

    def numbers(self):
        return self.mine.revision_ids.mapped("number")

    def test_each_saved_change_is_one_revision(self):
        self.assertEqual(self.numbers(), [1])
        with Form(self.mine, FORM) as form:
            form.footer_text = "Lycée des Tilleuls"
            with form.signer_ids.edit(1) as line:
                line.modality = "optional"
        self.assertEqual(self.numbers(), [2, 1])
        last = self.mine.revision_ids[0]
        self.assertEqual(last.author_id, self.office)
        self.assertTrue(last.current)
        self.mine.write({"footer_text": "Lycée des Tilleuls"})
        self.mine.active = False
        self.assertEqual(self.numbers(), [2, 1], "nothing changed")

    def test_a_change_of_the_lines_alone_is_a_revision(self):
        self.mine.signer_ids[0].mandatory = False
        self.mine.signer_ids[0].unlink()
        self.assertEqual(self.numbers(), [3, 2, 1])

    def test_a_version_is_restored_as_a_new_revision(self):
        """Given content, layout, mail and circuit changed, when the first revision is
        restored, then everything is as it was and nothing of the history is lost.
        """
        first = self.mine.revision_ids.snapshot
        french = self.mine.with_context(lang="fr_FR")
        self.env["res.lang"]._activate_lang("fr_FR")
        french.mail_subject = "À signer"
        self.mine.write(
            {
                "body": "<p>Autre texte</p>",
                "margin_top": 40,
                "sharing": "none",
                "signer_ids": [Command.clear()],
            }
        )
        self.assertEqual(len(self.mine.revision_ids), 3)
        self.mine.revision_ids[-1].action_restore()
        self.assertEqual(self.mine._snapshot(), first)
        self.assertEqual(self.numbers(), [4, 3, 2, 1])
        self.assertIn("1", self.mine.revision_ids[0].note)
        self.assertFalse(french.mail_subject)

    def test_two_authors_at_once(self):
        """The second one is told who saved, nothing is overwritten."""
        first, second = Form(self.mine, FORM), Form(self.mine, FORM)
        opened = self.mine.revision
        first.footer_text = "Le premier"
        first.save()
        second.footer_text = "Le second"
        with self.assertRaisesRegex(UserError, "^office .* saved"):
            # What the screen sends with its changes.
            self.mine.web_save({"revision": opened, "footer_text": "Le second"}, {})
        self.assertEqual(self.mine.footer_text, "Le premier")
        self.assertEqual(second.footer_text, "Le second", "his text is still there")
        self.mine.web_save(
            {"revision": self.mine.revision, "footer_text": "Le second"}, {}
        )
        self.assertEqual(self.mine.footer_text, "Le second")

    def test_a_document_keeps_the_revision_it_was_made_from(self):
        request = self.send(template=self.mine)
        sent = self.mine.revision
        content = request._stored_file()
        self.mine.body = self.mine.body + Markup("<p>Ajouté ensuite</p>")
        self.assertEqual(request.template_revision, sent)
        self.assertEqual(request._stored_file(), content)
        self.assertNotIn("Ajouté ensuite", pdf_text(content))
        counts = self.mine.revision_ids.mapped("request_count")
        self.assertEqual(counts, [0, 1])

    def test_nobody_rewrites_the_history(self):
        revision = self.mine.revision_ids
        for act in (
            lambda: revision.write({"note": "x"}),
            lambda: revision.unlink(),
            lambda: revision.create({"template_id": self.mine.id, "number": 9}),
            lambda: revision.with_user(self.here(self.follower)).read(["snapshot"]),
            lambda: revision.with_user(self.here(self.follower)).action_restore(),
        ):
            with self.assertRaises(AccessError):
                act()

    def test_a_context_does_not_skip_the_history(self):
        self.mine.with_context(campus_saving=True).footer_text = "x"
        self.assertEqual(self.numbers(), [2, 1])
