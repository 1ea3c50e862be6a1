"""Submissions as they arrive: of those that are plain only what they are known by is read here, their figures stay bytes."""

from collections.abc import Sequence
from typing import NamedTuple

from google.protobuf.message import DecodeError
from noegletal.v1 import submission_pb2 as pb

from services.validate import record_bytes, wire
from services.validate.profile import Profile

MOST_KEPT = 4096  # periods, profiles and lists of names that are remembered; beyond it, begun anew


Account = tuple[str, str, str]  # scheme, first day, last day


class Received(NamedTuple):
    """A submission, its receipt and its unit's profile.

    receipt     as protobuf writes it deterministically
    row         absent where the message has to be asked for it
    accepted    it is one that ingest accepted, and does not take the unit out
    raw         the message's bytes; only of one that is plain
    message     the message; absent where it is plain
    """

    unit_id: str
    account: Account
    receipt: bytes
    receipt_id: str
    organisation_id: str
    holder_id: str
    sequence: int
    revision: int
    profile: Profile
    row: wire.Row | None
    accepted: bool
    raw: bytes
    message: pb.SubmissionReceived | None

    def whole(self) -> pb.SubmissionReceived:
        """The message."""
        return self.message or pb.SubmissionReceived.FromString(self.raw)


def of(message: pb.SubmissionReceived) -> Received:
    """What a message says."""
    sent, receipt = message.submission, message.receipt
    attributes = dict(message.profile.attributes)
    return Received(
        unit_id=sent.unit_id,
        account=(sent.scheme, sent.period_start, sent.period_end),
        receipt=receipt.SerializeToString(deterministic=True),
        receipt_id=receipt.receipt_id,
        organisation_id=receipt.organisation_id,
        holder_id=message.profile.holder_id,
        sequence=receipt.sequence,
        revision=receipt.revision,
        profile=_SAID[tuple(sorted(attributes.items()))],
        row=None,
        accepted=receipt.outcome == pb.RECEIPT_OUTCOME_ACCEPTED and not sent.withdraw,
        raw=b"",
        message=message,
    )


def plain(values: Sequence[bytes]) -> Sequence[Received | None]:
    """Those of many messages that are plain, see `record_bytes`; None for the others, whatever they are."""
    for some in (_ACCOUNTS, _PROFILES, _NAMES, _SAID):
        if len(some) > MOST_KEPT:
            some.clear()
    whole, are_plain, spans, numbers = record_bytes.apart(values)
    if not are_plain.all():
        spans, numbers = spans[:, :, are_plain], numbers[:, are_plain]
        values = [value for value, is_plain in zip(values, are_plain.tolist(), strict=True) if is_plain]
    parts = [[whole[a:b] for a, b in zip(*ends, strict=True)] for ends in spans.tolist()]
    unit, account, receipt, *texts, attributes, names, amounts, missing = parts
    rows = [
        (listed, sent, why) if listed is not None and len(sent) == 8 * count and len(why) in (0, count) else None
        for (listed, count), sent, why in zip(map(_NAMES.__getitem__, names), amounts, missing, strict=True)
    ]
    profiles = [_PROFILES[raw] for raw in attributes]
    columns = [map(bytes.decode, unit), map(_ACCOUNTS.__getitem__, account), receipt]
    columns += [map(bytes.decode, text) for text in texts]
    ones = zip(*columns, *numbers.tolist(), profiles, rows, strict=True)
    found = [
        None if one[-1] is None or one[-2] is None else _MAKE((*one, True, raw, None))
        for one, raw in zip(ones, values, strict=True)
    ]
    if len(found) == len(are_plain):
        return found
    each = iter(found)
    return [next(each) if is_plain else None for is_plain in are_plain.tolist()]


_MAKE = Received._make


class _Accounts(dict[bytes, Account]):
    """By the bytes of scheme and period."""

    def __missing__(self, raw: bytes) -> Account:
        said = pb.Submission.FromString(raw)
        self[raw] = said.scheme, said.period_start, said.period_end
        return self[raw]


class _Said(dict[tuple[tuple[str, str], ...], Profile]):
    """By their attributes, in order."""

    def __missing__(self, attributes: tuple[tuple[str, str], ...]) -> Profile:
        self[attributes] = Profile(dict(attributes))
        return self[attributes]


class _Profiles(dict[bytes, Profile | None]):
    """By the bytes of the attributes; None where they are no such thing."""

    def __missing__(self, raw: bytes) -> Profile | None:
        try:
            said = pb.Profile.FromString(raw).attributes
        except DecodeError:
            self[raw] = None
        else:
            self[raw] = _SAID[tuple(sorted(said.items()))]
        return self[raw]


class _Names(dict[bytes, tuple[str | None, int]]):
    """Lists of data points by their bytes, and of how many; None where they are no text."""

    def __missing__(self, raw: bytes) -> tuple[str | None, int]:
        try:
            self[raw] = raw.decode(), raw.count(b"\n") + 1
        except UnicodeDecodeError:
            self[raw] = None, 0
        return self[raw]


_ACCOUNTS, _SAID, _PROFILES, _NAMES = _Accounts(), _Said(), _Profiles(), _Names()
