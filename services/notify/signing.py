"""How a webhook is signed, by Standard Webhooks 1.0: HMAC-SHA256 (v1) or ed25519 (v1a), by every key that is in force."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import standardwebhooks
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

HMAC_SHA256, ED25519 = 1, 2  # of the contract
SECRET, PRIVATE, PUBLIC = "whsec_", "whsk_", "whpk_"
KEY_BYTES = 32


@dataclass(frozen=True)
class SigningKey:
    """A key as the specification writes it. `public` is empty for HMAC, whose secret both sides know."""

    secret: str = field(repr=False)
    public: str = ""


def new_key(scheme: int, random: bytes) -> SigningKey:
    """A key made of 32 random bytes. A private ed25519 key is written with its public half behind it, as others do.

    >>> new_key(ED25519, bytes(32)).public
    'whpk_O2onvM62pC1io6jQKm8Nc2UyFXcd4kOmOsBIoYtZ2ik='
    """
    assert len(random) == KEY_BYTES
    if scheme == HMAC_SHA256:
        return SigningKey(SECRET + base64.b64encode(random).decode())
    public = Ed25519PrivateKey.from_private_bytes(random).public_key().public_bytes_raw()
    return SigningKey(PRIVATE + base64.b64encode(random + public).decode(), PUBLIC + base64.b64encode(public).decode())


def headers(body: str, notification_id: str, secrets: Sequence[str], at: datetime) -> dict[str, str]:
    """What is sent with a body: its id, the time of the attempt in whole seconds, a signature by each key, newest first."""
    return {
        "content-type": "application/json; charset=utf-8",
        "user-agent": "noegletal-notify",
        "webhook-id": notification_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signature(body, notification_id, secret, at) for secret in secrets),
    }


def signature(body: str, notification_id: str, secret: str, at: datetime) -> str:
    """The signature by one key over id.time.body, with its identifier before it."""
    if not secret.startswith(PRIVATE):
        return str(standardwebhooks.Webhook(secret).sign(notification_id, at, body))
    private = Ed25519PrivateKey.from_private_bytes(base64.b64decode(secret.removeprefix(PRIVATE))[:KEY_BYTES])
    signed = private.sign(f"{notification_id}.{int(at.timestamp())}.{body}".encode())
    return "v1a," + base64.b64encode(signed).decode()
