# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a scanner makes of printed pages, for the tests of the engine and of Odoo."""

import io
import random

import pypdfium2 as pdfium
from PIL import Image, ImageDraw, ImageFilter


def pictures(pdf, dpi=200):
    """Return the pages as grey pictures."""
    document = pdfium.PdfDocument(pdf)
    found = [
        one.render(scale=dpi / 72, grayscale=True).to_pil().copy() for one in document
    ]
    document.close()
    return found


def scanned(images, seed=1):
    """Return the PDF a scanner makes of pictures: crooked, grainy, blurred, JPEG."""
    chance = random.Random(seed)
    worn = []
    for image in images:
        angle = chance.uniform(-2, 2)
        turned = image.rotate(
            angle, Image.Resampling.BICUBIC, expand=True, fillcolor=245
        )
        grain = Image.effect_noise(turned.size, 24)
        mixed = Image.blend(turned, grain, 0.08)
        worn.append(mixed.filter(ImageFilter.GaussianBlur(0.5)).convert("L"))
    output = io.BytesIO()
    worn[0].save(
        output, "PDF", save_all=True, append_images=worn[1:], resolution=200, quality=75
    )
    return output.getvalue()


def damage(image):
    """Return the picture with a stain over the middle of its code."""
    stained = image.copy()
    width, height = stained.size
    area = (width * 0.86, height * 0.93, width * 0.92, height * 0.96)
    ImageDraw.Draw(stained).ellipse(area, fill=20)
    return stained
