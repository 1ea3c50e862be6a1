"""Submissions as they arrive: those that are plain are read together, and what they hold stays bytes. Pure."""

import itertools
from collections.abc import Sequence
from typing import NamedTuple

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

    def cut(part: int, source: bytes = whole) -> list[bytes]:
        return [source[a:b] for a, b in zip(begins[part], ends[part], strict=True)]

    submission_id, organisation, unit = (
        [text.decode("latin-1") for text in cut(part)] for part in (SUBMISSION_ID, ORGANISATION, UNIT)
    )
    asked, found, differ = are_plain.tolist(), list[Plain | None](), True
    starts = [0, *itertools.accumulate(map(len, values))]
    units_at = [at - start for at, start in zip(begins[NAMED], starts[:-1], strict=True)]
    columns = (
        submission_id,
        organisation,
        unit,
        cut(ACCOUNT),
        revisions.tolist(),
        units_at,
        cut(NAMED),
        cut(TAIL),
        cut(ROW, rows),
    )
    for is_plain, names, one in zip(asked, cut(NAMES, rows), zip(*columns, strict=True), strict=True):
        if not is_plain:
            found.append(None)
            continue
        if names:
            differ = _DIFFER[names]
        account = _ACCOUNTS[one[3]]
        sound = differ and account is not None
        found.append(_made((*one[:3], account, *one[4:])) if sound else None)
    return found


_made = Plain._make


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
