"""API keys: who may call. Only hashes of secrets are kept; access-granted takes them to every service."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum

import sqlalchemy as sa
from noegletal.v1 import submission_pb2 as pb

from services.chassis.event import Event
from services.chassis.outbox import Transaction, deterministic_id

metadata = sa.MetaData()
access_key = sa.Table(
    "access_key",
    metadata,
    sa.Column("key_id", sa.Text, primary_key=True),
    sa.Column("secret_sha256", sa.LargeBinary, nullable=False),
    sa.Column("organisation_id", sa.Text, nullable=False),
    sa.Column("role", sa.Integer, nullable=False),
    sa.Column("revoked", sa.Integer, nullable=False),
    sa.Column("expires_at", sa.Text, nullable=False),  # ISO 8601, UTC; empty: does not expire
)


class Role(IntEnum):
    """What a caller may do; the numbers of the contract."""

    SUBMITTER = pb.ROLE_SUBMITTER
    READER = pb.ROLE_READER
    OPERATOR = pb.ROLE_OPERATOR


class Denied(Exception):
    """No valid key. Deliberately without a reason."""


class NotAllowed(Exception):
    """The key is valid and does not reach that far."""

    def __init__(self, organisation_id: str) -> None:
        super().__init__(organisation_id)
        self.organisation_id = organisation_id


@dataclass(frozen=True)
class Caller:
    """Who calls, as the key says. `organisation_id` is empty for operators and readers."""

    key_id: str
    organisation_id: str
    role: Role

    def acting_for(self, organisation_id: str) -> str:
        """The organisation a call is for: the caller's own, or any an operator names. Raises NotAllowed."""
        if self.role is Role.OPERATOR and organisation_id:
            return organisation_id
        if self.role is Role.SUBMITTER and organisation_id in ("", self.organisation_id):
            return self.organisation_id
        raise NotAllowed(organisation_id)

    @property
    def is_operator(self) -> bool:
        """Whether the caller runs the installation."""
        return self.role is Role.OPERATOR


def new_key(token: str = "") -> tuple[str, str, bytes]:
    """A fresh key: its id, the whole key to hand over once, and the hash to keep. 256 random bits."""
    key_id = token or "nt" + secrets.token_hex(6)
    secret = secrets.token_urlsafe(32)
    return key_id, f"{key_id}.{secret}", hash_of(secret)


def hash_of(secret: str) -> bytes:
    """What is kept of a secret: SHA-256 suffices for 256 random bits."""
    return hashlib.sha256(secret.encode()).digest()


class Keys:
    """The keys a service knows, in memory beside its table."""

    def __init__(self) -> None:
        self._known: dict[str, pb.AccessGranted] = {}

    def __len__(self) -> int:
        """How many there are, revoked ones too."""
        return len(self._known)

    def load(self, connection: sa.Connection) -> None:
        """Read every key from the table."""
        self._known = {r.key_id: _message(r) for r in connection.execute(sa.select(access_key))}

    def caller(self, credential: str, now: datetime) -> Caller:
        """Who hands in `key id.secret`. Raises Denied, whatever the reason."""
        key_id, _, secret = credential.partition(".")
        granted = self._known.get(key_id)
        kept = granted.secret_sha256 if granted else bytes(32)
        matches = hmac.compare_digest(kept, hash_of(secret))
        if not matches or granted is None or not self.opens(key_id, now):
            raise Denied
        return Caller(key_id, granted.organisation_id, Role(granted.role))

    def opens(self, key_id: str, now: datetime) -> bool:
        """Whether a key is known, and neither revoked nor expired."""
        known = self._known.get(key_id)
        return known is not None and not known.revoked and not _expired(known, now)

    def granted(self, key_id: str) -> pb.AccessGranted | None:
        """What a key grants; None for one that is not known. A copy."""
        known, copy = self._known.get(key_id), pb.AccessGranted()
        if known is None:
            return None
        copy.CopyFrom(known)
        return copy

    def keep(self, transaction: Transaction, granted: pb.AccessGranted) -> None:
        """Store a key, or its revocation; it opens doors once the transaction is durable."""
        values = {
            "secret_sha256": granted.secret_sha256,
            "organisation_id": granted.organisation_id,
            "role": int(granted.role),
            "revoked": int(granted.revoked),
            "expires_at": granted.expires_at.ToDatetime(UTC).isoformat() if granted.HasField("expires_at") else "",
        }
        kept = pb.AccessGranted()
        kept.CopyFrom(granted)
        changed = transaction.connection.execute(
            sa.update(access_key).where(access_key.c.key_id == granted.key_id).values(values)
        )
        if changed.rowcount == 0:
            transaction.connection.execute(access_key.insert().values(key_id=granted.key_id, **values))
        transaction.after_commit(lambda: self._known.__setitem__(kept.key_id, kept))

    def announce(self, transaction: Transaction, granted: pb.AccessGranted) -> None:
        """Store a key and tell every service."""
        self.keep(transaction, granted)
        cause = deterministic_id("access-granted", granted.key_id, granted.revoked)
        transaction.announce(granted, key=granted.key_id, id=cause)

    def on_access_granted(self, events: Sequence[Event[pb.AccessGranted]], transaction: Transaction) -> None:
        """Take over keys that were issued elsewhere."""
        for event in events:
            self.keep(transaction, event.message)


def _expired(granted: pb.AccessGranted, now: datetime) -> bool:
    return granted.HasField("expires_at") and granted.expires_at.ToDatetime(UTC) <= now


def _message(row: sa.Row[tuple[str, bytes, str, int, int, str]]) -> pb.AccessGranted:
    granted = pb.AccessGranted(
        key_id=row.key_id,
        secret_sha256=row.secret_sha256,
        organisation_id=row.organisation_id,
        role=pb.Role.Name(row.role),
        revoked=bool(row.revoked),
    )
    if row.expires_at:
        granted.expires_at.FromDatetime(datetime.fromisoformat(row.expires_at))
    return granted
