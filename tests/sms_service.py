# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A real SMS service on the loopback interface that keeps what it is asked to send.

It speaks the JSON-RPC of Odoo's own SMS service: point the parameters ``sms.endpoint``
and ``iap.endpoint`` at ``SmsServer.endpoint``. Standard library only.
"""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class SmsServer:
    """The telephone of everybody; a context manager.

    Example::

        with SmsServer() as phones:
            ...  # send to phones.endpoint
            assert phones.texts("+33612345678") == ["Code 123456"]

    ``states`` maps a number to the answer of the service (``"insufficient_credit"``,
    ``"wrong_number_format"``, ``"unregistered"``…), ``state`` is that of all others;
    ``credit`` is the balance it tells; ``down`` answers 503 to everything.
    """

    def __init__(self):
        self.state = "success"
        self.states = {}
        self.credit = 100
        self.down = False
        self._sent = []
        self._lock = threading.Lock()
        service = self

        class Handler(BaseHTTPRequestHandler):
            """One JSON-RPC call."""

            def do_POST(self):  # noqa: N802
                """Answer the calls of Odoo's SMS client."""
                length = int(self.headers.get("Content-Length", 0))
                call = json.loads(self.rfile.read(length))
                if service.down:
                    self.send_error(503)
                    return
                result = service.answer(self.path, call["params"])
                data = json.dumps(
                    {"jsonrpc": "2.0", "id": call["id"], "result": result}
                ).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_args):
                """Keep quiet: numbers are nobody's business."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def endpoint(self):
        """Return the address to write in ``sms.endpoint`` and ``iap.endpoint``."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *exc_info):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def answer(self, path, params):
        """Return the result of one call (called by the HTTP server)."""
        if path.endswith("/balance"):
            return self.credit
        results = []
        for message in params["messages"]:
            for target in message["numbers"]:
                state = self.states.get(target["number"], self.state)
                results.append({"uuid": target["uuid"], "state": state})
                if state == "success":
                    with self._lock:
                        self._sent.append((target["number"], message["content"]))
        return results

    def texts(self, number=None):
        """Return the texts sent to ``number`` (or to anybody), oldest first."""
        with self._lock:
            return [text for to, text in self._sent if number in (None, to)]
