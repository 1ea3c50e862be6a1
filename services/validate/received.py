"""Submissions as they arrive: of those that are plain only what they are known by is read here, their figures stay bytes."""

from collections.abc import Sequence
from functools import partial
from itertools import repeat
from typing import NamedTuple

from google.protobuf.message import DecodeError
from noegletal.v1 import submission_pb2 as pb

from services.validate import record_bytes, wire
from services.validate.profile import MOST_PROFILES, Profile
from services.validate.record_bytes import HEAD, UNIT

FEW = 4  # measured: for so many both take as long
MOST_KEPT = 4096  # periods and lists of names that are remembered; beyond it, begun anew


Account = tuple[str, str, str]  # scheme, first day, last day


class Received(NamedTuple):
    """A submission, its receipt and its unit's profile.

    head        SubmissionAssessed up to the unit
    row         absent where the message has to be asked for it
    accepted    it is one that ingest accepted, and does not take the unit out
    raw         the message's bytes; only of one that is plain
    message     the message; absent where it is plain
    """

    unit_id: str
    account: Account
    head: bytes
    receipt_id: str
    organisation_id: str
    holder_id: str
    sequence: int
    revision: int
    profile: Profile
    row: wire.Row | None
    raw: bytes
    accepted: bool
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
        head=wire.head(receipt, sent.unit_id),
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


def at_once(values: Sequence[bytes]) -> Sequence[Received | None]:
    """Those of many messages that are plain; of a few, protobuf is asked sooner."""
    limits = (_ACCOUNTS, MOST_KEPT), (_NAMES, MOST_KEPT), (_PROFILES, MOST_PROFILES), (_SAID, MOST_PROFILES)
    for some, most in limits:
        if len(some) > most:
            some.clear()
    return plain(values) if len(values) >= FEW else [None] * len(values)


def plain(values: Sequence[bytes]) -> Sequence[Received | None]:
    """Those of many messages that are plain, see `record_bytes`; None for the others, whatever they are."""
    whole, heads, are_plain, spans, numbers = record_bytes.apart(values)
    if not are_plain.all():
        spans, numbers = spans[are_plain], numbers[are_plain]
        values = [value for value, is_plain in zip(values, are_plain.tolist(), strict=True) if is_plain]
    begins, ends = spans[:, :, 0].T.tolist(), spans[:, :, 1].T.tolist()
    head = [heads[a:b] for a, b in zip(begins[HEAD], ends[HEAD], strict=True)]
    unit, account, receipt_id, organisation, holder, attributes, names, amounts, missing = (
        [whole[a:b] for a, b in zip(*some, strict=True)] for some in zip(begins[UNIT:], ends[UNIT:], strict=True)
    )
    texts = [[text.decode() for text in some] for some in (unit, receipt_id, organisation, holder)]
    unit_id, *others = texts
    accounts, profiles = [_ACCOUNTS[raw] for raw in account], [_PROFILES[raw] for raw in attributes]
    rows = _rows(names, amounts, missing)
    columns = unit_id, accounts, head, *others, *numbers.T.tolist(), profiles, rows, values
    found: list[Received | None] = [*map(_made, zip(*columns, repeat(True), repeat(None)))]
    if not all(rows) or not all(profiles):
        found = [one if one and one.row and one.profile else None for one in found]
    if len(found) == len(are_plain):
        return found
    each = iter(found)
    return [next(each) if is_plain else None for is_plain in are_plain.tolist()]


def _rows(names: Sequence[bytes], amounts: Sequence[bytes], missing: Sequence[bytes]) -> list[wire.Row | None]:
    """None where names and numbers do not go together. `names`: nothing where they are those of the one before."""
    listed, size, count, found = "", 0, 0, list[wire.Row | None]()
    for raw, sent, why in zip(names, amounts, missing, strict=True):
        if raw:
            listed, count = _NAMES[raw]
            size = 8 * count
        found.append((listed, sent, why) if len(sent) == size and (not why or len(why) == count) else None)
    return found


_made = partial(tuple.__new__, Received)  # of as many columns as there are fields: without a call of Python's for each


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


class _Names(dict[bytes, tuple[str, int]]):
    """Lists of data points by their bytes, and of how many; of no number of amounts where they are no text."""

    def __missing__(self, raw: bytes) -> tuple[str, int]:
        try:
            self[raw] = raw.decode(), raw.count(b"\n") + 1
        except UnicodeDecodeError:
            self[raw] = "", -1
        return self[raw]


_ACCOUNTS, _SAID, _PROFILES, _NAMES = _Accounts(), _Said(), _Profiles(), _Names()
