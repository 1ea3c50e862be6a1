"""Receives webhooks: verifies the signature, uses each message once, and says which numbers of its endpoint are missing."""

import os
from http.server import BaseHTTPRequestHandler, HTTPServer

from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

EVENTS = int(os.environ.get("EVENTS", "0"))  # end after so many messages; 0: never
webhook = Webhook(os.environ["WEBHOOK_SECRET"])  # shown once, when the endpoint was made
numbers: dict[int, str] = {}  # seq -> id of the message; keep it where your own data is


class Receiver(BaseHTTPRequestHandler):
    """Answers 204 for what it has kept, 401 for what is not signed with the secret: that is all the sender reads."""

    def do_POST(self) -> None:
        """Take one message."""
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        try:
            message = webhook.verify(body, {name.lower(): value for name, value in self.headers.items()})
        except WebhookVerificationError:
            self.send_response(401)
            self.end_headers()
            return
        seq, new = message["data"]["seq"], message["data"]["seq"] not in numbers
        numbers[seq] = self.headers["webhook-id"]
        missing = sorted(set(range(1, max(numbers))) - set(numbers))  # they may still be on their way
        print(f"{'new' if new else 'repeat'} {seq} {numbers[seq]} {message['type']} missing {missing}", flush=True)
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing more is said."""


with HTTPServer(("127.0.0.1", int(os.environ.get("PORT", "8099"))), Receiver) as server:
    print(f"listening on http://127.0.0.1:{server.server_port}/", flush=True)
    while not EVENTS or len(numbers) < EVENTS:
        server.handle_request()
