# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64
import copy
import io
import json
import re
import zipfile

from lxml import etree
from markupsafe import Markup

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..engine.tests.hostile_png import huge_png
from ..models.campus_sign_template_values import SECTIONS
from .common_sign import SignCase

PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGA"
    "WjR9awAAAABJRU5ErkJggg=="
)


class TemplateFileCase(SignCase):
    def setUp(self):
        super().setUp()
        self.mine = self.here(self.template).with_user(self.here(self.office))
        self.templates = self.mine.browse()

    def fetch(self, content=None, **values):
        if content is not None:
            # The list of the library takes a moment, and a file has no need of it.
            values.update(
                source="file",
                file=base64.b64encode(content),
                line_ids=[Command.clear()],
            )
        fetch = self.env["campus.sign.template.fetch"].with_user(self.office)
        return fetch.create(values)

    def fetched(self, fetch):
        action = fetch.action_fetch()
        return self.templates.browse(action["res_id"])


@tagged("post_install", "-at_install")
class TestTemplateFile(TemplateFileCase):
    """« Enregistrer sur son poste » and the import of a file (A016)."""

    def test_a_template_comes_back_from_its_file(self):
        content = self.mine._file_content()
        again = self.fetched(self.fetch(content, file_name="convention.json"))
        self.assertNotEqual(again, self.mine)
        self.assertEqual(again._snapshot(), self.mine._snapshot())
        self.assertIn("convention.json", again.revision_ids.note)

    def test_pictures_travel_inside(self):
        picture = self.env["ir.attachment"].create(
            {
                "name": "logo.png",
                "raw": base64.b64decode(PIXEL),
                "res_model": self.mine._name,
                "res_id": self.mine.id,
            }
        )
        address = f"/web/image/{picture.id}-abc/logo.png"
        self.mine.body = self.mine.body + Markup(
            f'<p><img src="{address}" alt="Logo"/></p>'
        )
        again = self.fetched(self.fetch(self.mine._file_content()))
        self.assertNotIn("/web/image/", again.body)
        self.assertIn(PIXEL[:40], again.body)
        twin = self.mine.copy()
        self.assertIn(PIXEL[:40], twin.body, "a copy keeps its own")

    def test_nobody_is_named_in_a_file(self):
        teacher = self.teacher
        line = self.mine.signer_ids.filtered(lambda s: s.role_code == "teacher")
        line.write({"teacher_option": "named", "teacher_id": teacher.id})
        content = self.mine._file_content().decode()
        self.assertNotIn("teacher_id", content)
        again = self.fetched(self.fetch(content.encode()))
        found = again.signer_ids.filtered(lambda s: s.role_code == "teacher")
        self.assertEqual(found.teacher_option, "internship")

    def test_only_authors_import_and_export(self):
        follower = self.mine.with_user(self.here(self.follower))
        with self.assertRaises(AccessError):
            follower.action_export()
        with self.assertRaises(AccessError):
            self.env["campus.sign.template.fetch"].with_user(self.follower).create({})

    # === DAMAGED OR HOSTILE ===#

    def changed(self, change):
        data = json.loads(self.mine._file_content())
        data = copy.deepcopy(data)
        change(data, data["templates"][0])
        return json.dumps(data).encode()

    def refused(self, content):
        before = self.templates.with_context(active_test=False).search_count([])
        with self.assertRaises(UserError) as caught:
            self.fetch(content).action_fetch()
        self.env.cr.clear()
        after = self.templates.with_context(active_test=False).search_count([])
        self.assertEqual(before, after, "nothing is written")
        return str(caught.exception)

    def test_what_is_no_template_is_refused(self):
        for content in (
            b"",
            b"not json",
            b"%PDF-1.7",
            b"\xff\xfe\x00",
            b"[]",
            b"null",
            b'{"format": "other"}',
            b"[" * 100_000,
            b'{"format": "campus_sign.template", "version": 1}',
            b'{"format": "campus_sign.template", "version": 99, "templates": []}',
            b'{"format": "campus_sign.template", "version": 1, "templates": [3]}',
            b"x" * 13_000_000,
        ):
            with self.subTest(content=content[:60]):
                self.refused(content)

    def test_wrong_values_are_refused(self):
        def put(*path, value):
            def change(_data, template):
                target = template
                for key in path[:-1]:
                    target = target[key]
                target[path[-1]] = value

            return change

        for change in (
            put("unknown", value=1),
            put("layout", "unknown", value=1),
            put("layout", value=[]),
            put("layout", "margin_top", value="12"),
            put("layout", "margin_top", value=True),
            put("layout", "margin_top", value=10**9),
            put("layout", "margin_top", value=1),
            put("layout", "font_size", value=float("nan")),
            put("layout", "page_format", value="A0"),
            put("layout", "header", value={"fr_FR": 3}),
            put("layout", "header", value={"../..": "x"}),
            put("name", value={}),
            put("name", value="x"),
            put("recipient", value="nobody"),
            put("category", value={"code": "nope", "name": "Nulle part"}),
            put("category", value=7),
            put("sharing", "mode", value="evil"),
            put("sharing", "nature", value=4),
            put("circuit", value={"role": "student"}),
            put("circuit", 0, "role", value="nobody"),
            put("circuit", 0, "student_option", value="x"),
            put("circuit", 0, "res_users", value=2),
            put("body", value=["<p>x</p>"]),
            put("body", value="<p>x</p>" * 700_000),
        ):
            with self.subTest(change=change.__closure__[0].cell_contents):
                self.refused(self.changed(change))

    def test_bytes_that_attack_the_reader_are_refused(self):
        """Nesting, doubled keys, huge numbers, letters no database keeps, archives."""
        good = self.mine._file_content().decode()
        bomb = io.BytesIO()
        with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("template.json", b" " * 1_000_000)
        for content in (
            "[" * 200_000,
            '{"a":' * 200_000,
            good.replace('"version": 1', '"version": ' + "9" * 5_000),
            good.replace('"version": 1', '"version": ' + "[" * 900 + "]" * 900),
            good.replace('"version": 1', '"version": 1, "version": 1'),
            good.replace('"body": "', '"body": "<p>x</p>", "body": "'),
            re.sub('"margin_top": [0-9]+', '"margin_top": 1e400', good),
            good.replace('"body": "', '"body": "\\u0000'),
            good.replace('"body": "', '"body": "\\ud800'),
            self.changed(lambda _d, t: t["layout"].update(header={"fr_FR": "\0"})),
            self.changed(lambda _d, t: t.update(name={"en_US": "\0"})),
            '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>',
            bomb.getvalue(),
        ):
            with self.subTest(content=content[:60]):
                self.assertNotEqual(content, good, "the attack is in the file")
                self.refused(content.encode() if isinstance(content, str) else content)

    def test_names_that_look_like_paths_stay_names(self):
        """Nothing of a file becomes a path: neither here nor on the next computer."""
        path = "../../../etc/passwd\r\nX-Evil: 1"
        again = self.fetched(
            self.fetch(
                self.changed(lambda _d, t: t.update(name={"en_US": path})),
                file_name=path,
            )
        )
        self.assertEqual(again.name, path)
        self.assertEqual(again._file_name(), "etcpasswdX-Evil-1.json")

    def test_pictures_that_would_fill_the_memory_are_refused(self):
        """A few kilobytes can claim gigabytes of pixels; some are no picture at all."""
        for picture in (huge_png(), b"GIF89a no picture"):
            uri = f"data:image/png;base64,{base64.b64encode(picture).decode()}"

            def change(_data, template, uri=uri):
                template["body"] += f"<h2>Plan</h2><p>Ici <img src='{uri}'/></p>"

            with self.subTest(size=len(picture)):
                self.assertIn("Plan", self.refused(self.changed(change)))

    def test_a_missing_key_is_named(self):
        message = self.refused(self.changed(lambda _d, t: t["layout"].pop("logo")))
        self.assertIn("layout > logo", message)

    def test_a_body_that_is_a_program_is_refused(self):
        for body in (
            "<script>alert(1)</script>",
            "<p onclick='x()'>x</p>",
            "<a href='java\tscript:alert(1)'>x</a>",
            "<p t-out='7*7'>x</p>",
            "<p t-att-title='env'>x</p>",
            "<iframe src='//x'></iframe>",
            "<object data='x'></object>",
            "<svg><script>1</script></svg>",
            "<style>@import 'x'</style>",
            "<p style='background: url(http://x)'>x</p>",
            "<p style='width: expression(1)'>x</p>",
            "<form><input name='x'></form>",
        ):
            with self.subTest(body=body):

                def change(_data, template, body=body):
                    template["body"] += body

                self.refused(self.changed(change))

    def test_unknown_names_and_addresses_are_refused(self):
        for body in (
            '<span data-embedded="campusTag" data-embedded-props=\'{"tag": "a.b"}\'>'
            "x</span>",
            '<div data-embedded="campusSignature" '
            'data-embedded-props=\'{"role": "nobody"}\'>x</div>',
            '<img src="https://example.org/x.png"/>',
            '<img src="/web/image/1"/>',
        ):
            with self.subTest(body=body):

                def change(_data, template, body=body):
                    template["body"] += body

                self.refused(self.changed(change))

    def test_two_hundred_signers(self):
        def change(_data, template):
            template["circuit"] = [dict(template["circuit"][0]) for _ in range(200)]

        self.refused(self.changed(change))


@tagged("post_install", "-at_install")
class TestTemplateLibrary(TemplateFileCase):
    """« Récupérer des modèles » and « Restaurer l'original » (A016)."""

    short_body = False

    def test_the_library_lists_what_is_shipped(self):
        fetch = self.fetch()
        keys = fetch.line_ids.mapped("key")
        self.assertIn("template_internship_agreement", keys)
        self.assertEqual(len(keys), len(set(keys)))
        self.assertTrue(all(fetch.line_ids.mapped("name")))
        with self.assertRaises(UserError):
            fetch.action_fetch()

    def test_a_shipped_template_is_got_back_even_changed(self):
        key = "template_internship_agreement"
        shipped = self.mine._original(key)
        self.mine.write({"sharing": "none", "signer_ids": [Command.clear()]})
        fetch = self.fetch()
        fetch.line_ids.filtered(lambda line: line.key == key).chosen = True
        again = self.fetched(fetch)
        self.assertEqual(again._snapshot(), shipped)
        self.assertEqual(again.library_key, key)
        self.assertEqual(self.mine.sharing, "none", "the other one does not change")

    def test_the_original_is_restored_as_a_revision(self):
        self.mine._keep_revision()
        before = self.mine._snapshot(portable=True)
        self.mine.write({"body": "<p>Abîmé</p>", "name": "Notre convention"})
        changed = self.mine.revision
        self.mine.action_restore_original()
        self.assertEqual(self.mine.name, "Notre convention")
        self.assertEqual(self.mine.revision, changed + 1)
        self.assertEqual(self.mine._snapshot(portable=True)["body"], before["body"])

    def test_a_letter_comes_back_as_a_letter(self):
        """The missing title, the kind of contract, the code and the reminders too:
        every setting of a template comes back.
        """
        letter = self.here(self.env.ref("campus_sign.template_letter"))
        contract = self.here(self.env.ref("campus_sign.template_apprenticeship"))
        contract.write({"code_method": "email", "reminder_days": "2, 9"})
        for template in (letter, contract):
            again = template._create_from(template._snapshot(portable=True))
            self.assertEqual(again.print_title, template.print_title)
            self.assertEqual(again.contract_kind, template.contract_kind)
            self.assertEqual(again.code_method, template.code_method)
            self.assertEqual(again.reminder_days, template.reminder_days)
        letter.print_title = True
        letter.action_restore_original()
        self.assertFalse(letter.print_title)

    def test_no_setting_is_forgotten(self):
        """A field added to the form is in the revisions, or named here."""
        form = etree.fromstring(self.mine.get_view(view_type="form")["arch"])
        shown = {
            field.get("name")
            for field in form.xpath("//field[not(ancestor::field)]")
            if not self.mine._fields[field.get("name")].compute
            and not self.mine._fields[field.get("name")].related
        }
        kept = {name for keys in SECTIONS.values() for name in keys.values()}
        kept |= {"name", "recipient", "category_id", "body", "signer_ids", "nature_id"}
        about = {"active", "company_id", "revision", "revision_ids"}
        self.assertFalse(shown - kept - about)

    def test_a_copy_and_a_renamed_copy_know_their_original(self):
        twin = self.mine.copy().copy()
        self.assertTrue(twin.has_original)
        own = self.mine.create(
            {"name": "À nous", "category_id": self.mine.category_id.id}
        )
        self.assertFalse(own.has_original)
        with self.assertRaises(UserError):
            own.action_restore_original()

    def test_reading_an_original_leaves_nothing(self):
        every = self.templates.with_context(active_test=False).search([])
        revisions = self.env["campus.sign.template.revision"].search_count([])
        self.templates._catalogue_of_library()
        self.assertEqual(
            self.templates.with_context(active_test=False).search([]), every
        )
        self.assertEqual(
            self.env["campus.sign.template.revision"].search_count([]), revisions
        )
