# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What our mails say to who reads them without HTML."""

import re

from lxml import html as lxml_html

#: Set by the frame of every mail of the module.
FRAME = 'class="o_campus_mail"'
_BLOCKS = {"p", "div", "ul", "ol", "table", "tr", "h1", "h2", "h3", "h4"}


def plain_text(html):
    """Return a mail of ours as text: one line per list item, links written out.

    Odoo's own conversion puts a blank where a tag was, lists on one line and the
    addresses at the end, where nobody finds the one to open.

    :param html: the body
    """
    pieces = []
    _write(lxml_html.fromstring(html), pieces)
    # A control character marks our own line ends: blanks of the source are none.
    text = re.sub(r"[ \t\n]+", " ", "".join(pieces))
    text = re.sub(r" ?\x0b ?", "\n", text)
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def _write(element, pieces):
    tag = element.tag if isinstance(element.tag, str) else None
    if tag and tag not in ("style", "script"):
        block = "\v\v" if tag in _BLOCKS else ""
        pieces.append("\v- " if tag == "li" else "\v" if tag == "br" else block)
        pieces.append(element.text or "")
        for child in element:
            _write(child, pieces)
        if tag == "a":
            pieces.append(_address(element))
        pieces.append(block)
    pieces.append(element.tail or "")


def _address(link):
    """Return what follows the words of a link; nothing when they say it."""
    href = link.get("href") or ""
    shown = href.removeprefix("mailto:")
    return "" if not shown or shown in link.text_content() else f"\v{shown}"
