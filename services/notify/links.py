"""Links in a mail that stop messages: signed, so that whoever has the mail may stop them, and nobody else. Pure."""

import base64
import hashlib
import hmac

from services.notify.letter import Links

PATH = "/unsubscribe"


def links(base: str, notification_id: str, secret: str, *, subscribed: bool = True) -> Links:
    """The links of one delivery. `base`: the address readers reach this service by; `secret`: the mailbox's.

    subscribed   whether it came by subscriptions: one that did not, such as a test, is stopped with everything else.
    """
    link = f"{base}{PATH}/{token(notification_id, secret)}"
    return Links(link if subscribed else "", f"{link}?what=everything")


def token(notification_id: str, secret: str) -> str:
    """A delivery's id and what proves that we wrote it.

    >>> token("n-1", "s") == token("n-1", "s"), token("n-1", "s") == token("n-2", "s")
    (True, False)
    """
    mac = hmac.new(secret.encode(), f"unsubscribe/{notification_id}".encode(), hashlib.sha256).digest()
    return f"{notification_id}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"


def named(token: str) -> str:
    """The delivery a token says it is of. It proves nothing until `is_ours`."""
    return token.partition(".")[0]


def is_ours(given: str, secret: str) -> bool:
    """Whether a token is one of ours, compared in constant time."""
    return hmac.compare_digest(given.encode(), token(named(given), secret).encode())
