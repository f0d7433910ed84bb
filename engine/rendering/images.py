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
    import qrcode
    from PIL import Image

    code = qrcode.QRCode(
        error_correction=qrcode.constants.ERROR_CORRECT_M, box_size=1, border=4
    )
    code.add_data(text)
    code.make(fit=True)
    matrix = code.get_matrix()
    side = len(matrix)
    image = Image.new("1", (side, side), 1)
    image.putdata([0 if dark else 1 for row in matrix for dark in row])
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()
