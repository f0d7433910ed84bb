# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Images that travel inside the document."""

import base64
import io

# 30 × 40 cm at 300 dots per inch. A few kilobytes can claim gigabytes of them.
MAX_PIXELS = 20_000_000


def is_printable(uri):
    """Tell from its header whether a ``data:`` URL holds a picture of bearable size."""
    from PIL import Image

    _mime, _comma, content = uri.partition(",")
    try:
        with Image.open(io.BytesIO(base64.b64decode(content))) as picture:
            width, height = picture.size
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return False
    return 0 < width * height <= MAX_PIXELS


def data_uri(data, mime):
    """Return ``data`` as a ``data:`` URL, the only kind of image a document loads."""
    return f"data:{mime};base64,{base64.b64encode(data).decode('ascii')}"


def qr_png(text):
    """Return a QR code of ``text`` as a PNG with one pixel per module.

    The style sheet scales it without smoothing, so that all pages share one image of
    a few hundred bytes. The quiet zone of four modules (ISO/IEC 18004) is part of it.
    """
    import zxingcpp
    from PIL import Image

    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    modules = zxingcpp.write_barcode_to_image(code, scale=1, add_quiet_zones=True)
    out = io.BytesIO()
    Image.fromarray(modules).convert("1").save(out, "PNG", optimize=True)
    return out.getvalue()
