# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The rooms keep their doors: who may import whom (ARCHITECTURE.md)."""

import ast
import sys
import unittest
from pathlib import Path

ENGINE = Path(__file__).parents[1]
MODULE = ENGINE.parent
ROOMS = ("circuit", "evidence", "pades", "rendering", "scanning")
OWNERS = {
    "pyhanko": ("pades",),
    "pyhanko_certvalidator": ("pades",),
    "asn1crypto": ("pades",),
    "weasyprint": ("rendering",),
    "pypdfium2": ("scanning",),
    "zxingcpp": ("rendering", "scanning"),  # draws the codes, reads them again
}
"""Libraries that only these rooms know."""
DOORS = {("evidence/verify.py", "pades")}
"""Files that may use another room, and which."""
SKIPPED = {".dev", ".git", "node_modules"}


def imports(path):
    """Yield (line, absolute dotted name or leading dots and name)."""
    tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, 0, alias.name
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                base = f"{node.module}." if node.module else ""
                yield node.lineno, node.level, base + alias.name


def module_files():
    for path in sorted(MODULE.rglob("*.py")):
        parts = path.relative_to(MODULE).parts
        if not SKIPPED.intersection(parts):
            yield path, parts


def room_files():
    for room in ROOMS:
        for path in sorted((ENGINE / room).rglob("*.py")):
            yield room, path


def target_room(path, level, name):
    """Return (room, rest of the name) an import of the engine leads to."""
    parts = name.split(".")
    if level:
        folder = path.parent
        for _up in range(level - 1):
            folder = folder.parent
        try:
            parts = [*folder.relative_to(MODULE).parts, *parts]
        except ValueError:
            return None, []
    if parts[0] != "engine" or len(parts) < 2 or parts[1] not in ROOMS:
        return None, []
    return parts[1], parts[2:]


class TestRooms(unittest.TestCase):
    def test_all_rooms_are_here(self):
        for room in ROOMS:
            self.assertTrue((ENGINE / room / "__init__.py").exists(), room)
            self.assertTrue((ENGINE / room / "errors.py").exists(), room)

    def test_the_engine_never_imports_odoo(self):
        for path in sorted(ENGINE.rglob("*.py")):
            for line, level, name in imports(path):
                top = name.split(".")[0]
                self.assertFalse(not level and top == "odoo", f"{path}:{line}")

    def test_relative_imports_stay_inside_the_engine(self):
        for path in sorted(ENGINE.rglob("*.py")):
            depth = len(path.relative_to(ENGINE).parts)
            for line, level, name in imports(path):
                self.assertLessEqual(level, depth, f"{path}:{line} {name}")

    def test_libraries_have_their_rooms(self):
        for path, parts in module_files():
            if "tests" in parts or parts[0] in ("benchmarks", "tests_live"):
                continue
            for line, level, name in imports(path):
                owners = OWNERS.get(name.split(".")[0])
                if owners and not level:
                    where = f"{path}:{line} imports {name}"
                    self.assertEqual(parts[0], "engine", where)
                    self.assertIn(parts[1], owners, where)

    def test_circuit_and_evidence_need_the_standard_library_only(self):
        for room, path in room_files():
            if room not in ("circuit", "evidence"):
                continue
            for line, level, name in imports(path):
                top = name.split(".")[0]
                if not level and top != "engine":
                    self.assertIn(top, sys.stdlib_module_names, f"{path}:{line}")

    def test_rooms_meet_only_through_their_front_door(self):
        for room, path in room_files():
            for line, level, name in imports(path):
                target, rest = target_room(path, level, name)
                if target in (None, room):
                    continue
                file = path.relative_to(ENGINE).as_posix()
                self.assertIn((file, target), DOORS, f"{path}:{line}")
                self.assertLessEqual(len(rest), 1, f"{path}:{line} reaches inside")

    def test_odoo_code_uses_the_front_doors(self):
        for path, parts in module_files():
            if parts[0] not in ("models", "controllers", "wizards", "report"):
                continue
            for line, level, name in imports(path):
                target, rest = target_room(path, level, name)
                if target and rest[:1] != ["verify"]:
                    self.assertLessEqual(len(rest), 1, f"{path}:{line} reaches inside")

    def test_rooms_say_what_they_offer(self):
        for room in ROOMS:
            tree = ast.parse((ENGINE / room / "__init__.py").read_text("utf-8"))
            names = {
                target.id
                for node in tree.body
                if isinstance(node, ast.Assign)
                for target in node.targets
                if isinstance(target, ast.Name)
            }
            self.assertIn("__all__", names, room)
