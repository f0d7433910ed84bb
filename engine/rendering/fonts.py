# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The fonts of the documents: those the module ships, and no other.

Fontconfig starts from an empty configuration, so a document looks the same, byte
for byte, whatever fonts the host has installed, and no file of the host can end up
embedded in a contract.
"""

import functools
import logging
import queue
import threading
import unicodedata
from contextlib import contextmanager
from pathlib import Path

FONT_FOLDER = Path(__file__).parents[2] / "static" / "fonts"

# (file, family, weight, style); the order is the order of fallback.
FONT_FACES = (
    ("NotoSans-Regular.ttf", "Noto Sans", 400, "normal"),
    ("NotoSans-Bold.ttf", "Noto Sans", 700, "normal"),
    ("NotoSans-Italic.ttf", "Noto Sans", 400, "italic"),
    ("NotoSans-BoldItalic.ttf", "Noto Sans", 700, "italic"),
    ("NotoSansArabic-Regular.ttf", "Noto Sans Arabic", 400, "normal"),
    ("NotoSansArabic-Bold.ttf", "Noto Sans Arabic", 700, "normal"),
    ("NotoSansHebrew-Regular.ttf", "Noto Sans Hebrew", 400, "normal"),
    ("NotoSansHebrew-Bold.ttf", "Noto Sans Hebrew", 700, "normal"),
    ("NotoSansMath-Regular.ttf", "Noto Sans Math", 400, "normal"),
    ("NotoSansSymbols2-Regular.ttf", "Noto Sans Symbols2", 400, "normal"),
)
FONT_SCHEME = "campus-sign:fonts/"
FONT_CSS = "\n".join(
    f'@font-face {{ font-family: "{family}"; font-weight: {weight}; '
    f"font-style: {style}; src: url({FONT_SCHEME}{file}); }}"
    for file, family, weight, style in FONT_FACES
)

# Scripts whose letters stand side by side, one glyph each.
_PLAIN_SCRIPTS = ("LATIN", "GREEK", "CYRILLIC", "MODIFIER", "FEMININE", "MASCULINE")
_RIGHT_TO_LEFT = frozenset(
    ("R", "AL", "AN", "RLE", "RLO", "RLI", "LRE", "LRO", "LRI", "FSI")
)
_POOL_SIZE = 4
_pool = queue.LifoQueue(maxsize=_POOL_SIZE)
_first_use = threading.Lock()


@functools.cache
def _coverage():
    from fontTools.ttLib import TTFont

    drawable = set()
    for file, *_face in FONT_FACES:
        with TTFont(FONT_FOLDER / file, lazy=True) as font:
            drawable.update(font.getBestCmap())
    return frozenset(drawable)


def missing_glyphs(text):
    """Return the characters of ``text`` no shipped font can draw, each one once.

    Line breaks, tabs and invisible format characters need no glyph.
    """
    drawable = _coverage()
    return tuple(
        character
        for character in dict.fromkeys(text)
        if ord(character) not in drawable
        and unicodedata.category(character) not in ("Cc", "Cf")
    )


def needs_shaping(text):
    """Tell whether drawing ``text`` takes more than one glyph after the other.

    True for right-to-left writing, combining marks that have no composed form, and
    scripts with conjuncts (Arabic, Hebrew, Devanagari…).
    """
    for character in unicodedata.normalize("NFC", text):
        category = unicodedata.category(character)
        if unicodedata.bidirectional(character) in _RIGHT_TO_LEFT:
            return True
        if category.startswith("M"):
            return True
        if category.startswith("L") and not unicodedata.name(character, "").startswith(
            _PLAIN_SCRIPTS
        ):
            return True
    return False


@functools.cache
def load_weasyprint():
    """Import WeasyPrint without its step-by-step messages; its warnings still show."""
    for name in ("weasyprint.progress", "fontTools"):
        logger = logging.getLogger(name)
        if logger.level == logging.NOTSET:
            logger.setLevel(logging.WARNING)
    import weasyprint

    return weasyprint


@functools.cache
def _configuration_class():
    """Build the class on first use: importing WeasyPrint takes 0.4 s."""
    load_weasyprint()
    from weasyprint.text.ffi import ffi, fontconfig, gobject, pangoft2
    from weasyprint.text.fonts import FontConfiguration

    # WeasyPrint declares what it calls itself; this one it does not.
    ffi.cdef("FcConfig *FcConfigCreate(void);", override=True)

    class ShippedFonts(FontConfiguration):
        """A Fontconfig configuration that knows the shipped fonts only."""

        def __init__(self):
            self._config = fontconfig.FcConfigCreate()
            for file, *_face in FONT_FACES:
                path = str(FONT_FOLDER / file)
                if not fontconfig.FcConfigAppFontAddFile(self._config, path.encode()):
                    raise OSError(f"Font file missing or unreadable: {path}")
            self.font_map = ffi.gc(
                pangoft2.pango_ft2_font_map_new(), gobject.g_object_unref
            )
            pangoft2.pango_fc_font_map_set_config(
                ffi.cast("PangoFcFontMap *", self.font_map), self._config
            )
            # The font map keeps its own reference.
            fontconfig.FcConfigDestroy(self._config)
            self.strut_layouts = {}
            self.font_features = {}

        def add_font_face(self, rule_descriptors, url_fetcher):
            """Ignore ``@font-face``: ours are loaded, others are not wanted."""

    return ShippedFonts


@contextmanager
def font_configuration():
    """Lend a font configuration to one rendering at a time.

    Pango's font maps are not safe for two threads at once but expensive to fill
    (10 files, Pango's own caches), so a few are kept and passed on.
    """
    try:
        configuration = _pool.get_nowait()
    except queue.Empty:
        with _first_use:
            configuration = _configuration_class()()
    yield configuration
    # Reached after a success only: a map whose rendering failed is dropped.
    configuration.strut_layouts.clear()
    configuration.font_features.clear()
    try:
        _pool.put_nowait(configuration)
    except queue.Full:
        del configuration
