"""Submissions as they arrive: those that are plain are read together, and what they hold stays bytes. Pure."""

import itertools
import operator
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

from services.ingest import submission_bytes
from services.ingest.intake import is_date, place
from services.ingest.submission_bytes import ACCOUNT, NAMED, NAMES, ORGANISATION, ROW, SUBMISSION_ID, TAIL, UNIT

FEW = 4  # for fewer, protobuf takes no longer
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
    named     the fields from the unit to the period
    tail      those behind the amounts
    row       the amounts as a row, as a field of SubmissionReceived; empty where there are none
    """

    submission_id: str
    claimed: str
    unit_id: str
    account: Account
    revision: int
    unit_at: int
    named: bytes
    tail: bytes
    row: bytes


def at_once(values: Sequence[bytes]) -> Sequence[Plain | None]:
    """Those of many submissions that are plain; of a few, protobuf is asked sooner."""
    return plain(values) if len(values) >= FEW else [None] * len(values)


def plain(values: Sequence[bytes]) -> Sequence[Plain | None]:
    """Those of many submissions that are plain, see `submission_bytes`; None for the others, whatever they are."""
    for some in (_ACCOUNTS, _DIFFER):
        if len(some) > MOST_KEPT:
            some.clear()
    whole, rows, are_plain, spans, revisions = submission_bytes.apart(values)
    begins, ends = spans[:, :, 0].T.tolist(), spans[:, :, 1].T.tolist()

    def cut(part: int, source: Any) -> list[Any]:
        return [source[a:b] for a, b in zip(begins[part], ends[part], strict=True)]

    text = whole.decode("latin-1")  # of which what is plain is ASCII
    starts = itertools.accumulate(map(len, values[:-1]), initial=0)
    columns = (
        cut(SUBMISSION_ID, text),
        cut(ORGANISATION, text),
        cut(UNIT, text),
        map(_ACCOUNTS.__getitem__, cut(ACCOUNT, whole)),
        revisions.tolist(),
        map(operator.sub, begins[NAMED], starts),
        cut(NAMED, whole),
        cut(TAIL, whole),
        cut(ROW, rows),
    )
    found, differ = list[Plain | None](), True
    made = map(_made, zip(*columns, strict=True))
    for is_plain, names, one in zip(are_plain.tolist(), cut(NAMES, rows), made, strict=True):
        if names:
            differ = _DIFFER[names]
        found.append(one if is_plain and differ and one.account else None)
    return found


_made: Callable[[Any], Plain] = partial(tuple.__new__, Plain)  # without a call of Python's for each


class _Accounts(dict[bytes, Account | None]):
    """By the bytes of scheme and period, each a field of one byte's tag and length; None where they are no days."""

    def __missing__(self, raw: bytes) -> Account | None:
        texts, at = list[str](), 0
        while at < len(raw) and raw[at + 1] < 128:
            texts.append(raw[at + 2 : at + 2 + raw[at + 1]].decode("latin-1"))
            at += 2 + raw[at + 1]
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
