# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Documents: from a template's body to a PDF/A and the boxes of its signatures."""

from .blocks import (
    body_weight,
    drop_signatures,
    forbidden_markup,
    signature_block,
    signature_places,
)
from .compose import Composed, SignatureSlot, compose
from .enclosure import Enclosure
from .errors import (
    ForbiddenResource,
    LayoutError,
    MissingGlyphs,
    RenderingError,
    TemplateProblems,
)
from .fonts import FONT_CSS, missing_glyphs, needs_shaping
from .images import data_uri, qr_png
from .markup import Place, Problem, check_template, image_sources
from .outline import Outline
from .pdf import Box, Rendered, document_css, module_fetcher, render
from .stamp import stamp_pdf
from .values import Value, format_value

__all__ = [
    "FONT_CSS",
    "Box",
    "Composed",
    "Enclosure",
    "ForbiddenResource",
    "LayoutError",
    "MissingGlyphs",
    "Outline",
    "Place",
    "Problem",
    "Rendered",
    "RenderingError",
    "SignatureSlot",
    "TemplateProblems",
    "Value",
    "body_weight",
    "check_template",
    "compose",
    "data_uri",
    "document_css",
    "drop_signatures",
    "forbidden_markup",
    "format_value",
    "image_sources",
    "missing_glyphs",
    "module_fetcher",
    "needs_shaping",
    "qr_png",
    "render",
    "signature_block",
    "signature_places",
    "stamp_pdf",
]
