# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A real SMTP server on the loopback interface that keeps what it receives."""

import email
import email.policy
import html
import re
import threading
import time

from aiosmtpd.controller import Controller

from ..server import free_port

PATIENCE_SECONDS = 120

_LINK = re.compile(r'href="([^"]*/sign#([^"]+))"')


class Mailbox:
    """The mailbox of everybody; a context manager.

    Example::

        with Mailbox() as mailbox:
            ...                                  # a server that sends to mailbox.port
            token = mailbox.token_for("ada@example.org")

    ``refusing`` set to true keeps receiving, but answers that the mail must be sent
    again later; ``on_arrival`` is called with each message before it is accepted.
    """

    def __init__(self):
        self.refusing = False
        self.on_arrival = None
        self.port = free_port()
        self._messages = []
        self._arrived = threading.Condition()
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)

    def __enter__(self):
        self._controller.start()
        return self

    def __exit__(self, *exc_info):
        self._controller.stop()

    async def handle_DATA(self, _server, _session, envelope):
        """Keep one message (called by aiosmtpd)."""
        message = email.message_from_bytes(
            envelope.content, policy=email.policy.default
        )
        if self.on_arrival:
            self.on_arrival(message)
        with self._arrived:
            for address in envelope.rcpt_tos:
                self._messages.append((address.lower(), message))
            self._arrived.notify_all()
        return "451 Try again later" if self.refusing else "250 OK"

    def messages(self, address=None):
        """Return the messages to ``address`` (or to anybody), oldest first."""
        with self._arrived:
            return [
                message
                for recipient, message in self._messages
                if address in (None, recipient)
            ]

    def wait_for(self, address, count=1, seconds=PATIENCE_SECONDS):
        """Return the messages to ``address`` once there are ``count`` of them.

        :raise TimeoutError: fewer arrived in ``seconds``
        """
        deadline = time.monotonic() + seconds
        with self._arrived:
            while True:
                found = [m for to, m in self._messages if to == address]
                if len(found) >= count:
                    return found
                left = deadline - time.monotonic()
                if left <= 0:
                    raise TimeoutError(
                        f"{len(found)} of {count} mails for {address} in {seconds} s"
                    )
                self._arrived.wait(left)

    def token_for(self, address, count=1, seconds=PATIENCE_SECONDS):
        """Return the secret of the personal link in the last mail to ``address``."""
        return tokens(self.wait_for(address, count, seconds)[-1])[0]

    def all_tokens(self):
        """Return the secrets of all personal links ever delivered."""
        return {token for message in self.messages() for token in tokens(message)}


def body(message):
    """Return the HTML body of a message, or its text."""
    part = message.get_body(("html", "plain"))
    return part.get_content() if part else ""


def tokens(message):
    """Return the secrets of the personal links of a message."""
    return [html.unescape(found[1]) for found in _LINK.findall(body(message))]
