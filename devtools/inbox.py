# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The demonstration's mailbox: receives every mail, shows them in a browser.

    python -m devtools.inbox SMTP_PORT HTTP_PORT FOLDER

Nothing leaves the machine: people of the demonstration get their personal links here.
"""

import email
import email.policy
import html
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

SHOWN = 300
_PAGE = """<!doctype html><html lang="fr"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="10"><title>Courrier de la démonstration</title>
<style>body{{font:16px system-ui;margin:2rem auto;max-width:60rem;padding:0 1rem}}
td{{padding:.4rem .8rem;border-top:1px solid #ddd}}</style>
<h1>Courrier de la démonstration</h1>
<p>Tous les messages envoyés par le serveur arrivent ici, et nulle part ailleurs.</p>
<table>{rows}</table></html>"""


class Keeper:
    """Handler of the SMTP server: one file per mail."""

    def __init__(self, folder):
        self.folder = folder

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802
        """Keep a mail; called by aiosmtpd."""
        (self.folder / f"{time.time_ns()}.eml").write_bytes(envelope.content)
        return "250 Message accepted"


class Reader(BaseHTTPRequestHandler):
    """List of the mails, and each of them."""

    folder = None

    def do_GET(self):  # noqa: N802
        """Answer the list, or one mail."""
        name = self.path.strip("/")
        path = self.folder / f"{name}.eml"
        if name.isdigit() and path.is_file():
            self._answer(_html_of(_message(path)))
        else:
            self._answer(_PAGE.format(rows="".join(map(_row, self._mails()))))

    def log_message(self, *_args):
        """Keep quiet: addresses of mails are nobody's business."""

    def _mails(self):
        return sorted(self.folder.glob("*.eml"), reverse=True)[:SHOWN]

    def _answer(self, text):
        data = text.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


def _message(path):
    return email.message_from_bytes(path.read_bytes(), policy=email.policy.default)


def _row(path):
    message = _message(path)
    moment = time.strftime("%H:%M:%S", time.localtime(int(path.stem) / 1e9))
    cells = (moment, message["To"] or "", message["Subject"] or "")
    moment, recipient, subject = (html.escape(str(cell)) for cell in cells)
    link = f'<a href="/{path.stem}" target="_blank">{subject}</a>'
    return f"<tr><td>{moment}<td>{recipient}<td>{link}"


def _html_of(message):
    body = message.get_body(("html", "plain"))
    text = body.get_content() if body else ""
    if body and body.get_content_type() == "text/plain":
        return f"<pre>{html.escape(text)}</pre>"
    return text


def main(smtp_port, http_port, folder):
    """Serve until the process is ended."""
    from aiosmtpd.controller import Controller

    Reader.folder = Path(folder)
    Reader.folder.mkdir(parents=True, exist_ok=True)
    Controller(Keeper(Reader.folder), hostname="127.0.0.1", port=int(smtp_port)).start()
    ThreadingHTTPServer(("127.0.0.1", int(http_port)), Reader).serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
