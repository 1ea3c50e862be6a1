"""Submissions as they arrive, as columns: of those that are plain nothing is read but what they are known by, as numbers."""

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

import numpy as np
from google.protobuf.message import DecodeError
from noegletal.v1 import submission_pb2 as pb

from services.validate import record_bytes, wire
from services.validate.compiled import Bytes, Texts, Whole
from services.validate.numbered import Numbered
from services.validate.profile import Profile
from services.validate.record_bytes import ACCOUNT, NAMES, ORGANISATION, PROFILE, RECEIPT_ID, UNIT

T = TypeVar("T")
Account = tuple[str, str, str]  # scheme, first day, last day
NO_LIST = -1  # of data points: the submission is not plain
LAST = 2**63 - 1  # no log has a place behind it
MOST_UNITS = 100_000  # remembered, and as many organisations; beyond it, begun anew
MOST_PROFILES = 2**14  # two kilobytes each: more than a sector has units
MOST_KEPT = 4096  # periods and lists of names


class Known(NamedTuple):
    """What was met: units and organisations by their names, accounts and profiles by their bytes, lists of data points by their
    names with a line feed between two.
    """

    units: Numbered[str]
    organisations: Numbered[str]
    accounts: Numbered[Account]
    profiles: "Profiles"
    lists: Numbered[str]


class Profiles(Numbered[Profile | None]):
    """Numbers of profiles. `merging`: of those that name units which became the one, these.

    Profiles that say the same of their units have the same mapping.
    """

    def __init__(self) -> None:
        super().__init__(self._profile)
        self.merging: dict[int, tuple[str, ...]] = {}
        self._attributes: dict[tuple[tuple[str, str], ...], Mapping[str, str]] = {}

    def __missing__(self, raw: bytes) -> int:
        number = super().__missing__(raw)
        profile = self.said[number]
        if profile is not None and profile.predecessors:
            self.merging[number] = profile.predecessors
        return number

    def _profile(self, raw: bytes) -> Profile | None:
        """None where it is no such thing."""
        try:
            said = pb.Profile.FromString(raw)
        except DecodeError:
            return None
        attributes = dict(said.attributes)
        return Profile(self._attributes.setdefault(tuple(sorted(attributes.items())), attributes), said.holder_id)


def nothing_known() -> Known:
    """Nothing met yet."""
    return Known(Numbered(bytes.decode), Numbered(bytes.decode), Numbered(_account), Profiles(), Numbered(_names))


@dataclass
class Arrived:
    """U submissions with their receipts and their units' profiles.

    known          what the next five are numbers in
    lists          NO_LIST: it is to be assessed by itself
    receipt_ids    U texts; empty, as whatever else, of what is no submission
    heads          SubmissionAssessed up to the unit, of those with a list; which of them: see `spans`
    whole, spans   where in it each part is, see `record_bytes`, of those with a list
    messages       by number, of those of which protobuf was asked
    values         as they came, of the others
    """

    known: Known
    units: Whole
    organisations: Whole
    accounts: Whole
    profiles: Whole
    lists: Whole
    sequences: Whole
    revisions: Whole
    receipt_ids: Texts
    heads: Bytes
    whole: Bytes
    spans: Whole
    messages: dict[int, pb.SubmissionReceived]
    values: Sequence[bytes]

    def __len__(self) -> int:
        return len(self.units)

    def __iter__(self) -> Iterator[int | None]:
        """Numbers of those that could be read, None for the others."""
        for n, plain in enumerate((self.lists != NO_LIST).tolist()):
            yield n if plain or n in self.messages else None

    def __getitem__(self, n: int) -> pb.SubmissionReceived:
        return self.messages.get(n) or pb.SubmissionReceived.FromString(self.values[n])

    def unit_id(self, n: int) -> str:
        """Of the unit it is of."""
        return self.known.units.said[self.units.item(n)]


class Reader:
    """Reads many messages at once; what was met it knows again."""

    def __init__(self) -> None:
        self._known = nothing_known()
        self._reading = threading.Lock()  # numbers are given in one thread at a time

    def __call__(self, values: Sequence[bytes]) -> Arrived:
        """Many messages."""
        with self._reading:
            self._bound()
            return arrived(values, self._known)

    def _bound(self) -> None:
        """Begin anew what there are too many of."""
        known, most = self._known, (MOST_UNITS, MOST_UNITS, MOST_KEPT, MOST_PROFILES, MOST_KEPT)
        sizes = len(known.units), len(known.organisations), len(known.accounts), len(known.profiles), len(known.lists)
        full = [name for name, size, many in zip(Known._fields, sizes, most, strict=True) if size >= many]
        if full:
            anew = nothing_known()
            self._known = known._replace(**{name: getattr(anew, name) for name in full})


def of(messages: Iterable[pb.SubmissionReceived]) -> Arrived:
    """Messages that were read already."""
    return arrived([one.SerializeToString(deterministic=True) for one in messages], nothing_known())


def arrived(values: Sequence[bytes], known: Known) -> Arrived:
    """Many messages: those that are not plain are made so where they can be, by protobuf."""
    found = _read(values, known)
    messages = dict[int, pb.SubmissionReceived]()
    for n in (found.lists == NO_LIST).nonzero()[0].tolist():
        try:
            messages[n] = pb.SubmissionReceived.FromString(values[n])
        except DecodeError:
            continue
    if messages:
        plain = [*values]
        for n, message in messages.items():
            plain[n] = _made_plain(message)
        found = _read(plain, known)
        found.messages, found.values = messages, values
        for n in set(messages).intersection((found.lists == NO_LIST).nonzero()[0].tolist()):
            _put(found, n, messages[n])
    return found


def _read(values: Sequence[bytes], known: Known) -> Arrived:
    """Those of many messages that are plain."""
    content, heads, plain, spans, numbers = record_bytes.apart(values)
    whole = content.tobytes()
    count, those = len(values), plain.nonzero()[0]
    mine = spans[those]
    units, profiles = _each(whole, mine[:, UNIT], known.units), _each(whole, mine[:, PROFILE], known.profiles)
    organisations = _each(whole, mine[:, ORGANISATION], known.organisations)
    accounts, lists = _runs(whole, mine[:, ACCOUNT], known.accounts), _runs(whole, mine[:, NAMES], known.lists)
    sizes = mine[:, :, 1] - mine[:, :, 0]
    length = np.array([names.count("\n") + 1 for names in known.lists.said], dtype=np.int64)[lists]
    sound = sizes[:, record_bytes.VALUES] == 8 * length
    sound &= (sizes[:, record_bytes.MISSING] == 0) | (sizes[:, record_bytes.MISSING] == length)
    for numbers_of, numbered in ((lists, known.lists), (profiles, known.profiles)):
        if numbered.unreadable:
            sound &= ~np.isin(numbers_of, [*numbered.unreadable])
    lists[~sound] = NO_LIST
    receipt_ids = np.empty(count, dtype=object)
    receipt_ids[:] = ""
    receipt_ids[those] = [whole[a:b].decode() for a, b in mine[:, RECEIPT_ID].tolist()]
    columns = [units, organisations, accounts, profiles, lists, *numbers[those].T]
    if len(those) < count:
        put = [np.full(count, NO_LIST if some is lists else 0, dtype=np.int64) for some in columns]
        for column, some in zip(put, columns, strict=True):
            column[those] = some
        columns = put
    return Arrived(known, *columns, receipt_ids, heads, content, spans, {}, values)  # type: ignore[call-arg]


def _each(whole: bytes, spans: Whole, numbered: Numbered[T]) -> Whole:
    found = map(numbered.__getitem__, [whole[a:b] for a, b in spans.tolist()])
    return np.fromiter(found, np.int64, len(spans))


def _runs(whole: bytes, spans: Whole, numbered: Numbered[T]) -> Whole:
    """Of what is told where it is another than the one before."""
    (told,) = (spans[:, 1] > spans[:, 0]).nonzero()
    numbers = _each(whole, spans[told], numbered)
    return numbers[np.searchsorted(told, np.arange(len(spans)), side="right") - 1]


def _made_plain(message: pb.SubmissionReceived) -> bytes:
    """As it is where it is plain: as a row, and with nothing confirmed. Nothing where it cannot be."""
    row = wire.row(message)
    if row is None:
        return b""
    plain = pb.SubmissionReceived()
    plain.CopyFrom(message)
    plain.submission.ClearField("amounts")
    plain.submission.ClearField("confirmations")
    plain.row.data_points, plain.row.values, plain.row.missing = row
    return plain.SerializeToString(deterministic=True)


def _put(found: Arrived, n: int, message: pb.SubmissionReceived) -> None:
    """What one is known by that is to be assessed by itself."""
    sent, receipt, profile, known = message.submission, message.receipt, message.profile, found.known
    account = pb.Submission(scheme=sent.scheme, period_start=sent.period_start, period_end=sent.period_end)
    said = pb.Profile(holder_id=profile.holder_id, attributes=profile.attributes)
    found.units[n] = known.units[sent.unit_id.encode()]
    found.organisations[n] = known.organisations[receipt.organisation_id.encode()]
    found.accounts[n] = known.accounts[account.SerializeToString(deterministic=True)]
    found.profiles[n] = known.profiles[said.SerializeToString(deterministic=True)]
    found.sequences[n], found.revisions[n] = min(receipt.sequence, LAST), receipt.revision
    found.receipt_ids[n] = receipt.receipt_id


def _account(raw: bytes) -> Account:
    said = pb.Submission.FromString(raw)
    return said.scheme, said.period_start, said.period_end


def _names(raw: bytes) -> str:
    """Nothing where they are no text."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return ""
