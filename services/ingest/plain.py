"""Submissions as they arrive: those that are plain are read together, and what they hold stays bytes. Pure."""

from collections.abc import Callable, Sequence
from functools import partial
from itertools import repeat
from typing import Any, NamedTuple

from services import pieces
from services.column import Column
from services.ingest import submission_bytes
from services.ingest.intake import is_date, place
from services.ingest.submission_bytes import ACCOUNT, NAMED, NAMES, ORGANISATION, SUBMISSION_ID, UNIT, Apart

FEW = 24  # measured: for fewer, protobuf takes no longer, from the first byte to the commit
MOST_KEPT = 4096  # accounts and lists of names that are remembered; beyond it, begun anew


class Account(NamedTuple):
    """Scheme and period, and the month or year that the period's revisions are counted by."""

    scheme: str
    period_start: str
    period_end: str
    place: str


class Plain(NamedTuple):
    """A submission in which nothing is wrong, but perhaps the organisation that it claims to be of.

    claimed   the organisation; empty where it names none
    revision  as asked for
    unit_at   where the unit begins in its bytes
    apart     what it was taken apart with, and its number among those
    """

    submission_id: str
    claimed: str
    unit_id: str
    account: Account
    revision: int
    unit_at: int
    apart: tuple[Apart, int]


def at_once(values: Sequence[bytes]) -> Sequence[Plain | None]:
    """Those of many submissions that are plain; of a few, protobuf is asked sooner."""
    return plain(values) if len(values) >= FEW else [None] * len(values)


def plain(values: Sequence[bytes]) -> Sequence[Plain | None]:
    """Those of many submissions that are plain, see `submission_bytes`; None for the others, whatever they are."""
    for some in (_ACCOUNTS, _DIFFER):
        if len(some) > MOST_KEPT:
            some.clear()
    column = Column.of(values)
    apart, are_plain, revisions = submission_bytes.apart(column)
    text = str(apart.whole.data, "latin-1")  # of which what is plain is ASCII
    begins, ends = apart.spans[:, :, 0].T.tolist(), apart.spans[:, :, 1].T.tolist()

    def cut(part: int) -> list[str]:
        return [text[begin:end] for begin, end in zip(begins[part], ends[part], strict=True)]

    columns = (
        cut(SUBMISSION_ID),
        cut(ORGANISATION),
        cut(UNIT),
        map(_ACCOUNTS.__getitem__, cut(ACCOUNT)),
        revisions.tolist(),
        (apart.spans[:, NAMED, 0] - pieces.between(column.ends)[:, 0]).tolist(),
        zip(repeat(apart), range(len(values))),
    )
    found, differ = list[Plain | None](), True
    made, listed = map(_made, zip(*columns, strict=True)), zip(begins[NAMES], ends[NAMES], strict=True)
    for is_plain, (begin, end), one in zip(are_plain.tolist(), listed, made, strict=True):
        if begin < end:
            differ = _DIFFER[apart.rows[begin:end].tobytes()]
        found.append(one if is_plain and differ and one.account else None)
    return found


_made: Callable[[Any], Plain] = partial(tuple.__new__, Plain)  # without a call of Python's for each


class _Accounts(dict[str, Account | None]):
    """By scheme and period as bytes, each a field of one byte's tag and length; None where they are no days."""

    def __missing__(self, raw: str) -> Account | None:
        texts, at = list[str](), 0
        while at < len(raw) and ord(raw[at + 1]) < 128:
            begin = at + 2
            at = begin + ord(raw[at + 1])
            texts.append(raw[begin:at])
        scheme, start, end = texts if len(texts) == 3 else ("", "", "")
        sound = is_date(start) and is_date(end)
        self[raw] = made = Account(scheme, start, end, place(start, end)) if sound else None
        return made


class _Differ(dict[bytes, bool]):
    """Whether the names of a list of data points are all different."""

    def __missing__(self, raw: bytes) -> bool:
        names = raw.split(b"\n")
        self[raw] = made = len(set(names)) == len(names)
        return made


_ACCOUNTS, _DIFFER = _Accounts(), _Differ()
